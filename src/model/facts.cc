#include "model/facts.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "model/annotation.h"
#include "model/kinds.h"
#include "model/resource.h"

namespace wavetank::model {

using nlohmann::json;

namespace {

const json& child(const json& object, const char* key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(key);
  return found == object.end() ? kNull : *found;
}

std::string text(const json& object, const char* key) {
  const json& value = child(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

void read_annotations(ObjectFacts& facts, const Annotations& annotations) {
  const HookAnnotations hook = hook_annotations(annotations);
  const auto wave = find(annotations, kSyncWave);
  const auto weight = find(annotations, kHelmHookWeight);
  facts.hook = hook_facts(hook);
  facts.policies = delete_policies(hook);
  facts.wave = wave_of(wave, weight);
  facts.wave_source = wave_source(wave, weight);
  facts.options = resource_options(find(annotations, kSyncOptions).value_or(""));
}

void read_kind(ObjectFacts& facts, std::string_view group, std::string_view kind) {
  facts.kind_rank = kind_rank(kind);
  facts.is_namespace = group.empty() && kind == "Namespace";
  facts.is_crd = group == "apiextensions.k8s.io" && kind == "CustomResourceDefinition";
}

void add_image(std::string& images, std::string_view image) {
  if (image.empty()) return;
  if (!images.empty()) images += '\n';
  images += image;
}

// The containers of the first pod spec that the object has.
const json& containers_of(const json& object) {
  const json& spec = child(object, "spec");
  const json& job = child(child(child(child(spec, "jobTemplate"), "spec"), "template"), "spec");
  for (const json* pod : {&spec, &child(child(spec, "template"), "spec"), &job}) {
    const json& containers = child(*pod, "containers");
    if (containers.is_array()) return containers;
  }
  return child(object, "");
}

}  // namespace

HookAnnotations hook_annotations(const Annotations& annotations) {
  return {.hook = find(annotations, kHook),
          .helm_hook = find(annotations, kHelmHook),
          .policy = find(annotations, kHookDeletePolicy),
          .helm_policy = find(annotations, kHelmHookDeletePolicy)};
}

ResourceOptions resource_options(std::string_view sync_options) {
  ResourceOptions options;
  for (const std::string_view item : list_items(sync_options)) {
    if (item == "Replace=true") options.replace = true;
    if (item == "Force=true") options.force = true;
    if (item == "Validate=false") options.no_validate = true;
    if (item == "ServerSideApply=true") options.server_side_apply = true;
    if (item == "ServerSideApply=false") options.no_server_side_apply = true;
    if (item == "SkipDryRunOnMissingResource=true") options.skip_dry_run_on_missing_resource = true;
    if (item == "PruneLast=true") options.prune_last = true;
    if (item == "Prune=false") options.prune_false = true;
    if (item == "Prune=confirm") options.prune_confirm = true;
    const auto prune = option_value(item, "Prune");
    if (prune && options.prune == PruneOption::Unset) {
      options.prune = *prune == "false"     ? PruneOption::False
                      : *prune == "confirm" ? PruneOption::Confirm
                                            : PruneOption::Other;
    }
  }
  return options;
}

ObjectFacts facts_of(const json& object, base::Interner& interner) {
  ObjectFacts facts;
  const json& metadata = child(object, "metadata");
  const std::string api_version = text(object, "apiVersion");
  const std::string kind = text(object, "kind");
  facts.key = {.group = interner.intern(group_of(api_version)),
               .kind = interner.intern(kind),
               .name_space = interner.intern(text(metadata, "namespace")),
               .name = interner.intern(text(metadata, "name"))};
  facts.version = interner.intern(version_of(api_version));
  facts.generate_name = interner.intern(text(metadata, "generateName"));
  read_annotations(facts, annotations_of(object));
  read_kind(facts, group_of(api_version), kind);
  const json& finalizers = child(metadata, "finalizers");
  if (finalizers.is_array()) {
    for (const json& finalizer : finalizers) {
      if (finalizer == kHookFinalizer) facts.has_hook_finalizer = true;
    }
  }
  if (facts.is_crd) {
    const json& spec = child(object, "spec");
    facts.crd_group = interner.intern(text(spec, "group"));
    facts.crd_kind = interner.intern(text(child(spec, "names"), "kind"));
  }
  std::string images;
  for (const json& container : containers_of(object)) add_image(images, text(container, "image"));
  facts.images = interner.intern(images);
  return facts;
}

ObjectFacts facts_of(const Resource& resource, base::Interner& interner) {
  ObjectFacts facts;
  facts.key = intern(resource.key, interner);
  facts.version = interner.intern(version_of(resource.api_version));
  facts.generate_name = interner.intern(resource.generate_name);
  Annotations annotations;
  for (const MetadataEntry& entry : resource.annotations) {
    if (!entry.is_string) {
      annotations.clear();
      break;
    }
    annotations[std::string(entry.key)] = std::string(entry.value);
  }
  read_annotations(facts, annotations);
  read_kind(facts, resource.key.group, resource.key.kind);
  for (const yaml::NodeId finalizer :
       resource.tree->items(resource.find({"metadata", "finalizers"}))) {
    if (resource.tree->string(finalizer, {}) == kHookFinalizer) facts.has_hook_finalizer = true;
  }
  if (facts.is_crd) {
    facts.crd_group = interner.intern(resource.string({"spec", "group"}));
    facts.crd_kind = interner.intern(resource.string({"spec", "names", "kind"}));
  }
  std::string images;
  for (const auto& path : {std::vector<std::string_view>{"spec"},
                           {"spec", "template", "spec"},
                           {"spec", "jobTemplate", "spec", "template", "spec"}}) {
    yaml::NodeId pod = resource.root;
    for (const std::string_view key : path) pod = resource.tree->find(pod, key);
    const yaml::NodeId containers = resource.tree->find(pod, "containers");
    if (!resource.tree->is_sequence(containers)) continue;
    for (const yaml::NodeId container : resource.tree->items(containers)) {
      add_image(images, resource.tree->string(container, {"image"}));
    }
    break;
  }
  facts.images = interner.intern(images);
  return facts;
}

}  // namespace wavetank::model
