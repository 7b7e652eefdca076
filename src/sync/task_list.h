// Builds the task list of a pass: pairs targets with live objects, names hooks, checks kinds,
// rewrites the waves of prune tasks, sorts.
//
// Source: gitops-engine/pkg/sync/reconcile.go and sync_context.go (getSyncTasks).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

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
struct Reconciliation {
  std::vector<Pair> pairs;      // total order of keys
  std::vector<TargetId> hooks;  // in list order
};

[[nodiscard]] Reconciliation reconcile(std::span<const Target> targets,
                                       std::span<const LiveObject> live, const Operation& operation,
                                       const base::Interner& interner);

// The tasks of all pairs and hooks, in building order: resource tasks, then hook tasks.
[[nodiscard]] std::vector<Task> build_tasks(const Reconciliation& pairs,
                                            std::span<const Target> targets,
                                            std::span<const LiveObject> live,
                                            const Operation& operation, base::Interner& interner);

// Whether CreateNamespace=true has to look for the destination namespace: no target that is not a
// hook provides it. (Argo CD means to consider hooks too, but copies into an empty slice.)
[[nodiscard]] bool needs_generated_namespace(const Reconciliation& pairs,
                                             std::span<const Target> targets,
                                             const Operation& operation);

// What is known of the generated Namespace before it exists.
[[nodiscard]] model::ObjectFacts generated_namespace_facts(const Operation& operation,
                                                           base::Interner& interner);

// The live object of a target's key: exact namespace first, then cluster-scoped.
[[nodiscard]] LiveId find_live(const Reconciliation& pairs, const model::Key& key,
                               const base::Interner& interner);

// Reverses the waves among prune tasks, then puts PruneLast tasks behind the last Sync wave.
void rewrite_prune_waves(std::vector<Task>& tasks, std::span<const LiveObject> live,
                         const Settings& settings);

// metadata.name of a generateName hook: prefix, first seven characters of the revision, phase and
// start of the operation, so every attempt of one operation gives the same name.
[[nodiscard]] std::string generated_name(std::string_view prefix, const Operation& operation,
                                         model::Phase phase);

}  // namespace wavetank::sync
