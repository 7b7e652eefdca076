// Objects whose controller is not modelled, but whose health Argo CD knows how to judge: custom
// resources above all. Left alone they would have no status and never become healthy, so that every
// wave behind them would wait for ever; the operators behind them are taken to work instead.
//
// The status is made up: the least that the health check of the kind takes for healthy (or, for an
// object that is to fail, for degraded). The trace says so.

#include <array>

#include "cluster/controllers/dispatch.h"
#include "health/health.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

bool has_health(const json& object, health::Status wanted) {
  const auto found = health::assess(object);
  return found && !found->is_error && found->status == wanted;
}

json with_status(json object, json status) {
  object["status"] = std::move(status);
  return object;
}

// The healthy status with its conditions turned, or with one of its words replaced by a bad one.
json degraded_status(const json& object, const json& healthy) {
  json turned = healthy;
  if (turned.contains("conditions")) {
    for (json& condition : turned["conditions"]) {
      condition["status"] = "False";
      condition["message"] = "failed, as the scenario wants it";
    }
    if (has_health(with_status(object, turned), health::Status::Degraded)) return turned;
  }
  constexpr std::array kBadWords{"Failed", "failed", "Error", "error", "FAILED", "ERROR", "red"};
  for (const auto& [name, value] : healthy.items()) {
    if (!value.is_string()) continue;
    for (const char* word : kBadWords) {
      json spoilt = healthy;
      spoilt[name] = word;
      if (has_health(with_status(object, spoilt), health::Status::Degraded)) return spoilt;
    }
  }
  return nullptr;
}

void finish(Context& context, const model::ObjectKey& key, const json& object) {
  json status = health::healthy_status(object);
  const bool fails = context.behavior_of(key).outcome == Outcome::Fail;
  if (fails) status = degraded_status(object, status);
  if (status.is_null()) {
    context.note(key, ChangeKind::Updated,
                 "fails, but no status for that is known: it stays as it is");
    return;
  }
  context.set_status(key, std::move(status),
                     fails ? "failed (status made up)" : "healthy (status made up)");
}

}  // namespace

void control_custom(Context& context, const model::ObjectKey& key, Step step) {
  const json object = context.store.find(key)->object.content;
  if (step == Step::Finish) return finish(context, key, object);
  const auto health = health::assess(object);
  if (step != Step::Observe || !health || health->status == health::Status::Healthy) return;
  const json status = health::healthy_status(object);
  if (status.is_null() || !has_health(with_status(object, status), health::Status::Healthy)) {
    context.note(key, ChangeKind::Updated,
                 "its controller is not modelled: its status stays as it is");
    return;
  }
  const Behavior behavior = context.behavior_of(key);
  if (behavior.outcome == Outcome::Hang) return;
  const base::Duration usual = context.lapse(Lapse::Reconciliation, key, 0);
  context.plan(key, behavior.duration.value_or(usual), Step::Finish);
}

}  // namespace wavetank::cluster
