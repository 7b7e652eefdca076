// HK: kinds, names and delete policies of hooks.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/words.h"
#include "model/annotation.h"
#include "model/kinds.h"

namespace wavetank::lint::checks {

using source::Severity;

void named_hook_never_reruns(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    if (!is_completion_hook(resource) || resource.key.name.empty()) continue;
    // Force and Replace together delete the old object and create it again.
    const model::ResourceOptions options = options_of(resource);
    if (resource.policies.before_hook_creation || (options.replace && options.force)) continue;
    const model::MetadataEntry* policy = policy_entry(resource);
    const bool both = resource.policies.hook_succeeded && resource.policies.hook_failed;
    Report report{.resource = &resource,
                  .span = value_span(*policy),
                  .variant = both                               ? "both"
                             : resource.policies.hook_succeeded ? ""
                                                                : "failed-only",
                  .values = {{"policies", policies_text(resource.policies)}}};
    if (both || embeds_version(resource.key.name)) report.severity = Severity::Warning;
    if (const auto* hook = hook_entry(resource)) {
      report.related.push_back({.span = value_span(*hook), .text = "runs at every sync"});
    }
    const bool is_argo = resource.annotation(model::kHookDeletePolicy) != nullptr;
    const std::string added = fmt::format(
        "{},{}", is_argo ? "BeforeHookCreation" : "before-hook-creation", policy->value);
    report.fixes.push_back({.safety = FixSafety::Safe,
                            .title = "delete the old one before it is created again",
                            .edits = {{.span = policy->value_span, .text = added}}});
    reporter.add(std::move(report));
  }
}

void data_bearing_kind(const Context& context, Reporter& reporter) {
  const auto kinds = data_table("data-bearing-kinds");
  for (const model::Resource& resource : context.bundle.resources) {
    if (!runs_in_sync(resource)) continue;
    const std::string full = fmt::format("{}/{}", resource.key.group, resource.key.kind);
    const auto row = std::find_if(kinds.begin(), kinds.end(),
                                  [&](const DataRow& each) { return each.key == full; });
    if (row == kinds.end()) continue;
    Report report{.resource = &resource,
                  .span = value_span(*hook_entry(resource)),
                  .values = {{"loss", std::string(row->values.front())}}};
    if (resource.key.kind == "Namespace") {
      // A namespace of its own for hooks is a way to throw them away together.
      const auto& all = context.bundle.resources;
      const auto inhabitant = std::find_if(all.begin(), all.end(), [&](const auto& other) {
        return !other.hook.is_hook && other.key.name_space == resource.key.name;
      });
      if (inhabitant == all.end()) continue;
      report.variant = "namespace";
      report.values["inhabitant"] = model::short_name(inhabitant->key);
      report.related.push_back(
          {.span = inhabitant->name_span, .text = "lives in this namespace and goes with it"});
    }
    reporter.add(std::move(report));
  }
}

void deleted_while_used(const Context& context, Reporter& reporter) {
  constexpr std::array<std::string_view, 3> kPassive{"ConfigMap", "Secret", "ServiceAccount"};
  for (const model::Resource& user : context.bundle.resources) {
    if (user.hook.is_hook) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      if (std::find(kPassive.begin(), kPassive.end(), reference.kind) == kPassive.end()) continue;
      const model::Resource* used =
          context.find(reference.kind, reference.name, user.key.name_space);
      if (used == nullptr || !runs_in_sync(*used)) continue;
      if (!used->policies.hook_succeeded && !used->policies.hook_failed) continue;
      reporter.add({.resource = used,
                    .span = value_span(*policy_entry(*used)),
                    .values = {{"policies", policies_text(used->policies)},
                               {"user", model::short_name(user.key)}},
                    .related = {{.span = reference.span,
                                 .text = fmt::format("{} needs it as long as it runs",
                                                     model::short_name(user.key))}}});
      break;
    }
  }
}

void missing_delete_policy(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;  // a patch leaves things out
  for (const model::Resource& resource : context.bundle.resources) {
    if (!is_completion_hook(resource) || resource.key.name.empty()) continue;
    if (policy_entry(resource) != nullptr) continue;
    reporter.add({.resource = &resource, .span = value_span(*hook_entry(resource))});
  }
}

}  // namespace wavetank::lint::checks
