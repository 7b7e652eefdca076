// Automated syncs: one decision, and several refreshes in a row.
#include "application/refresh.h"

#include <array>
#include <optional>
#include <string>
#include <utility>

#include "conformance/controller_answers.h"
#include "conformance/controller_json.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

namespace {

app::SyncStatus read_status(std::string_view word) {
  for (const app::SyncStatus status : {app::SyncStatus::Synced, app::SyncStatus::OutOfSync}) {
    if (app::name(status) == word) return status;
  }
  return word.empty() ? app::SyncStatus::None : app::SyncStatus::Unknown;
}

app::SyncPolicy read_policy(const json& in) {
  app::SyncPolicy policy{.options = texts(in, "syncOptions")};
  if (const json& automated = at(in, "automated"); automated.is_object()) {
    policy.automated = app::AutomatedPolicy{.enabled = at(automated, "enabled") != false,
                                            .prune = flag(automated, "prune"),
                                            .self_heal = flag(automated, "selfHeal"),
                                            .allow_empty = flag(automated, "allowEmpty")};
  }
  if (const json& retry = at(in, "retry"); retry.is_object()) policy.retry = read_retry(retry);
  return policy;
}

app::SelfHealSettings read_self_heal(const json& in) {
  app::SelfHealSettings settings{.timeout = seconds(in, "selfHealTimeout"),
                                 .backoff = std::nullopt};
  if (const json& backoff = at(in, "selfHealBackoff"); backoff.is_object()) {
    settings.backoff = app::SelfHealBackoff{
        .duration = seconds(backoff, "duration"), .factor = 0, .cap = seconds(backoff, "cap")};
    if (backoff.contains("factor")) settings.backoff->factor = backoff["factor"].get<double>();
  }
  return settings;
}

std::optional<app::OperationState> read_last(const json& last, const app::AutoSyncView& view,
                                             model::WallTime now) {
  if (!last.is_object()) return std::nullopt;
  app::OperationState state{.phase = read_phase(text(last, "phase")),
                            .message = text(last, "message")};
  if (!flag(last, "noSync")) {
    state.request.sync =
        app::SyncOperation{.self_heal_attempts = number(last, "autoHealAttemptsCount")};
  }
  if (last.contains("finishedAgo")) {
    state.finished_at = now.plus(-seconds(last, "finishedAgo").count());
  }
  if (!flag(last, "noResult")) {
    state.result = app::AttemptResult{.revision = text(last, "revision"),
                                      .revisions = texts(last, "revisions"),
                                      .sources = view.sources};
    if (flag(last, "otherSource")) state.result->sources.front() += " elsewhere";
  }
  return state;
}

app::Compared read_compared(const json& in) {
  app::Compared compared{.status = read_status(text(in, "status")),
                         .revision = text(in, "revision"),
                         .revisions = texts(in, "revisions"),
                         .revisions_may_have_changes = flag(in, "revisionsMayHaveChanges")};
  for (const json& resource : at(in, "resources")) {
    compared.resources.push_back({.key = read_key(resource),
                                  .status = read_status(text(resource, "status")),
                                  .requires_pruning = flag(resource, "requiresPruning")});
  }
  return compared;
}

json describe(const app::RetryStrategy& retry) {
  json out = json::object();
  if (retry.limit != 0) out["limit"] = retry.limit;
  if (retry.refresh) out["refresh"] = true;
  if (!retry.backoff) return out;
  json& backoff = out["backoff"] = json::object();
  if (!retry.backoff->duration.empty()) backoff["duration"] = retry.backoff->duration;
  if (!retry.backoff->max_duration.empty()) backoff["maxDuration"] = retry.backoff->max_duration;
  if (retry.backoff->factor) backoff["factor"] = *retry.backoff->factor;
  return out;
}

json describe(const app::OperationRequest& request) {
  json sync = json::object();
  if (!request.sync->revision.empty()) sync["revision"] = request.sync->revision;
  add_texts(sync, "revisions", request.sync->revisions);
  add_texts(sync, "syncOptions", request.sync->options);
  if (request.sync->prune) sync["prune"] = true;
  if (request.sync->self_heal_attempts != 0) {
    sync["autoHealAttemptsCount"] = request.sync->self_heal_attempts;
  }
  for (const app::ResourceSelector& resource : request.sync->resources) {
    json& entry = sync["resources"].emplace_back();
    if (!resource.key.group.empty()) entry["group"] = resource.key.group;
    entry["kind"] = resource.key.kind;
    entry["name"] = resource.key.name;
  }
  json initiator = json::object();
  if (request.trigger == app::Trigger::Automatic) initiator["automated"] = true;
  return {{"sync", std::move(sync)},
          {"initiatedBy", std::move(initiator)},
          {"retry", describe(request.retry)}};
}

app::RunningOperation read_running(const json& in) {
  if (flag(in, "operationInProgress")) return app::RunningOperation::Known;
  if (flag(in, "operationOnServer")) return app::RunningOperation::Unseen;
  return app::RunningOperation::None;
}

}  // namespace

