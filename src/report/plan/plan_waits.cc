#include "report/plan/plan_waits.h"

#include <fmt/format.h>

#include "report/plan/plan_words.h"

namespace wavetank::report {

namespace {

// Whether Argo CD goes on only when this task is done.
bool holds(const sync::Plan& plan, std::uint32_t task) {
  const sync::PlanStep& step = plan.steps[plan.step_of(task)];
  if (step.phase == model::Phase::SyncFail) return false;
  return plan.tasks[task].is_hook ? step.gates_hooks : step.gates_resources;
}

bool waits(const sync::Plan& plan, std::uint32_t later, std::uint32_t earlier) {
  return plan.tasks[later].phase != model::Phase::SyncFail && holds(plan, earlier) &&
         plan.step_of(earlier) < plan.step_of(later);
}

}  // namespace

std::vector<std::uint32_t> waited_for(const sync::Plan& plan, std::uint32_t task) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t other = 0; other < plan.tasks.size(); ++other) {
    if (waits(plan, task, other)) result.push_back(other);
  }
  return result;
}

std::vector<std::uint32_t> waiting_for(const sync::Plan& plan, std::uint32_t task) {
  std::vector<std::uint32_t> result;
  for (std::uint32_t other = 0; other < plan.tasks.size(); ++other) {
    if (waits(plan, other, task)) result.push_back(other);
  }
  return result;
}

std::string task_label(const PlanView& view, std::uint32_t task) {
  const sync::PlanTask& entry = view.plan.tasks[task];
  std::string label = task_name(view, entry);
  if (entry.target == UINT32_MAX) return label;
  const model::Resource& resource = view.bundle->resources[view.resources[entry.target]];
  if (resource.key.name.empty()) label = resource.key.kind + "/" + resource.generate_name + "…";
  if (view.plan.tasks_of(entry.target).size() > 1) {
    label += fmt::format(" ({})", model::name(entry.phase));
  }
  return label;
}

Waits waits_of(const PlanView& view) {
  Waits result;
  for (std::uint32_t task = 0; task < view.plan.tasks.size(); ++task) {
    if (view.plan.tasks[task].phase == model::Phase::SyncFail) continue;
    std::set<std::string>& names = result[task_label(view, task)];
    for (const std::uint32_t other : waited_for(view.plan, task)) {
      names.insert(task_label(view, other));
    }
  }
  return result;
}

}  // namespace wavetank::report
