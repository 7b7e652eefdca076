// The inside of the dull twin: its tasks and its three chapters, which are the three chapters of
// the specification. twin_list.cc builds and sorts tasks (§§1, 2), twin_pass.cc is the state
// machine (§3), twin_run.cc runs a group of tasks and keeps the results (§§4, 5).
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "reference/twin.h"

namespace wavetank::reference {

// group, kind, namespace, name
using TextKey = std::tuple<std::string, std::string, std::string, std::string>;

// One (object, phase) pair in a pass. The task's object is the target if there is one, else live.
struct Task {
  // The object, its name computed and its namespace filled in.
  std::string group;
  std::string version;
  std::string kind;
  std::string name_space;
  std::string name;

  const model::ObjectFacts* target = nullptr;  // null: a prune task
  const model::ObjectFacts* object = nullptr;  // of the target, else of live
  std::optional<std::size_t> target_index;     // none: a prune task, the generated Namespace
  std::optional<std::size_t> live;             // index into TwinPass::lives_
  sync::KindCheck check;

  model::Phase phase = model::Phase::Sync;
  std::optional<std::int64_t> wave_override;
  bool skip_dry_run = false;

  sync::ResultStatus status = sync::ResultStatus::Empty;
  sync::TaskState state = sync::TaskState::Pending;
  std::string message;

  [[nodiscard]] bool is_prune() const { return target == nullptr; }
  [[nodiscard]] bool is_hook() const { return object->hook.is_hook; }
  [[nodiscard]] std::int64_t wave() const { return wave_override.value_or(object->wave); }
  [[nodiscard]] bool pending() const { return state == sync::TaskState::Pending; }
  [[nodiscard]] bool running() const { return state == sync::TaskState::Running; }
  [[nodiscard]] bool completed() const { return !pending() && !running(); }
  [[nodiscard]] bool successful() const { return state == sync::TaskState::Succeeded; }
  [[nodiscard]] bool sync_failed() const { return status == sync::ResultStatus::SyncFailed; }

  // §1.5
  [[nodiscard]] bool delete_before_creation() const {
    return is_hook() && live && pending() && object->policies.before_hook_creation;
  }
  [[nodiscard]] bool delete_on_success() const {
    return is_hook() && live && object->policies.hook_succeeded;
  }
  [[nodiscard]] bool delete_on_failure() const {
    return is_hook() && live && object->policies.hook_failed;
  }
};

using Tasks = std::vector<Task*>;

template <class Predicate>
[[nodiscard]] Tasks those(const Tasks& tasks, Predicate predicate) {
  Tasks found;
  for (Task* task : tasks) {
    if (predicate(*task)) found.push_back(task);
  }
  return found;
}

// §5: the record of one resource key and phase.
struct Record {
  TextKey key;
  model::Phase phase = model::Phase::Sync;
  bool is_hook = false;
  sync::ResultStatus status = sync::ResultStatus::Empty;
  sync::TaskState state = sync::TaskState::Pending;
  std::string message;
  std::string version;
  decltype(sync::Result::images) images{};
};

enum class RunState : std::uint8_t { Successful, Pending, Failed };
enum class Deleting : std::uint8_t { No, Yes };
enum class Dry : std::uint8_t { No, Yes };

class TwinPass {
 public:
  TwinPass(const sync::PassInput& input, const sync::SyncState& before, base::Interner& interner,
           const Call& call);

  void sync();       // §3.1
  void terminate();  // §3.6
  [[nodiscard]] sync::SyncState state() const;

 private:
  // §§1, 2 (twin_list.cc)
  struct Pair {
    std::optional<std::size_t> target;
    std::optional<std::size_t> live;
  };
  struct BuiltList {
    Tasks tasks;
    bool valid = true;
  };
  BuiltList build_list();
  void drop_duplicates_by_uid(const std::vector<std::size_t>& plain,
                              std::map<TextKey, std::size_t>& live_by_key) const;
  void pair_up();
  void add_resource_tasks();
  void add_hook_tasks();
  void add_namespace_task();
  [[nodiscard]] std::optional<std::size_t> find_live(const Task& task) const;
  [[nodiscard]] const Pair* find_pair(const Task& task) const;
  bool check_kinds();
  [[nodiscard]] bool sync_defines(const Task& task) const;
  void rewrite_prune_waves();
  Task& add_task(const model::ObjectFacts& object);

  // §3 (twin_pass.cc)
  [[nodiscard]] bool before_first_group(const Tasks& all);
  void refresh(Task& task);
  void look_for_missing(const Tasks& running);
  void act(const Tasks& all);
  void run_group(const Tasks& pending, const Tasks& sync_fail, const Tasks& delete_if_succeeded,
                 const Tasks& delete_if_failed);
  void after_failed_run(const Tasks& group, const Tasks& sync_fail, const Tasks& delete_if_failed);
  bool fail_phase(const Tasks& sync_fail, const Tasks& bad, const std::string& text);
  void waiting(const Tasks& tasks, Deleting deleting);
  void delete_hooks(const Tasks& hooks);
  bool terminate_hooks(const Tasks& tasks);
  bool terminate_hook(Task& task);
  [[nodiscard]] Tasks drop_unmodified(const Tasks& tasks) const;
  struct Outcome {
    sync::TaskState state = sync::TaskState::Succeeded;
    std::string message;
    bool is_error = false;
  };
  [[nodiscard]] Outcome outcome_of_hook(const Task& task) const;
  struct Health {
    std::optional<health::Status> status;
    std::string message;
    bool is_error = false;
  };
  [[nodiscard]] Health health_of(const Task& task) const;

  // §§4, 5 (twin_run.cc)
  RunState run(const Tasks& tasks, Dry dry);
  RunState run_prunes(const Tasks& prunes, Dry dry);
  RunState run_old_hook_deletion(const Tasks& creates);
  RunState run_creates(const Tasks& creates, Dry dry);
  RunState prune_one(Task& task, Dry dry);
  RunState apply_one(Task& task, Dry dry);
  [[nodiscard]] bool has_prune_option(const Task& task, model::PruneOption value) const;
  [[nodiscard]] bool needs_confirmation(const Task& task) const;
  std::string remove_hook_finalizer(Task& task);
  struct Fetched {
    std::optional<std::size_t> live;
    bool not_found = false;
    std::string error;
  };
  Fetched get_resource(const Task& task);
  [[nodiscard]] Fetched delete_resource(const Task& task);
  [[nodiscard]] sync::Request request(sync::RequestKind kind, const Task& task);
  void record(Task& task, sync::ResultStatus status, sync::TaskState state,
              const std::string& message);
  [[nodiscard]] Record* find_record(const Task& task);
  void set_phase(sync::OperationPhase phase, const std::string& message);

  [[nodiscard]] const sync::Settings& settings() const { return input_.operation->settings; }
  [[nodiscard]] std::string text(base::Symbol symbol) const;
  [[nodiscard]] TextKey text_key(const model::Key& key) const;

  const sync::PassInput& input_;
  base::Interner& interner_;
  const Call& call_;
  std::string destination_;  // the application's destination namespace

  std::vector<sync::LiveObject> lives_;     // §1.6: one value for all tasks that share it
  std::map<TextKey, Pair> resources_;       // §1.0: key of live if there is one, else of target
  std::vector<std::size_t> hooks_;          // indices of targets
  model::ObjectFacts generated_namespace_;  // §1.8
  std::deque<Task> tasks_;                  // in building order

  sync::OperationPhase phase_ = sync::OperationPhase::Running;
  std::string message_;
  std::vector<Record> records_;
};

}  // namespace wavetank::reference
