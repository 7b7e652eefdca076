#include "yaml/tree.h"

#include <algorithm>
#include <unordered_map>

#include "yaml/builder.h"
#include "yaml/scalar.h"

namespace wavetank::yaml {

TreeBuilder::TreeBuilder(source::FileId file, bool is_json) {
  tree_.file_ = file;
  tree_.is_json_ = is_json;
}

NodeId TreeBuilder::add(Node node) {
  const auto id = NodeId::from(tree_.nodes_.size());
  node.span.file = tree_.file_;
  if (!open_.empty()) {
    node.parent = open_.back();
    Node& parent = tree_.nodes_[open_.back().index()];
    if (last_child_.back().valid()) {
      tree_.nodes_[last_child_.back().index()].next = id;
    } else {
      parent.first_child = id;
    }
    ++parent.child_count;
    last_child_.back() = id;
  }
  tree_.nodes_.push_back(node);
  return id;
}

NodeId TreeBuilder::open(Node node) {
  const NodeId id = add(node);
  open_.push_back(id);
  last_child_.emplace_back();
  return id;
}

void TreeBuilder::close(std::uint32_t end) {
  WAVETANK_CHECK(!open_.empty());
  tree_.nodes_[open_.back().index()].span.end = end;
  open_.pop_back();
  last_child_.pop_back();
}

std::string_view TreeBuilder::keep(std::string text) {
  return tree_.texts_.emplace_back(std::move(text));
}

bool is_merge_key(const Node& key) {
  if (key.kind != NodeKind::Scalar || key.text != "<<") return false;
  return (key.style == ScalarStyle::Plain && key.tag.empty()) ||
         key.tag == "tag:yaml.org,2002:merge";
}

const Node& Tree::node(NodeId id) const {
  WAVETANK_CHECK(id.value < nodes_.size());
  return nodes_[id.index()];
}

NodeId Tree::resolve(NodeId id) const {
  return id.valid() && node(id).kind == NodeKind::Alias ? node(id).target : id;
}

bool Tree::is(NodeId id, NodeKind kind) const { return id.valid() && node(id).kind == kind; }

template <class Visit>
void Tree::visit_entries(NodeId map, int depth, const Visit& visit) const {
  // Merge keys may nest; more levels than this only occur in bombs, which are refused elsewhere.
  constexpr int kDepthMax = 64;
  map = resolve(map);
  if (!is(map, NodeKind::Mapping) || depth > kDepthMax) return;
  for (NodeId key = node(map).first_child; key.valid();) {
    const NodeId value = node(key).next;
    if (!value.valid()) return;
    if (is_merge_key(node(key)) && !is_json_) {
      const NodeId source = resolve(value);
      if (is(source, NodeKind::Sequence)) {
        // Earlier mappings win, so they come last.
        std::vector<NodeId> sources = items(source);
        std::reverse(sources.begin(), sources.end());
        for (const NodeId each : sources) visit_entries(each, depth + 1, visit);
      } else {
        visit_entries(source, depth + 1, visit);
      }
    } else {
      visit(Entry{.key = key, .value = value});
    }
    key = node(value).next;
  }
}

std::optional<Entry> Tree::entry(NodeId map, std::string_view key) const {
  std::optional<Entry> found;
  visit_entries(map, 0, [&](const Entry& entry) {
    const Node& name = node(resolve(entry.key));
    if (name.kind != NodeKind::Scalar) return;
    if (name.type == ScalarType::String ? name.text == key : key_text(name) == key) found = entry;
  });
  return found;
}

NodeId Tree::find(NodeId map, std::string_view key) const {
  const auto found = entry(map, key);
  return found ? resolve(found->value) : NodeId{};
}

NodeId Tree::find(NodeId map, std::initializer_list<std::string_view> path) const {
  NodeId at = map;
  for (const std::string_view key : path) at = find(at, key);
  return at;
}

std::string_view Tree::string(NodeId map, std::initializer_list<std::string_view> path) const {
  const NodeId found = find(map, path);
  return has_type(found, ScalarType::String) ? node(found).text : std::string_view{};
}

std::vector<Entry> Tree::entries(NodeId map) const {
  std::vector<Entry> all;
  std::unordered_map<std::string, std::size_t> last;  // looked up, never iterated
  visit_entries(map, 0, [&](const Entry& entry) {
    const Node& name = node(resolve(entry.key));
    if (name.kind != NodeKind::Scalar) return;
    const auto text = key_text(name);
    if (!text) return;
    last[*text] = all.size();
    all.push_back(entry);
  });
  if (last.size() == all.size()) return all;
  std::vector<Entry> effective;
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (last.at(*key_text(node(resolve(all[i].key)))) == i) effective.push_back(all[i]);
  }
  return effective;
}

std::vector<Entry> Tree::written_entries(NodeId map) const {
  std::vector<Entry> all;
  visit_entries(map, 0, [&](const Entry& entry) { all.push_back(entry); });
  return all;
}

std::vector<NodeId> Tree::items(NodeId sequence) const {
  std::vector<NodeId> found;
  sequence = resolve(sequence);
  if (!is(sequence, NodeKind::Sequence)) return found;
  found.reserve(node(sequence).child_count);
  for (NodeId item = node(sequence).first_child; item.valid(); item = node(item).next) {
    found.push_back(resolve(item));
  }
  return found;
}

bool Tree::has_type(NodeId id, ScalarType type) const {
  return is(id, NodeKind::Scalar) && node(id).type == type;
}

std::optional<bool> Tree::boolean(NodeId id) const {
  if (!has_type(id, ScalarType::Bool)) return std::nullopt;
  return bool_value(node(id).text);
}

std::optional<std::int64_t> Tree::integer(NodeId id) const {
  if (!has_type(id, ScalarType::Int)) return std::nullopt;
  const auto value = number_value(node(id).text);
  const auto* integer = value ? std::get_if<std::int64_t>(&*value) : nullptr;
  return integer == nullptr ? std::nullopt : std::optional(*integer);
}

}  // namespace wavetank::yaml
