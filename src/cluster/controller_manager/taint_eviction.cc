// Eviction by taint: a pod leaves a node with a NoExecute taint that it does not tolerate, or not
// for longer.
//
// Every pod tolerates a node that is not ready or not reachable for 300 s, unless it says otherwise
// (admission adds that). The time counts from when the taint was seen; a taint that goes takes the
// eviction back. Pods that have ended are evicted too. Source:
// pkg/controller/tainteviction/taint_eviction.go of Kubernetes 1.36.

#include <algorithm>
#include <optional>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/node_fit.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

// The real controller holds it in its queue: when it saw that the pod is on a tainted node.
constexpr const char* kSeen = "onTaintedNodeSince";

std::vector<json> expelling_taints(Context& context, const std::string& name) {
  std::vector<json> taints;
  const json* node = context.find({.group = "", .kind = "Node", .name_space = "", .name = name});
  if (node == nullptr) return taints;
  for (const json& taint : list(*node, "/spec/taints")) {
    if (text(taint, "/effect") == "NoExecute") taints.push_back(taint);
  }
  return taints;
}

struct Patience {
  bool is_endless = true;
  base::Duration time{};
};

// How long the pod may stay: the shortest of the times of what tolerates the taints.
Patience patience_of(const json& pod, const std::vector<json>& taints) {
  Patience shortest;
  for (const json& taint : taints) {
    const json* toleration = toleration_of(at(pod, "/spec"), taint);
    if (toleration == nullptr) return {.is_endless = false};
    if (!has(*toleration, "/tolerationSeconds")) continue;
    const base::Duration time =
        std::chrono::seconds(std::max<std::int64_t>(number(*toleration, "/tolerationSeconds"), 0));
    shortest.time = shortest.is_endless ? time : std::min(shortest.time, time);
    shortest.is_endless = false;
  }
  return shortest;
}

// When the pod was first seen on a tainted node; that is now, if nobody has noted it.
base::Instant seen_at(Context& context, const ObjectKey& key) {
  const json memory = context.recall(key);
  if (memory.is_object() && memory.contains(kSeen)) {
    return base::Instant(base::Duration(memory.at(kSeen).get<base::Duration::rep>()));
  }
  context.remember(key, {{kSeen, context.now().time_since_epoch().count()}});
  return context.now();
}

void evict(Context& context, const ObjectKey& key) {
  context.edit_status(key, [&](json& pod) {
    set_condition(pod["status"],
                  {.type = "DisruptionTarget",
                   .status = "True",
                   .reason = "DeletionByTaintManager",
                   .message = "Taint manager: deleting due to NoExecute taint"},
                  context.time());
  });
  context.remove(key);
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr || is_going(*found)) return SyncResult::Done;
  const json pod = *found;
  const auto taints = expelling_taints(context, text(pod, "/spec/nodeName"));
  const Patience patience = patience_of(pod, taints);
  if (patience.is_endless) {
    if (!context.recall(key).is_null()) context.remember(key, nullptr);
    context.sleep(key);
    return SyncResult::Done;
  }
  const base::Instant due = seen_at(context, key) + patience.time;
  if (due > context.now()) {
    context.wake(key, due - context.now());
  } else {
    evict(context, key);
  }
  return SyncResult::Done;
}

// A change of a node concerns all pods on it; a change of a pod those on tainted nodes only.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty() || notice.is_removed) return;
  if (key.kind == "Pod") {
    const std::string node = text(*context.find(key), "/spec/nodeName");
    if (!node.empty() && !expelling_taints(context, node).empty()) context.wake(key);
  } else if (key.kind == "Node" && !notice.is_new) {
    for (const ObjectKey& pod : pods_on(context.store(), key.name)) context.wake(pod);
  }
}

}  // namespace

const Controller kTaintEviction{"taint-eviction-controller", notice, sync};

}  // namespace wavetank::cluster
