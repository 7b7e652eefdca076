// Objects whose controller is not modelled, but whose health Argo CD knows how to judge: custom
// resources above all. Left alone they would have no status and never become healthy, so that every
// wave behind them would wait for ever; the operators behind them are taken to work instead.
//
// The status is made up: the least that the health check of the kind takes for healthy (or, for an
// object that is to fail, for degraded). The trace says so.

#include <algorithm>
#include <array>

#include "cluster/api/object/json_access.h"
#include "cluster/surroundings/agents.h"
#include "cluster/surroundings/surroundings.h"
#include "health/health.h"

namespace wavetank::cluster {

using model::ObjectKey;
using nlohmann::json;

namespace {

enum Step : std::uint8_t { kReconcile = 1, kLeave };

// Groups whose kinds have controllers of their own here.
constexpr std::array<std::string_view, 10> kModelledGroups{"",
                                                           "apps",
                                                           "batch",
                                                           "autoscaling",
                                                           "policy",
                                                           "networking.k8s.io",
                                                           "rbac.authorization.k8s.io",
                                                           "storage.k8s.io",
                                                           "apiextensions.k8s.io",
                                                           "apiregistration.k8s.io"};

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

void reconcile(Context& context, const ObjectKey& key, const json& object) {
  json status = health::healthy_status(object);
  const Surroundings& world = *context.surroundings();
  const bool fails = world.behavior_of(key).outcome == Outcome::Fail;
  if (fails) status = degraded_status(object, status);
  if (status.is_null()) {
    world.note(key, "fails, but no status for that is known: it stays as it is");
  } else {
    world.note(key, fails ? "failed (status made up)" : "healthy (status made up)");
    context.edit_status(key, [&](json& changed) { changed["status"] = status; });
  }
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr || api::has(*found, "/metadata/deletionTimestamp")) return SyncResult::Done;
  const json object = *found;
  const auto next = context.next_step_of(key);
  if (next && next->step == kReconcile) {
    if (next->at > context.now()) return SyncResult::Done;
    context.hold(key, kLeave);
    reconcile(context, key, object);
    return SyncResult::Done;
  }
  const auto health = health::assess(object);
  if (!health || health->status == health::Status::Healthy) return SyncResult::Done;
  const Surroundings& world = *context.surroundings();
  const json status = health::healthy_status(object);
  if (status.is_null() || !has_health(with_status(object, status), health::Status::Healthy)) {
    if (!next) world.note(key, "its controller is not modelled: its status stays as it is");
    context.hold(key, kLeave);
    return SyncResult::Done;
  }
  const Conduct behavior = world.behavior_of(key);
  if (behavior.outcome == Outcome::Hang || (next && behavior.outcome == Outcome::Fail)) {
    return SyncResult::Done;
  }
  const Lapse lapse = key.kind == "Workflow" ? Lapse::Workflow : Lapse::Reconciliation;
  context.schedule(key, kReconcile, behavior.duration.value_or(world.lapse(lapse, key, 0)));
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  if (notice.is_removed) return;
  const bool is_modelled = std::find(kModelledGroups.begin(), kModelledGroups.end(),
                                     notice.key.group) != kModelledGroups.end();
  if (!is_modelled) context.wake(notice.key);
}

}  // namespace

const Controller kOperators{"operators", notice, sync};

}  // namespace wavetank::cluster
