// One task of a pass: an object and the phase it takes part in.
//
// Tasks are rebuilt at every pass from the targets, the live objects and the stored results, as in
// Argo CD. Source: gitops-engine/pkg/sync/sync_task.go.
#pragma once

#include <cstdint>
#include <span>

#include "base/interner.h"
#include "model/facts.h"
#include "sync/operation.h"
#include "sync/pass.h"

namespace wavetank::sync {

struct TaskTag;
using TaskId = base::StrongId<TaskTag>;  // index in building order; survives sorting

struct Task {
  TaskId id;
  const model::ObjectFacts* object = nullptr;  // of the target if there is one, else of live
  TargetId target;                             // none: a prune, or the generated Namespace
  LiveId live;                                 // index into the pass's live objects
  bool has_target = false;                     // false: a prune task
  model::Key key;  // with the computed name, and the destination namespace filled in
  KindCheck check;
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  int kind_rank = 0;
  bool is_hook = false;
  bool skip_dry_run = false;
  bool is_modified = true;  // false only under ApplyOutOfSyncOnly
  TaskId moved_for;         // a Namespace or CRD that was moved before its first user
  ResultStatus status = ResultStatus::Empty;
  TaskState state = TaskState::Pending;
  base::Symbol message = base::kEmptySymbol;

  [[nodiscard]] bool is_prune() const { return !has_target; }
  [[nodiscard]] bool pending() const { return state == TaskState::Pending; }
  [[nodiscard]] bool running() const { return state == TaskState::Running; }
  [[nodiscard]] bool completed() const { return !pending() && !running(); }
  [[nodiscard]] bool failed() const { return completed() && state != TaskState::Succeeded; }

  // The delete policies count for hooks only, and never look at how this hook itself ended.
  [[nodiscard]] bool delete_before_creation() const {
    return is_hook && live.valid() && pending() && object->policies.before_hook_creation;
  }
  [[nodiscard]] bool delete_on_success() const {
    return is_hook && live.valid() && object->policies.hook_succeeded;
  }
  [[nodiscard]] bool delete_on_failure() const {
    return is_hook && live.valid() && object->policies.hook_failed;
  }
};

// Whether two tasks run together: one phase and one wave.
[[nodiscard]] inline bool in_one_group(const Task& a, const Task& b) {
  return a.phase == b.phase && a.wave == b.wave;
}

// Tasks of one run or one question, in the order of the sorted list.
using TaskRefs = std::span<Task* const>;

}  // namespace wavetank::sync
