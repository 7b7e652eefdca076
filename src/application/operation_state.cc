#include "application/operation_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace wavetank::application {

namespace {

// What Go says of a nil pointer; a retry that is to refresh its revision meets one when the
// operation has no sync.
constexpr std::string_view kNilPointer =
    "runtime error: invalid memory address or nil pointer dereference";

// A wait that does not fit in 63 bits becomes the smallest number.
std::int64_t or_smallest(const std::optional<std::int64_t>& wait) {
  return wait.value_or(std::numeric_limits<std::int64_t>::min());
}

tl::expected<model::WallTime, std::string> next_attempt_at(const RetryStrategy& retry,
                                                           model::WallTime finished,
                                                           std::int64_t retries) {
  const auto wait = retry_wait(retry, retries);
  if (!wait) return tl::unexpected(wait.error());
  return finished.plus(or_smallest(*wait));
}

model::WallTime whole_seconds(model::WallTime time) { return {.seconds = time.seconds}; }

Event completion_event(const OperationState& state) {
  const bool is_partial = state.request.sync && state.request.sync->is_partial();
  std::string message = is_partial ? "Partial sync operation" : "Sync operation";
  if (state.result) message += " to " + state.result->revision;
  const bool succeeded = state.phase == OperationPhase::Succeeded;
  message += succeeded ? " succeeded" : " failed: " + state.message;
  return {.kind = succeeded ? Event::Kind::Normal : Event::Kind::Warning,
          .reason = "OperationCompleted",
          .message = std::move(message)};
}

bool is_same(const OperationState& a, const OperationState& b) {
  const auto revision = [](const OperationState& state) {
    return state.request.sync ? state.request.sync->revision : std::string();
  };
  return a.phase == b.phase && a.message == b.message && a.started_at == b.started_at &&
         a.finished_at == b.finished_at && a.retry_count == b.retry_count && a.result == b.result &&
         revision(a) == revision(b);
}

// Ends the step with its state written down.
StepOutcome write_down(BegunStep step, model::WallTime now) {
  StepOutcome outcome;
  const bool is_over = is_completed(step.state.phase);
  if (is_over) step.state.finished_at = now;
  if (step.state.finished_at) step.state.finished_at = whole_seconds(*step.state.finished_at);
  outcome.was_written =
      step.was_written || is_over || !step.state_before || !is_same(*step.state_before, step.state);
  outcome.keeps_operation = !is_over;
  if (is_over) outcome.events.push_back(completion_event(step.state));
  outcome.state = std::move(step.state);
  return outcome;
}

// The next step comes when the time limit strikes, unless the operation is being terminated anyway.
base::Duration limited(base::Duration wait, OperationPhase phase, model::WallTime started,
                       const StepSettings& settings, model::WallTime now) {
  if (settings.sync_timeout <= base::Duration::zero() || phase == OperationPhase::Terminating) {
    return wait;
  }
  return std::min(wait, between(now, started.plus(settings.sync_timeout.count())));
}

bool is_timed_out(const BegunStep& step, model::WallTime now) {
  const base::Duration limit = step.settings.sync_timeout;
  return limit != base::Duration::zero() && now > step.state.started_at.plus(limit.count());
}

// An attempt has failed and the operation waits for the next one.
void resume_after_wait(BegunStep& step, model::WallTime now) {
  OperationState& state = step.state;
  const auto due = next_attempt_at(state.request.retry, *state.finished_at, state.retry_count);
  if (!due) {
    step.ended = crash_step(step, due.error(), now);
    return;
  }
  const base::Duration wait = between(now, *due);
  if (wait > base::Duration::zero()) {
    StepOutcome waiting{.state = state};
    waiting.again_after = limited(wait, state.phase, state.started_at, step.settings, now);
    step.ended = std::move(waiting);
    return;
  }
  if (state.request.retry.refresh && !state.request.sync) {
    step.ended = crash_step(step, std::string(kNilPointer), now);
    return;
  }
  if (state.request.retry.refresh) {
    state.request.sync->revision.clear();
    state.request.sync->revisions.clear();
  }
  state.message =
      fmt::format("Retrying operation{}. Attempt #{}",
                  state.request.retry.refresh ? " with latest revisions" : "", state.retry_count);
  state.finished_at.reset();
  state.result.reset();
  step.was_written = true;
}

void resume(BegunStep& step, model::WallTime now) {
  OperationState& state = step.state;
  if (state.phase == OperationPhase::Terminating) return;
  if (is_timed_out(step, now)) {
    state.phase = OperationPhase::Terminating;
    state.message = "operation is terminating due to timeout";
    step.timed_out_now = true;
    step.was_written = true;
    return;
  }
  if (state.finished_at) resume_after_wait(step, now);
}

// An attempt has failed: another one, or the end.
void retry_or_give_up(BegunStep& step, model::WallTime now) {
  OperationState& state = step.state;
  const RetryStrategy& retry = state.request.retry;
  const bool may_retry = state.retry_count < retry.limit || retry.limit < 0;
  if (step.was_terminating || !may_retry) {
    if (step.timed_out_now) state.message += ", triggered by controller sync timeout";
    if (state.retry_count > 0) {
      state.message += fmt::format(" (retried {} times).", state.retry_count);
    }
    return;
  }
  // The time that is announced comes from the count before this retry, the wait itself from the
  // count after it: what users read is one factor too early.
  const auto due = next_attempt_at(retry, now, state.retry_count);
  if (!due) {
    state.phase = OperationPhase::Error;
    state.message += fmt::format(" (failed to retry: {})", due.error());
    return;
  }
  state.phase = OperationPhase::Running;
  state.finished_at = now;
  ++state.retry_count;
  state.message +=
      fmt::format(". Retrying attempt #{} at {}.", state.retry_count, kitchen_time(*due));
}

}  // namespace

