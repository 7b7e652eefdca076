// JB: Jobs and Pods that never end, or never start.

#include <fmt/format.h>

#include "lint/checks.h"

namespace wavetank::lint::checks {

void hook_job_without_deadline(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;  // a patch leaves things out
  for (const model::Resource& resource : context.bundle.resources) {
    const auto& hook = resource.hook;
    const bool runs = (hook.is_hook && !hook.phases.empty()) || hook.pre_delete || hook.post_delete;
    if (!runs || resource.key.group != "batch" || resource.key.kind != "Job") continue;
    const yaml::NodeId spec = resource.find({"spec"});
    if (!resource.tree->is_mapping(spec)) continue;  // a patch, not a Job
    if (resource.tree->find(spec, "activeDeadlineSeconds").valid()) continue;
    reporter.add({.resource = &resource, .span = resource.name_span});
  }
}

void restart_policy(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;  // a patch leaves things out
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_job = resource.key.group == "batch" && resource.key.kind == "Job";
    const bool is_hook_pod = resource.key.group.empty() && resource.key.kind == "Pod" &&
                             resource.hook.is_hook && !resource.hook.phases.empty();
    if (!is_job && !is_hook_pod) continue;
    const yaml::Tree& tree = *resource.tree;
    const yaml::NodeId spec = model::pod_spec_of(resource);
    if (!tree.is_sequence(tree.find(spec, "containers"))) continue;
    const yaml::NodeId policy = tree.find(spec, "restartPolicy");
    const std::string_view value = tree.string(spec, {"restartPolicy"});
    if (value == "Never" || value == "OnFailure") continue;
    Report report{.resource = &resource,
                  .span = policy.valid() ? tree.node(policy).span : resource.name_span,
                  .variant = is_job ? "" : "pod",
                  .values = {{"policy", policy.valid() ? fmt::format("`{}`", value) : "missing"}}};
    if (policy.valid()) {
      report.fixes.push_back({.safety = is_job ? FixSafety::Safe : FixSafety::Unsafe,
                              .title = "write `Never`",
                              .edits = {{.span = tree.node(policy).span, .text = "Never"}}});
    }
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
