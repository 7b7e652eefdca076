// HM: Helm's hook annotations, as Argo CD maps them.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/words.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

std::optional<std::string_view> value_of(const model::MetadataEntry* entry) {
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

}  // namespace

void upgrade_hook_on_install(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* hook = resource.annotation(model::kHelmHook);
    if (hook == nullptr || !resource.hook.from_helm) continue;
    const auto words = words_of(*hook, context.project.sources);
    const auto find = [&](std::string_view name) {
      return std::find_if(words.begin(), words.end(),
                          [&](const WordAt& word) { return word.text == name; });
    };
    for (const std::string side : {"pre", "post"}) {
      const auto upgrade = find(side + "-upgrade");
      if (upgrade == words.end() || find(side + "-install") != words.end()) continue;
      reporter.add({.resource = &resource,
                    .span = upgrade->span,
                    .values = {{"word", std::string(upgrade->text)},
                               {"phase", side == "pre" ? "PreSync" : "PostSync"}}});
    }
  }
}

void mixed_hooks(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* argo = resource.annotation(model::kHook);
    const model::MetadataEntry* helm = resource.annotation(model::kHelmHook);
    if (argo == nullptr || helm == nullptr || !resource.hook.is_hook) continue;
    const auto* policy = resource.annotation(model::kHookDeletePolicy);
    const auto alone = model::delete_policies({.policy = value_of(policy)});
    const auto wave_alone =
        model::wave_of(value_of(resource.annotation(model::kSyncWave)), std::nullopt);
    const bool differs = !(alone.before_hook_creation == resource.policies.before_hook_creation &&
                           alone.hook_succeeded == resource.policies.hook_succeeded &&
                           alone.hook_failed == resource.policies.hook_failed) ||
                         wave_alone != resource.wave;
    std::string policies;
    const auto add = [&](bool holds, std::string_view word) {
      if (!holds) return;
      if (!policies.empty()) policies += ", ";
      policies += word;
    };
    add(resource.policies.before_hook_creation, "BeforeHookCreation");
    add(resource.policies.hook_succeeded, "HookSucceeded");
    add(resource.policies.hook_failed, "HookFailed");
    std::string phases;
    for (const model::Phase phase : model::kPhases) {
      if (!resource.hook.phases.has(phase)) continue;
      if (!phases.empty()) phases += ", ";
      phases += model::name(phase);
    }
    Report report{.resource = &resource,
                  .span = helm->key_span,
                  .values = {{"phases", phases.empty() ? "none" : phases},
                             {"wave", std::to_string(resource.wave)},
                             {"policies", policies}}};
    if (differs) report.severity = source::Severity::Error;
    report.related.push_back({.span = argo->key_span, .text = "Argo CD's own hook"});
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
