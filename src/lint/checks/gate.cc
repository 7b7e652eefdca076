// HL: gates that can never open.

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <numeric>

#include "base/time.h"

#include "lint/checks.h"
#include "lint/checks/facts.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

Binding binding_of(const Context& context, const model::Resource& claim) {
  const std::string_view name = claim.string({"spec", "storageClassName"});
  for (const model::Resource& resource : context.bundle.resources) {
    if (resource.key.kind != "StorageClass" || resource.key.name != name) continue;
    return resource.string({"volumeBindingMode"}) == "WaitForFirstConsumer"
               ? Binding::WaitForFirstConsumer
               : Binding::Immediate;
  }
  return context.assumptions.storage_binding;
}

// The pods of a CronJob start by its schedule; whether that is soon enough cannot be told.
bool mounts(const Context& context, const model::Resource& user, const model::Resource& claim) {
  if (user.key.kind == "CronJob" || user.key.name_space != claim.key.name_space) return false;
  const auto& references = context.references_of(user);
  return std::any_of(references.begin(), references.end(), [&](const model::Reference& each) {
    return each.kind == "PersistentVolumeClaim" && each.name == claim.key.name;
  });
}

// A pause without a duration among the steps of a Rollout; none if there is none.
yaml::NodeId open_pause(const model::Resource& rollout) {
  const yaml::Tree& tree = *rollout.tree;
  for (const yaml::NodeId step :
       tree.items(rollout.find({"spec", "strategy", "canary", "steps"}))) {
    const auto pause = tree.entry(step, "pause");
    if (pause && !tree.find(tree.resolve(pause->value), "duration").valid()) return pause->key;
  }
  const yaml::NodeId blue_green = rollout.find({"spec", "strategy", "blueGreen"});
  const auto promotion = tree.entry(blue_green, "autoPromotionEnabled");
  const bool is_manual = promotion && !tree.boolean(tree.resolve(promotion->value)).value_or(true);
  if (is_manual && !tree.find(blue_green, "autoPromotionSeconds").valid()) return promotion->key;
  return {};
}

// How long Argo CD may wait for an object before it is Degraded; nothing where nothing limits it.
std::optional<std::int64_t> longest_wait(const model::Resource& resource) {
  const yaml::Tree& tree = *resource.tree;
  constexpr std::int64_t kProgressDeadline = 600;  // the default of Kubernetes
  if (is_kind(resource, "apps", "Deployment")) {
    return tree.integer(resource.find({"spec", "progressDeadlineSeconds"}))
        .value_or(kProgressDeadline);
  }
  if (is_kind(resource, "batch", "Job")) {
    return tree.integer(resource.find({"spec", "activeDeadlineSeconds"}));
  }
  return std::nullopt;
}

// The shortest time for which a sync window of the application's project is open.
std::optional<std::int64_t> shortest_window(const Context& context) {
  const model::Resource* project = context.survey.app_project(context.bundle.settings.project);
  if (project == nullptr || !context.bundle.settings.span.valid()) return std::nullopt;
  std::optional<std::int64_t> shortest;
  for (const yaml::NodeId window : project->tree->items(project->find({"spec", "syncWindows"}))) {
    if (project->tree->string(window, {"kind"}) != "allow") continue;
    const auto duration = base::parse_duration(project->tree->string(window, {"duration"}));
    if (!duration) continue;
    const std::int64_t seconds =
        std::chrono::duration_cast<std::chrono::seconds>(*duration).count();
    shortest = std::min(shortest.value_or(seconds), seconds);
  }
  return shortest;
}

// Whether a sync of the application is never tried again by itself.
bool is_tried_once(const Context& context) {
  const model::Resource* application = context.survey.application_of(context.bundle);
  if (application == nullptr) return false;
  const yaml::NodeId limit = application->find({"spec", "syncPolicy", "retry", "limit"});
  if (limit.valid()) return application->tree->integer(limit) == std::optional<std::int64_t>(0);
  return !context.bundle.settings.automated;
}

}  // namespace

void claim_gates_consumer(const Context& context, Reporter& reporter) {
  for (const model::Resource& claim : context.bundle.resources) {
    if (!claim.key.group.empty() || claim.key.kind != "PersistentVolumeClaim") continue;
    const auto& tasks = context.tasks_of(claim);
    if (tasks.empty() || !context.is_awaited(tasks.front())) continue;
    const Binding binding = binding_of(context, claim);
    if (binding == Binding::Immediate) continue;
    const std::uint32_t step = context.plan().step_of(tasks.front());
    const model::Resource* later = nullptr;
    bool has_consumer = false;
    for (const model::Resource& user : context.bundle.resources) {
      const auto& user_tasks = context.tasks_of(user);
      if (user_tasks.empty() || !mounts(context, user, claim)) continue;
      if (context.plan().step_of(user_tasks.front()) <= step) has_consumer = true;
      if (later == nullptr) later = &user;
    }
    if (has_consumer || later == nullptr) continue;
    const std::uint32_t user_task = context.tasks_of(*later).front();
    Report report{
        .resource = &claim,
        .span = claim.name_span,
        .values = {{"user", model::short_name(later->key)}},
        .related = {{.span = later->name_span, .text = "its first consumer comes in a later step"}},
        .plan = {context.plan_line(tasks.front()), context.plan_line(user_task)}};
    if (binding == Binding::Unknown) {
      report.variant = "unknown-class";
      report.severity = Severity::Warning;
    }
    reporter.add(std::move(report));
  }
}

