#include "application/targets.h"

#include "application/hook_view.h"
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
  sync::Settings result;
  result.prune = settings.prune;
  result.prune_last = settings.has_option("PruneLast=true");
  result.replace = settings.has_option("Replace=true");
  result.server_side_apply = settings.has_option("ServerSideApply=true");
  result.no_validate = settings.has_option("Validate=false");
  result.apply_out_of_sync_only = settings.has_option("ApplyOutOfSyncOnly=true");
  result.create_namespace = settings.has_option("CreateNamespace=true");
  result.skip_dry_run_on_missing_resource = settings.has_option("SkipDryRunOnMissingResource=true");
  result.has_managed_namespace_metadata = settings.has_managed_namespace_metadata;
  if (const auto prune = settings.option_value("Prune")) {
    result.default_prune = model::resource_options("Prune=" + std::string(*prune)).prune;
  }
  constexpr std::string_view kPolicy = "PrunePropagationPolicy=";
  if (settings.has_option(std::string(kPolicy) + "background")) {
    result.propagation = model::Propagation::Background;
  } else if (settings.has_option(std::string(kPolicy) + "foreground")) {
    result.propagation = model::Propagation::Foreground;
  } else if (settings.has_option(std::string(kPolicy) + "orphan")) {
    result.propagation = model::Propagation::Orphan;
  }
  return result;
}

}  // namespace wavetank::application
