// ReplicaSets: as many pods as wanted.
//
// Source: pkg/controller/replicaset/{replica_set,replica_set_utils}.go of Kubernetes 1.36.

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr OwnerKind kReplicaSet{"apps", "ReplicaSet"};
constexpr OwnerKind kPod{"", "Pod"};

// Creates in batches of 1, 2, 4 ... and stops behind the first batch in which one fails; the error
// of the first that failed.
std::optional<api::ApiError> create_pods(Context& context, const ObjectKey& key, const json& set,
                                         std::int64_t missing) {
  json pod = pod_from_template(key, set, at(set, "/spec/template"));
  pod["metadata"]["generateName"] = key.name + "-";
  std::optional<api::ApiError> error;
  for (std::int64_t batch = 1; missing > 0 && !error; batch *= 2) {
    const std::int64_t size = std::min(batch, missing);
    for (std::int64_t i = 0; i < size; ++i) {
      const api::Reply reply = context.create(pod);
      if (!reply.ok() && !error) error = reply.error;
    }
    missing -= size;
  }
  return error;
}

void delete_pods(Context& context, std::vector<ObjectKey> pods, std::int64_t surplus) {
  std::stable_sort(pods.begin(), pods.end(), [&](const ObjectKey& a, const ObjectKey& b) {
    return goes_before(*context.find(a), *context.find(b));
  });
  for (std::int64_t i = 0; i < surplus; ++i) {
    context.remove(pods[static_cast<std::size_t>(i)]);
  }
}

struct Counts {
  std::int64_t replicas = 0;
  std::int64_t labeled = 0;
  std::int64_t ready = 0;
  std::int64_t available = 0;
  std::int64_t terminating = 0;
};

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const json set = *found;
  const json& selector = at(set, "/spec/selector");
  const std::int64_t wanted = number(set, "/spec/replicas", 1);
  const std::vector<ObjectKey> pods = claim(context, key, selector, kPod, is_active);
  const auto diff = static_cast<std::int64_t>(pods.size()) - wanted;

  std::optional<api::ApiError> error;
  if (!has(set, "/metadata/deletionTimestamp")) {
    if (diff < 0) error = create_pods(context, key, set, -diff);
    if (diff > 0) delete_pods(context, pods, diff);
  }

  // The status tells of the pods as they were before.
  Counts counts;
  const std::int64_t min_ready = number(set, "/spec/minReadySeconds");
  const json labels = {{"matchLabels", at(set, "/spec/template/metadata/labels")}};
  std::optional<base::Duration> wait;
  for (const ObjectKey& pod_key : pods) {
    ++counts.replicas;
    const json* pod = context.find(pod_key);
    if (pod == nullptr) continue;
    if (api::selector_matches(labels, at(*pod, "/metadata/labels"))) ++counts.labeled;
    if (is_ready(*pod)) ++counts.ready;
    base::Duration left{};
    if (is_available(*pod, min_ready, context.now(), &left)) {
      ++counts.available;
    } else if (left > base::Duration::zero()) {
      wait = std::min(wait.value_or(left), left);
    }
  }
  for (const ObjectKey& pod_key : context.store().dependents(text(set, "/metadata/uid"))) {
    const json& pod = *context.find(pod_key);
    if (is_terminating(pod)) ++counts.terminating;
  }
  context.edit_status(key, [&](json& changed) {
    json& status = changed["status"];
    status["replicas"] = counts.replicas;
    set_count(status, "fullyLabeledReplicas", counts.labeled);
    set_count(status, "readyReplicas", counts.ready);
    set_count(status, "availableReplicas", counts.available);
    status["terminatingReplicas"] = counts.terminating;
    status["observedGeneration"] = number(changed, "/metadata/generation");
    const json* failure = find_condition(status, "ReplicaFailure");
    if (error && failure == nullptr) {
      set_condition(status,
                    {.type = "ReplicaFailure",
                     .status = "True",
                     .reason = diff < 0 ? "FailedCreate" : "FailedDelete",
                     .message = error->message},
                    context.time());
    } else if (!error) {
      remove_condition(status, "ReplicaFailure");
    }
  });
  if (wait) context.wake(key, *wait);
  return error ? SyncResult::Again : SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  wake_owners(context, notice, kReplicaSet, kPod);
}

}  // namespace

const Controller kReplicaSetController{"replicaset-controller", notice, sync};

}  // namespace wavetank::cluster
