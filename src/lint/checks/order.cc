// PH and WV: what runs before the things it needs. The plan knows the order; waves are never
// compared here.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/words.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

struct Need {
  model::Reference reference;
  const model::Resource* provider = nullptr;
  std::uint32_t user_task = 0;
  std::uint32_t provider_task = 0;  // the earliest
};

// References of a resource to objects of the same application that take part in the sync.
std::vector<Need> needs_of(const Context& context, const model::Resource& user) {
  std::vector<Need> needs;
  const auto& tasks = context.tasks_of(user);
  // The pods of a CronJob start by its schedule, long after the sync.
  if (tasks.empty() || user.key.kind == "CronJob") return needs;
  for (const model::Reference& reference : context.references_of(user)) {
    const model::Resource* provider =
        context.find(reference.kind, reference.name, user.key.name_space);
    if (provider == nullptr || context.tasks_of(*provider).empty()) continue;
    const bool known = std::any_of(needs.begin(), needs.end(),
                                   [&](const Need& need) { return need.provider == provider; });
    if (known) continue;
    needs.push_back({.reference = reference,
                     .provider = provider,
                     .user_task = tasks.front(),
                     .provider_task = context.tasks_of(*provider).front()});
  }
  return needs;
}

Report report_of(const Context& context, const model::Resource& user, const Need& need) {
  const auto& provider = context.plan().tasks[need.provider_task];
  const auto& consumer = context.plan().tasks[need.user_task];
  Report report{.resource = &user,
                .span = need.reference.span,
                .values = {{"needed", model::short_name(need.provider->key)},
                           {"userPhase", std::string(model::name(consumer.phase))},
                           {"userWave", std::to_string(consumer.wave)},
                           {"phase", std::string(model::name(provider.phase))},
                           {"wave", std::to_string(provider.wave)}},
                .plan = {context.plan_line(need.user_task), context.plan_line(need.provider_task)}};
  if (const auto* hook = user.annotation(model::kHook)) {
    report.related.push_back({.span = value_span(*hook), .text = "runs in this phase"});
  }
  report.related.push_back(
      {.span = need.provider->name_span,
       .text = fmt::format("applied in {}, wave {}", model::name(provider.phase), provider.wave)});
  return report;
}

}  // namespace

void hook_needs_later_phase(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    if (!user.hook.is_hook) continue;
    for (const Need& need : needs_of(context, user)) {
      const auto& consumer = context.plan().tasks[need.user_task];
      const auto& provider = context.plan().tasks[need.provider_task];
      if (consumer.phase == model::Phase::SyncFail || provider.phase <= consumer.phase) continue;
      Report report = report_of(context, user, need);
      if (provider.wave < consumer.wave) report.variant = "lower-wave";
      if (need.reference.optional) report.severity = Severity::Warning;
      reporter.add(std::move(report));
    }
  }
}

void dependency_in_later_wave(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    for (const Need& need : needs_of(context, user)) {
      const auto& consumer = context.plan().tasks[need.user_task];
      const auto& provider = context.plan().tasks[need.provider_task];
      if (consumer.phase != provider.phase || provider.wave <= consumer.wave) continue;
      Report report = report_of(context, user, need);
      const bool is_awaited = context.is_awaited(need.user_task);
      if (!is_awaited) report.variant = "corrects-itself";
      if (!is_awaited || need.reference.optional) report.severity = Severity::Warning;
      reporter.add(std::move(report));
    }
  }
}

void wave_not_integer(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* wave = resource.annotation(model::kSyncWave);
    if (wave == nullptr || !wave->is_string || model::parse_wave(wave->value)) continue;
    if (is_placeholder(wave->value)) continue;
    const std::string_view trimmed = model::trim(wave->value);
    const model::MetadataEntry* weight = resource.annotation(model::kHelmHookWeight);
    const bool by_weight = weight != nullptr && model::parse_wave(weight->value).has_value();
    Report report{.resource = &resource,
                  .span = value_span(*wave),
                  .values = {{"value", std::string(wave->value)},
                             {"wave", std::to_string(resource.wave)},
                             {"source", by_weight ? "from helm.sh/hook-weight" : "the default"}}};
    if (model::parse_wave(trimmed)) {
      report.fixes.push_back(
          {.safety = FixSafety::Safe,
           .title = "take the blanks away",
           .edits = {{.span = wave->value_span, .text = fmt::format("\"{}\"", trimmed)}}});
    }
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
