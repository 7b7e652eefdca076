// HM: Helm's hook annotations, as Argo CD maps them.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/words.h"
#include "lint/edits.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

std::optional<std::string_view> value_of(const model::MetadataEntry* entry) {
  if (entry == nullptr) return std::nullopt;
  return entry->value;
}

// Whether words of helm.sh/hook name one event and not the other.
struct Events {
  std::string_view has;
  std::string_view lacks;
};
bool only(const model::Resource& resource, const Events& events) {
  const model::MetadataEntry* hook = resource.annotation(model::kHelmHook);
  if (hook == nullptr || !resource.hook.from_helm) return false;
  const auto words = model::list_items(hook->value);
  const auto has = [&](std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
  };
  return has(events.has) && !has(events.lacks);
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

void install_and_upgrade_collide(const Context& context, Reporter& reporter) {
  for (const std::string side : {"pre", "post"}) {
    const std::string install = side + "-install";
    const std::string upgrade = side + "-upgrade";
    for (const model::Resource& second : context.bundle.resources) {
      const auto step = step_of(context, second);
      if (!step || !is_completion_hook(second) || !only(second, {upgrade, install})) continue;
      for (const model::Resource& first : context.bundle.resources) {
        if (!is_completion_hook(first) || !only(first, {install, upgrade})) continue;
        if (step_of(context, first) != step) continue;
        reporter.add({.resource = &second,
                      .span = span_or_name(second, second.annotation(model::kHelmHook)),
                      .values = {{"other", model::short_name(first.key)},
                                 {"phase", side == "pre" ? "PreSync" : "PostSync"},
                                 {"wave", std::to_string(second.wave)}},
                      .related = {{.span = span_or_name(first, first.annotation(model::kHelmHook)),
                                   .text = "starts at the same time"}}});
        break;
      }
    }
  }
}

void unsupported_helm_hook(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* hook = resource.annotation(model::kHelmHook);
    if (hook == nullptr || resource.annotation(model::kHook) != nullptr) continue;
    if (!resource.hook.is_ignored || resource.hook.pre_delete || resource.hook.post_delete)
      continue;
    Report report{
        .resource = &resource,
        .span = span_or_name(resource, hook),
        .values = {{"words", hook->value.empty() ? "nothing" : std::string(hook->value)}}};
    for (const model::Resource& user : context.bundle.resources) {
      if (context.tasks_of(user).empty()) continue;
      for (const model::Reference& reference : context.references_of(user)) {
        if (reference.optional || report.severity) continue;
        if (context.find(reference.kind, reference.name, user.key.name_space) != &resource)
          continue;
        report.variant = "used";
        report.severity = source::Severity::Warning;
        report.values["user"] = model::short_name(user.key);
        report.related.push_back({.span = reference.span, .text = "needs it"});
      }
    }
    reporter.add(std::move(report));
  }
}

void keep_policy_is_still_pruned(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* policy = resource.annotation("helm.sh/resource-policy");
    if (policy == nullptr || policy->value != "keep" || !is_plain(resource)) continue;
    if (has_option(resource, "Prune=false") || has_option(resource, "Prune=confirm")) continue;
    Report report{.resource = &resource, .span = policy->value_span};
    // Of what holds no data the loss is not worth a warning.
    if (row_of("data-bearing-kinds", resource.key) == nullptr) {
      report.severity = source::Severity::Info;
    }
    if (auto edits =
            add_words({resource, context.project.sources}, model::kSyncOptions, "Prune=false")) {
      report.fixes.push_back({.safety = FixSafety::Safe,
                              .title = "keep it from pruning as well",
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
