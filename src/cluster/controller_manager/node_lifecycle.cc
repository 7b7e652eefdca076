// Nodes that are not heard any more: their conditions become unknown, their pods not ready, and
// taints keep other pods away and drive off those that are there (taint_eviction.cc).
//
// Source: pkg/controller/nodelifecycle/node_lifecycle_controller.go of Kubernetes 1.36. Where a
// real controller looks at all nodes every 5 s, here it looks when the time has come. A node that
// shows no conditions stands for one that is ready.

#include <algorithm>
#include <array>
#include <optional>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/surroundings/surroundings.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::label;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

// nodeMonitorGracePeriod: 40 s up to Kubernetes 1.31, 50 s since 1.32
// (nodelifecycle/config/v1alpha1/defaults.go).
constexpr base::Duration kGrace = std::chrono::seconds(50);
// One node of a zone is given up every 10 s: nodeEvictionRate is 0.1 per second.
constexpr base::Duration kPause = std::chrono::seconds(10);
// A zone with more than two unready nodes that are this share of it is disturbed as a whole: no
// further node of it is given up. (Zones of more than 50 nodes go on slowly; those are not
// simulated.)
constexpr std::int64_t kManyUnready = 3;
constexpr std::int64_t kManyPercent = 55;

constexpr const char* kUnreachable = "node.kubernetes.io/unreachable";
constexpr const char* kNotReady = "node.kubernetes.io/not-ready";
constexpr const char* kUnschedulable = "node.kubernetes.io/unschedulable";

struct Meaning {
  const char* type;
  const char* status;
  const char* taint;
};
constexpr std::array kMeanings{
    Meaning{"Ready", "False", kNotReady},
    Meaning{"Ready", "Unknown", kUnreachable},
    Meaning{"MemoryPressure", "True", "node.kubernetes.io/memory-pressure"},
    Meaning{"DiskPressure", "True", "node.kubernetes.io/disk-pressure"},
    Meaning{"NetworkUnavailable", "True", "node.kubernetes.io/network-unavailable"},
    Meaning{"PIDPressure", "True", "node.kubernetes.io/pid-pressure"},
};

std::string readiness(const json& node) {
  const json* ready = find_condition(at(node, "/status"), "Ready");
  return ready == nullptr ? "True" : text(*ready, "/status");
}

std::pair<std::string, std::string> zone_of(const json& node) {
  return {label(node, "topology.kubernetes.io/region"), label(node, "topology.kubernetes.io/zone")};
}

// What the controller takes from the pods of a node that it does not hear: nothing but the word.
void unready_pods(Context& context, const std::string& node) {
  for (const ObjectKey& key : pods_on(context.store(), node)) {
    context.edit_status(key, [&](json& pod) {
      const json* ready = find_condition(at(pod, "/status"), "Ready");
      if (ready == nullptr || text(*ready, "/status") == "False") return;
      replace_condition(pod["status"]["conditions"],
                        {.type = "Ready",
                         .status = "False",
                         .reason = text(*ready, "/reason"),
                         .message = text(*ready, "/message")},
                        context.time());
    });
  }
}

// The conditions of a kubelet that has been silent for too long.
void watch(Context& context, const ObjectKey& key) {
  const auto silent = context.surroundings()->silent_since(key.name);
  if (!silent || readiness(*context.find(key)) == "Unknown") return;
  if (const base::Instant end = *silent + kGrace; end > context.now()) {
    context.wake(key, end - context.now());
    return;
  }
  context.edit_status(key, [&](json& node) {
    for (const char* type : {"Ready", "MemoryPressure", "DiskPressure", "PIDPressure"}) {
      replace_condition(node["status"]["conditions"],
                        {.type = type,
                         .status = "Unknown",
                         .reason = "NodeStatusUnknown",
                         .message = "Kubelet stopped posting node status."},
                        context.time());
    }
  });
  unready_pods(context, key.name);
}

// Whether pods may be driven off this node now. Nobody's are while all nodes are unready: then it
// is rather the control plane that hears nothing.
struct Verdict {
  bool may_stay_tainted = false;
  bool may_be_tainted = false;
  base::Duration wait{};  // before the latter comes true by itself; zero: it does not
};

