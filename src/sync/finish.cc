// How a pass that waits for nothing goes on: it ends the operation, or runs the next group.
// Source: gitops-engine/pkg/sync/sync_context.go (Sync, executeSyncFailPhase, setOperationFailed).

#include <algorithm>

#include "sync/engine.h"

namespace wavetank::sync {

using model::Behavior;

// G to K: what is to be deleted, whether the sync has failed or is complete, else the next group.
Flow<Done> Pass::Engine::finish_or_go_on() {
  const TaskRefs on_success =
      select([](const Task& task) { return !task.running() && task.delete_on_success(); });
  const TaskRefs on_failure =
      select([](const Task& task) { return !task.running() && task.delete_on_failure(); });
  const TaskRefs sync_fail =
      select([](const Task& task) { return task.phase == model::Phase::SyncFail; });
  const TaskRefs others =
      select([](const Task& task) { return task.phase != model::Phase::SyncFail; });
  if (std::any_of(others.begin(), others.end(), [](const Task* task) { return task->failed(); })) {
    explain_failures(others);
    const TaskRefs failed =
        filter(others, [](const Task& task) { return task.status == ResultStatus::SyncFailed; });
    co_await delete_hooks(on_failure, ReasonCode::HookDeletedOnFailure);
    co_await fail(sync_fail, failed, "one or more synchronization tasks completed unsuccessfully");
    co_return {};
  }
  const TaskRefs pending =
      filter(others, [&](const Task& task) { return task.pending() && selected_for_apply(task); });
  if (pending.empty()) {
    co_await delete_hooks(on_success, ReasonCode::HookDeletedOnSuccess);
    set(OperationPhase::Succeeded, "successfully synced (no more tasks)");
    explain(ReasonCode::NothingLeft);
    co_return {};
  }
  co_await run_next_group(pending, sync_fail, on_success, on_failure);
  co_return {};
}

// The pass that finds the operation failed names what failed, also if an earlier pass has done so.
void Pass::Engine::explain_failures(TaskRefs tasks) {
  for (const Task* task : tasks) {
    if (!task->failed()) continue;
    ReasonCode why = task->is_hook ? ReasonCode::HookFailed : ReasonCode::ResourceDegraded;
    if (task->status == ResultStatus::SyncFailed) why = ReasonCode::ApplyFailed;
    const bool is_said = std::any_of(reasons_.begin(), reasons_.end(), [&](const Reason& reason) {
      return reason.code == why && reason.phase == task->phase && reason.key == task->key;
    });
    if (!is_said) explain(why, *task);
  }
}

// K and L: apply the first phase and wave of what is pending, then decide how the pass ends.
Flow<Done> Pass::Engine::run_next_group(TaskRefs pending, TaskRefs sync_fail, TaskRefs on_success,
                                        TaskRefs on_failure) {
  const Task& first = *pending.front();
  const bool final = in_one_group(*pending.back(), first);
  const TaskRefs group =
      filter(pending, [&](const Task& task) { return in_one_group(task, first); });
  // Not the same as `final` where waves wrap around and a group is scattered over the list.
  const bool is_last = group.size() == pending.size();
  explain(ReasonCode::GroupStarts, first);
  set(OperationPhase::Running, "one or more tasks are running");
  const RunState result = co_await run(group, RunMode::Wet);
  if (result != RunState::Failed && !co_await wave_delay(first, final, group, on_failure)) {
    co_return {};
  }
  switch (result) {
    case RunState::Failed: co_await after_failed_group(group, sync_fail, on_failure); break;
    case RunState::Successful: {
      const bool has_hook =
          std::any_of(group.begin(), group.end(), [](const Task* task) { return task->is_hook; });
      if (is_last && !has_hook) {
        co_await delete_hooks(on_success, ReasonCode::HookDeletedOnSuccess);
        set(OperationPhase::Succeeded, "successfully synced (all tasks run)");
        explain(ReasonCode::LastGroupHasNoHook);
      } else {
        wait_for(awaited_after(group, pending), Awaited::Completion);
      }
      break;
    }
    case RunState::Pending:
      wait_for(filter(group,
                      [&](const Task& task) {
                        if (!behaves(Behavior::WaitsForGroup)) {
                          return task.delete_on_success() || task.delete_on_failure();
                        }
                        return task.delete_before_creation() || (task.is_prune() && task.pending());
                      }),
               Awaited::Deletion);
      break;
  }
  co_return {};
}

// What the message names after a group was applied: the group itself, or, in older versions, the
// hooks of the group and all that is still to come.
TaskRefs Pass::Engine::awaited_after(TaskRefs group, TaskRefs pending) {
  if (behaves(Behavior::WaitsForGroup)) return group;
  return filter(pending, [&](const Task& task) {
    return task.is_hook || !in_one_group(task, *group.front());
  });
}

// Argo CD's hook between waves, which sleeps. False: it failed, and the operation is over.
Flow<bool> Pass::Engine::wave_delay(const Task& first, bool final, TaskRefs group,
                                    TaskRefs on_failure) {
  Request delay = request(RequestKind::WaveHook, first);
  delay.key = {.group = base::kEmptySymbol,
               .kind = base::kEmptySymbol,
               .name_space = base::kEmptySymbol,
               .name = base::kEmptySymbol};
  delay.final = final;
  requests_.push_back(delay);
  const Answer answer = (co_await ask())[0];
  if (answer.status == AnswerStatus::Ok) co_return true;
  const base::Symbol message = text("SyncWaveHook failed: {}", interner_.text(answer.message));
  if (behaves(Behavior::WaveHookErrorTerminates)) {
    const TaskRefs running =
        filter(group, [](const Task& task) { return task.is_hook && task.running(); });
    co_await terminate_hooks(running);
    set(OperationPhase::Error, message);
  } else {
    co_await delete_hooks(on_failure, ReasonCode::HookDeletedOnFailure);
    set(OperationPhase::Failed, message);
  }
  co_return false;
}

// A group that failed in part is waited for, as far as it runs, before the sync is found failed.
Flow<Done> Pass::Engine::after_failed_group(TaskRefs group, TaskRefs sync_fail,
                                            TaskRefs on_failure) {
  const TaskRefs failed =
      filter(group, [](const Task& task) { return task.status == ResultStatus::SyncFailed; });
  for (const Task* task : failed) explain(ReasonCode::ApplyFailed, *task);
  constexpr std::string_view kText = "one or more objects failed to apply";
  if (!behaves(Behavior::WaitAfterPartialFailure)) {
    co_await delete_hooks(on_failure, ReasonCode::HookDeletedOnFailure);
    co_await fail(sync_fail, failed, kText);
    co_return {};
  }
  TaskRefs running = filter(group, [](const Task& task) { return task.running(); });
  if (running.empty()) {
    if (co_await fail(sync_fail, failed, kText)) {
      co_await delete_hooks(on_failure, ReasonCode::HookDeletedOnFailure);
    }
    co_return {};
  }
  if (!sync_fail.empty() && !co_await fail(sync_fail, failed, kText)) {
    running = joined(running, sync_fail);
  }
  wait_for(running, Awaited::Completion);
  co_return {};
}

// Runs the SyncFail hooks, or ends the operation when there are none or all have completed (true).
Flow<bool> Pass::Engine::fail(TaskRefs sync_fail, TaskRefs failed, std::string_view words) {
  if (!behaves(Behavior::WaitAfterPartialFailure)) {
    co_return co_await fail_at_once(sync_fail, failed, words);
  }
  if (std::all_of(sync_fail.begin(), sync_fail.end(),
                  [](const Task* task) { return task->completed(); })) {
    const TaskRefs not_applied =
        filter(sync_fail, [](const Task& task) { return task.status == ResultStatus::SyncFailed; });
    set_failed(words, failed, not_applied.empty() ? std::nullopt : std::optional(not_applied));
    co_return true;
  }
  const TaskRefs pending = filter(sync_fail, [](const Task& task) { return task.pending(); });
  for (const Task* task : pending) explain(ReasonCode::SyncFailStarts, *task);
  co_await run(pending, RunMode::Wet);
  wait_for(pending, Awaited::Completion);
  co_return false;
}

// The same in older versions: the SyncFail hooks are all run again unless all have completed, and
// the operation is over as soon as one of them cannot be applied.
Flow<bool> Pass::Engine::fail_at_once(TaskRefs sync_fail, TaskRefs failed, std::string_view words) {
  std::optional<TaskRefs> not_applied;
  if (!std::all_of(sync_fail.begin(), sync_fail.end(),
                   [](const Task* task) { return task->completed(); })) {
    for (const Task* task : sync_fail) explain(ReasonCode::SyncFailStarts, *task);
    if (co_await run(sync_fail, RunMode::Wet) != RunState::Failed) co_return false;
    if (behaves(Behavior::SyncFailReasons)) {
      not_applied = filter(
          sync_fail, [](const Task& task) { return task.status == ResultStatus::SyncFailed; });
    }
  }
  set_failed(words, failed, not_applied);
  co_return true;
}

// `not_applied` are SyncFail hooks; older versions name them even when there are none.
void Pass::Engine::set_failed(std::string_view words, TaskRefs failed,
                              std::optional<TaskRefs> not_applied) {
  Text message;
  append_with_reasons(message, words, failed, interner_, arena_);
  if (not_applied) {
    append(message, "\n");
    append_with_reasons(message, "one or more SyncFail hooks failed", *not_applied, interner_,
                        arena_);
  }
  set(OperationPhase::Failed, intern(message, interner_));
}

// Deletions that end an operation are not awaited, and their failure does not change its outcome.
Flow<Done> Pass::Engine::delete_hooks(TaskRefs hooks, ReasonCode why) {
  for (Task* task : hooks) {
    requests_.push_back(request(RequestKind::Delete, *task));
    explain(why, *task);
    const Answer answer = (co_await ask())[0];
    if (answer.status == AnswerStatus::Ok || answer.status == AnswerStatus::NotFound) continue;
    const base::Symbol error =
        wrapped("failed to delete resource: ", answer, "failed to delete resource: ");
    record(*task, kept_status(*task), TaskState::Error, error);
  }
  co_return {};
}

}  // namespace wavetank::sync
