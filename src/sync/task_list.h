// Builds the task list of a pass: pairs targets with live objects, names hooks, checks kinds,
// rewrites the waves of prune tasks, sorts.
//
// Everything is built anew at every pass, as in Argo CD, but in memory that is kept.
// Source: gitops-engine/pkg/sync/reconcile.go and sync_context.go (getSyncTasks).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/arena.h"
#include "base/id_table.h"
#include "base/interner.h"
#include "sync/pass.h"
#include "sync/task.h"

namespace wavetank::sync {

// A target that is no hook with its live object, or a live object without such a target.
struct Pair {
  TargetId target;
  LiveId live;
  model::Key key;  // the live object's if there is one, else the target's
  bool selected = true;
};

// What the comparison yields before any task exists.
class Reconciliation {
 public:
  // Compares anew; what was built before is gone. The result needs what it takes from `memory`.
  void build(std::span<const Target> targets, std::span<const LiveObject> live,
             const Operation& operation, const base::Interner& interner, base::Arena& memory);

  // In the total order of keys.
  [[nodiscard]] std::span<const Pair> pairs() const WAVETANK_LIFETIMEBOUND { return pairs_; }
  // In list order.
  [[nodiscard]] std::span<const TargetId> hooks() const WAVETANK_LIFETIMEBOUND { return hooks_; }

  // The live object of a target's key: exact namespace first, then cluster-scoped.
  [[nodiscard]] LiveId find_live(const model::Key& key) const;

 private:
  std::vector<Pair> pairs_;
  std::vector<TargetId> hooks_;
  base::IdTable pair_by_key_;
};

// Replaces `tasks` by those of all pairs and hooks, in building order: resource tasks, then hook
// tasks.
void build_tasks(const Reconciliation& pairs, std::span<const Target> targets,
                 std::span<const LiveObject> live, const Operation& operation,
                 base::Interner& interner, std::vector<Task>& tasks);

// Whether CreateNamespace=true has to look for the destination namespace: no target that is not a
// hook provides it. (Argo CD means to consider hooks too, but copies into an empty slice.)
[[nodiscard]] bool needs_generated_namespace(const Reconciliation& pairs,
                                             std::span<const Target> targets,
                                             const Operation& operation);

// What is known of the generated Namespace before it exists.
[[nodiscard]] model::ObjectFacts generated_namespace_facts(const Operation& operation,
                                                           base::Interner& interner);

// The task of the generated Namespace. REQUIRES: `facts` outlives it.
[[nodiscard]] Task generated_namespace_task(const model::ObjectFacts& facts, TaskId id);

// Reverses the waves among prune tasks, then puts PruneLast tasks behind the last Sync wave.
void rewrite_prune_waves(std::span<Task> tasks, std::span<const LiveObject> live,
                         const Settings& settings, base::Arena& scratch);

// metadata.name of a generateName hook: prefix, first seven characters of the revision, phase and
// start of the operation, so every attempt of one operation gives the same name.
[[nodiscard]] base::Symbol generated_name(std::string_view prefix, const Operation& operation,
                                          model::Phase phase, base::Interner& interner);

}  // namespace wavetank::sync
