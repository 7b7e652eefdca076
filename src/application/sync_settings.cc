#include "application/sync_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "application/deletion.h"
#include "application/selection.h"
#include "model/facts.h"

namespace wavetank::application {

namespace {

constexpr std::string_view kClientSideApplyManager = "kubectl-client-side-apply";

// Lower-case words only; anything else is the default.
model::Propagation propagation_of(const SyncOptions& options) {
  if (has_option(options, "PrunePropagationPolicy=background")) {
    return model::Propagation::Background;
  }
  if (has_option(options, "PrunePropagationPolicy=foreground")) {
    return model::Propagation::Foreground;
  }
  if (has_option(options, "PrunePropagationPolicy=orphan")) return model::Propagation::Orphan;
  return model::Propagation::Foreground;
}

}  // namespace

EngineSettings engine_settings(const SyncOperation& sync, model::WallTime started,
                               const EngineAnnotations& annotations) {
  const auto has = [&](std::string_view option) { return has_option(sync.options, option); };
  EngineSettings result{
      .default_prune = option_value(sync.options, "Prune"),
      .migrates_client_side_apply = !has("ClientSideApplyMigration=false"),
      .migration_manager = std::string(kClientSideApplyManager),
      .is_prune_confirmed = is_deletion_confirmed(annotations.deletion_approved, started)};
  if (result.migrates_client_side_apply && !annotations.migration_manager.empty()) {
    result.migration_manager = annotations.migration_manager;
  }
  sync::Settings& settings = result.settings;
  settings.dry_run = sync.dry_run;
  settings.prune = sync.prune;
  settings.prune_last = has("PruneLast=true");
  if (result.default_prune) {
    settings.default_prune = model::resource_options("Prune=" + *result.default_prune).prune;
  }
  settings.propagation = propagation_of(sync.options);
  settings.force = sync.force;
  settings.replace = has("Replace=true");
  settings.server_side_apply = has("ServerSideApply=true");
  settings.no_validate = has("Validate=false");
  settings.skip_hooks = sync.strategy == SyncStrategy::Apply || sync.is_partial();
  settings.skip_dry_run_on_missing_resource = has("SkipDryRunOnMissingResource=true");
  settings.apply_out_of_sync_only = has("ApplyOutOfSyncOnly=true");
  settings.create_namespace = has("CreateNamespace=true");
  return result;
}

bool takes_part(const ComparisonRow& row, std::span<const Comparand> targets,
                std::span<const Comparand> live, const SyncOperation& sync, TrackingMethod method) {
  const Comparand* target = row.target ? &targets[*row.target] : nullptr;
  const bool is_delete_hook =
      target != nullptr && (target->hook.pre_delete || target->hook.post_delete);
  const bool is_selected =
      !sync.is_partial() || is_delete_hook || selects(sync.resources, row.resource.key);
  return is_selected && refers_to_itself({.live = row.live ? live[*row.live].object : nullptr,
                                          .target = target != nullptr ? target->object : nullptr},
                                         method);
}

std::optional<EndedAttempt> ends_before_engine(const SyncOperation& sync,
                                               std::span<const Condition> conditions) {
  const auto shared = std::find_if(
      conditions.begin(), conditions.end(),
      [](const Condition& condition) { return condition.type == "SharedResourceWarning"; });
  if (shared != conditions.end() && has_option(sync.options, "FailOnSharedResource=true")) {
    return EndedAttempt{.phase = OperationPhase::Failed,
                        .message = "Shared resource found: " + shared->message};
  }
  std::vector<Condition> errors;
  std::copy_if(conditions.begin(), conditions.end(), std::back_inserter(errors),
               [](const Condition& condition) {
                 return condition.type == "ComparisonError" || condition.type == "InvalidSpecError";
               });
  if (errors.empty()) return std::nullopt;
  return EndedAttempt{.phase = OperationPhase::Error, .message = joined(errors)};
}

std::string missing_cluster_message(std::string_view server) {
  return fmt::format(
      "error getting cluster by server \"{0}\": rpc error: code = NotFound desc = cluster \"{0}\" "
      "not found",
      server);
}

}  // namespace wavetank::application
