#include "application/targets.h"

#include "application/hook_view.h"
#include "application/normalize.h"
#include "application/sync_settings.h"
#include "yaml/json.h"

namespace wavetank::application {

using nlohmann::json;

Targets make_targets(const model::Bundle& bundle, base::Interner& interner,
                     const std::string& application, const Tracking& tracking) {
  Targets targets{.application = application};
  for (const std::size_t index : bundle.targets()) {
    const model::Resource& resource = bundle.resources[index];
    json manifest = yaml::to_json(*resource.tree, resource.root);
    json& meta = manifest["metadata"];
    if (!meta.is_object()) meta = json::object();
    if (resource.key.name_space.empty()) {
      meta.erase("namespace");
    } else {
      meta["namespace"] = resource.key.name_space;
    }
    model::ObjectFacts facts = model::facts_of(manifest, interner);
    if (!facts.is_crd) {
      model::ObjectKey marked = resource.key;
      if (marked.name_space.empty()) marked.name_space = bundle.settings.destination_namespace;
      mark(manifest, application, marked, tracking);
    }
    targets.keys.insert(facts.key);
    auto& list = takes_part_in_sync(resource.hook) ? targets.objects : targets.delete_hooks;
    list.push_back({.resource = index, .manifest = std::move(manifest), .facts = std::move(facts)});
  }
  std::vector<model::TargetName> names;
  for (const model::Resource& resource : bundle.resources) {
    names.push_back({.key = resource.key, .generate_name = resource.generate_name});
  }
  targets.repeated = repetition_messages(model::distinct_targets(names).repetitions);
  return targets;
}

sync::Settings settings_of(const model::ApplicationSettings& settings) {
  SyncOperation sync{.prune = settings.prune};
  for (const auto& option : settings.sync_options) sync.options.push_back(option.text);
  sync::Settings result = engine_settings(sync, {}, {}).settings;
  result.has_managed_namespace_metadata = settings.has_managed_namespace_metadata;
  return result;
}

}  // namespace wavetank::application
