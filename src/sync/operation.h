// What a sync operation is asked to do, and what it remembers between passes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/interner.h"
#include "model/facts.h"
#include "model/key.h"
#include "model/propagation.h"
#include "model/version.h"

namespace wavetank::sync {

// The options of one operation, by the names of Argo CD's sync options and flags.
struct Settings {
  bool dry_run = false;
  bool prune = false;
  bool prune_last = false;
  model::PruneOption default_prune = model::PruneOption::Unset;  // application-level Prune=
  model::Propagation propagation = model::Propagation::Foreground;
  bool force = false;
  bool replace = false;
  bool server_side_apply = false;
  bool no_validate = false;
  bool skip_hooks = false;  // selective syncs and the "apply" strategy
  bool skip_dry_run_on_missing_resource = false;
  bool apply_out_of_sync_only = false;
  bool create_namespace = false;
  bool has_managed_namespace_metadata = false;
  std::int64_t managed_namespace_wave = 0;  // of spec.syncPolicy.managedNamespaceMetadata
};

struct Operation {
  model::ArgocdVersion version = model::kNewestVersion;
  std::string revision;         // resolved; names generateName hooks
  std::int64_t started_at = 0;  // seconds since 1970, UTC; names generateName hooks
  base::Symbol name_space;      // the application's destination namespace
  Settings settings;
};

enum class OperationPhase : std::uint8_t { Running, Succeeded, Failed, Error };
[[nodiscard]] std::string_view name(OperationPhase phase);

// Result code of one resource; Empty until something was done with it.
enum class ResultStatus : std::uint8_t { Empty, Synced, SyncFailed, Pruned, PruneSkipped };
[[nodiscard]] std::string_view name(ResultStatus status);

// How far a task is; Argo CD calls it hookPhase, for plain resources too.
enum class TaskState : std::uint8_t { Pending, Running, Succeeded, Failed, Error };
[[nodiscard]] std::string_view name(TaskState state);

// The record of one (object, phase) that outlives a pass. On updates only status, state and message
// change; the rest is fixed at first insertion.
struct Result {
  model::Key key;
  model::Phase phase = model::Phase::Sync;
  bool is_hook = false;
  ResultStatus status = ResultStatus::Empty;
  TaskState state = TaskState::Pending;
  base::Symbol message = base::kEmptySymbol;
  base::Symbol version;
  base::Symbol images = base::kEmptySymbol;  // one a line
};

// The engine's memory between passes; results in order of first insertion.
struct SyncState {
  OperationPhase phase = OperationPhase::Running;
  base::Symbol message = base::kEmptySymbol;
  std::vector<Result> results;

  [[nodiscard]] bool completed() const { return phase != OperationPhase::Running; }
};

}  // namespace wavetank::sync
