// One YAML document as a flat, immutable array of nodes with spans into the source.
//
// The Tree keeps what the user wrote: duplicate keys, aliases, merge keys, quoting. The accessors
// give what Argo CD's reader makes of it: aliases are followed, and of equal keys the last one
// wins, where a merge key (`<<`) counts as if its entries stood in its place. The Tree knows no
// Kubernetes and reports nothing.
#pragma once

#include <cstdint>
#include <deque>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/strong_id.h"
#include "source/span.h"

namespace wavetank::yaml {

struct NodeTag;
using NodeId = base::StrongId<NodeTag>;

enum class NodeKind : std::uint8_t { Scalar, Sequence, Mapping, Alias };
enum class ScalarStyle : std::uint8_t { Plain, SingleQuoted, DoubleQuoted, Literal, Folded };

// What a scalar means to Argo CD's reader (YAML 1.1 words such as `yes`, octal, dates as strings);
// see conformance/yaml. Quoted and block scalars are always String.
enum class ScalarType : std::uint8_t { Null, Bool, Int, Float, String };

struct Node {
  NodeKind kind = NodeKind::Scalar;
  ScalarStyle style = ScalarStyle::Plain;
  ScalarType type = ScalarType::Null;  // of scalars
  bool flow = false;                   // collections: written as {...} or [...]
  source::Span span;                   // exact: without comments and blank space after it
  std::string_view text;               // scalars: the value after unescaping and folding
  std::string_view tag;                // as written and resolved, empty when there is none
  NodeId parent;                       // none for the root
  NodeId next;  // next sibling; a mapping's children are key, value, key, …
  NodeId first_child;
  std::uint32_t child_count = 0;  // a mapping with two entries has four children
  NodeId target;                  // of an Alias
};

// Whether a key is YAML's merge key: a plain `<<`, or anything tagged so.
[[nodiscard]] bool is_merge_key(const Node& key);

// A key and its value, both with positions; the value is the node as written (perhaps an Alias).
struct Entry {
  NodeId key;
  NodeId value;
};

class Tree {
 public:
  Tree() = default;
  // A copy's nodes would still point to the texts of the original.
  Tree(const Tree&) = delete;
  Tree& operator=(const Tree&) = delete;
  Tree(Tree&&) = default;
  Tree& operator=(Tree&&) = default;

  [[nodiscard]] source::FileId file() const { return file_; }
  // None for a document without content (only comments or blank).
  [[nodiscard]] NodeId root() const { return nodes_.empty() ? NodeId{} : NodeId::from(0); }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  // The document is JSON: numbers keep the form in which they are written.
  [[nodiscard]] bool is_json() const { return is_json_; }
  [[nodiscard]] const Node& node(NodeId id) const WAVETANK_LIFETIMEBOUND;

  // Follows an alias (and returns any other node unchanged). None stays none.
  [[nodiscard]] NodeId resolve(NodeId id) const;

  // The effective entry of `key` in a mapping: aliases followed on the mapping, last duplicate
  // wins, merge keys honoured. Keys compare by what they are in JSON (`y` is "true"). Nothing when
  // `map` is none, no mapping, or has no such key.
  [[nodiscard]] std::optional<Entry> entry(NodeId map, std::string_view key) const;
  // The resolved value of that entry; none when there is no such entry.
  [[nodiscard]] NodeId find(NodeId map, std::string_view key) const;
  // find() along a path of keys: find(root, {"metadata", "name"}).
  [[nodiscard]] NodeId find(NodeId map, std::initializer_list<std::string_view> path) const;

  // The text of a String scalar at `path` (any scalar if it is written as one); empty otherwise.
  [[nodiscard]] std::string_view string(NodeId map,
                                        std::initializer_list<std::string_view> path) const;

  // The effective entries of a mapping, one per key, in the order of their last occurrence; empty
  // for anything else.
  [[nodiscard]] std::vector<Entry> entries(NodeId map) const;
  // All entries in written order, duplicates included, merged ones in place of their merge key.
  [[nodiscard]] std::vector<Entry> written_entries(NodeId map) const;
  // The resolved items of a sequence; empty for anything else.
  [[nodiscard]] std::vector<NodeId> items(NodeId sequence) const;

  [[nodiscard]] bool is_mapping(NodeId id) const { return is(id, NodeKind::Mapping); }
  [[nodiscard]] bool is_sequence(NodeId id) const { return is(id, NodeKind::Sequence); }
  [[nodiscard]] bool is_scalar(NodeId id) const { return is(id, NodeKind::Scalar); }
  // A scalar whose type is String, Bool, …; false for none.
  [[nodiscard]] bool has_type(NodeId id, ScalarType type) const;
  // The value of a Bool scalar; nothing for anything else.
  [[nodiscard]] std::optional<bool> boolean(NodeId id) const;
  // The value of an Int scalar that fits; nothing for anything else.
  [[nodiscard]] std::optional<std::int64_t> integer(NodeId id) const;

 private:
  friend class TreeBuilder;

  [[nodiscard]] bool is(NodeId id, NodeKind kind) const;
  // Calls visit(entry) for each written entry in order, merged ones in place of their merge key.
  template <class Visit>
  void visit_entries(NodeId map, int depth, const Visit& visit) const;

  source::FileId file_;
  bool is_json_ = false;
  std::vector<Node> nodes_;
  std::deque<std::string> texts_;  // scalars that do not stand in the source as they are
};

}  // namespace wavetank::yaml
