// One operation, processed several times: a scripted engine and scripted people around
// application::begin_step and finish_step.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "application/operation_state.h"
#include "conformance/controller_answers.h"
#include "conformance/controller_json.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

namespace {

// The application and its surroundings between steps.
struct World {
  explicit World(const json& in)
      : start(moment(at(in, "start"))),
        now(start),
        settings{.sync_timeout = seconds(in, "syncTimeout")},
        windows(assigned_windows(at(in, "windows"))) {
    view.request = read_operation(at(in, "operation"));
    const json& old = at(in, "oldState");
    if (!old.is_object()) return;
    view.state =
        app::OperationState{.phase = read_phase(text(old, "phase")),
                            .message = text(old, "message"),
                            .request = {.sync = app::SyncOperation{},
                                        .trigger = flag(old, "automated") ? app::Trigger::Automatic
                                                                          : app::Trigger::Manual},
                            .started_at = start.plus(seconds(old, "startedAt").count()),
                            .retry_count = number(old, "retryCount"),
                            .result = app::AttemptResult{}};
  }

  model::WallTime start;
  model::WallTime now;
  app::StepSettings settings;
  std::vector<app::SyncWindow> windows;
  bool has_project = true;
  app::OperationView view;
  std::optional<model::WallTime> due;  // the next step, as the last one asked
};

void pass_time(World& world, const json& step) {
  model::WallTime next = world.now.plus(seconds(step, "after").count());
  if (step.contains("afterDue") && world.due) {
    next = world.due->plus(seconds(step, "afterDue").count());
  }
  world.now = std::max(world.now, next);
}

void interfere(World& world, const json& step) {
  for (const std::string& deed : texts(step, "do")) {
    if (deed == "terminate" && world.view.state) {
      world.view.state->phase = app::OperationPhase::Terminating;
    }
    if (deed == "dropProject") world.has_project = false;
    if (deed == "restoreProject") world.has_project = true;
    if (deed == "dropWindows") world.windows.clear();
  }
}

struct Attempted {
  app::Meanwhile meanwhile = app::Meanwhile::Nothing;
  std::optional<std::string> panic;
};

Attempted run_engine(app::BegunStep& step, const json& result, bool is_fresh, json& out) {
  app::OperationState& state = step.state;
  const bool terminates = state.phase == app::OperationPhase::Terminating;
  out["calls"].push_back({{"call", terminates ? "terminate" : "sync"},
                          {"revision", state.request.sync->revision},
                          {"fresh", is_fresh}});
  Attempted attempted;
  if (text(result, "during") == "terminate") attempted.meanwhile = app::Meanwhile::Terminated;
  state.result->revision = text(result, "revision");
  if (terminates) {
    app::end_attempt(step, app::OperationPhase::Failed, "Operation terminated");
  } else if (text(result, "phase") == "panic") {
    attempted.panic = text(result, "message");
  } else {
    app::end_attempt(step, read_phase(text(result, "phase")), text(result, "message"));
  }
  return attempted;
}

bool may_start(const app::BegunStep& step, const World& world) {
  return app::windows_permit(step.state_before, world.windows, world.now).value_or(false);
}

app::StepOutcome process(World& world, const json& result, json& out) {
  app::BegunStep step = app::begin_step(world.view, world.settings, world.now);
  if (step.ended) return *step.ended;
  const bool is_fresh = !step.state.result;
  Attempted attempted;
  if (!world.has_project) {
    app::end_attempt(step, app::OperationPhase::Error, app::missing_project_message("default"));
  } else {
    switch (app::prepare_attempt(step, world.windows, world.now)) {
      case app::Attempt::Runs: attempted = run_engine(step, result, is_fresh, out); break;
      case app::Attempt::Blocked: out["calls"].push_back({{"blocked", true}}); break;
      case app::Attempt::Ended:
        // The recorder asks the windows, too, when there is no sync in the operation.
        out["calls"].push_back({{"blocked", !may_start(step, world)}});
        break;
    }
  }
  if (attempted.panic) return app::crash_step(std::move(step), *attempted.panic, world.now);
  return app::finish_step(std::move(step), attempted.meanwhile, world.now);
}

json describe(const app::OperationState& state, model::WallTime start) {
  json out{{"phase", app::name(state.phase)},
           {"message", state.message},
           {"startedAt", state.started_at.seconds - start.seconds},
           {"finishedAt", json()},
           {"retryCount", state.retry_count}};
  if (state.finished_at) out["finishedAt"] = state.finished_at->seconds - start.seconds;
  if (state.request.sync) out["revision"] = state.request.sync->revision;
  if (state.result) out["resultRevision"] = state.result->revision;
  return out;
}

}  // namespace

json answer_operation(const json& in) {
  World world(in);
  json steps = json::array();
  for (const json& step : at(in, "steps")) {
    pass_time(world, step);
    interfere(world, step);
    json& out = steps.emplace_back();
    out["at"] = seconds_of(app::between(world.start, world.now));
    const app::StepOutcome outcome = process(world, at(step, "result"), out);
    out["state"] = describe(outcome.state, world.start);
    out["operation"] = outcome.keeps_operation;
    out["againAfter"] = seconds_of(outcome.again_after);
    if (outcome.refresh == app::RefreshRequest::CompareLatest) out["refresh"] = 2;
    if (outcome.refresh == app::RefreshRequest::ResolveRevisionAnew) out["refresh"] = 3;
    add_events(out, outcome.events);
    world.view.state = outcome.state;
    world.due = world.now.plus(outcome.again_after.count());
    if (!outcome.keeps_operation) break;
  }
  return {{"steps", std::move(steps)}};
}

}  // namespace wavetank::conformance
