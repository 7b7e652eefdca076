// How an operation is terminated. Source: gitops-engine/pkg/sync/sync_context.go (Terminate).

#include "sync/engine.h"

namespace wavetank::sync {

using model::Behavior;

Flow<Done> Pass::Engine::terminate() {
  co_await build();
  if (!behaves(Behavior::TerminateRunningOnly)) {
    co_await terminate_all();
    co_return {};
  }
  const TaskRefs completed =
      select([](const Task& task) { return task.is_hook && task.completed(); });
  for (Task* task : completed) {
    const base::Symbol error = co_await remove_finalizer(*task);
    if (error == base::kEmptySymbol) continue;
    record(*task, task->status, TaskState::Error,
           text("Failed to remove hook finalizer: {}", interner_.text(error)));
  }
  const TaskRefs running = select([](const Task& task) { return task.is_hook && task.running(); });
  explain(ReasonCode::Terminated);
  set_terminated(co_await terminate_hooks(running));
  co_return {};
}

// Older versions take every hook that is live for one that may run, and call the result a success.
Flow<Done> Pass::Engine::terminate_all() {
  explain(ReasonCode::Terminated);
  bool successful = true;
  const TaskRefs hooks = select([](const Task& task) { return task.is_hook && task.live.valid(); });
  for (Task* task : hooks) {
    const base::Symbol error = co_await remove_finalizer(*task);
    if (error != base::kEmptySymbol) {
      record(*task, task->status, TaskState::Error,
             text("Failed to remove hook finalizer: {}", interner_.text(error)));
      successful = false;
      continue;
    }
    const HookOutcome outcome = assess_hook(*task);
    if (outcome.failed_to_assess) {
      set(OperationPhase::Error,
          text("Failed to get hook health: {}", interner_.text(outcome.message)));
      co_return {};
    }
    if (outcome.state != TaskState::Running) {
      record(*task, ResultStatus::Empty, outcome.state, outcome.message);
      continue;
    }
    requests_.push_back(request(RequestKind::Delete, *task));
    const Answer answer = (co_await ask())[0];
    const bool is_gone =
        answer.status == AnswerStatus::NotFound && behaves(Behavior::GoneHookTerminated);
    if (answer.status == AnswerStatus::Ok || is_gone) {
      record(*task, ResultStatus::Empty, TaskState::Succeeded, text("Deleted"));
    } else {
      record(*task, ResultStatus::Empty, TaskState::Failed,
             wrapped("Failed to delete: ", answer, "failed to delete resource: "));
      successful = false;
    }
  }
  set_terminated(successful);
  co_return {};
}

void Pass::Engine::set_terminated(bool successful) {
  if (successful) {
    set(OperationPhase::Failed, "Operation terminated");
  } else {
    set(OperationPhase::Error, "Operation termination had errors");
  }
}

Flow<bool> Pass::Engine::terminate_hooks(TaskRefs hooks) {
  bool successful = true;
  for (Task* task : hooks) {
    if (!co_await terminate_hook(*task)) successful = false;
  }
  co_return successful;
}

Flow<bool> Pass::Engine::terminate_hook(Task& task) {
  if (!task.live.valid()) {
    requests_.push_back(request(RequestKind::Get, task));
    const Answer answer = (co_await ask())[0];
    if (answer.status == AnswerStatus::NotFound) {
      record(task, task.status, TaskState::Succeeded, text("Terminated"));
      co_return true;
    }
    if (answer.status != AnswerStatus::Ok) {
      const base::Symbol error = wrapped("", answer, "failed to get resource: ");
      record(task, task.status, TaskState::Error,
             text("Failed to get live resource: {}", interner_.text(error)));
      co_return false;
    }
    WAVETANK_CHECK(answer.live.has_value());
    task.live = LiveId::from(live_.size());
    live_.push_back(*answer.live);
  }
  const HookOutcome outcome = assess_hook(task);
  if (outcome.failed_to_assess) {
    record(task, task.status, TaskState::Error,
           text("Failed to get hook health: {}", interner_.text(outcome.message)));
  }
  const base::Symbol error = co_await remove_finalizer(task);
  if (error != base::kEmptySymbol) {
    record(task, task.status, TaskState::Error,
           text("Failed to remove hook finalizer: {}", interner_.text(error)));
    co_return false;
  }
  if (outcome.failed_to_assess || outcome.state == TaskState::Running || task.delete_on_failure()) {
    requests_.push_back(request(RequestKind::Delete, task));
    const Answer answer = (co_await ask())[0];
    if (answer.status != AnswerStatus::Ok && answer.status != AnswerStatus::NotFound) {
      const base::Symbol failure =
          wrapped("Failed to delete: ", answer, "failed to delete resource: ");
      record(task, task.status, TaskState::Failed, failure);
      co_return false;
    }
  }
  if (outcome.failed_to_assess) co_return true;
  if (outcome.state == TaskState::Running) {
    record(task, task.status, TaskState::Failed, text("Terminated"));
  } else {
    record(task, task.status, outcome.state, outcome.message);
  }
  co_return true;
}

}  // namespace wavetank::sync
