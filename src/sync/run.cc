// How a group of tasks is run: finalizers of old hooks, prunes, deletion of old hooks, writes.
// Source: gitops-engine/pkg/sync/sync_context.go (runTasks, applyObject, pruneObject).

#include <algorithm>

#include "sync/engine.h"

namespace wavetank::sync {

using model::Behavior;

namespace {

RunState worse(RunState a, RunState b) { return std::max(a, b); }

}  // namespace

Flow<RunState> Pass::Engine::run(TaskRefs tasks, RunMode asked) {
  const RunMode mode = settings().dry_run ? RunMode::Dry : asked;
  const TaskRefs prunes = filter(tasks, [](const Task& task) { return task.is_prune(); });
  const TaskRefs creates = filter(tasks, [](const Task& task) { return !task.is_prune(); });

  RunState state = RunState::Successful;
  if (mode == RunMode::Wet && behaves(Behavior::LeftoverFinalizers)) {
    state = co_await release_old_hooks(tasks);
    if (state != RunState::Successful) co_return state;
  }
  state = co_await prune(prunes, mode);
  if (state != RunState::Successful) co_return state;
  if (mode == RunMode::Wet) {
    state = co_await delete_old_hooks(creates);
    if (state != RunState::Successful) co_return state;
  }
  // Adjacent tasks of one kind are written together; a failed batch does not stop the next.
  for (std::size_t begin = 0; begin < creates.size();) {
    std::size_t end = begin + 1;
    while (end < creates.size() && creates[end]->key.kind == creates[begin]->key.kind) ++end;
    const RunState batch_state = co_await apply(creates.subspan(begin, end - begin), mode);
    state = worse(state, batch_state);
    begin = end;
  }
  co_return state;
}

// Hooks of an earlier operation may still carry the finalizer; without it they can go.
Flow<RunState> Pass::Engine::release_old_hooks(TaskRefs tasks) {
  RunState state = RunState::Successful;
  for (Task* task : tasks) {
    if (!task->is_hook || !task->pending() || !task->live.valid()) continue;
    const base::Symbol error = co_await remove_finalizer(*task);
    if (error == base::kEmptySymbol) continue;
    state = RunState::Failed;
    record(*task, task->status, TaskState::Error,
           text("failed to remove hook finalizer: {}", interner_.text(error)));
  }
  co_return state;
}

bool Pass::Engine::has_prune_option(const Task& task, model::PruneOption value) const {
  const model::ResourceOptions& own = live_[task.live.index()].facts->options;
  if (!behaves(Behavior::OnePruneOption)) {
    return value == model::PruneOption::Confirm ? own.prune_confirm : own.prune_false;
  }
  if (own.prune != model::PruneOption::Unset) return own.prune == value;
  return behaves(Behavior::AppPruneOption) && settings().default_prune == value;
}

bool Pass::Engine::needs_confirmation(const Task& task) const {
  return !input_.prune_confirmed && task.is_prune() &&
         has_prune_option(task, model::PruneOption::Confirm);
}

Flow<RunState> Pass::Engine::prune(TaskRefs tasks, RunMode mode) {
  // One unconfirmed object holds everything back, in dry runs as well.
  const TaskRefs unconfirmed =
      filter(tasks, [&](const Task& task) { return needs_confirmation(task); });
  if (!unconfirmed.empty()) {
    if (!behaves(Behavior::GroupInConfirmation)) {
      state_.message = confirmation_message(unconfirmed, interner_);
    }
    co_return RunState::Pending;
  }
  const bool records = mode == RunMode::Wet || settings().dry_run;
  const auto why_skipped = [&](const Task& task) -> const char* {
    if (!settings().prune) return "ignored (requires pruning)";
    return has_prune_option(task, model::PruneOption::False) ? "ignored (no prune)" : nullptr;
  };
  const auto is_asked = [&](const Task& task) {
    return mode == RunMode::Wet && why_skipped(task) == nullptr && !live(task).deleting;
  };
  for (const Task* task : tasks) {
    if (is_asked(*task)) requests_.push_back(request(RequestKind::Prune, *task));
  }
  std::span<const Answer> answers;
  if (!requests_.empty()) answers = co_await ask();
  RunState state = RunState::Successful;
  std::size_t next = 0;
  for (Task* task : tasks) {
    if (const char* const skipped = why_skipped(*task)) {
      if (records)
        record(*task, ResultStatus::PruneSkipped, TaskState::Succeeded, interner_.intern(skipped));
    } else if (mode == RunMode::Dry) {
      if (records)
        record(*task, ResultStatus::Pruned, TaskState::Succeeded,
               interner_.intern("pruned (dry run)"));
    } else if (!is_asked(*task) || answers[next++].status == AnswerStatus::Ok) {
      record(*task, ResultStatus::Pruned, TaskState::Succeeded, interner_.intern("pruned"));
    } else {  // even an object that is gone already
      record(*task, ResultStatus::SyncFailed, TaskState::Failed, answers[next - 1].message);
      state = RunState::Failed;
    }
  }
  co_return state;
}

Flow<RunState> Pass::Engine::delete_old_hooks(TaskRefs tasks) {
  const TaskRefs old =
      filter(tasks, [](const Task& task) { return task.delete_before_creation(); });
  if (old.empty()) co_return RunState::Successful;
  for (const Task* task : old) {
    requests_.push_back(request(RequestKind::Delete, *task));
    explain(ReasonCode::OldHookDeleted, *task);
  }
  RunState state = RunState::Successful;
  const auto answers = co_await ask();
  for (std::size_t i = 0; i < old.size(); ++i) {
    switch (answers[i].status) {
      case AnswerStatus::Ok: state = worse(state, RunState::Pending); break;
      case AnswerStatus::NotFound:
        if (behaves(Behavior::GoneHookForgotten)) old[i]->live = {};
        break;
      case AnswerStatus::Conflict:
      case AnswerStatus::Error:
        record(*old[i], behaves(Behavior::GoneHookForgotten) ? old[i]->status : ResultStatus::Empty,
               TaskState::Error,
               wrapped("failed to delete resource: ", answers[i], "failed to delete resource: "));
        state = RunState::Failed;
        break;
    }
  }
  co_return state;
}

Flow<RunState> Pass::Engine::apply(TaskRefs batch, RunMode mode) {
  RunState state = RunState::Successful;
  const bool dry = mode == RunMode::Dry;
  const TaskRefs tasks =
      filter(batch, [&](const Task& task) { return !(dry && task.skip_dry_run); });
  for (const Task* task : tasks) requests_.push_back(write_request(*task, mode));
  if (tasks.empty()) co_return state;
  const std::span<bool> is_update = arena_.array<bool>(tasks.size());
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    is_update[i] = requests_[i].kind == RequestKind::Update;
  }
  const auto answers = co_await ask();
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    Task& task = *tasks[i];
    if (answers[i].status != AnswerStatus::Ok) {
      record(task, ResultStatus::SyncFailed, TaskState::Failed, answers[i].message);
      state = RunState::Failed;
      continue;
    }
    if (dry && !settings().dry_run) continue;  // the first pass's dry run leaves no trace
    const TaskState done = dry ? TaskState::Succeeded : TaskState::Running;
    if (is_update[i]) {
      record(task, ResultStatus::Synced, done,
             text("{}/{} updated", interner_.text(task.key.kind), interner_.text(task.key.name)));
    } else {
      record(task, ResultStatus::Synced, done, answers[i].message);
    }
  }
  co_return state;
}

