#include "sync/pass.h"

#include <algorithm>
#include <utility>

#include "sync/engine.h"
#include "sync/order.h"

namespace wavetank::sync {

using model::Behavior;

namespace {

std::uint64_t result_hash(const model::Key& key, model::Phase phase) {
  return model::hash(key) + static_cast<std::uint64_t>(phase);
}

}  // namespace

std::string_view name(RequestKind kind) {
  switch (kind) {
    case RequestKind::GetNamespace: return "get namespace";
    case RequestKind::Get: return "get";
    case RequestKind::Apply: return "apply";
    case RequestKind::Create: return "create";
    case RequestKind::Replace: return "replace";
    case RequestKind::Update: return "update";
    case RequestKind::Prune: return "prune";
    case RequestKind::Delete: return "delete";
    case RequestKind::Unfinalize: return "unfinalize";
    case RequestKind::WaveHook: return "wave hook";
  }
  WAVETANK_CHECK(false);
}

Pass::Pass(base::Interner& interner) : engine_(std::make_unique<Engine>(interner)) {}

Pass::~Pass() = default;

void Pass::start(const PassInput& input, const SyncState& before) { engine_->start(input, before); }

std::span<const Request> Pass::resume(std::span<const Answer> answers) {
  return engine_->resume(answers);
}

const SyncState& Pass::state() const {
  WAVETANK_CHECK(engine_->done());
  return engine_->state();
}

std::span<const Reason> Pass::reasons() const { return engine_->reasons(); }

void Pass::Engine::start(const PassInput& input, const SyncState& before) {
  main_.reset();
  waiting_ = {};
  arena_.reset();
  requests_.clear();
  reasons_.clear();
  input_ = input;
  state_ = before;
  live_.assign(input.live.begin(), input.live.end());
  main_.emplace(input.terminate ? terminate() : sync());
}

std::span<const Request> Pass::Engine::resume(std::span<const Answer> answers) {
  WAVETANK_CHECK(answers.size() == requests_.size());
  answers_ = answers;
  requests_.clear();
  if (waiting_) {
    std::exchange(waiting_, {}).resume();
  } else if (!main_->done()) {
    main_->start();
  }
  return requests_;
}

// The letters are those of the pass in Argo CD's Sync(), one paragraph each:
// A build, B first pass, C refresh, D wait for running, E wait for deletions, F release hooks,
// G-L finish or go on.
Flow<Done> Pass::Engine::sync() {
  if (!co_await build()) {
    set_invalid();
    explain(ReasonCode::InvalidTasks);
    co_return {};
  }
  if (state_.results.empty() && !co_await prepare_first_pass()) co_return {};
  refresh_running();
  if (co_await wait_for_running()) co_return {};
  const TaskRefs deleting = select([&](const Task& task) {
    return task.status == ResultStatus::Pruned && task.live.valid() && live(task).deleting;
  });
  if (!deleting.empty()) {
    wait_for(deleting, Awaited::Deletion);
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
  co_await finish_or_go_on();
  co_return {};
}

Flow<bool> Pass::Engine::build() {
  pairs_.build(input_.targets, input_.live, *input_.operation, interner_, arena_);
  build_tasks(pairs_, input_.targets, input_.live, *input_.operation, interner_, tasks_);
  index_results();
  if (needs_generated_namespace(pairs_, input_.targets, *input_.operation)) {
    co_await add_generated_namespace();
  }
  for (Task& task : tasks_) {
    if (task.has_target && !task.live.valid()) task.live = pairs_.find_live(task.key);
  }
  const bool valid = check_kinds();
  rewrite_prune_waves(tasks_, live_, settings(), arena_);
  sort_tasks(tasks_, interner_, arena_);
  restore_results();
  co_return valid;
}

void Pass::Engine::set_invalid() {
  constexpr std::string_view kWords = "one or more synchronization tasks are not valid";
  if (!behaves(Behavior::InvalidTaskReasons)) {
    set(OperationPhase::Failed, kWords);
    return;
  }
  Text message;
  append_invalid_tasks(message, kWords, state_.results, interner_, arena_);
  set(OperationPhase::Failed, intern(message, interner_));
}

Flow<Done> Pass::Engine::add_generated_namespace() {
  generated_ = generated_namespace_facts(*input_.operation, interner_);
  Task task = generated_namespace_task(generated_, TaskId::from(tasks_.size()));
  task.check = input_.namespace_check;
  // Only a Namespace that the application manages was compared and can count as unmodified.
  if (const LiveId managed = pairs_.find_live(task.key); managed.valid()) {
    task.is_modified = live_[managed.index()].modified;
  }
  requests_.push_back(request(RequestKind::GetNamespace, task));
  const Answer answer = (co_await ask())[0];
  switch (answer.status) {
    case AnswerStatus::NotFound: break;
    case AnswerStatus::Ok:
      if (!settings().has_managed_namespace_metadata) co_return {};
      WAVETANK_CHECK(answer.live.has_value());
      task.live = LiveId::from(live_.size());
      live_.push_back(*answer.live);
      break;
    case AnswerStatus::Conflict:
    case AnswerStatus::Error:
      record(task, ResultStatus::SyncFailed, TaskState::Error,
             text("{}amespace auto creation failed: {}",
                  behaves(Behavior::NamespaceErrorLowerCase) ? 'n' : 'N',
                  interner_.text(answer.message)));
      break;
  }
  tasks_.push_back(task);
  co_return {};
}

// A kind that discovery does not know is fine if the sync itself brings its definition, or if the
// user said so; such tasks are left out of the dry run.
bool Pass::Engine::check_kinds() {
  struct Definition {
    base::Symbol group;
    base::Symbol kind;
  };
  const std::span<Definition> definitions = arena_.array<Definition>(input_.targets.size());
  std::size_t count = 0;
  const auto add_definition = [&](TargetId target) {
    if (!target.valid()) return;
    const auto& facts = *input_.targets[target.index()].facts;
    if (facts.is_crd) definitions[count++] = {.group = facts.crd_group, .kind = facts.crd_kind};
  };
  for (const Pair& pair : pairs_.pairs()) add_definition(pair.target);
  for (const TargetId hook : pairs_.hooks()) add_definition(hook);
  const auto is_defined = [&](const model::Key& key) {
    const auto known = definitions.first(count);
    return std::any_of(known.begin(), known.end(), [&](const Definition& definition) {
      return definition.group == key.group && definition.kind == key.kind;
    });
  };

  bool valid = true;
  for (Task& task : tasks_) {
    const auto may_be_missing = [&] {
      return (settings().skip_dry_run_on_missing_resource && behaves(Behavior::AppSkipDryRun)) ||
             (task.has_target && task.object->options.skip_dry_run_on_missing_resource) ||
             is_defined(task.key);
    };
    switch (task.check.discovery) {
      case Discovery::Served: continue;
      case Discovery::NotFound:
        if (may_be_missing()) {
          task.skip_dry_run = true;
          continue;
        }
        break;
      case Discovery::Failed:
      case Discovery::Denied: break;
    }
    record(task, ResultStatus::SyncFailed, TaskState::Pending, task.check.message);
    valid = false;
  }
  return valid;
}

// Every task adds one result at most.
void Pass::Engine::index_results() {
  constexpr std::size_t kGeneratedNamespace = 1;
  result_by_task_ =
      base::IdTable(state_.results.size() + tasks_.size() + kGeneratedNamespace, arena_);
  for (std::uint32_t i = 0; i < state_.results.size(); ++i) {
    result_by_task_.put(result_hash(state_.results[i].key, state_.results[i].phase), i);
  }
}

std::uint32_t Pass::Engine::result_of(const Task& task) const {
  return result_by_task_.find(result_hash(task.key, task.phase), [&](std::uint32_t index) {
    const Result& result = state_.results[index];
    return result.key == task.key && result.phase == task.phase;
  });
}

void Pass::Engine::restore_results() {
  for (Task& task : tasks_) {
    const std::uint32_t index = result_of(task);
    if (index == base::IdTable::kNone) continue;
    const Result& result = state_.results[index];
    task.status = result.status;
    task.state = result.state;
    task.message = result.message;
  }
}

bool Pass::Engine::selected_for_apply(const Task& task) const {
  if (!settings().apply_out_of_sync_only) return true;
  if (task.is_hook || task.is_prune() || !task.live.valid() || task.is_modified) return true;
  // Older versions look for what was compared under the namespace of the task, which they give to
  // cluster-scoped objects as well, and do not find it.
  return !behaves(Behavior::UnmodifiedClusterScope) && task.target.valid() &&
         live_[task.live.index()].facts->key.name_space != task.key.name_space;
}

// B: the destination namespace first, then a dry run of everything. False: the operation is over.
Flow<bool> Pass::Engine::prepare_first_pass() {
  const Task* created = nullptr;
  if (behaves(Behavior::NamespaceBeforeDryRun)) {
    const TaskRefs name_space = select([&](const Task& task) {
      return task.has_target && !task.live.valid() && task.object->is_namespace &&
             task.key.name == input_.operation->name_space;
    });
    if (!name_space.empty()) {
      const TaskRefs first = name_space.first(1);
      created = first.front();
      explain(ReasonCode::NamespaceCreatedFirst, *created);
      if (co_await run(first, RunMode::Wet) == RunState::Failed) {
        co_await fail({}, first, "the namespace failed to apply");
        co_return false;
      }
    }
  }
  const TaskRefs to_check =
      select([&](const Task& task) { return &task != created && selected_for_apply(task); });
  if (co_await run(to_check, RunMode::Dry) == RunState::Failed) {
    set(OperationPhase::Failed, "one or more objects failed to apply (dry run)");
    explain(ReasonCode::DryRunFailed);
    co_return false;
  }
  co_return true;
}

Pass::Engine::HookOutcome Pass::Engine::assess_hook(const Task& task) {
  const LiveObject& object = live(task);
  if (object.health_failed) {
    const std::string_view step =
        behaves(Behavior::WrappedErrors) ? "failed to get resource health: " : "";
    return {.state = TaskState::Error,
            .message = text("{}{}", step, interner_.text(object.health_message)),
            .failed_to_assess = true};
  }
  if (object.health) {
    switch (*object.health) {
      case health::Status::Unknown:
      case health::Status::Degraded:
        return {.state = TaskState::Failed, .message = object.health_message};
      case health::Status::Progressing:
      case health::Status::Suspended:
        return {.state = TaskState::Running, .message = object.health_message};
      case health::Status::Healthy:
        return {.state = TaskState::Succeeded, .message = object.health_message};
      case health::Status::Missing:
      case health::Status::None: break;
    }
  }
  return {.state = TaskState::Succeeded,
          .message = text("{} created", interner_.text(object.facts->key.name))};
}

// C: running tasks take over what their live objects say.
void Pass::Engine::refresh_running() {
  for (Task& task : tasks_) {
    if (!task.running() || !task.live.valid()) continue;
    if (task.is_hook) {
      const HookOutcome outcome = assess_hook(task);
      if (outcome.failed_to_assess) {
        record(task, kept_status(task), TaskState::Error,
               text("failed to get resource health: {}", interner_.text(outcome.message)));
      } else {
        record(task, kept_status(task), outcome.state, outcome.message);
      }
      if (task.failed()) explain(ReasonCode::HookFailed, task);
      continue;
    }
    const LiveObject& object = live(task);
    if (object.health_failed) continue;
    if (!object.health) {
      record(task, task.status, TaskState::Succeeded, task.message);
    } else if (*object.health == health::Status::Healthy) {
      record(task, task.status, TaskState::Succeeded, object.health_message);
    } else if (*object.health == health::Status::Degraded) {
      record(task, task.status, TaskState::Failed, object.health_message);
      explain(ReasonCode::ResourceDegraded, task);
    }
  }
}

// D: hooks are always waited for; resources only when the sync has several phases or waves.
Flow<bool> Pass::Engine::wait_for_running() {
  const bool multi_step = !tasks_.empty() && !in_one_group(tasks_.front(), tasks_.back());
  const TaskRefs running =
      select([&](const Task& task) { return task.running() && (multi_step || task.is_hook); });
  if (running.empty()) co_return false;
  if (behaves(Behavior::VanishedFails)) co_await find_vanished(running);
  wait_for(running, Awaited::Completion);
  co_return true;
}

// A running task without a live object is looked up; one that is gone has failed.
Flow<Done> Pass::Engine::find_vanished(TaskRefs running) {
  for (Task* task : running) {
    if (task->live.valid()) continue;
    requests_.push_back(request(RequestKind::Get, *task));
    const Answer answer = (co_await ask())[0];
    if (answer.status == AnswerStatus::NotFound) {
      record(*task, ResultStatus::SyncFailed, TaskState::Error,
             text("Resource {}/{}/{} is missing, it might have been deleted",
                  interner_.text(task->key.group), interner_.text(task->key.kind),
                  interner_.text(task->key.name)));
      explain(ReasonCode::ObjectVanished, *task);
    } else if (answer.status != AnswerStatus::Ok) {
      const base::Symbol error = wrapped("", answer, "failed to get resource: ");
      record(*task, task->status, TaskState::Error,
             text("Failed to get live resource {}", interner_.text(error)));
    }
  }
  co_return {};
}

void Pass::Engine::record(Task& task, ResultStatus status, TaskState state, base::Symbol message) {
  task.status = status;
  task.state = state;
  if (message != base::kEmptySymbol) task.message = message;  // the last word is kept
  const std::uint32_t index = result_of(task);
  if (index != base::IdTable::kNone) {
    Result& result = state_.results[index];
    result.status = status;
    result.state = state;
    result.message = task.message;
    return;
  }
  result_by_task_.put(result_hash(task.key, task.phase),
                      static_cast<std::uint32_t>(state_.results.size()));
  state_.results.push_back({.key = task.key,
                            .phase = task.phase,
                            .is_hook = task.is_hook,
                            .status = status,
                            .state = state,
                            .message = task.message,
                            .version = task.object->version,
                            .images = task.object->images});
}

void Pass::Engine::wait_for(TaskRefs tasks, Awaited awaited) {
  if (!behaves(Behavior::WaitsForGroup)) {
    if (!tasks.empty()) {
      set(OperationPhase::Running, first_waiting_message(tasks, awaited, interner_));
    }
    explain_waiting(tasks, awaited);
    return;
  }
  const TaskRefs unconfirmed =
      filter(tasks, [&](const Task& task) { return needs_confirmation(task); });
  if (!unconfirmed.empty()) {
    set(OperationPhase::Running, waiting_message(unconfirmed, Awaited::Confirmation, interner_));
    for (const Task* task : unconfirmed) explain(ReasonCode::WaitsForConfirmation, *task);
    return;
  }
  set(OperationPhase::Running, waiting_message(tasks, awaited, interner_));
  explain_waiting(tasks, awaited);
}

void Pass::Engine::explain_waiting(TaskRefs tasks, Awaited awaited) {
  for (const Task* task : tasks) {
    if (awaited == Awaited::Deletion) {
      explain(ReasonCode::WaitsForDeletion, *task);
    } else {
      explain(task->is_hook ? ReasonCode::WaitsForHook : ReasonCode::WaitsForHealth, *task);
    }
  }
}

TaskRefs Pass::Engine::joined(TaskRefs first, TaskRefs second) {
  const std::span<Task*> both = arena_.array<Task*>(first.size() + second.size());
  std::copy(second.begin(), second.end(), std::copy(first.begin(), first.end(), both.begin()));
  return both;
}

void Pass::Engine::set(OperationPhase phase, base::Symbol message) {
  state_.phase = phase;
  state_.message = message;
}

void Pass::Engine::set(OperationPhase phase, std::string_view message) {
  set(phase, interner_.intern(message));
}

void Pass::Engine::explain(ReasonCode code) {
  reasons_.push_back({.code = code,
                      .key = {.group = base::kEmptySymbol,
                              .kind = base::kEmptySymbol,
                              .name_space = base::kEmptySymbol,
                              .name = base::kEmptySymbol}});
}

void Pass::Engine::explain(ReasonCode code, const Task& task) {
  reasons_.push_back({.code = code, .phase = task.phase, .wave = task.wave, .key = task.key});
}

base::Symbol Pass::Engine::wrapped(std::string_view prefix, const Answer& answer,
                                   std::string_view own_prefix) {
  std::string_view step;
  if (behaves(Behavior::WrappedErrors)) {
    step = answer.kind_is_gone ? "failed to get api resource: " : own_prefix;
  }
  return text("{}{}{}", prefix, step, interner_.text(answer.message));
}

}  // namespace wavetank::sync
