#include "load/kustomize/value.h"

#include <utility>

#include "yaml/builder.h"

namespace wavetank::load::kustomize {

namespace {

yaml::Node without_links(yaml::Node node) {
  node.parent = {};
  node.next = {};
  node.first_child = {};
  node.target = {};
  node.child_count = 0;
  return node;
}

void build(const Value& value, yaml::TreeBuilder& builder) {
  yaml::Node node = value.node;
  if (value.is_own) node.text = builder.keep(value.own);
  if (value.is_scalar()) {
    builder.node(builder.add(node)).span = value.node.span;
    return;
  }
  const yaml::NodeId id = builder.open(node);
  for (const Value& child : value.children) build(child, builder);
  builder.close(value.node.span.end);
  builder.node(id).span = value.node.span;
}

// The index of the value of a key; the number of children when there is none.
std::size_t index_of(const Value& map, std::string_view key) {
  if (!map.is_mapping()) return map.children.size();
  for (std::size_t i = map.children.size(); i >= 2; i -= 2) {
    if (map.children[i - 2].text() == key) return i - 1;
  }
  return map.children.size();
}

}  // namespace

void Value::set_text(std::string text) {
  own = std::move(text);
  is_own = true;
}

Value value_of(const yaml::Tree& tree, yaml::NodeId node) {
  const yaml::NodeId id = tree.resolve(node);
  Value value{.node = without_links(tree.node(id))};
  if (tree.is_mapping(id)) {
    bool merges = false;
    for (yaml::NodeId key = tree.node(id).first_child; key.valid();
         key = tree.node(tree.node(key).next).next) {
      merges = merges || yaml::is_merge_key(tree.node(key));
    }
    if (merges) {
      for (const yaml::Entry& entry : tree.entries(id)) {
        value.children.push_back(value_of(tree, entry.key));
        value.children.push_back(value_of(tree, entry.value));
      }
      return value;
    }
  }
  for (yaml::NodeId child = tree.node(id).first_child; child.valid();
       child = tree.node(child).next) {
    value.children.push_back(value_of(tree, child));
  }
  return value;
}

Value text_value(std::string text, source::Span span) {
  Value value;
  value.node.kind = yaml::NodeKind::Scalar;
  value.node.type = yaml::ScalarType::String;
  value.node.span = span;
  value.set_text(std::move(text));
  return value;
}

Value empty_mapping(source::Span span) {
  Value value;
  value.node.kind = yaml::NodeKind::Mapping;
  value.node.span = span;
  return value;
}

Value* find(Value& map, std::string_view key) {
  const std::size_t at = index_of(map, key);
  return at == map.children.size() ? nullptr : &map.children[at];
}

const Value* find(const Value& map, std::string_view key) {
  const std::size_t at = index_of(map, key);
  return at == map.children.size() ? nullptr : &map.children[at];
}

std::string_view text_at(const Value& map, std::initializer_list<std::string_view> path) {
  const Value* at = &map;
  for (const std::string_view key : path) {
    at = find(*at, key);
    if (at == nullptr) return {};
  }
  return at->is_scalar() && !at->is_null() ? at->text() : std::string_view{};
}

Value& mapping_at(Value& map, std::string_view key, source::Span span) {
  Value* found = find(map, key);
  if (found == nullptr) {
    set(map, text_value(std::string(key), span), empty_mapping(span));
    found = find(map, key);
  } else if (!found->is_mapping()) {
    *found = empty_mapping(span);
  }
  return *found;
}

void set(Value& map, Value key, Value value) {
  const std::size_t at = index_of(map, key.text());
  if (at == map.children.size()) {
    map.children.push_back(std::move(key));
    map.children.push_back(std::move(value));
  } else {
    map.children[at - 1] = std::move(key);
    map.children[at] = std::move(value);
  }
}

void remove(Value& map, std::string_view key) {
  for (std::size_t at = index_of(map, key); at != map.children.size(); at = index_of(map, key)) {
    const auto value = map.children.begin() + static_cast<std::ptrdiff_t>(at);
    map.children.erase(value - 1, value + 1);
  }
}

yaml::Tree tree_of(const Value& value, source::FileId file) {
  yaml::TreeBuilder builder(file, false);
  build(value, builder);
  return builder.take();
}

}  // namespace wavetank::load::kustomize