Request Pass::Engine::request(RequestKind kind, const Task& task) const {
  return {
      .kind = kind,
      .key = task.key,
      .target = task.target,
      .live = task.live.valid() && task.live.index() < input_.live.size() ? task.live : LiveId{},
      .phase = task.phase,
      .wave = task.wave,
      .is_hook = task.is_hook,
      .propagation = settings().propagation};
}

Request Pass::Engine::write_request(const Task& task, RunMode mode) const {
  const auto& own = task.object->options;
  const bool has_live = task.live.valid();
  const bool reads_live = has_live && behaves(Behavior::LiveReplaceAndForce);
  const auto* live_options = reads_live ? &live_[task.live.index()].facts->options : nullptr;
  const bool replace =
      settings().replace || own.replace || (live_options != nullptr && live_options->replace);
  const bool force =
      settings().force || own.force || (live_options != nullptr && live_options->force);
  Request result = request(RequestKind::Apply, task);
  result.dry_run = mode == RunMode::Dry;
  result.validate = !settings().no_validate && !own.no_validate;
  result.add_hook_finalizer = task.is_hook && behaves(Behavior::HookFinalizer);
  if (replace) {
    // Replacing a Namespace or a definition by deletion would take its content with it. Argo CD
    // looks at the kind alone, so it spares a Namespace of any group.
    if (has_live && (interner_.text(task.key.kind) == "Namespace" || task.object->is_crd)) {
      result.kind = RequestKind::Update;
      result.validate = true;
    } else if (has_live) {
      result.kind = RequestKind::Replace;
      result.force = force;
      result.validate = true;
    } else {
      result.kind = RequestKind::Create;
    }
    return result;
  }
  result.force = force;
  result.server_side = mode == RunMode::Wet && !own.no_server_side_apply &&
                       (settings().server_side_apply || own.server_side_apply);
  return result;
}

