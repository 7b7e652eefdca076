// PodDisruptionBudgets: how many pods may be evicted right now.
//
// Source: pkg/controller/disruption/disruption.go of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/controller_manager/scale.h"
#include "cluster/controller_manager/shares.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kGroup = "policy";
constexpr std::string_view kKind = "PodDisruptionBudget";

// What a budget counts with; or why it cannot.
struct Expected {
  std::int64_t pods = 0;
  std::int64_t healthy = 0;
  std::string error;
};

// The replicas that the controllers of the pods want: a Deployment's, not its ReplicaSet's.
Expected expected_scale(Context& context, const std::vector<ObjectKey>& pods) {
  Expected expected;
  std::map<ObjectKey, std::int64_t> wanted;
  for (const ObjectKey& pod : pods) {
    const Entry* entry = context.store().find(pod);
    ObjectKey owner = entry->controller;
    if (owner.kind.empty()) continue;  // managed by nobody
    if (owner.group == "apps" && owner.kind == "ReplicaSet") {
      const Entry* set = context.store().find(owner);
      if (set != nullptr && set->controller.kind == "Deployment") owner = set->controller;
    }
    if (wanted.contains(owner)) continue;
    const Scale scale = scale_of(context, owner);
    if (scale.is_missing) {
      expected.error = fmt::format("found no controllers for pod \"{}\"", pod.name);
      return expected;
    }
    if (!scale.error.empty()) {
      expected.error = fmt::format("{} does not implement the scale subresource", scale.resource);
      return expected;
    }
    wanted[owner] = scale.replicas;
  }
  for (const auto& [owner, replicas] : wanted) expected.pods += replicas;
  return expected;
}

Expected expected_of(Context& context, const json& budget, const std::vector<ObjectKey>& pods) {
  const json& most_missing = at(budget, "/spec/maxUnavailable");
  const json& least = at(budget, "/spec/minAvailable");
  if (!most_missing.is_null()) {
    Expected expected = expected_scale(context, pods);
    expected.healthy =
        std::max<std::int64_t>(expected.pods - share(most_missing, expected.pods, Rounding::Up), 0);
    return expected;
  }
  if (least.is_number_integer()) {
    return {.pods = static_cast<std::int64_t>(pods.size()),
            .healthy = least.get<std::int64_t>(),
            .error = ""};
  }
  if (!least.is_string()) return {};
  Expected expected = expected_scale(context, pods);
  expected.healthy = share(least, expected.pods, Rounding::Up);
  return expected;
}

// A policy without a selector covers no pod, one with an empty selector all of them.
std::vector<ObjectKey> pods_of(Context& context, const ObjectKey& key, const json& budget) {
  std::vector<ObjectKey> pods;
  if (!at(budget, "/spec/selector").is_object()) return pods;
  for (const ObjectKey& pod : context.all_of("", "Pod", key.name_space)) {
    if (api::selector_matches(at(budget, "/spec/selector"),
                              at(*context.find(pod), "/metadata/labels"))) {
      pods.push_back(pod);
    }
  }
  return pods;
}

void set_disruption_allowed(json& status, bool allowed, const std::string& reason,
                            const std::string& message, std::int64_t generation,
                            const std::string& time) {
  json& conditions = status["conditions"];
  if (!conditions.is_array()) conditions = json::array();
  replace_condition(conditions,
                    {.type = "DisruptionAllowed",
                     .status = allowed ? "True" : "False",
                     .reason = reason,
                     .message = message},
                    time);
  for (json& each : conditions) {
    if (text(each, "/type") == "DisruptionAllowed") each["observedGeneration"] = generation;
  }
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const json budget = *found;
  const std::int64_t generation = number(budget, "/metadata/generation");
  const std::vector<ObjectKey> pods = pods_of(context, key, budget);
  const Expected expected = expected_of(context, budget, pods);
  if (!expected.error.empty()) {
    // Nothing may be evicted while the numbers are unknown.
    context.edit_status(key, [&](json& changed) {
      changed["status"]["disruptionsAllowed"] = 0;
      set_disruption_allowed(changed["status"], false, "SyncFailed", expected.error, generation,
                             context.time());
    });
    return SyncResult::Done;
  }
  const auto healthy = std::count_if(pods.begin(), pods.end(), [&](const ObjectKey& pod) {
    const json& each = *context.find(pod);
    return !has(each, "/metadata/deletionTimestamp") && is_ready(each);
  });
  std::int64_t allowed = std::max<std::int64_t>(healthy - expected.healthy, 0);
  // Without pods nothing is known yet about those that will come.
  if (expected.pods <= 0) allowed = 0;
  context.edit_status(key, [&](json& changed) {
    json& status = changed["status"];
    status["currentHealthy"] = healthy;
    status["desiredHealthy"] = expected.healthy;
    status["expectedPods"] = expected.pods;
    status["disruptionsAllowed"] = allowed;
    status["observedGeneration"] = generation;
    set_disruption_allowed(status, allowed > 0, allowed > 0 ? "SufficientPods" : "InsufficientPods",
                           "", generation, context.time());
  });
  return SyncResult::Done;
}

// A budget depends on the pods of its namespace and on what their controllers want.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (key.group == kGroup && key.kind == kKind) {
    context.wake(key);
    return;
  }
  if (key.name_space.empty()) return;
  const bool is_pod = key.group.empty() && key.kind == "Pod";
  if (!is_pod && !notice.has_new_generation && !notice.is_new && !notice.is_removed) return;
  for (const ObjectKey& each : context.all_of(kGroup, kKind, key.name_space)) context.wake(each);
}

}  // namespace

const Controller kDisruptionController{"disruption-controller", notice, sync};

}  // namespace wavetank::cluster
