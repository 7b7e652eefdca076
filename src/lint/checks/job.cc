// JB: Jobs and Pods that never end, or never start.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "yaml/json.h"

namespace wavetank::lint::checks {

namespace {

// The mesh that puts a proxy into pods of a namespace, and how a pod opts out: label or annotation.
struct Mesh {
  std::string_view injection_key;
  std::string_view injection_value;
  std::string_view opt_out_key;
  std::string_view opt_out_value;
};
constexpr std::array<Mesh, 2> kMeshes{{
    {"istio-injection", "enabled", "sidecar.istio.io/inject", "false"},
    {"linkerd.io/inject", "enabled", "linkerd.io/inject", "disabled"},
}};

bool has_entry(const model::Resource& resource, std::string_view key, std::string_view value) {
  const model::MetadataEntry* label = resource.label(key);
  const model::MetadataEntry* annotation = resource.annotation(key);
  return (label != nullptr && label->value == value) ||
         (annotation != nullptr && annotation->value == value);
}

bool opts_out(const model::Resource& job, const Mesh& mesh) {
  const yaml::Tree& tree = *job.tree;
  const yaml::NodeId metadata = tree.find(model::pod_template_of(job), "metadata");
  for (const std::string_view map : {"labels", "annotations"}) {
    const yaml::NodeId value = tree.find(tree.find(metadata, map), mesh.opt_out_key);
    if (tree.is_scalar(value) && tree.node(value).text == mesh.opt_out_value) return true;
  }
  return false;
}

// A proxy that is told to end, or runs as a native sidecar, does not hold the pod.
bool ends_its_proxy(const model::Resource& job, const source::SourceMap& sources) {
  const std::string_view text = sources.text(job.span);
  constexpr std::array<std::string_view, 4> kMarks{
      "quitquitquit", "linkerd-await", "proxy-enable-native-sidecar", "ENABLE_NATIVE_SIDECARS"};
  return std::any_of(kMarks.begin(), kMarks.end(), [&](std::string_view mark) {
    return text.find(mark) != std::string_view::npos;
  });
}

}  // namespace

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

void short_time_to_live(const Context& context, Reporter& reporter) {
  constexpr std::int64_t kEnough = 300;  // seconds; a busy controller looks in time
  for (const model::Resource& job : context.bundle.resources) {
    if (!is_kind(job, "batch", "Job") || !runs_in_sync(job)) continue;
    const yaml::NodeId field = job.find({"spec", "ttlSecondsAfterFinished"});
    const auto seconds = job.tree->integer(field);
    if (!seconds || *seconds >= kEnough) continue;
    Report report{.resource = &job,
                  .span = job.tree->node(field).span,
                  .values = {{"seconds", std::to_string(*seconds)}}};
    if (!model::behaves(context.version, model::Behavior::HookFinalizer)) {
      report.variant = "lost";
      report.severity = source::Severity::Warning;
    }
    reporter.add(std::move(report));
  }
}

void plain_job_will_not_update(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;
  for (const model::Resource& job : context.bundle.resources) {
    if (!is_kind(job, "batch", "Job") || !is_plain(job) || job.key.name.empty()) continue;
    const model::ResourceOptions options = options_of(job);
    if (options.replace || options.force || embeds_version(job.key.name)) continue;
    const yaml::NodeId pods = job.find({"spec", "template"});
    if (!pods.valid()) continue;
    Report report{.resource = &job, .span = job.name_span};
    const model::Resource* earlier =
        context.before == nullptr ? nullptr : context.before->find(job.key);
    if (earlier != nullptr && is_plain(*earlier)) {
      const yaml::NodeId old_pods = earlier->find({"spec", "template"});
      if (old_pods.valid() &&
          yaml::canonical_json(*job.tree, pods) != yaml::canonical_json(*earlier->tree, old_pods)) {
        report.variant = "changed";
        report.severity = source::Severity::Warning;
        const auto entry = job.tree->entry(job.find({"spec"}), "template");
        if (entry) report.span = job.tree->node(entry->key).span;
      }
    }
    reporter.add(std::move(report));
  }
}

void sidecar_blocks_hook(const Context& context, Reporter& reporter) {
  for (const model::Resource& job : context.bundle.resources) {
    if (!is_kind(job, "batch", "Job") || !runs_in_sync(job)) continue;
    const model::Resource* home = context.find("Namespace", job.key.name_space, "");
    if (home == nullptr || ends_its_proxy(job, context.project.sources)) continue;
    for (const Mesh& mesh : kMeshes) {
      if (!has_entry(*home, mesh.injection_key, mesh.injection_value)) continue;
      if (opts_out(job, mesh)) continue;
      reporter.add(
          {.resource = &job,
           .span = job.name_span,
           .values = {{"namespace", home->key.name},
                      {"optOut", fmt::format("{}: \"{}\"", mesh.opt_out_key, mesh.opt_out_value)}},
           .related = {{.span = home->name_span,
                        .text = fmt::format("injects proxies: {}", mesh.injection_key)}}});
      break;
    }
  }
}

}  // namespace wavetank::lint::checks
