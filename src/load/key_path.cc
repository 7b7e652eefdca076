#include "load/key_path.h"

#include <fmt/format.h>

namespace wavetank::load {

namespace {

bool holds(source::Span outer, source::Span inner) {
  return outer.file == inner.file && outer.begin <= inner.begin && inner.end <= outer.end;
}

std::string item_name(const yaml::Tree& tree, yaml::NodeId item, std::size_t number) {
  const yaml::NodeId name = tree.find(item, "name");
  const bool is_named = name.valid() && tree.is_scalar(name);
  return is_named ? std::string(tree.node(name).text) : std::to_string(number);
}

// One step into `node` towards the place; none when it is here.
yaml::NodeId step(const yaml::Tree& tree, yaml::NodeId at, source::Span place, std::string& path) {
  const yaml::Node& node = tree.node(at);
  const bool is_map = node.kind == yaml::NodeKind::Mapping;
  std::size_t number = 0;
  for (yaml::NodeId child = node.first_child; child.valid(); ++number) {
    const yaml::NodeId value = is_map ? tree.node(child).next : child;
    const bool in_key = is_map && holds(tree.node(child).span, place);
    if (in_key || holds(tree.node(value).span, place)) {
      path += is_map ? fmt::format("{}{}", path.empty() ? "" : ".", tree.node(child).text)
                     : fmt::format("[{}]", item_name(tree, child, number));
      return in_key ? yaml::NodeId{} : value;
    }
    child = tree.node(value).next;
  }
  return {};
}

}  // namespace

KeyPaths::KeyPaths(const Project& project) {
  for (const yaml::Tree& tree : project.trees) trees_[tree.file()].push_back(&tree);
}

std::string KeyPaths::of(source::Span place) const {
  if (!place.valid()) return "";
  const auto found = trees_.find(place.file);
  if (found == trees_.end()) return "";
  for (const yaml::Tree* tree : found->second) {
    yaml::NodeId at = tree->root();
    if (!at.valid() || !holds(tree->node(at).span, place)) continue;
    std::string path;
    while (at.valid()) at = step(*tree, at, place, path);
    return path;
  }
  return "";
}

}  // namespace wavetank::load
