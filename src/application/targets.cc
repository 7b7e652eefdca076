#include "application/targets.h"

#include "application/hook_view.h"
#include "application/sync_settings.h"
#include "model/annotation.h"
#include "yaml/json.h"

namespace wavetank::application {

using nlohmann::json;

Targets make_targets(const model::Bundle& bundle, base::Interner& interner) {
  Targets targets{.application = bundle.settings.name};
  for (const std::size_t index : bundle.targets()) {
    const model::Resource& resource = bundle.resources[index];
    if (!takes_part_in_sync(resource.hook)) {
      targets.delete_hooks.push_back(index);
      continue;
    }
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
      if (!meta["annotations"].is_object()) meta["annotations"] = json::object();
      meta["annotations"][std::string(model::kTrackingId)] =
          tracking_id(targets.application, resource.key);
    }
    targets.objects.push_back(
        {.resource = index, .manifest = std::move(manifest), .facts = std::move(facts)});
  }
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
