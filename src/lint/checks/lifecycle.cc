// HK: what becomes of hooks and of their objects over several syncs.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/producers.h"
#include "lint/checks/words.h"

namespace wavetank::lint::checks {

namespace {

constexpr std::array<std::string_view, 3> kPassive{"ConfigMap", "Secret", "ServiceAccount"};

bool is_passive(std::string_view kind) {
  return std::find(kPassive.begin(), kPassive.end(), kind) != kPassive.end();
}

// Letters of a name that the label `job-name` still takes behind the generated part, by phase.
// Source: controller/sync.go (the name of a hook is made of revision, phase and start time).
std::size_t longest_prefix(model::Phase phase) {
  switch (phase) {
    case model::Phase::PreSync: return 37;
    case model::Phase::Sync: return 40;
    case model::Phase::PostSync: return 36;
    case model::Phase::SyncFail: return 36;
  }
  return 36;
}

}  // namespace

void recreated_while_used(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    if (!is_plain(user)) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      if (!is_passive(reference.kind)) continue;
      const model::Resource* used =
          context.find(reference.kind, reference.name, user.key.name_space);
      if (used == nullptr && reference.kind == "Secret") {
        used = secret_producer(context, reference.name, user.key.name_space);
      }
      if (used == nullptr || !runs_in_sync(*used)) continue;
      if (used->policies.hook_succeeded || used->policies.hook_failed) continue;
      reporter.add({.resource = used,
                    .span = span_or_name(*used, hook_entry(*used)),
                    .values = {{"user", model::short_name(user.key)},
                               {"needed", fmt::format("{}/{}", reference.kind, reference.name)}},
                    .related = {{.span = reference.span,
                                 .text = fmt::format("{} needs it as long as it runs",
                                                     model::short_name(user.key))}}});
      break;
    }
  }
}

void generated_name_too_long(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_limited =
        is_kind(resource, "batch", "Job") || is_kind(resource, "argoproj.io", "Workflow");
    if (!is_limited || !runs_in_sync(resource) || !resource.key.name.empty()) continue;
    std::size_t limit = resource.generate_name.size();
    for (const model::Phase phase : model::kPhases) {
      if (resource.hook.phases.has(phase)) limit = std::min(limit, longest_prefix(phase));
    }
    // The revision of an application with several sources is not part of the name.
    if (context.bundle.settings.sources.size() > 1) limit += 7;
    if (resource.generate_name.size() <= limit) continue;
    reporter.add({.resource = &resource,
                  .span = resource.name_span,
                  .values = {{"length", std::to_string(resource.generate_name.size())},
                             {"limit", std::to_string(limit)}}});
  }
}

void duplicate_generated_name(const Context& context, Reporter& reporter) {
  const sync::Plan& plan = context.plan();
  std::map<std::pair<model::Phase, model::ObjectKey>, const model::Resource*> first;
  for (const model::Resource& resource : context.bundle.resources) {
    if (resource.generate_name.empty() || !resource.key.name.empty()) continue;
    for (const std::uint32_t task : context.tasks_of(resource)) {
      model::ObjectKey key = resource.key;
      key.name = resource.generate_name;
      const auto [at, is_new] = first.try_emplace({plan.tasks[task].phase, key}, &resource);
      if (is_new || at->second == &resource || at->second->span == resource.span) continue;
      reporter.add({.resource = &resource,
                    .span = resource.name_span,
                    .values = {{"prefix", resource.generate_name},
                               {"phase", std::string(model::name(plan.tasks[task].phase))}},
                    .related = {{.span = at->second->name_span, .text = "gets the same name"}}});
      break;
    }
  }
}

void hook_only_application(const Context& context, Reporter& reporter) {
  const model::Bundle& bundle = context.bundle;
  // Other sources, or a chart, may hold the rest.
  const bool is_whole = bundle.settings.span.valid() && bundle.settings.sources.size() == 1 &&
                        !bundle.settings.sources.front().is_helm;
  if (!is_whole || !bundle.settings.automated) return;
  const model::Resource* hook = nullptr;
  for (const model::Resource& resource : bundle.resources) {
    if (is_plain(resource)) return;
    if (runs_in_sync(resource) && hook == nullptr) hook = &resource;
  }
  if (hook == nullptr) return;
  reporter.add({.resource = hook,
                .span = span_or_name(*hook, hook_entry(*hook)),
                .values = {{"application", bundle.name}},
                .related = {{.span = bundle.settings.span, .text = "syncs by itself"}}});
}

void syncfail_unreachable(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;
  const sync::Plan& plan = context.plan();
  const auto is_sync_fail = [&](std::uint32_t task) {
    return plan.tasks[task].phase == model::Phase::SyncFail;
  };
  for (std::uint32_t task = 0; task < plan.tasks.size(); ++task) {
    if (!is_sync_fail(task) && context.is_awaited(task)) return;
  }
  for (const model::Resource& resource : context.bundle.resources) {
    const auto task = task_of(context, resource);
    if (!task || !is_sync_fail(*task) || plan.steps.size() < 2) continue;
    reporter.add({.resource = &resource, .span = span_or_name(resource, hook_entry(resource))});
  }
}

}  // namespace wavetank::lint::checks
