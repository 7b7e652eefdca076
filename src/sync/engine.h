// The inside of a Pass: its working memory and the steps of Sync() and Terminate().
//
// Steps that may call the world are Flows; `ask` stops the pass until the caller has answered all
// requests queued so far. pass.cc holds the order of a pass, finish.cc its end, run.cc how a group
// of tasks is applied, terminate.cc what ends an operation early.
#pragma once

#include <fmt/format.h>

#include <coroutine>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/arena.h"
#include "base/id_table.h"
#include "sync/flow.h"
#include "sync/message.h"
#include "sync/pass.h"
#include "sync/task.h"
#include "sync/task_list.h"

namespace wavetank::sync {

// How running some tasks went; the worst of several counts. Pending: something has to be deleted,
// or confirmed, first.
enum class RunState : std::uint8_t { Successful, Pending, Failed };

class Pass::Engine {
 public:
  explicit Engine(base::Interner& interner) : interner_(interner) {}

  void start(const PassInput& input, const SyncState& before);
  std::span<const Request> resume(std::span<const Answer> answers);
  [[nodiscard]] bool done() const { return main_.has_value() && main_->done(); }
  [[nodiscard]] const SyncState& state() const { return state_; }
  [[nodiscard]] std::span<const Reason> reasons() const { return reasons_; }

  // What lasts until the end of a pass; frames of flows among it.
  [[nodiscard]] base::Arena& arena() { return arena_; }

 private:
  enum class RunMode : std::uint8_t { Wet, Dry };

  struct Asking {
    Engine& engine;
    [[nodiscard]] bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> waiting) noexcept { engine.waiting_ = waiting; }
    [[nodiscard]] std::span<const Answer> await_resume() const noexcept { return engine.answers_; }
  };
  // Stops until all queued requests are answered; the answers are valid until the next ask.
  // REQUIRES: something is queued.
  [[nodiscard]] Asking ask() { return {*this}; }

  // The pass (pass.cc).
  Flow<Done> sync();
  Flow<bool> build();
  Flow<Done> add_generated_namespace();
  bool check_kinds();
  void set_invalid();
  void index_results();
  // kNone: nothing was done with the task yet.
  [[nodiscard]] std::uint32_t result_of(const Task& task) const;
  void restore_results();
  Flow<bool> prepare_first_pass();
  void refresh_running();
  Flow<bool> wait_for_running();
  Flow<Done> find_vanished(TaskRefs running);

  // The end of a pass (finish.cc).
  Flow<Done> finish_or_go_on();
  Flow<Done> run_next_group(TaskRefs pending, TaskRefs sync_fail, TaskRefs on_success,
                            TaskRefs on_failure);
  [[nodiscard]] TaskRefs awaited_after(TaskRefs group, TaskRefs pending);
  Flow<bool> wave_delay(const Task& first, bool final, TaskRefs group, TaskRefs on_failure);
  Flow<Done> after_failed_group(TaskRefs group, TaskRefs sync_fail, TaskRefs on_failure);
  Flow<bool> fail(TaskRefs sync_fail, TaskRefs failed, std::string_view words);
  Flow<bool> fail_at_once(TaskRefs sync_fail, TaskRefs failed, std::string_view words);
  void set_failed(std::string_view words, TaskRefs failed, std::optional<TaskRefs> not_applied);
  Flow<Done> delete_hooks(TaskRefs hooks, ReasonCode why);

  // Termination (terminate.cc).
  Flow<Done> terminate();
  Flow<Done> terminate_all();
  void set_terminated(bool successful);
  Flow<bool> terminate_hooks(TaskRefs hooks);
  Flow<bool> terminate_hook(Task& task);

