// Why the engine decided something: a code and the things it is about, printed only on demand.
#pragma once

#include <cstdint>
#include <string>

#include "base/interner.h"
#include "model/hook.h"
#include "model/key.h"

namespace wavetank::sync {

enum class ReasonCode : std::uint8_t {
  InvalidTasks,           // discovery or permissions refuse a task
  NamespaceCreatedFirst,  // the destination Namespace is created before the dry run
  DryRunFailed,
  WaitsForHook,          // a hook of the group has not completed
  WaitsForHealth,        // a resource of the group is not healthy yet
  WaitsForDeletion,      // a pruned object or an old hook is still there
  WaitsForConfirmation,  // Prune=confirm without approval
  ObjectVanished,        // a running task's object is gone
  HookFailed,            // a completed task did not succeed
  ResourceDegraded,
  ApplyFailed,
  GroupStarts,           // the next phase and wave are applied
  OldHookDeleted,        // BeforeHookCreation
  HookDeletedOnSuccess,  // HookSucceeded, at the end of a successful operation
  HookDeletedOnFailure,  // HookFailed, when the operation is found failed
  SyncFailStarts,        // SyncFail hooks start
  NothingLeft,           // all tasks done
  LastGroupHasNoHook,    // nothing is waited for after the last group
  Terminated,
};
[[nodiscard]] std::string_view name(ReasonCode code);

struct Reason {
  ReasonCode code = ReasonCode::NothingLeft;
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  model::Key key;  // of the task it is about; empty Symbols when it is about the whole group
};

}  // namespace wavetank::sync