// The live object changes in memory before the PUT is sent. One that is being deleted was judged by
// its state as long as the finalizer held it (gitops-engine/pkg/health/health.go); now it is going.
void Pass::Engine::cut_hook_finalizer(LiveObject& object) {
  object.has_hook_finalizer = false;
  if (!object.deleting) return;
  object.health = health::Status::Progressing;
  object.health_failed = false;
  object.health_message = interner_.intern("Pending deletion");
}

// PUTs the live object without the finalizer. The finalizer is cut from the shared live object
// first, whatever the answer, so of several tasks with one live object only the first one asks.
Flow<base::Symbol> Pass::Engine::remove_finalizer(Task& task) {
  if (!task.live.valid() || !behaves(Behavior::HookFinalizer)) co_return base::kEmptySymbol;
  base::Symbol error = base::kEmptySymbol;
  constexpr int kTries = 5;  // client-go's default retry on conflict
  for (int i = 0; i < kTries; ++i) {
    if (!live(task).has_hook_finalizer) co_return base::kEmptySymbol;
    cut_hook_finalizer(live(task));
    requests_.push_back(request(RequestKind::Unfinalize, task));
    requests_.back().resource_version = live(task).resource_version;
    const Answer answer = (co_await ask())[0];
    if (answer.status == AnswerStatus::Ok || answer.status == AnswerStatus::NotFound) {
      co_return base::kEmptySymbol;
    }
    constexpr std::string_view kUpdate = "failed to update resource: ";
    error = wrapped(behaves(Behavior::WrappedErrors) ? kUpdate : "", answer, kUpdate);
    if (answer.status != AnswerStatus::Conflict) co_return error;
    requests_.push_back(request(RequestKind::Get, task));
    const Answer again = (co_await ask())[0];
    const bool knows_kinds = behaves(Behavior::RereadWrapped);
    if (again.status == AnswerStatus::NotFound && (knows_kinds || !again.kind_is_gone)) {
      co_return base::kEmptySymbol;
    }
    if (again.status != AnswerStatus::Ok) {
      constexpr std::string_view kGet = "failed to get resource: ";
      std::string_view outer;
      if (knows_kinds) {
        outer = kGet;
      } else if (again.kind_is_gone && behaves(Behavior::WrappedErrors)) {
        outer = "failed to get resource interface: ";
      }
      error = wrapped(outer, again, kGet);
      // A conflict, of all things, is tried again, and then the finalizer is cut already.
      if (again.status == AnswerStatus::Conflict) continue;
      co_return error;
    }
    WAVETANK_CHECK(again.live.has_value());
    task.live = LiveId::from(live_.size());
    live_.push_back(*again.live);
  }
  co_return error;
}

}  // namespace wavetank::sync