  // A group (run.cc).
  Flow<RunState> run(TaskRefs tasks, RunMode mode);
  Flow<RunState> release_old_hooks(TaskRefs tasks);
  Flow<RunState> prune(TaskRefs tasks, RunMode mode);
  Flow<RunState> delete_old_hooks(TaskRefs tasks);
  Flow<RunState> apply(TaskRefs batch, RunMode mode);
  Flow<base::Symbol> remove_finalizer(Task& task);
  void cut_hook_finalizer(LiveObject& object);
  [[nodiscard]] Request write_request(const Task& task, RunMode mode) const;
  // Whether a prune is held back by, or excluded with, this value of the option `Prune=`.
  [[nodiscard]] bool has_prune_option(const Task& task, model::PruneOption value) const;
  [[nodiscard]] bool needs_confirmation(const Task& task) const;
  [[nodiscard]] Request request(RequestKind kind, const Task& task) const;

  // What a task's live object says about a hook (sync_context.go, getOperationPhase).
  struct HookOutcome {
    TaskState state = TaskState::Succeeded;
    base::Symbol message = base::kEmptySymbol;
    bool failed_to_assess = false;  // `message` is the error
  };
  [[nodiscard]] HookOutcome assess_hook(const Task& task);

  void record(Task& task, ResultStatus status, TaskState state, base::Symbol message);
  void wait_for(TaskRefs tasks, Awaited awaited);
  void explain_failures(TaskRefs tasks);
  void explain_waiting(TaskRefs tasks, Awaited awaited);
  // The status of a hook's result when only its state changes.
  [[nodiscard]] ResultStatus kept_status(const Task& task) const {
    return behaves(model::Behavior::HookStatusKept) ? task.status : ResultStatus::Empty;
  }
  void set(OperationPhase phase, base::Symbol message);
  void set(OperationPhase phase, std::string_view message);
  void explain(ReasonCode code);
  void explain(ReasonCode code, const Task& task);
  // An error text with what Argo CD puts around it.
  [[nodiscard]] base::Symbol wrapped(std::string_view prefix, const Answer& answer,
                                     std::string_view own_prefix);

  template <class... Arguments>
  [[nodiscard]] base::Symbol text(fmt::format_string<Arguments...> format,
                                  Arguments&&... arguments) {
    Text result;
    append(result, format, std::forward<Arguments>(arguments)...);
    return intern(result, interner_);
  }

  template <class Predicate>
  [[nodiscard]] TaskRefs select(Predicate predicate) {
    const std::span<Task*> found = arena_.array<Task*>(tasks_.size());
    std::size_t count = 0;
    for (Task& task : tasks_) {
      if (predicate(task)) found[count++] = &task;
    }
    return found.first(count);
  }
  template <class Predicate>
  [[nodiscard]] TaskRefs filter(TaskRefs tasks, Predicate predicate) {
    const std::span<Task*> found = arena_.array<Task*>(tasks.size());
    std::size_t count = 0;
    for (Task* task : tasks) {
      if (predicate(*task)) found[count++] = task;
    }
    return found.first(count);
  }
  [[nodiscard]] TaskRefs joined(TaskRefs first, TaskRefs second);

  [[nodiscard]] LiveObject& live(const Task& task) { return live_[task.live.index()]; }
  [[nodiscard]] const Settings& settings() const { return input_.operation->settings; }
  [[nodiscard]] bool behaves(model::Behavior behavior) const {
    return model::behaves(input_.operation->version, behavior);
  }
  [[nodiscard]] bool selected_for_apply(const Task& task) const;

  base::Interner& interner_;
  base::Arena arena_;
  PassInput input_;
  SyncState state_;
  Reconciliation pairs_;
  std::vector<Task> tasks_;       // sorted; never resized once built
  model::ObjectFacts generated_;  // of the Namespace that CreateNamespace makes
  // The live objects as this pass sees them: copies of the input's, then those read again. Tasks of
  // one object share its entry, so a finalizer cut for one is cut for all.
  std::vector<LiveObject> live_;
  base::IdTable result_by_task_;  // index of the result of a key and phase
  std::vector<Request> requests_;
  std::span<const Answer> answers_;
  std::vector<Reason> reasons_;
  std::coroutine_handle<> waiting_;
  std::optional<Flow<Done>> main_;
};

}  // namespace wavetank::sync
