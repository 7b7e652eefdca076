// A YAML value that can be changed, every node with the place it was written at.
//
// A kustomization takes objects apart and puts them together anew; what comes out is a Tree again,
// whose nodes point into the files that they come from.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "yaml/tree.h"

namespace wavetank::load::kustomize {

struct Value {
  yaml::Node node;  // without its links
  std::string own;  // its text, where `is_own`; else the node's stands in a Tree
  bool is_own = false;
  std::vector<Value> children;  // items; of a mapping key, value, key, value, …

  [[nodiscard]] std::string_view text() const { return is_own ? own : node.text; }
  [[nodiscard]] bool is_mapping() const { return node.kind == yaml::NodeKind::Mapping; }
  [[nodiscard]] bool is_sequence() const { return node.kind == yaml::NodeKind::Sequence; }
  [[nodiscard]] bool is_scalar() const { return node.kind == yaml::NodeKind::Scalar; }
  [[nodiscard]] bool is_null() const { return is_scalar() && node.type == yaml::ScalarType::Null; }
  void set_text(std::string text);
};

// A copy of a node, aliases and merge keys resolved.
[[nodiscard]] Value value_of(const yaml::Tree& tree, yaml::NodeId node);
// A string that stands at a place.
[[nodiscard]] Value text_value(std::string text, source::Span span);
[[nodiscard]] Value empty_mapping(source::Span span);

// The value of a key, the last of equal ones; null when there is none.
[[nodiscard]] Value* find(Value& map, std::string_view key);
[[nodiscard]] const Value* find(const Value& map, std::string_view key);
// The text of a scalar along keys; empty when there is none.
[[nodiscard]] std::string_view text_at(const Value& map,
                                       std::initializer_list<std::string_view> path);
// The mapping below a key; made at `span` when there is none.
[[nodiscard]] Value& mapping_at(Value& map, std::string_view key, source::Span span);
// Sets an entry. REQUIRES: `map` is a mapping.
void set(Value& map, Value key, Value value);
void remove(Value& map, std::string_view key);

[[nodiscard]] yaml::Tree tree_of(const Value& value, source::FileId file);

}  // namespace wavetank::load::kustomize
