// Whether an automated sync starts, and with what operation.
//
// Source: controller/appcontroller.go (autoSync, alreadyAttemptedSync, selfHealRemainingBackoff).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application/controller_event.h"
#include "application/operation_state.h"
#include "application/retry.h"
#include "application/sync_options.h"
#include "base/time.h"
#include "model/key.h"
#include "model/wall_time.h"

namespace wavetank::application {

// Hooks, skipped objects and copies of objects have none.
enum class SyncStatus : std::uint8_t { None, Synced, OutOfSync, Unknown };
[[nodiscard]] std::string_view name(SyncStatus status);

// As in `status.resources`, as far as automated syncs ask.
struct ComparedResource {
  model::ObjectKey key;
  SyncStatus status = SyncStatus::None;
  bool requires_pruning = false;
};

// The result of a comparison of git and cluster.
struct Compared {
  SyncStatus status = SyncStatus::Unknown;
  std::string revision;                     // of the one source
  std::vector<std::string> revisions;       // of several
  bool revisions_may_have_changes = false;  // as far as is known, they concern the application
  std::vector<ComparedResource> resources;
};

// As in `spec.syncPolicy.automated`.
struct AutomatedPolicy {
  bool enabled = true;
  bool prune = false;
  bool self_heal = false;
  bool allow_empty = false;
};

// As in `spec.syncPolicy`.
struct SyncPolicy {
  std::optional<AutomatedPolicy> automated;
  std::optional<RetryStrategy> retry;
  SyncOptions options;
};

// `--self-heal-backoff-*` of the controller.
struct SelfHealBackoff {
  base::Duration duration = std::chrono::seconds(2);
  double factor = 3;
  base::Duration cap = std::chrono::seconds(300);  // zero: none
};

struct SelfHealSettings {
  base::Duration timeout{};  // counts only without a backoff
  std::optional<SelfHealBackoff> backoff = SelfHealBackoff{};
};

enum class RunningOperation : std::uint8_t {
  None,
  Known,
  Unseen,  // started meanwhile: the server knows, the controller does not yet
};

// What the decision looks at.
struct AutoSyncView {
  SyncPolicy policy;
  std::vector<std::string> sources;  // texts that tell sources apart
  bool has_multiple_sources = false;
  RunningOperation running = RunningOperation::None;
  bool is_being_deleted = false;
  std::optional<OperationState> last;  // `status.operationState`
};

// At most one of the first three.
struct AutoSyncDecision {
  std::optional<OperationRequest> operation;  // starts, and takes away `status.operationState`
  std::optional<Condition> condition;         // SyncError
  std::optional<base::Duration> recheck_after;
  std::vector<Event> events;
};

[[nodiscard]] AutoSyncDecision decide_auto_sync(const AutoSyncView& view, const Compared& compared,
                                                const SelfHealSettings& settings,
                                                model::WallTime now);

// How long self-heal waits after so many attempts, counted from the end of the last operation.
[[nodiscard]] base::Duration self_heal_delay(const SelfHealSettings& settings,
                                             std::int64_t attempts);

}  // namespace wavetank::application