std::string_view name(OperationPhase phase) {
  switch (phase) {
    case OperationPhase::Running: return "Running";
    case OperationPhase::Terminating: return "Terminating";
    case OperationPhase::Succeeded: return "Succeeded";
    case OperationPhase::Failed: return "Failed";
    case OperationPhase::Error: return "Error";
  }
  return "";
}

bool is_completed(OperationPhase phase) {
  return phase != OperationPhase::Running && phase != OperationPhase::Terminating;
}

bool is_in_progress(const std::optional<OperationState>& state) {
  return state && !is_completed(state->phase);
}

BegunStep begin_step(const OperationView& view, const StepSettings& settings, model::WallTime now) {
  BegunStep step{.state_before = view.state, .request = view.request, .settings = settings};
  if (is_in_progress(view.state)) {
    step.state = *view.state;
    resume(step, now);
  } else {
    step.state = {.request = view.request, .started_at = now};
    step.was_written = true;
  }
  step.was_terminating = step.state.phase == OperationPhase::Terminating;
  return step;
}

tl::expected<bool, std::string> windows_permit(const std::optional<OperationState>& state_before,
                                               std::span<const SyncWindow> windows,
                                               model::WallTime now) {
  SyncRequest question{.now = now};
  if (state_before) {
    question.trigger = state_before->request.trigger;
    question.started = state_before->started_at;
  }
  return can_sync(windows, question);
}

Attempt prepare_attempt(BegunStep& step, std::span<const SyncWindow> windows, model::WallTime now) {
  OperationState& state = step.state;
  if (!state.request.sync) {
    end_attempt(step, OperationPhase::Error, "Invalid operation request: no operation specified");
    return Attempt::Ended;
  }
  if (!state.result) {
    const SyncOperation& sync = *state.request.sync;
    state.result = AttemptResult{
        .revision = sync.revision, .revisions = sync.revisions, .sources = sync.sources};
  }
  const auto permission = windows_permit(step.state_before, windows, now);
  if (permission && *permission) return Attempt::Runs;
  if (state.phase == OperationPhase::Running) {
    state.message = "Sync operation blocked by sync window";
    if (!permission) state.message += ": " + permission.error();
  }
  return Attempt::Blocked;
}

void end_attempt(BegunStep& step, OperationPhase phase, std::string message) {
  step.state.phase = phase;
  step.state.message = std::move(message);
}

StepOutcome finish_step(BegunStep step, Meanwhile meanwhile, model::WallTime now) {
  const StepSettings settings = step.settings;
  const bool is_dry_run = !step.request.sync || step.request.sync->dry_run;
  if (step.state.phase == OperationPhase::Running && meanwhile == Meanwhile::Terminated) {
    end_attempt(step, OperationPhase::Terminating, "operation is terminating");
  } else if (step.state.phase == OperationPhase::Failed ||
             step.state.phase == OperationPhase::Error) {
    retry_or_give_up(step, now);
  }
  const model::WallTime started = step.state.started_at;
  step.state.started_at = whole_seconds(started);
  StepOutcome outcome = write_down(std::move(step), now);
  outcome.again_after =
      limited(settings.requeue_interval, outcome.state.phase, started, settings, now);
  if (!outcome.keeps_operation && !is_dry_run) {
    // Automated syncs know the latest revision already.
    outcome.refresh = outcome.state.request.trigger == Trigger::Automatic
                          ? RefreshRequest::CompareLatest
                          : RefreshRequest::ResolveRevisionAnew;
  }
  return outcome;
}

StepOutcome crash_step(BegunStep step, std::string message, model::WallTime now) {
  // The next step is asked for before the breakdown is noticed.
  const base::Duration again_after = limited(step.settings.requeue_interval, step.state.phase,
                                             step.state.started_at, step.settings, now);
  end_attempt(step, OperationPhase::Error, std::move(message));
  step.state.started_at = whole_seconds(step.state.started_at);
  StepOutcome outcome = write_down(std::move(step), now);
  outcome.again_after = again_after;
  return outcome;
}

std::string kitchen_time(model::WallTime time) {
  const model::CivilTime civil = model::TimeZone().civil(time.seconds);
  const int hour = civil.hour % 12 == 0 ? 12 : civil.hour % 12;
  return fmt::format("{}:{:02}{}", hour, civil.minute, civil.hour < 12 ? "AM" : "PM");
}

base::Duration between(model::WallTime from, model::WallTime to) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  constexpr std::int64_t kSecondsMax = std::numeric_limits<std::int64_t>::max() / kSecond - 1;
  const std::int64_t seconds = to.seconds - from.seconds;
  if (seconds > kSecondsMax) return base::Duration::max();
  if (seconds < -kSecondsMax) return base::Duration::min();
  return base::Duration(seconds * kSecond + (to.nanoseconds - from.nanoseconds));
}

std::string missing_project_message(std::string_view project) {
  return fmt::format(
      "Failed to load application project: error getting app project \"{0}\": "
      "appproject.argoproj.io \"{0}\" not found",
      project);
}

}  // namespace wavetank::application