json answer_autosync(const json& in) {
  const model::WallTime now = moment("2025-06-02T12:00:00Z");
  const auto windows = assigned_windows(at(in, "windows"));
  if (!app::can_sync(windows, {.now = now}).value_or(false)) return {{"window", "blocked"}};
  app::AutoSyncView view{.policy = read_policy(at(in, "syncPolicy")),
                         .has_multiple_sources = flag(in, "multiSource"),
                         .running = read_running(in),
                         .is_being_deleted = flag(in, "deleting")};
  view.sources = view.has_multiple_sources ? Texts{"first", "second"} : Texts{"only"};
  view.last = read_last(at(in, "last"), view, now);
  const app::AutoSyncDecision decision =
      app::decide_auto_sync(view, read_compared(in), read_self_heal(in), now);
  json out = json::object();
  if (decision.operation) {
    out["operation"] = describe(*decision.operation);
    out["stateCleared"] = true;
  }
  if (decision.condition) {
    out["condition"] = {{"type", decision.condition->type},
                        {"message", decision.condition->message}};
  }
  if (decision.recheck_after) out["recheckAfter"] = seconds_of(*decision.recheck_after);
  add_events(out, decision.events);
  return out;
}

namespace {

// The application between refreshes.
struct Refreshed {
  app::AutoSyncView view;
  app::RefreshedStatus status;
  std::optional<app::OperationRequest> operation;
};

void interfere(Refreshed& world, const json& step, model::WallTime now) {
  const json& finish = at(step, "finish");
  if (finish.is_object() && world.operation) {
    const std::string revision = world.operation->sync->revision;
    world.view.last = app::OperationState{
        .phase = read_phase(text(finish, "phase")),
        .message = text(finish, "message"),
        .request = *std::exchange(world.operation, std::nullopt),
        .finished_at = now,
        .result = app::AttemptResult{.revision = revision, .sources = world.view.sources}};
  }
  if (flag(step, "manual") && !world.operation) {
    world.operation =
        app::OperationRequest{.sync = app::SyncOperation{.revision = text(step, "revision")},
                              .trigger = app::Trigger::Manual};
    world.view.last.reset();
  }
  if (flag(step, "delete")) world.view.is_being_deleted = true;
  world.view.running = world.operation ? app::RunningOperation::Known : app::RunningOperation::None;
}

app::Compared compare(const json& step) {
  app::Compared compared = read_compared(step);
  const auto add = [&](std::string_view list, app::SyncStatus status, bool requires_pruning) {
    for (const std::string& name : texts(step, list)) {
      compared.resources.push_back(
          {.key = {.kind = "ConfigMap", .name_space = "demo", .name = name},
           .status = status,
           .requires_pruning = requires_pruning});
    }
  };
  add("outOfSync", app::SyncStatus::OutOfSync, false);
  add("prunable", app::SyncStatus::OutOfSync, true);
  add("synced", app::SyncStatus::Synced, false);
  return compared;
}

json describe_running(const app::OperationRequest& request, bool is_new) {
  json out{{"new", is_new},
           {"revision", request.sync->revision},
           {"automated", request.trigger == app::Trigger::Automatic}};
  if (request.sync->prune) out["prune"] = true;
  if (request.sync->self_heal_attempts != 0) {
    out["autoHealAttemptsCount"] = request.sync->self_heal_attempts;
  }
  for (const app::ResourceSelector& resource : request.sync->resources) {
    out["resources"].push_back(resource.key.name);
  }
  return out;
}

json refresh_once(Refreshed& world, const json& step, const std::vector<app::SyncWindow>& windows,
                  model::WallTime now) {
  app::RefreshInput input;
  input.application = world.view;
  input.compared = compare(step);
  input.has_pre_delete_hooks = flag(step, "hasPreDelete");
  input.has_post_delete_hooks = flag(step, "hasPostDelete");
  const app::RefreshOutcome outcome = app::refresh(input, windows, now, world.status);
  json out{{"sync", app::name(world.status.sync)}, {"finalizers", world.status.finalizers.names()}};
  if (outcome.operation) {
    world.operation = outcome.operation;
    world.view.last.reset();
  }
  if (world.operation) {
    out["operation"] = describe_running(*world.operation, outcome.operation.has_value());
  }
  for (const app::Condition& condition : world.status.conditions) {
    out["conditions"].push_back(app::text(condition));
  }
  if (outcome.recheck_after) out["recheckAfter"] = seconds_of(*outcome.recheck_after);
  add_events(out, outcome.events);
  return out;
}

}  // namespace

json answer_refresh(const json& in) {
  const model::WallTime start = moment(at(in, "start"));
  const auto windows = assigned_windows(at(in, "windows"));
  Refreshed world;
  world.view.policy = read_policy(at(in, "syncPolicy"));
  world.view.sources = {"only"};
  world.status.finalizers = app::Finalizers(texts(in, "finalizers"));
  model::WallTime now = start;
  json steps = json::array();
  for (const json& step : at(in, "steps")) {
    now = now.plus(seconds(step, "after").count());
    interfere(world, step, now);
    json out = refresh_once(world, step, windows, now);
    out["at"] = seconds_of(app::between(start, now));
    steps.push_back(std::move(out));
  }
  return {{"steps", std::move(steps)}};
}

}  // namespace wavetank::conformance
