#include "sync/plan.h"

#include <algorithm>

#include "sync/order.h"
#include "sync/task_list.h"

namespace wavetank::sync {

namespace {

PlaceReason phase_reason(const Task& task) {
  if (!task.is_hook) return PlaceReason::PlainResource;
  return task.object->hook.from_helm ? PlaceReason::HelmHookPhase : PlaceReason::HookPhase;
}

PlaceReason wave_reason(const Task& task) {
  switch (task.object->wave_source) {
    case model::WaveSource::SyncWave: return PlaceReason::WaveAnnotation;
    case model::WaveSource::HelmWeight: return PlaceReason::HelmWeight;
    case model::WaveSource::None: return PlaceReason::NoWave;
  }
  WAVETANK_CHECK(false);
}

PlanTask plan_task(const Task& task) {
  PlanTask result{.key = task.key,
                  .phase = task.phase,
                  .wave = task.wave,
                  .kind_rank = task.kind_rank,
                  .is_hook = task.is_hook,
                  .phase_reason = phase_reason(task),
                  .wave_reason = wave_reason(task)};
  if (task.target.valid()) {
    result.target = task.target.value;
  } else {
    result.phase_reason = PlaceReason::CreateNamespace;
  }
  if (task.moved_for.valid()) {
    result.phase_reason = PlaceReason::MovedForUser;
    result.wave_reason = PlaceReason::MovedForUser;
  }
  return result;
}

bool same_step(const PlanTask& a, const PlanTask& b) {
  if (a.phase == model::Phase::SyncFail) return b.phase == model::Phase::SyncFail;
  return a.phase == b.phase && a.wave == b.wave;
}

bool is_generated(const PlanTask& task) { return task.target == UINT32_MAX; }

// Argo CD's question whether first and last task differ, as later passes put it: a generated
// Namespace is a task only until it exists, unless its metadata is managed.
bool differ_in_later_passes(const Plan& plan, const Settings& settings) {
  std::vector<PlanTask> stay = plan.tasks;
  if (!settings.has_managed_namespace_metadata) std::erase_if(stay, is_generated);
  return !stay.empty() &&
         (stay.front().phase != stay.back().phase || stay.front().wave != stay.back().wave);
}

std::vector<PlanStep> make_steps(const Plan& plan, const Settings& settings) {
  const bool is_multi_step_later = differ_in_later_passes(plan, settings);
  std::vector<PlanStep> steps;
  for (std::uint32_t i = 0; i < plan.tasks.size(); ++i) {
    const PlanTask& task = plan.tasks[i];
    if (steps.empty() || !same_step(plan.tasks[i - 1], task)) {
      steps.push_back({.phase = task.phase, .wave = task.wave, .first = i, .last = i});
    }
    steps.back().last = i + 1;
    steps.back().gates_hooks = steps.back().gates_hooks || task.is_hook;
  }
  // The operation ends with its last group, unwaited, unless that group has a hook; plain
  // resources are waited for only when first and last task differ in phase or wave.
  for (std::size_t i = 0; i < steps.size(); ++i) {
    PlanStep& step = steps[i];
    if (step.phase == model::Phase::SyncFail) continue;
    const bool is_last = i + 1 == steps.size() || steps[i + 1].phase == model::Phase::SyncFail;
    const auto first = plan.tasks.begin() + step.first;
    const auto last = plan.tasks.begin() + step.last;
    const bool has_resources =
        std::any_of(first, last, [](const PlanTask& task) { return !task.is_hook; });
    const bool waits_for_namespace = plan.is_multi_step && std::any_of(first, last, is_generated);
    step.gates_resources = has_resources && (is_multi_step_later || waits_for_namespace) &&
                           (!is_last || step.gates_hooks);
  }
  return steps;
}

}  // namespace

std::uint32_t Plan::step_of(std::uint32_t task) const {
  const auto found = std::find_if(steps.begin(), steps.end(), [&](const PlanStep& step) {
    return step.first <= task && task < step.last;
  });
  WAVETANK_CHECK(found != steps.end());
  return static_cast<std::uint32_t>(found - steps.begin());
}

std::vector<std::uint32_t> Plan::tasks_of(std::uint32_t target) const {
  std::vector<std::uint32_t> result;
  for (std::uint32_t i = 0; i < tasks.size(); ++i) {
    if (tasks[i].target == target) result.push_back(i);
  }
  return result;
}

Plan make_plan(std::span<const model::ObjectFacts> targets, const Operation& operation,
               base::Interner& interner) {
  std::vector<Target> wrapped;
  wrapped.reserve(targets.size());
  for (const auto& facts : targets) wrapped.push_back({.facts = &facts});
  base::Arena scratch;
  Reconciliation pairs;
  pairs.build(wrapped, {}, operation, interner, scratch);
  std::vector<Task> tasks;
  build_tasks(pairs, wrapped, {}, operation, interner, tasks);
  const model::ObjectFacts generated = generated_namespace_facts(operation, interner);
  if (needs_generated_namespace(pairs, wrapped, operation)) {
    tasks.push_back(generated_namespace_task(generated, TaskId::from(tasks.size())));
  }
  sort_tasks(tasks, interner, scratch);

  Plan plan;
  std::vector<std::uint32_t> place_of_id(tasks.size());
  for (std::uint32_t i = 0; i < tasks.size(); ++i) place_of_id[tasks[i].id.index()] = i;
  std::vector<bool> has_task(targets.size(), false);
  for (const Task& task : tasks) {
    plan.tasks.push_back(plan_task(task));
    if (task.moved_for.valid()) plan.tasks.back().moved_for = place_of_id[task.moved_for.index()];
    if (task.target.valid()) has_task[task.target.index()] = true;
  }
  for (std::uint32_t i = 0; i < targets.size(); ++i) {
    if (!has_task[i]) plan.left_out.push_back(i);
  }
  plan.is_multi_step = !tasks.empty() && (tasks.front().phase != tasks.back().phase ||
                                          tasks.front().wave != tasks.back().wave);
  plan.steps = make_steps(plan, operation.settings);
  return plan;
}

}  // namespace wavetank::sync
