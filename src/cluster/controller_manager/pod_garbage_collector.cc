// Pods that no kubelet will ever let go: those of nodes that are gone, and deleted ones on nodes
// that somebody has declared out of service.
//
// The collector looks around every 20 s. A node that is missing gets 40 s to come back. Only nodes
// that went while the cluster was watched count: a dump of one namespace shows no nodes at all.
// Source: pkg/controller/podgc/gc_controller.go of Kubernetes 1.36; its limit of 12500 ended pods
// is beyond what is simulated, and deleted pods without a node are gone at once here.

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr base::Duration kPeriod = std::chrono::seconds(20);
constexpr base::Duration kQuarantine = std::chrono::seconds(40);

// Until the collector looks around again: at the whole minutes and their thirds.
base::Duration until_round(base::Instant now) { return kPeriod - now.time_since_epoch() % kPeriod; }

// Not ready, and somebody has said that it will not be again.
bool is_out_of_service(const json& node) {
  const json* ready = find_condition(at(node, "/status"), "Ready");
  if (ready == nullptr || text(*ready, "/status") == "True") return false;
  const json& taints = list(node, "/spec/taints");
  return std::any_of(taints.begin(), taints.end(), [](const json& taint) {
    return text(taint, "/key") == "node.kubernetes.io/out-of-service";
  });
}

const json* node_of(Context& context, const json& pod) {
  return context.find(
      {.group = "", .kind = "Node", .name_space = "", .name = text(pod, "/spec/nodeName")});
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr) return SyncResult::Done;
  const json pod = *found;
  const json* node = node_of(context, pod);
  const bool is_orphan = node == nullptr;
  if (!is_orphan && !(is_going(pod) && is_out_of_service(*node))) return SyncResult::Done;
  if (!has_ended(pod)) {
    context.edit_status(key, [&](json& changed) {
      json& status = changed["status"];
      status["phase"] = "Failed";
      if (!is_orphan) return;
      set_condition(status,
                    {.type = "DisruptionTarget",
                     .status = "True",
                     .reason = "DeletionByPodGC",
                     .message = "PodGC: node no longer exists"},
                    context.time());
    });
  }
  context.remove_now(key);
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty()) return;
  const base::Duration round = until_round(context.now());
  if (key.kind == "Node" && notice.is_removed) {
    // The quarantine begins with a round, and the round at its end comes a moment too early.
    const base::Duration wait = round + kQuarantine + kPeriod;
    for (const ObjectKey& pod : pods_on(context.store(), key.name)) context.wake(pod, wait);
    return;
  }
  if (notice.is_removed) return;
  if (key.kind == "Node" && is_out_of_service(*context.find(key))) {
    for (const ObjectKey& pod : pods_on(context.store(), key.name)) context.wake(pod, round);
  } else if (key.kind == "Pod" && notice.is_deleting) {
    const json* node = node_of(context, *context.find(key));
    if (node != nullptr && is_out_of_service(*node)) context.wake(key, round);
  }
}

}  // namespace

const Controller kPodCollector{"pod-garbage-collector-controller", notice, sync};

}  // namespace wavetank::cluster
