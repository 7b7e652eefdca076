// The static order of a first sync: what runs when, what gates what, and why.
//
// The plan is made by the engine's own task building and sorting over an empty cluster, so it can
// never disagree with a pass. Lint rules and reports ask the plan; they never compare waves.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/interner.h"
#include "model/facts.h"
#include "sync/operation.h"

namespace wavetank::sync {

// Why a task stands where it stands; the chain that `plan --explain-order` prints.
enum class PlaceReason : std::uint8_t {
  HookPhase,        // the phase comes from the hook annotation
  HelmHookPhase,    // … from helm.sh/hook
  PlainResource,    // no hook: phase Sync
  WaveAnnotation,   // the wave comes from sync-wave
  HelmWeight,       // … from helm.sh/hook-weight
  NoWave,           // wave 0
  MovedForUser,     // a Namespace or CRD moved in front of its first user (`user`)
  CreateNamespace,  // generated for the sync option CreateNamespace=true
};

struct PlanTask {
  std::uint32_t target = UINT32_MAX;  // index into the targets; UINT32_MAX: generated Namespace
  model::Key key;                     // with the computed name of a generateName hook
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  int kind_rank = 0;  // -35 Namespace … -1 APIService, 0 every other kind
  bool is_hook = false;
  PlaceReason phase_reason = PlaceReason::PlainResource;
  PlaceReason wave_reason = PlaceReason::NoWave;
  std::uint32_t moved_for = UINT32_MAX;  // MovedForUser: index into Plan::tasks of the user
};

// Tasks that one pass applies together: same phase and wave.
struct PlanStep {
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  std::uint32_t first = 0;  // tasks[first, last)
  std::uint32_t last = 0;
  // Whether Argo CD waits for the plain resources of this step before it goes on (or ends).
  bool gates_resources = false;
  // Whether it waits for the hooks of this step (always, if it has any).
  bool gates_hooks = false;
};

struct Plan {
  std::vector<PlanTask> tasks;          // SyncFail tasks included, last
  std::vector<PlanStep> steps;          // in order; SyncFail tasks form one step of their own, last
  std::vector<std::uint32_t> left_out;  // targets without a task: Skip, ignored or delete hooks
  bool is_multi_step = false;           // Argo CD's notion: first and last task differ

  // The step of tasks[i].
  [[nodiscard]] std::uint32_t step_of(std::uint32_t task) const;
  // Tasks of a target, in order (one per phase for hooks in several phases).
  [[nodiscard]] std::vector<std::uint32_t> tasks_of(std::uint32_t target) const;
};

[[nodiscard]] Plan make_plan(std::span<const model::ObjectFacts> targets,
                             const Operation& operation, base::Interner& interner);

}  // namespace wavetank::sync
