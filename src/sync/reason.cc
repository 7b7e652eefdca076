#include "sync/reason.h"

namespace wavetank::sync {

std::string_view name(ReasonCode code) {
  switch (code) {
    case ReasonCode::InvalidTasks: return "a task is not valid";
    case ReasonCode::NamespaceCreatedFirst: return "the namespace is created before the dry run";
    case ReasonCode::DryRunFailed: return "the dry run failed";
    case ReasonCode::WaitsForHook: return "a hook has not completed";
    case ReasonCode::WaitsForHealth: return "a resource is not healthy yet";
    case ReasonCode::WaitsForDeletion: return "a deleted object is still there";
    case ReasonCode::WaitsForConfirmation: return "pruning is not confirmed";
    case ReasonCode::ObjectVanished: return "the object is gone";
    case ReasonCode::HookFailed: return "the hook failed";
    case ReasonCode::ResourceDegraded: return "the resource is degraded";
    case ReasonCode::ApplyFailed: return "the write failed";
    case ReasonCode::GroupStarts: return "the next phase and wave start";
    case ReasonCode::OldHookDeleted: return "BeforeHookCreation deletes the old hook";
    case ReasonCode::HookDeletedOnSuccess: return "HookSucceeded deletes the hook";
    case ReasonCode::HookDeletedOnFailure: return "HookFailed deletes the hook";
    case ReasonCode::SyncFailStarts: return "the sync failed, SyncFail hooks run";
    case ReasonCode::NothingLeft: return "no tasks are left";
    case ReasonCode::LastGroupHasNoHook: return "the last group has no hook to wait for";
    case ReasonCode::Terminated: return "the operation was terminated";
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::sync