Verdict judge(Context& context, const json& node) {
  std::int64_t zone_size = 0;
  std::int64_t unready = 0;
  bool is_any_ready = false;
  std::optional<base::Instant> last;
  for (const ObjectKey& key : context.all_of("", "Node", "")) {
    const json& other = *context.find(key);
    const bool is_ready = readiness(other) == "True";
    is_any_ready = is_any_ready || is_ready;
    if (zone_of(other) != zone_of(node)) continue;
    ++zone_size;
    if (!is_ready) ++unready;
    for (const json& taint : list(other, "/spec/taints")) {
      const std::string name = text(taint, "/key");
      if (text(taint, "/effect") != "NoExecute" || (name != kUnreachable && name != kNotReady)) {
        continue;
      }
      if (const auto added = instant_of(text(taint, "/timeAdded"))) {
        last = std::max(last.value_or(*added), *added);
      }
    }
  }
  if (!is_any_ready) return {};
  const bool is_disturbed =
      unready < zone_size && unready >= kManyUnready && unready * 100 >= zone_size * kManyPercent;
  if (is_disturbed) return {.may_stay_tainted = true};
  const base::Duration wait = last ? *last + kPause - context.now() : base::Duration::zero();
  if (wait > base::Duration::zero()) return {.may_stay_tainted = true, .wait = wait};
  return {.may_stay_tainted = true, .may_be_tainted = true};
}

const json* find_taint(const json& node, const char* name, const char* effect) {
  const json& taints = list(node, "/spec/taints");
  const auto found = std::find_if(taints.begin(), taints.end(), [&](const json& taint) {
    return text(taint, "/key") == name && text(taint, "/effect") == effect;
  });
  return found == taints.end() ? nullptr : &*found;
}

// Adds to `taints` what keeps pods away: it follows from the conditions.
void add_repelling(const json& node, json& taints, const std::string& time) {
  std::vector<const char*> names;
  for (const Meaning& each : kMeanings) {
    const json* condition = find_condition(at(node, "/status"), each.type);
    if (condition != nullptr && text(*condition, "/status") == each.status) {
      names.push_back(each.taint);
    }
  }
  if (flag(node, "/spec/unschedulable")) names.push_back(kUnschedulable);
  for (const char* name : names) {
    const json* known = find_taint(node, name, "NoSchedule");
    taints.push_back(known != nullptr
                         ? *known
                         : json{{"key", name}, {"effect", "NoSchedule"}, {"timeAdded", time}});
  }
}

// Adds to `taints` what drives pods off.
void add_expelling(Context& context, const ObjectKey& key, const json& node, json& taints) {
  const std::string ready = readiness(node);
  if (ready == "True") return;
  const bool is_unknown = ready == "Unknown";
  const json* known = find_taint(node, is_unknown ? kUnreachable : kNotReady, "NoExecute");
  const bool has_opposite =
      find_taint(node, is_unknown ? kNotReady : kUnreachable, "NoExecute") != nullptr;
  const Verdict verdict = judge(context, node);
  if (!verdict.may_stay_tainted) return;
  if (known != nullptr) {
    taints.push_back(*known);
  } else if (has_opposite || verdict.may_be_tainted) {
    taints.push_back({{"key", is_unknown ? kUnreachable : kNotReady},
                      {"effect", "NoExecute"},
                      {"timeAdded", context.time()}});
  } else if (verdict.wait > base::Duration::zero()) {
    context.wake(key, verdict.wait);
  }
}

// Taints that this controller sets and takes away; all others are left alone.
bool is_own(const json& taint) {
  const std::string name = text(taint, "/key");
  const std::string effect = text(taint, "/effect");
  if (effect == "NoExecute") return name == kUnreachable || name == kNotReady;
  return effect == "NoSchedule" &&
         (name == kUnschedulable ||
          std::any_of(kMeanings.begin(), kMeanings.end(),
                      [&](const Meaning& each) { return name == each.taint; }));
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (context.find(key) == nullptr) return SyncResult::Done;
  watch(context, key);
  const json node = *context.find(key);
  json own = json::array();
  add_repelling(node, own, context.time());
  add_expelling(context, key, node, own);
  json taints = json::array();
  json before = json::array();
  for (const json& taint : list(node, "/spec/taints")) {
    (is_own(taint) ? before : taints).push_back(taint);
  }
  const bool is_same =
      own.size() == before.size() && std::is_permutation(own.begin(), own.end(), before.begin());
  if (is_same) return SyncResult::Done;
  taints.insert(taints.end(), own.begin(), own.end());
  const api::Reply reply = context.edit(key, [&](json& changed) {
    if (taints.empty()) {
      changed["spec"].erase("taints");
    } else {
      changed["spec"]["taints"] = taints;
    }
  });
  return reply.ok() ? SyncResult::Done : SyncResult::Again;
}

// What becomes of an unready node depends on the others.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty() || key.kind != "Node") return;
  if (!notice.is_removed) context.wake(key);
  for (const ObjectKey& other : context.all_of("", "Node", "")) {
    if (readiness(*context.find(other)) != "True") context.wake(other);
  }
}

}  // namespace

const Controller kNodeLifecycle{"node-lifecycle-controller", notice, sync};

}  // namespace wavetank::cluster
