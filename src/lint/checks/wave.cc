// WV: waves that do not do what they say.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/edits.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

enum class Unordered : std::uint8_t { SyncFail, PreDelete, PostDelete };

std::string_view name_of(Unordered phase) {
  switch (phase) {
    case Unordered::SyncFail: return "SyncFail";
    case Unordered::PreDelete: return "PreDelete";
    case Unordered::PostDelete: return "PostDelete";
  }
  return "";
}

std::vector<Unordered> unordered_phases(const model::Resource& resource) {
  std::vector<Unordered> phases;
  if (runs_in_sync(resource) && resource.hook.phases.has(model::Phase::SyncFail)) {
    phases.push_back(Unordered::SyncFail);
  }
  if (resource.hook.pre_delete) phases.push_back(Unordered::PreDelete);
  if (resource.hook.post_delete) phases.push_back(Unordered::PostDelete);
  return phases;
}

// In a phase that has an order, too, the wave counts there.
bool has_ordered_phase(const model::Resource& resource) {
  if (!runs_in_sync(resource)) return false;
  return resource.hook.phases.has(model::Phase::PreSync) ||
         resource.hook.phases.has(model::Phase::Sync) ||
         resource.hook.phases.has(model::Phase::PostSync);
}

}  // namespace

// Source: executeSyncFailPhase of gitops-engine/pkg/sync/sync_context.go; controller/hook.go.
void wave_on_unordered_phase(const Context& context, Reporter& reporter) {
  std::map<Unordered, const model::Resource*> first;  // the lowest wave
  for (const model::Resource& resource : context.bundle.resources) {
    for (const Unordered phase : unordered_phases(resource)) {
      const auto [at, is_new] = first.try_emplace(phase, &resource);
      if (!is_new && resource.wave < at->second->wave) at->second = &resource;
    }
  }
  for (const model::Resource& resource : context.bundle.resources) {
    if (has_ordered_phase(resource) || wave_entry(resource) == nullptr) continue;
    for (const Unordered phase : unordered_phases(resource)) {
      const model::Resource& earlier = *first.at(phase);
      if (earlier.wave >= resource.wave) continue;
      reporter.add({.resource = &resource,
                    .span = span_or_name(resource, wave_entry(resource)),
                    .values = {{"phase", std::string(name_of(phase))},
                               {"wave", std::to_string(resource.wave)},
                               {"earlier", model::short_name(earlier.key)}},
                    .related = {{.span = earlier.name_span, .text = "starts at the same time"}}});
      break;
    }
  }
}

void wave_and_weight_disagree(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* wave = resource.annotation(model::kSyncWave);
    const model::MetadataEntry* weight = resource.annotation(model::kHelmHookWeight);
    if (wave == nullptr || weight == nullptr) continue;
    const auto by_wave = model::parse_wave(wave->value);
    const auto by_weight = model::parse_wave(weight->value);
    if (!by_wave || !by_weight || *by_wave == *by_weight) continue;
    Report report{
        .resource = &resource,
        .span = span_or_name(resource, weight),
        .values = {{"wave", std::to_string(*by_wave)}, {"weight", std::to_string(*by_weight)}},
        .related = {{.span = wave->value_span, .text = "this one counts"}}};
    if (auto edits =
            remove_annotation({resource, context.project.sources}, model::kHelmHookWeight)) {
      report.fixes.push_back({.safety = FixSafety::Safe,
                              .title = "drop the weight, which Argo CD does not read here",
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

void moved_for_its_user(const Context& context, Reporter& reporter) {
  const sync::Plan& plan = context.plan();
  for (const model::Resource& resource : context.bundle.resources) {
    const auto task = task_of(context, resource);
    if (!task || wave_entry(resource) == nullptr) continue;
    const sync::PlanTask& planned = plan.tasks[*task];
    if (planned.moved_for == UINT32_MAX || planned.wave == resource.wave) continue;
    reporter.add({.resource = &resource,
                  .span = span_or_name(resource, wave_entry(resource)),
                  .values = {{"wave", std::to_string(resource.wave)},
                             {"phase", std::string(model::name(planned.phase))},
                             {"place", std::to_string(planned.wave)},
                             {"user", context.name_of(planned.moved_for)}},
                  .plan = {context.plan_line(*task), context.plan_line(planned.moved_for)}});
  }
}

}  // namespace wavetank::lint::checks
