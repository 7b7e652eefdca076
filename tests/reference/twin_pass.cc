// §3: the state machine of Sync() and Terminate().

#include <algorithm>
#include <set>

#include "reference/twin_pass.h"

namespace wavetank::reference {

using model::Phase;
using sync::OperationPhase;
using sync::ResultStatus;
using sync::TaskState;

namespace {

// §3.2: the distinct messages, sorted (Go's order is random), as a reason.
std::string with_reasons(std::string text, const Tasks& bad) {
  if (bad.empty()) return text;
  std::set<std::string> distinct;
  for (const Task* task : bad) distinct.insert(task->message);
  text += ", reason: ";
  bool first = true;
  for (const std::string& message : distinct) {
    if (!first) text += ",";
    text += message;
    first = false;
  }
  return text;
}

bool share_a_group(const Task& a, const Task& b) {
  return a.phase == b.phase && a.wave() == b.wave();
}

}  // namespace

TwinPass::TwinPass(const sync::PassInput& input, const sync::SyncState& before,
                   base::Interner& interner, const Call& call)
    : input_(input),
      interner_(interner),
      call_(call),
      destination_(interner.text(input.operation->name_space)),
      lives_(input.live.begin(), input.live.end()),
      phase_(before.phase),
      message_(interner.text(before.message)) {
  for (const sync::Result& result : before.results) {
    records_.push_back({.key = text_key(result.key),
                        .phase = result.phase,
                        .is_hook = result.is_hook,
                        .status = result.status,
                        .state = result.state,
                        .message = text(result.message),
                        .version = text(result.version),
                        .images = result.images});
  }
}

// §3.1; the letters are those of the text there.
void TwinPass::sync() {
  const auto [all, valid] = build_list();  // A
  if (!valid) {
    std::set<std::string> distinct;  // M1
    for (const Record& record : records_) {
      if (record.status == ResultStatus::SyncFailed && !record.message.empty()) {
        distinct.insert(record.message);
      }
    }
    std::string message = "one or more synchronization tasks are not valid";
    for (const std::string& text : distinct) {
      message += (text == *distinct.begin() ? ": " : "; ") + text;
    }
    set_phase(OperationPhase::Failed, message);
    return;
  }
  // B. Measured §3.3: judged after A, which may have recorded a result.
  if (records_.empty() && !before_first_group(all)) return;

  for (Task* task : all) {  // C
    if (task->running() && task->live) refresh(*task);
  }

  const bool multi = !all.empty() && !share_a_group(*all.front(), *all.back());  // D
  const Tasks running =
      those(all, [&](const Task& task) { return task.running() && (multi || task.is_hook()); });
  if (!running.empty()) {
    look_for_missing(running);
    waiting(running, Deleting::No);
    return;
  }

  const Tasks going = those(all, [&](const Task& task) {  // E
    return task.status == ResultStatus::Pruned && task.live && lives_[*task.live].deleting;
  });
  if (!going.empty()) {
    waiting(going, Deleting::Yes);
    return;
  }

  for (Task* task : all) {  // F
    if (!task->is_hook() || !task->completed()) continue;
    const std::string error = remove_hook_finalizer(*task);
    if (error.empty()) continue;
    record(*task, task->status, TaskState::Error, "Failed to remove hook finalizer: " + error);
  }
  act(all);
}

// §3.1 B: pre-creation of the Namespace, then the dry run. False: the pass is over.
bool TwinPass::before_first_group(const Tasks& all) {
  Tasks dry = all;
  Task* creation = nullptr;
  for (Task* task : all) {
    if (task->is_prune() || task->live || !task->group.empty()) continue;
    if (task->kind != "Namespace" || task->name != destination_) continue;
    creation = task;
    break;
  }
  if (creation != nullptr) {
    if (run({creation}, Dry::No) == RunState::Failed) {
      fail_phase({}, {creation}, "the namespace failed to apply");
      return false;
    }
    dry = those(all, [&](const Task& task) { return &task != creation; });
  }
  if (settings().apply_out_of_sync_only) dry = drop_unmodified(dry);
  if (run(dry, Dry::Yes) == RunState::Failed) {
    set_phase(OperationPhase::Failed, "one or more objects failed to apply (dry run)");
    return false;
  }
  return true;
}

// §1.13: dropped iff no hook, with target and live, and compared and found unmodified. The key
// looked up is the task's with the namespace of the live object.
Tasks TwinPass::drop_unmodified(const Tasks& tasks) const {
  return those(tasks, [&](const Task& task) {
    if (task.is_hook() || task.is_prune() || !task.live) return true;
    const std::string name_space = text(lives_[*task.live].facts->key.name_space);
    const auto found = resources_.find({task.group, task.kind, name_space, task.name});
    if (found == resources_.end()) return true;
    const Pair& pair = found->second;
    return pair.target ? input_.targets[*pair.target].modified : input_.live[*pair.live].modified;
  });
}

// Appendix A, first line: a mark of deletion without the hook finalizer outweighs every check. The
// finalizer may have been cut in this pass.
TwinPass::Health TwinPass::health_of(const Task& task) const {
  const sync::LiveObject& live = lives_[*task.live];
  if (live.deleting && !live.has_hook_finalizer) {
    return {.status = health::Status::Progressing, .message = "Pending deletion"};
  }
  return {
      .status = live.health, .message = text(live.health_message), .is_error = live.health_failed};
}

// §3.3, first table.
TwinPass::Outcome TwinPass::outcome_of_hook(const Task& task) const {
  const Health health = health_of(task);
  if (health.is_error) {
    return {.state = TaskState::Error,
            .message = "failed to get resource health: " + health.message,
            .is_error = true};
  }
  if (health.status) {
    switch (*health.status) {
      case health::Status::Healthy:
        return {.state = TaskState::Succeeded, .message = health.message};
      case health::Status::Progressing:
      case health::Status::Suspended:
        return {.state = TaskState::Running, .message = health.message};
      case health::Status::Degraded:
      case health::Status::Unknown: return {.state = TaskState::Failed, .message = health.message};
      case health::Status::Missing:
      case health::Status::None: break;  // a script that says nothing
    }
  }
  return {.state = TaskState::Succeeded,
          .message = text(lives_[*task.live].facts->key.name) + " created"};
}

// §3.3.
void TwinPass::refresh(Task& task) {
  if (task.is_hook()) {
    const Outcome outcome = outcome_of_hook(task);
    record(task, task.status, outcome.state,
           (outcome.is_error ? "failed to get resource health: " : "") + outcome.message);
    return;
  }
  const Health health = health_of(task);
  if (health.is_error) return;
  if (!health.status) {
    record(task, task.status, TaskState::Succeeded, task.message);
  } else if (*health.status == health::Status::Healthy) {
    record(task, task.status, TaskState::Succeeded, health.message);
  } else if (*health.status == health::Status::Degraded) {
    record(task, task.status, TaskState::Failed, health.message);
  }
}

// §3.1 D, its inner part.
void TwinPass::look_for_missing(const Tasks& running) {
  for (Task* task : running) {
    if (task->live) continue;
    const Fetched found = get_resource(*task);
    if (found.not_found) {
      record(*task, ResultStatus::SyncFailed, TaskState::Error,
             "Resource " + task->group + "/" + task->kind + "/" + task->name +
                 " is missing, it might have been deleted");
    } else if (!found.error.empty()) {
      // Measured §3.4: no colon.
      record(*task, task->status, TaskState::Error, "Failed to get live resource " + found.error);
    }
  }
}

// §3.1 G to J.
void TwinPass::act(const Tasks& all) {
  const Tasks delete_if_succeeded = those(
      all, [](const Task& task) { return !task.running() && task.delete_on_success(); });  // G
  const Tasks delete_if_failed =
      those(all, [](const Task& task) { return !task.running() && task.delete_on_failure(); });
  const Tasks sync_fail =
      those(all, [](const Task& task) { return task.phase == Phase::SyncFail; });
  const Tasks others = those(all, [](const Task& task) { return task.phase != Phase::SyncFail; });
  const Tasks bad = those(others, [](const Task& task) { return task.sync_failed(); });

  for (const Task* task : others) {  // H
    if (!task->completed() || task->successful()) continue;
    delete_hooks(delete_if_failed);
    fail_phase(sync_fail, bad, "one or more synchronization tasks completed unsuccessfully");
    return;
  }

  Tasks pending = those(others, [](const Task& task) { return task.pending(); });  // I
  if (settings().apply_out_of_sync_only) pending = drop_unmodified(pending);

  if (pending.empty()) {  // J
    delete_hooks(delete_if_succeeded);
    set_phase(OperationPhase::Succeeded, "successfully synced (no more tasks)");
    return;
  }
  run_group(pending, sync_fail, delete_if_succeeded, delete_if_failed);
}

// §3.1 K and L.
void TwinPass::run_group(const Tasks& pending, const Tasks& sync_fail,
                         const Tasks& delete_if_succeeded, const Tasks& delete_if_failed) {
  const Task first = *pending.front();
  const bool final = share_a_group(first, *pending.back());
  const Tasks group = those(pending, [&](const Task& task) { return share_a_group(task, first); });
  const bool is_last = group.size() == pending.size();

  set_phase(OperationPhase::Running, "one or more tasks are running");
  const RunState state = run(group, Dry::No);
  if (state != RunState::Failed) {
    sync::Request callback = request(sync::RequestKind::WaveHook, first);
    callback.final = final;
    const sync::Answer answer = call_(callback);
    if (answer.status != sync::AnswerStatus::Ok) {
      terminate_hooks(group);
      set_phase(OperationPhase::Error, "SyncWaveHook failed: " + text(answer.message));
      return;
    }
  }
  const bool has_hook =
      std::any_of(group.begin(), group.end(), [](const Task* task) { return task->is_hook(); });
  switch (state) {
    case RunState::Failed: after_failed_run(group, sync_fail, delete_if_failed); break;
    case RunState::Successful:
      if (is_last && !has_hook) {
        delete_hooks(delete_if_succeeded);
        set_phase(OperationPhase::Succeeded, "successfully synced (all tasks run)");
      } else {
        waiting(group, Deleting::No);
      }
      break;
    case RunState::Pending:
      waiting(those(group,
                    [](const Task& task) {
                      return task.delete_before_creation() || (task.is_prune() && task.pending());
                    }),
              Deleting::Yes);
      break;
  }
}

// §3.1 L, the failed case.
void TwinPass::after_failed_run(const Tasks& group, const Tasks& sync_fail,
                                const Tasks& delete_if_failed) {
  const std::string text = "one or more objects failed to apply";
  const Tasks bad = those(group, [](const Task& task) { return task.sync_failed(); });
  Tasks running = those(group, [](const Task& task) { return task.running(); });
  if (running.empty()) {
    if (fail_phase(sync_fail, bad, text)) delete_hooks(delete_if_failed);
    return;
  }
  if (!sync_fail.empty() && !fail_phase(sync_fail, bad, text)) {
    running.insert(running.end(), sync_fail.begin(), sync_fail.end());
  }
  waiting(running, Deleting::No);
}

// §3.2. True: the failure is complete.
bool TwinPass::fail_phase(const Tasks& sync_fail, const Tasks& bad, const std::string& text) {
  std::string message = with_reasons(text, bad);
  const bool all_completed = std::all_of(sync_fail.begin(), sync_fail.end(),
                                         [](const Task* task) { return task->completed(); });
  if (all_completed) {  // also when there are none
    const Tasks failed = those(sync_fail, [](const Task& task) { return task.sync_failed(); });
    if (!failed.empty()) {
      message += "\n" + with_reasons("one or more SyncFail hooks failed", failed);
    }
    set_phase(OperationPhase::Failed, message);
    return true;
  }
  const Tasks started = those(sync_fail, [](const Task& task) { return task.pending(); });
  run(started, Dry::No);
  waiting(started, Deleting::No);
  return false;
}

// §3.4.
void TwinPass::waiting(const Tasks& tasks, Deleting deleting) {
  if (tasks.empty()) {
    set_phase(OperationPhase::Running, "");
    return;
  }
  const Tasks hooks = those(tasks, [](const Task& task) { return task.is_hook(); });
  const Tasks resources = those(tasks, [](const Task& task) { return !task.is_hook(); });
  std::string reason = hooks.empty() ? "healthy state of" : "completion of hook";
  const std::string plural = resources.empty() ? "hooks" : "resources";
  if (deleting == Deleting::Yes) reason = hooks.empty() ? "deletion of" : "deletion of hook";
  const Task* first = hooks.empty() ? resources.front() : hooks.front();
  std::size_t extra = tasks.size() - 1;

  const Tasks unconfirmed =
      those(tasks, [&](const Task& task) { return needs_confirmation(task); });
  if (!unconfirmed.empty()) {
    reason = "pruning confirmation of";
    first = unconfirmed.front();
    extra = unconfirmed.size() - 1;
  }
  std::string message =
      "waiting for " + reason + " " + first->group + "/" + first->kind + "/" + first->name;
  if (extra > 0) message += " and " + std::to_string(extra) + " more " + plural;
  set_phase(OperationPhase::Running, message);
}

// §3.5, at the end of an operation; NotFound is fine, and an error does not change the outcome.
void TwinPass::delete_hooks(const Tasks& hooks) {
  for (Task* task : hooks) {
    const Fetched answer = delete_resource(*task);
    if (answer.error.empty()) continue;
    record(*task, task->status, TaskState::Error, "failed to delete resource: " + answer.error);
  }
}

// §3.6.
void TwinPass::terminate() {
  const Tasks all = build_list().tasks;  // 1: validity ignored
  for (Task* task : all) {
    if (!task->is_hook() || !task->completed()) continue;
    const std::string error = remove_hook_finalizer(*task);
    if (error.empty()) continue;
    // Measured §3.8: this does not count as an error of the termination.
    record(*task, task->status, TaskState::Error, "Failed to remove hook finalizer: " + error);
  }
  if (terminate_hooks(all)) {  // 6
    set_phase(OperationPhase::Failed, "Operation terminated");
  } else {
    set_phase(OperationPhase::Error, "Operation termination had errors");
  }
}

bool TwinPass::terminate_hooks(const Tasks& tasks) {
  bool successful = true;
  for (Task* task : tasks) {
    if (!task->is_hook() || !task->running()) continue;
    if (!terminate_hook(*task)) successful = false;
  }
  return successful;
}

// §3.6 steps 2 to 5 for one Running hook. False: there was an error.
bool TwinPass::terminate_hook(Task& task) {
  if (!task.live) {  // 2
    const Fetched found = get_resource(task);
    if (!found.error.empty()) {
      record(task, task.status, TaskState::Error, "Failed to get live resource: " + found.error);
      return false;
    }
    task.live = found.live;
  }
  if (!task.live) {
    record(task, task.status, TaskState::Succeeded, "Terminated");
    return true;
  }
  const Outcome outcome = outcome_of_hook(task);  // 3
  if (outcome.is_error) {
    record(task, task.status, TaskState::Error, "Failed to get hook health: " + outcome.message);
  }
  const std::string error = remove_hook_finalizer(task);
  if (!error.empty()) {
    record(task, task.status, TaskState::Error, "Failed to remove hook finalizer: " + error);
    return false;
  }
  // 4
  if (outcome.is_error || outcome.state == TaskState::Running || task.delete_on_failure()) {
    const Fetched answer = delete_resource(task);
    if (!answer.error.empty()) {
      record(task, task.status, TaskState::Failed, "Failed to delete: " + answer.error);
      return false;
    }
  }
  // 5
  if (!outcome.is_error && outcome.state != TaskState::Running) {
    record(task, task.status, outcome.state, outcome.message);
  } else if (task.state != TaskState::Error) {
    record(task, task.status, TaskState::Failed, "Terminated");
  }
  return true;
}

void TwinPass::set_phase(OperationPhase phase, const std::string& message) {
  phase_ = phase;
  message_ = message;
}

std::string TwinPass::text(base::Symbol symbol) const {
  return symbol.valid() ? std::string(interner_.text(symbol)) : std::string();
}

TextKey TwinPass::text_key(const model::Key& key) const {
  return {text(key.group), text(key.kind), text(key.name_space), text(key.name)};
}

sync::SyncState TwinPass::state() const {
  sync::SyncState state{.phase = phase_, .message = interner_.intern(message_), .results = {}};
  for (const Record& record : records_) {
    const auto& [group, kind, name_space, name] = record.key;
    state.results.push_back({.key = {.group = interner_.intern(group),
                                     .kind = interner_.intern(kind),
                                     .name_space = interner_.intern(name_space),
                                     .name = interner_.intern(name)},
                             .phase = record.phase,
                             .is_hook = record.is_hook,
                             .status = record.status,
                             .state = record.state,
                             .message = interner_.intern(record.message),
                             .version = interner_.intern(record.version),
                             .images = record.images});
  }
  return state;
}

sync::SyncState play_pass(const sync::PassInput& input, const sync::SyncState& before,
                          base::Interner& interner, const Call& call) {
  TwinPass pass(input, before, interner, call);
  if (input.terminate) {
    pass.terminate();
  } else {
    pass.sync();
  }
  return pass.state();
}

}  // namespace wavetank::reference
