#include "model/resource.h"

#include <algorithm>
#include <optional>

#include "base/check.h"
#include "model/annotation.h"

namespace wavetank::model {

namespace {

std::vector<MetadataEntry> read_entries(const yaml::Tree& tree, yaml::NodeId map) {
  std::vector<MetadataEntry> entries;
  for (const yaml::Entry& entry : tree.entries(map)) {
    const yaml::Node& key = tree.node(tree.resolve(entry.key));
    const yaml::Node& value = tree.node(tree.resolve(entry.value));
    // A null value is stored as the empty string; everything else must be a string.
    const bool is_null = tree.has_type(tree.resolve(entry.value), yaml::ScalarType::Null);
    entries.push_back({.key = key.text,
                       .value = is_null ? std::string_view{} : value.text,
                       .is_string = is_null || (value.kind == yaml::NodeKind::Scalar &&
                                                value.type == yaml::ScalarType::String),
                       .key_span = tree.node(entry.key).span,
                       .value_span = tree.node(entry.value).span});
  }
  return entries;
}

const MetadataEntry* find_entry(const std::vector<MetadataEntry>& entries, std::string_view key) {
  const auto found = std::find_if(entries.begin(), entries.end(),
                                  [&](const MetadataEntry& entry) { return entry.key == key; });
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const MetadataEntry* Resource::annotation(std::string_view annotation_key) const {
  return find_entry(annotations, annotation_key);
}

const MetadataEntry* Resource::label(std::string_view label_key) const {
  return find_entry(labels, label_key);
}

Resource read_resource(const yaml::Tree& tree, yaml::NodeId root) {
  WAVETANK_CHECK(tree.is_mapping(root));
  Resource resource;
  resource.tree = &tree;
  resource.root = root;
  resource.span = tree.node(root).span;
  resource.api_version = tree.string(root, {"apiVersion"});
  resource.generate_name = tree.string(root, {"metadata", "generateName"});
  resource.written_namespace = tree.string(root, {"metadata", "namespace"});
  resource.key = {.group = std::string(group_of(resource.api_version)),
                  .kind = std::string(tree.string(root, {"kind"})),
                  .name_space = resource.written_namespace,
                  .name = std::string(tree.string(root, {"metadata", "name"}))};
  const yaml::NodeId kind = tree.find(root, "kind");
  resource.kind_span = tree.node(kind).span;
  resource.name_span = resource.kind_span;
  for (const std::string_view key : {"name", "generateName"}) {
    const yaml::NodeId name = tree.find(root, {"metadata", key});
    if (!name.valid()) continue;
    resource.name_span = tree.node(name).span;
    break;
  }
  resource.annotations = read_entries(tree, tree.find(root, {"metadata", "annotations"}));
  resource.labels = read_entries(tree, tree.find(root, {"metadata", "labels"}));

  // Argo CD sees no annotation at all as soon as one of them is no string.
  const bool readable = std::all_of(resource.annotations.begin(), resource.annotations.end(),
                                    [](const MetadataEntry& entry) { return entry.is_string; });
  const auto value = [&](std::string_view key) -> std::optional<std::string_view> {
    const MetadataEntry* entry = readable ? resource.annotation(key) : nullptr;
    if (entry == nullptr) return std::nullopt;
    return entry->value;
  };
  const HookAnnotations hook{.hook = value(kHook),
                             .helm_hook = value(kHelmHook),
                             .policy = value(kHookDeletePolicy),
                             .helm_policy = value(kHelmHookDeletePolicy)};
  resource.hook = hook_facts(hook);
  resource.policies = delete_policies(hook);
  resource.wave = wave_of(value(kSyncWave), value(kHelmHookWeight));
  return resource;
}

}  // namespace wavetank::model
