// The scheduler: a node for every pod, with room and a place for its volumes.
//
// Nodes are Node objects in the store. A node takes a pod whose selector, required node affinity,
// tolerations and requests fit; of those that do, the one with the fewest pods, then the first by
// name. Affinity between pods, preferences and topology spread are not looked at. Source:
// pkg/scheduler of Kubernetes 1.36.

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/controller_manager/conditions.h"
#include "cluster/controller_manager/node_fit.h"
#include "cluster/controller_manager/owned_pods.h"
#include "cluster/node/agents.h"
#include "cluster/node/needs.h"
#include "cluster/surroundings/surroundings.h"
#include "cluster/volume_annotations.h"

namespace wavetank::cluster {

using api::at;
using api::flag;
using api::has;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

bool is_waiting(const json& pod) {
  return text(pod, "/spec/nodeName").empty() && !has(pod, "/metadata/deletionTimestamp");
}

// Why a node does not take the pod, as the scheduler counts it; nothing when it does.
std::optional<std::string> refusal(const json& node, const json& pod) {
  const json& spec = at(pod, "/spec");
  const json cordon = {{"key", "node.kubernetes.io/unschedulable"}, {"effect", "NoSchedule"}};
  if (flag(node, "/spec/unschedulable") && !tolerates(spec, cordon)) {
    return "node(s) were unschedulable";
  }
  for (const json& taint : list(node, "/spec/taints")) {
    if (text(taint, "/effect") != "PreferNoSchedule" && !tolerates(spec, taint)) {
      return fmt::format("node(s) had untolerated taint {{{}: {}}}", text(taint, "/key"),
                         text(taint, "/value"));
    }
  }
  if (!node_matches(spec, node)) return "node(s) didn't match Pod's node affinity/selector";
  return std::nullopt;
}

using Nano = api::Quantity::Nano;

// The amount that `value` names; nothing when it is none.
std::optional<Nano> amount(const json& value) {
  if (value.is_number_integer()) return Nano{value.get<std::int64_t>()} * 1'000'000'000;
  if (!value.is_string()) return std::nullopt;
  const auto quantity = api::parse_quantity(value.get_ref<const std::string&>());
  return quantity ? std::optional(quantity->nano) : std::nullopt;
}

Nano requested(const json& pod, const char* resource) {
  Nano sum = 0;
  for (const json& container : list(pod, "/spec/containers")) {
    const json& requests = at(container, "/resources/requests");
    if (requests.is_object() && requests.contains(resource)) {
      sum += amount(requests.at(resource)).value_or(0);
    }
  }
  return sum;
}

struct Usage {
  std::int64_t pods = 0;
  Nano cpu = 0;
  Nano memory = 0;
};

Usage usage_of(Context& context, const std::string& node) {
  Usage usage;
  for (const auto& [key, entry] : context.store().everywhere("", "Pod")) {
    const json& pod = entry.object.content;
    if (text(pod, "/spec/nodeName") != node || has_ended(pod)) continue;
    ++usage.pods;
    usage.cpu += requested(pod, "cpu");
    usage.memory += requested(pod, "memory");
  }
  return usage;
}

// What the node has too little of; nothing when the pod fits.
std::optional<std::string> shortage(const json& room, const Usage& usage, const json& pod) {
  if (const auto pods = amount(at(room, "/pods"));
      pods && Nano{usage.pods + 1} * 1'000'000'000 > *pods) {
    return "Too many pods";
  }
  if (const auto cpu = amount(at(room, "/cpu")); cpu && usage.cpu + requested(pod, "cpu") > *cpu) {
    return "Insufficient cpu";
  }
  if (const auto memory = amount(at(room, "/memory"));
      memory && usage.memory + requested(pod, "memory") > *memory) {
    return "Insufficient memory";
  }
  return std::nullopt;
}

struct Choice {
  std::string node;  // empty: none
  std::string why_not;
};

Choice choose_node(Context& context, const json& pod) {
  std::map<std::string, int> refusals;
  Choice choice;
  std::int64_t fewest = 0;
  const std::vector<ObjectKey> nodes = context.all_of("", "Node", "");
  for (const ObjectKey& key : nodes) {
    const json& node = *context.find(key);
    auto refused = refusal(node, pod);
    Usage usage;
    const json& room = at(node, "/status/allocatable");
    if (!refused && room.is_object()) {
      usage = usage_of(context, key.name);
      refused = shortage(room, usage, pod);
    }
    if (refused) {
      ++refusals[*refused];
    } else if (choice.node.empty() || usage.pods < fewest) {
      choice.node = key.name;
      fewest = usage.pods;
    }
  }
  if (choice.node.empty()) {
    std::string reasons;
    for (const auto& [reason, count] : refusals) {
      reasons += fmt::format("{}{} {}", reasons.empty() ? "" : ", ", count, reason);
    }
    choice.why_not = fmt::format("0/{} nodes are available: {}.", nodes.size(),
                                 reasons.empty() ? "no nodes" : reasons);
  }
  return choice;
}

// Why the pod's claims keep it from `node`; nothing when they do not. A claim that waits for its
// first consumer learns of the node.
std::optional<std::string> claims_forbid(Context& context, const ObjectKey& pod_key,
                                         const json& pod, const std::string& node) {
  std::optional<std::string> why;
  for (const std::string& name : mounted_claims(at(pod, "/spec"))) {
    const ObjectKey key{.group = "",
                        .kind = "PersistentVolumeClaim",
                        .name_space = pod_key.name_space,
                        .name = name};
    const json* claim = context.find(key);
    if (claim == nullptr) {
      why = fmt::format("persistentvolumeclaim \"{}\" not found", name);
      continue;
    }
    if (text(*claim, "/status/phase") == "Bound") continue;
    const json* storage_class = context.find({.group = "storage.k8s.io",
                                              .kind = "StorageClass",
                                              .name_space = "",
                                              .name = text(*claim, "/spec/storageClassName")});
    const bool waits = storage_class != nullptr &&
                       text(*storage_class, "/volumeBindingMode") == "WaitForFirstConsumer";
    if (waits) {
      context.edit(key, [&](json& each) { each["metadata"]["annotations"][kSelectedNode] = node; });
      why = fmt::format("waiting for the volume of claim \"{}\"", name);
    } else {
      why = "pod has unbound immediate PersistentVolumeClaims";
    }
  }
  return why;
}

void report_unschedulable(Context& context, const ObjectKey& key, const std::string& why) {
  context.edit_status(key, [&](json& pod) {
    set_condition(
        pod["status"],
        {.type = "PodScheduled", .status = "False", .reason = "Unschedulable", .message = why},
        context.time());
  });
  context.surroundings()->note(key, "cannot be scheduled: " + why);
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr || !is_waiting(*found)) return SyncResult::Done;
  const json pod = *found;
  if (!list(pod, "/spec/schedulingGates").empty()) return SyncResult::Done;
  const Conduct behavior = context.surroundings()->behavior_of(key);
  if (behavior.outcome == Outcome::Fail && behavior.cause == Cause::Unschedulable) {
    report_unschedulable(context, key, "no node takes it, as the scenario wants it");
    return SyncResult::Done;
  }
  const Choice choice = choose_node(context, pod);
  if (choice.node.empty()) {
    report_unschedulable(context, key, choice.why_not);
    return SyncResult::Done;
  }
  if (const auto why = claims_forbid(context, key, pod, choice.node)) {
    report_unschedulable(context, key, *why);
    return SyncResult::Done;
  }
  context.bind(key, choice.node);
  return SyncResult::Done;
}

void wake_waiting(Context& context, const std::string& name_space) {
  for (const ObjectKey& key : context.all_of("", "Pod", name_space)) {
    if (is_waiting(*context.find(key))) context.wake(key);
  }
}

// Room and volumes: what changes of them lets pods try again.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty()) return;
  if (key.kind == "Pod") {
    if (notice.is_new) {
      context.wake(key);
    } else if (notice.is_removed) {
      wake_waiting(context, key.name_space);
    }
  } else if (key.kind == "PersistentVolumeClaim") {
    wake_waiting(context, key.name_space);
  } else if (key.kind == "Node") {
    for (const ObjectKey& name_space : context.all_of("", "Namespace", "")) {
      wake_waiting(context, name_space.name);
    }
  }
}

}  // namespace

const Controller kScheduler{"kube-scheduler", notice, sync};

}  // namespace wavetank::cluster
