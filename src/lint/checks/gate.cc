// HL: gates that can never open.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"

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

}  // namespace wavetank::lint::checks
