// The life of one operation as Argo CD's application controller leads it: one step after another,
// attempts, retries, the time limit, termination.
//
// A step has two halves, with the engine between them: `begin_step` says whether anything is to be
// done, `prepare_attempt` checks what may end or block an attempt before the engine, and
// `finish_step` decides what becomes of the outcome. Nothing here has a clock, a cluster or memory
// of its own; times come from the caller, and what it keeps between steps is an OperationState.
//
// Source: controller/appcontroller.go (processRequestedAppOperation, setOperationState),
// controller/sync.go (SyncAppState, syncWindowPreventsSync).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "application/controller_event.h"
#include "application/retry.h"
#include "application/selection.h"
#include "application/sync_options.h"
#include "application/sync_window.h"
#include "base/time.h"
#include "model/wall_time.h"

namespace wavetank::application {

// As in `operation.sync.syncStrategy`; Apply leaves hooks out.
enum class SyncStrategy : std::uint8_t { Hook, Apply };

// As in `operation.sync`.
struct SyncOperation {
  std::string revision;                // of the one source
  std::vector<std::string> revisions;  // of several
  std::vector<std::string> sources;    // texts that tell sources apart; empty: those of the spec
  std::string path;                    // of a source that is not the spec's; empty: the spec's
  bool prune = false;
  bool dry_run = false;
  SyncStrategy strategy = SyncStrategy::Hook;
  bool force = false;                       // of the strategy
  std::vector<ResourceSelector> resources;  // empty: all
  SyncOptions options;
  std::int64_t self_heal_attempts = 0;

  [[nodiscard]] bool is_partial() const { return !resources.empty(); }
};

// As in `operation`.
struct OperationRequest {
  std::optional<SyncOperation> sync;
  Trigger trigger = Trigger::Manual;
  RetryStrategy retry;
};

enum class OperationPhase : std::uint8_t { Running, Terminating, Succeeded, Failed, Error };
[[nodiscard]] std::string_view name(OperationPhase phase);
[[nodiscard]] bool is_completed(OperationPhase phase);

// What an attempt worked on; the results of its resources are the engine's.
struct AttemptResult {
  std::string revision;  // resolved as soon as the comparison has done so
  std::vector<std::string> revisions;
  std::vector<std::string> sources;

  friend bool operator==(const AttemptResult&, const AttemptResult&) = default;
};

// As in `status.operationState`. Times are kept in whole seconds, as the API server stores them.
struct OperationState {
  OperationPhase phase = OperationPhase::Running;
  std::string message;
  OperationRequest request;
  model::WallTime started_at;                  // of the first attempt
  std::optional<model::WallTime> finished_at;  // in phase Running: waits for its next attempt
  std::int64_t retry_count = 0;
  std::optional<AttemptResult> result;
};

[[nodiscard]] bool is_in_progress(const std::optional<OperationState>& state);

// What a step finds in the application when it begins.
struct OperationView {
  OperationRequest request;
  std::optional<OperationState> state;  // may still be that of an earlier operation
};

// A refresh of the application that the controller asks itself for.
enum class RefreshRequest : std::uint8_t {
  None,
  CompareLatest,        // against the revision as it is known
  ResolveRevisionAnew,  // looks up again what the revision stands for
};

struct StepOutcome {
  OperationState state;
  bool keeps_operation = true;   // `operation` is still set afterwards
  bool was_written = false;      // the application changed, which brings the next step at once
  base::Duration again_after{};  // the next step at the latest; zero or less: at once
  RefreshRequest refresh = RefreshRequest::None;
  std::vector<Event> events;
};

struct StepSettings {
  base::Duration sync_timeout{};  // over all attempts; zero: none
  // The longest time without a step. Source: appOperationMaxRequeueInterval.
  base::Duration requeue_interval = std::chrono::seconds(30);
};

// The first half of a step.
struct BegunStep {
  OperationState state;
  std::optional<OperationState> state_before;
  OperationRequest request;
  StepSettings settings;
  bool was_terminating = false;
  bool timed_out_now = false;  // this very step noticed that the time is over
  bool was_written = false;
  std::optional<StepOutcome> ended;  // there is nothing more to do in this step
};
[[nodiscard]] BegunStep begin_step(const OperationView& view, const StepSettings& settings,
                                   model::WallTime now);

// Whether windows let an operation go on, or why that cannot be said, which means no. `windows` are
// those assigned to the application. Judged is the state that the step found, not the one it made:
// the first step of an operation counts as automated, or as the operation before it.
[[nodiscard]] tl::expected<bool, std::string> windows_permit(
    const std::optional<OperationState>& state_before, std::span<const SyncWindow> windows,
    model::WallTime now);

enum class Attempt : std::uint8_t {
  Runs,     // the engine is to be called; it terminates in phase Terminating
  Blocked,  // by a sync window
  Ended,    // the operation asks for nothing
};
// What comes before the comparison.
[[nodiscard]] Attempt prepare_attempt(BegunStep& step, std::span<const SyncWindow> windows,
                                      model::WallTime now);

// Ends an attempt before the engine, or by what the engine says.
void end_attempt(BegunStep& step, OperationPhase phase, std::string message);

// What others did to the application while the step was at work.
enum class Meanwhile : std::uint8_t { Nothing, Terminated };
// The second half.
[[nodiscard]] StepOutcome finish_step(BegunStep step, Meanwhile meanwhile, model::WallTime now);
// The second half if the controller itself broke down over the operation: it is over.
[[nodiscard]] StepOutcome crash_step(BegunStep step, std::string message, model::WallTime now);

// Go's time.Kitchen, in UTC: "3:04PM".
[[nodiscard]] std::string kitchen_time(model::WallTime time);
// From the first to the second; runs into the ends of 64 bits.
[[nodiscard]] base::Duration between(model::WallTime from, model::WallTime to);

// What the controller says when it cannot load the application's project.
[[nodiscard]] std::string missing_project_message(std::string_view project);

}  // namespace wavetank::application
