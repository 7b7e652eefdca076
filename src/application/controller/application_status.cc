#include "application/controller/application_status.h"

#include <array>
#include <nlohmann/json.hpp>
#include <optional>

#include "health/object_view.h"

namespace wavetank::application {

using health::at;
using health::flag;
using health::list;
using health::number;
using health::text;
using nlohmann::json;

namespace {

// The value of an enumeration that bears this name; the first one if none does.
template <class T, std::size_t N>
T named(const std::array<T, N>& all, std::string_view word) {
  for (const T each : all) {
    if (name(each) == word) return each;
  }
  return all.front();
}

constexpr std::array kSyncStatuses{SyncStatus::Unknown, SyncStatus::Synced, SyncStatus::OutOfSync};
constexpr std::array kPhases{OperationPhase::Running, OperationPhase::Terminating,
                             OperationPhase::Succeeded, OperationPhase::Failed,
                             OperationPhase::Error};
constexpr std::array kSyncPhases{model::Phase::Sync, model::Phase::PreSync, model::Phase::PostSync,
                                 model::Phase::SyncFail};
constexpr std::array kResultStatuses{sync::ResultStatus::Empty, sync::ResultStatus::Synced,
                                     sync::ResultStatus::SyncFailed, sync::ResultStatus::Pruned,
                                     sync::ResultStatus::PruneSkipped};
constexpr std::array kTaskStates{sync::TaskState::Pending, sync::TaskState::Running,
                                 sync::TaskState::Succeeded, sync::TaskState::Failed,
                                 sync::TaskState::Error};

OperationRequest read_operation(const json& operation) {
  OperationRequest request{.retry = read_retry(at(operation, "/retry"))};
  if (flag(operation, "/initiatedBy/automated")) request.trigger = Trigger::Automatic;
  const json& sync = at(operation, "/sync");
  if (!sync.is_object()) return request;
  request.sync = SyncOperation{.revision = text(sync, "/revision"),
                               .prune = flag(sync, "/prune"),
                               .dry_run = flag(sync, "/dryRun"),
                               .resources = read_selectors(list(sync, "/resources")),
                               .self_heal_attempts = number(sync, "/autoHealAttemptsCount")};
  for (const json& option : list(sync, "/syncOptions")) {
    if (option.is_string()) request.sync->options.push_back(option.get<std::string>());
  }
  const json& strategy = at(sync, "/syncStrategy");
  request.sync->force = flag(strategy, "/hook/force") || flag(strategy, "/apply/force");
  if (at(strategy, "/apply").is_object()) request.sync->strategy = SyncStrategy::Apply;
  return request;
}

sync::Result read_result(const json& resource, base::Interner& interner) {
  sync::Result result;
  result.key = model::intern({.group = text(resource, "/group"),
                              .kind = text(resource, "/kind"),
                              .name_space = text(resource, "/namespace"),
                              .name = text(resource, "/name")},
                             interner);
  result.phase = named(kSyncPhases, text(resource, "/syncPhase"));
  result.is_hook = !text(resource, "/hookType").empty();
  result.status = named(kResultStatuses, text(resource, "/status"));
  result.state = named(kTaskStates, text(resource, "/hookPhase"));
  result.message = interner.intern(text(resource, "/message"));
  result.version = interner.intern(text(resource, "/version"));
  return result;
}

void read_operation_state(const json& shown, ApplicationState& state, base::Interner& interner) {
  OperationState operation{.phase = named(kPhases, text(shown, "/phase")),
                           .message = text(shown, "/message"),
                           .request = read_operation(at(shown, "/operation")),
                           .finished_at = model::parse_rfc3339(text(shown, "/finishedAt")),
                           .retry_count = number(shown, "/retryCount")};
  operation.started_at =
      model::parse_rfc3339(text(shown, "/startedAt")).value_or(model::WallTime{});
  const json& result = at(shown, "/syncResult");
  if (result.is_object()) {
    operation.result = AttemptResult{.revision = text(result, "/revision"),
                                     .sources = {at(result, "/source").dump()}};
    for (const json& resource : list(result, "/resources")) {
      state.engine.results.push_back(read_result(resource, interner));
    }
  }
  state.engine.message = interner.intern(operation.message);
  state.operation_state = std::move(operation);
}

}  // namespace

std::vector<HistoryEntry> read_history(const json& list) {
  std::vector<HistoryEntry> history;
  for (const json& entry : list) {
    history.push_back({.id = number(entry, "/id"),
                       .revision = text(entry, "/revision"),
                       .path = text(entry, "/source/path")});
  }
  return history;
}

void read_status(const json& object, ApplicationState& state, base::Interner& interner) {
  const json& status = at(object, "/status");
  if (at(status, "/sync").is_object()) {
    state.was_compared = true;
    state.revision = text(status, "/sync/revision");
    state.status.sync = named(kSyncStatuses, text(status, "/sync/status"));
    state.status.health = text(status, "/health/status");
    state.health_message = text(status, "/health/message");
  }
  for (const json& condition : list(status, "/conditions")) {
    state.status.conditions.push_back(
        {.type = text(condition, "/type"), .message = text(condition, "/message")});
  }
  state.history = read_history(list(status, "/history"));
  if (at(status, "/operationState").is_object()) {
    read_operation_state(at(status, "/operationState"), state, interner);
  }
  if (at(object, "/operation").is_object()) {
    state.operation = read_operation(at(object, "/operation"));
  } else if (is_in_progress(state.operation_state)) {
    state.operation = state.operation_state->request;
  }
}

}  // namespace wavetank::application
