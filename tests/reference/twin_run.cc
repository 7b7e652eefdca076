// §4: running a group of tasks; §5: the results.

#include <algorithm>

#include "reference/twin_pass.h"

namespace wavetank::reference {

using sync::Answer;
using sync::AnswerStatus;
using sync::RequestKind;
using sync::ResultStatus;
using sync::TaskState;

namespace {

// §4.1, last paragraph: failed wins over pending wins over successful (SC:1853-1876).
RunState fold(RunState a, RunState b) {
  if (a == RunState::Failed || b == RunState::Failed) return RunState::Failed;
  if (a == RunState::Pending || b == RunState::Pending) return RunState::Pending;
  return RunState::Successful;
}

}  // namespace

// §4.1: four stages; one that does not end successfully ends the run.
RunState TwinPass::run(const Tasks& tasks, Dry dry) {
  if (settings().dry_run) dry = Dry::Yes;
  const Tasks prunes = those(tasks, [](const Task& task) { return task.is_prune(); });
  const Tasks creates = those(tasks, [](const Task& task) { return !task.is_prune(); });

  // 1: finalizers of hooks of an earlier sync (§1.6).
  RunState state = RunState::Successful;
  for (Task* task : tasks) {
    if (dry == Dry::Yes || !task->is_hook() || !task->pending() || !task->live) continue;
    const std::string error = remove_hook_finalizer(*task);
    if (error.empty()) continue;
    record(*task, task->status, TaskState::Error, "failed to remove hook finalizer: " + error);
    state = RunState::Failed;
  }
  if (state != RunState::Successful) return state;

  state = run_prunes(prunes, dry);  // 2
  if (state != RunState::Successful) return state;
  if (dry == Dry::No) state = run_old_hook_deletion(creates);  // 3
  if (state != RunState::Successful) return state;
  return run_creates(creates, dry);  // 4
}

RunState TwinPass::run_prunes(const Tasks& prunes, Dry dry) {
  // §4.3: one unconfirmed object holds back all, in dry runs, too, and whatever the prune flag.
  for (const Task* task : prunes) {
    if (needs_confirmation(*task)) return RunState::Pending;
  }
  RunState state = RunState::Successful;
  for (Task* task : prunes) state = fold(state, prune_one(*task, dry));
  return state;
}

// §4.4.
RunState TwinPass::prune_one(Task& task, Dry dry) {
  const bool records = dry == Dry::No || settings().dry_run;
  const auto done = [&](ResultStatus status, const std::string& message) {
    if (records) record(task, status, TaskState::Succeeded, message);
    return RunState::Successful;
  };
  if (!settings().prune) return done(ResultStatus::PruneSkipped, "ignored (requires pruning)");
  if (has_prune_option(task, model::PruneOption::False)) {
    return done(ResultStatus::PruneSkipped, "ignored (no prune)");
  }
  if (dry == Dry::Yes) return done(ResultStatus::Pruned, "pruned (dry run)");
  if (lives_[*task.live].deleting) return done(ResultStatus::Pruned, "pruned");
  const Answer answer = call_(request(RequestKind::Prune, task));
  if (answer.status == AnswerStatus::Ok) return done(ResultStatus::Pruned, "pruned");
  // NotFound is an error here.
  record(task, ResultStatus::SyncFailed, TaskState::Failed, text(answer.message));
  return RunState::Failed;
}

// §1.11: the live object's own option wins over the application's.
bool TwinPass::has_prune_option(const Task& task, model::PruneOption value) const {
  const model::PruneOption own = task.object->options.prune;
  return (own == model::PruneOption::Unset ? settings().default_prune : own) == value;
}

bool TwinPass::needs_confirmation(const Task& task) const {
  return task.is_prune() && !input_.prune_confirmed &&
         has_prune_option(task, model::PruneOption::Confirm);
}

// §4.1 stage 3.
RunState TwinPass::run_old_hook_deletion(const Tasks& creates) {
  RunState state = RunState::Successful;
  const Tasks old = those(creates, [](const Task& task) { return task.delete_before_creation(); });
  for (Task* task : old) {
    const Fetched answer = delete_resource(*task);
    if (answer.not_found) {
      task->live.reset();
    } else if (!answer.error.empty()) {
      record(*task, task->status, TaskState::Error, "failed to delete resource: " + answer.error);
      state = fold(state, RunState::Failed);
    } else {
      state = fold(state, RunState::Pending);
    }
  }
  return state;
}

// §4.1 stage 4. Batches of one kind follow one another and go on after a failure; as Appendix C
// suggests, a batch runs in list order, which makes all batches together the list.
RunState TwinPass::run_creates(const Tasks& creates, Dry dry) {
  RunState state = RunState::Successful;
  for (Task* task : creates) {
    if (dry == Dry::Yes && task->skip_dry_run) continue;
    state = fold(state, apply_one(*task, dry));
  }
  return state;
}

// §4.2.
RunState TwinPass::apply_one(Task& task, Dry dry) {
  const model::ResourceOptions& target = task.target->options;
  const model::ResourceOptions live =
      task.live ? lives_[*task.live].facts->options : model::ResourceOptions{};
  const bool is_dry = dry == Dry::Yes;
  const bool replace = settings().replace || target.replace || live.replace;
  const bool force = settings().force || target.force || live.force;
  const bool validate = !settings().no_validate && !target.no_validate;

  sync::Request call = request(RequestKind::Apply, task);
  call.dry_run = is_dry;
  call.add_hook_finalizer = task.is_hook();  // §1.6, first row
  std::string own_message;
  if (replace && task.live && (task.object->is_crd || task.kind == "Namespace")) {
    call.kind = RequestKind::Update;
    own_message = task.kind + "/" + task.name + " updated";
  } else if (replace && task.live) {
    call.kind = RequestKind::Replace;
    call.force = force;  // measured §3.2: in dry runs, too
  } else if (replace) {
    call.kind = RequestKind::Create;
    call.validate = validate;
  } else {
    call.force = force;
    call.validate = validate;
    call.server_side = !is_dry && !target.no_server_side_apply &&
                       (settings().server_side_apply || target.server_side_apply);
  }
  const Answer answer = call_(call);
  if (answer.status != AnswerStatus::Ok) {
    record(task, ResultStatus::SyncFailed, TaskState::Failed, text(answer.message));
    return RunState::Failed;
  }
  // §3.8: of a dry run only one that the operation is leaves a trace, and then all is done.
  if (!is_dry || settings().dry_run) {
    record(task, ResultStatus::Synced, is_dry ? TaskState::Succeeded : TaskState::Running,
           own_message.empty() ? text(answer.message) : own_message);
  }
  return RunState::Successful;
}

// §1.6 and measured §3.1: cut in memory first, then sent; five tries while there are conflicts,
// each followed by reading the object again, which only this task then sees. Returns the error.
std::string TwinPass::remove_hook_finalizer(Task& task) {
  std::string error;
  for (int attempt = 1; attempt <= 5; ++attempt) {
    if (!task.live || !lives_[*task.live].has_hook_finalizer) return "";
    lives_[*task.live].has_hook_finalizer = false;
    sync::Request put = request(RequestKind::Unfinalize, task);
    put.resource_version = lives_[*task.live].resource_version;
    const Answer answer = call_(put);
    if (answer.status == AnswerStatus::Ok || answer.status == AnswerStatus::NotFound) return "";
    // Measured §3.4: wrapped by each step on the way.
    error = "failed to update resource: ";
    error += answer.kind_is_gone ? "failed to get api resource: " : "failed to update resource: ";
    error += text(answer.message);
    if (answer.status != AnswerStatus::Conflict) return error;
    const Fetched again = get_resource(task);
    if (again.not_found) return "";
    if (!again.error.empty()) return "failed to get resource: " + again.error;
    task.live = again.live;
  }
  return error;
}

// SC:1561-1575: what stands in the error is the step that failed.
TwinPass::Fetched TwinPass::get_resource(const Task& task) {
  const Answer answer = call_(request(RequestKind::Get, task));
  if (answer.status == AnswerStatus::NotFound) return {.live = {}, .not_found = true, .error = ""};
  if (answer.status != AnswerStatus::Ok) {
    return {.live = {},
            .not_found = false,
            .error = (answer.kind_is_gone ? "failed to get api resource: "
                                          : "failed to get resource: ") +
                     text(answer.message)};
  }
  lives_.push_back(*answer.live);
  return {.live = lives_.size() - 1, .not_found = false, .error = ""};
}

// §4.5: hooks are deleted with the operation's propagation policy.
TwinPass::Fetched TwinPass::delete_resource(const Task& task) {
  const Answer answer = call_(request(RequestKind::Delete, task));
  if (answer.status == AnswerStatus::NotFound) return {.live = {}, .not_found = true, .error = ""};
  if (answer.status == AnswerStatus::Ok) return {};
  return {.live = {},
          .not_found = false,
          .error = (answer.kind_is_gone ? "failed to get api resource: "
                                        : "failed to delete resource: ") +
                   text(answer.message)};
}

sync::Request TwinPass::request(RequestKind kind, const Task& task) {
  sync::Request result;
  result.kind = kind;
  result.key = {.group = interner_.intern(task.group),
                .kind = interner_.intern(task.kind),
                .name_space = interner_.intern(task.name_space),
                .name = interner_.intern(task.name)};
  if (task.target_index) result.target = sync::TargetId::from(*task.target_index);
  if (task.live && *task.live < input_.live.size()) result.live = sync::LiveId::from(*task.live);
  result.phase = task.phase;
  result.wave = task.wave();
  result.is_hook = task.is_hook();
  result.propagation = settings().propagation;
  return result;
}

Record* TwinPass::find_record(const Task& task) {
  const TextKey key{task.group, task.kind, task.name_space, task.name};
  for (Record& record : records_) {
    if (record.phase == task.phase && record.key == key) return &record;
  }
  return nullptr;
}

// §5 and §3.3, last paragraph: an empty message never replaces an older one; on an update only
// status, state and message change.
void TwinPass::record(Task& task, ResultStatus status, TaskState state,
                      const std::string& message) {
  task.status = status;
  task.state = state;
  if (!message.empty()) task.message = message;
  Record* existing = find_record(task);
  if (existing == nullptr) {
    existing = &records_.emplace_back();
    existing->key = {task.group, task.kind, task.name_space, task.name};
    existing->phase = task.phase;
    existing->is_hook = task.is_hook();
    existing->version = task.version;
    existing->images = task.object->images;
  }
  existing->status = task.status;
  existing->state = task.state;
  existing->message = task.message;
}

}  // namespace wavetank::reference
