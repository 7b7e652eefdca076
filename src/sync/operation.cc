#include "sync/operation.h"

namespace wavetank::sync {

std::string_view name(OperationPhase phase) {
  switch (phase) {
    case OperationPhase::Running: return "Running";
    case OperationPhase::Succeeded: return "Succeeded";
    case OperationPhase::Failed: return "Failed";
    case OperationPhase::Error: return "Error";
  }
  WAVETANK_CHECK(false);
}

std::string_view name(ResultStatus status) {
  switch (status) {
    case ResultStatus::Empty: return "";
    case ResultStatus::Synced: return "Synced";
    case ResultStatus::SyncFailed: return "SyncFailed";
    case ResultStatus::Pruned: return "Pruned";
    case ResultStatus::PruneSkipped: return "PruneSkipped";
  }
  WAVETANK_CHECK(false);
}

std::string_view name(TaskState state) {
  switch (state) {
    case TaskState::Pending: return "";
    case TaskState::Running: return "Running";
    case TaskState::Succeeded: return "Succeeded";
    case TaskState::Failed: return "Failed";
    case TaskState::Error: return "Error";
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::sync