void suspended_gates_sync(const Context& context, Reporter& reporter) {
  const auto rows = data_table("suspendable");
  for (const model::Resource& resource : context.bundle.resources) {
    const std::string full = fmt::format("{}/{}", resource.key.group, resource.key.kind);
    const auto row = std::find_if(rows.begin(), rows.end(),
                                  [&](const DataRow& each) { return each.key == full; });
    if (row == rows.end()) continue;
    const yaml::NodeId field = resource.find({"spec", row->values.front()});
    if (!resource.tree->boolean(field).value_or(false)) continue;
    const auto& tasks = context.tasks_of(resource);
    const auto awaited = std::find_if(tasks.begin(), tasks.end(),
                                      [&](std::uint32_t task) { return context.is_awaited(task); });
    if (awaited == tasks.end()) continue;
    reporter.add({.resource = &resource,
                  .span = resource.tree->node(field).span,
                  .values = {{"field", std::string(row->values.front())}},
                  .plan = {context.plan_line(*awaited)}});
  }
}

void address_gates_sync(const Context& context, Reporter& reporter) {
  if (context.assumptions.load_balancers == Answer::Yes) return;
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_ingress = is_kind(resource, "networking.k8s.io", "Ingress");
    const bool is_balanced =
        is_kind(resource, "", "Service") && resource.string({"spec", "type"}) == "LoadBalancer";
    if ((!is_ingress && !is_balanced) || !context.is_gate(resource)) continue;
    Report report{.resource = &resource,
                  .span = resource.name_span,
                  .plan = {context.plan_line(*task_of(context, resource))}};
    if (context.assumptions.load_balancers == Answer::No) {
      report.variant = "none";
      report.severity = Severity::Warning;
    }
    reporter.add(std::move(report));
  }
}

void rollout_pause_gates_sync(const Context& context, Reporter& reporter) {
  for (const model::Resource& rollout : context.bundle.resources) {
    if (!is_kind(rollout, "argoproj.io", "Rollout") || !context.is_gate(rollout)) continue;
    const yaml::NodeId pause = open_pause(rollout);
    if (!pause.valid()) continue;
    reporter.add({.resource = &rollout,
                  .span = rollout.tree->node(pause).span,
                  .plan = {context.plan_line(*task_of(context, rollout))}});
  }
}

void transient_degraded_in_gate(const Context& context, Reporter& reporter) {
  if (!is_tried_once(context)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    const DataRow* row = row_of("transient-degraded", resource.key);
    if (row == nullptr || !context.is_gate(resource)) continue;
    reporter.add({.resource = &resource,
                  .span = resource.name_span,
                  .values = {{"cause", std::string(row->values.front())}},
                  .plan = {context.plan_line(*task_of(context, resource))}});
  }
}

void slow_gates(const Context& context, Reporter& reporter) {
  const auto longest = context.assumptions.longest_sync_seconds;
  const auto window = shortest_window(context);
  if (!longest && !window) return;
  const std::int64_t limit = longest.value_or(window.value_or(0));
  std::vector<std::int64_t> worst(context.plan().steps.size());
  const model::Resource* slowest = nullptr;
  std::int64_t slowest_wait = 0;
  for (const model::Resource& resource : context.bundle.resources) {
    const auto wait = longest_wait(resource);
    for (const std::uint32_t task : context.tasks_of(resource)) {
      const bool is_after_failure = context.plan().tasks[task].phase == model::Phase::SyncFail;
      if (!wait || is_after_failure || !context.is_awaited(task)) continue;
      std::int64_t& of_step = worst[context.plan().step_of(task)];
      of_step = std::max(of_step, *wait);
      if (*wait <= slowest_wait) continue;
      slowest_wait = *wait;
      slowest = &resource;
    }
  }
  const std::int64_t total = std::accumulate(worst.begin(), worst.end(), std::int64_t{0});
  if (total <= limit || slowest == nullptr) return;
  reporter.add({.resource = slowest,
                .span = slowest->name_span,
                .variant = longest ? "" : "window",
                .values = {{"total", std::to_string(total)},
                           {"limit", std::to_string(limit)},
                           {"wait", std::to_string(slowest_wait)}}});
}

}  // namespace wavetank::lint::checks
