// Pods and their kubelet. Probes, images and nodes are not modelled: a pod starts when everything
// it names is there, and then behaves as its rule or its kind says.

#include <fmt/format.h>

#include "cluster/controllers/dispatch.h"
#include "cluster/needs.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

bool is_long_running(const json& pod) {
  const std::string policy = health::text(pod, "/spec/restartPolicy");
  return policy.empty() || policy == "Always";
}

std::string first_container(const json& pod) {
  const json& containers = health::list(pod, "/spec/containers");
  return containers.empty() ? "main" : health::text(containers.front(), "/name");
}

json container_status(const json& pod, json state) {
  return json::array({{{"name", first_container(pod)}, {"state", std::move(state)}}});
}

// The behaviour of a pod is that of the Job that made it, unless a rule names the pod itself.
Behavior behavior_of(Context& context, const model::ObjectKey& key, const json& pod) {
  Behavior behavior = context.behavior_of(key);
  for (const json& owner : health::list(pod, "/metadata/ownerReferences")) {
    const Behavior of_owner = context.behavior_of({.group = "batch",
                                                   .kind = health::text(owner, "/kind"),
                                                   .name_space = key.name_space,
                                                   .name = health::text(owner, "/name")});
    if (!behavior.outcome) behavior.outcome = of_owner.outcome;
    if (!behavior.duration) behavior.duration = of_owner.duration;
  }
  return behavior;
}

// A claim that is not bound yet keeps the pod from a node; one that waits for its first consumer is
// bound because of this pod.
bool claims_are_bound(Context& context, const json& spec, const std::string& name_space) {
  bool bound = true;
  for (const std::string& name : mounted_claims(spec)) {
    const model::ObjectKey claim{
        .group = "", .kind = "PersistentVolumeClaim", .name_space = name_space, .name = name};
    const Entry* entry = context.store.find(claim);
    if (entry == nullptr || health::text(entry->object.content, "/status/phase") == "Bound") {
      continue;
    }
    bound = false;
    context.plan(claim, base::Duration::zero(), Step::Start);
  }
  return bound;
}

void tell_owner(Context& context, const model::ObjectKey& key, const json& pod) {
  for (const json& owner : health::list(pod, "/metadata/ownerReferences")) {
    if (health::text(owner, "/kind") != "Job") continue;
    // The Job controller gathers what its pods do for a second.
    context.plan({.group = "batch",
                  .kind = "Job",
                  .name_space = key.name_space,
                  .name = health::text(owner, "/name")},
                 std::chrono::seconds(1), Step::Finish);
  }
}

void start(Context& context, const model::ObjectKey& key, const json& pod) {
  if (health::text(pod, "/status/phase") != "Pending") return;
  const json& spec = health::at(pod, "/spec");
  const std::string missing = missing_need(context.store, spec, key.name_space);
  if (!missing.empty()) {
    const std::string message = fmt::format("{} not found", missing);
    context.set_status(
        key,
        {{"phase", "Pending"},
         {"containerStatuses",
          container_status(
              pod,
              {{"waiting", {{"reason", "CreateContainerConfigError"}, {"message", message}}}})}},
        fmt::format("cannot start: {}", message));
    context.wait_for_needs(key);
    return;
  }
  if (!claims_are_bound(context, spec, key.name_space)) {
    context.wait_for_needs(key);
    return;
  }
  const Behavior behavior = behavior_of(context, key, pod);
  const Entry* entry = context.store.find(key);
  const base::Duration since = context.now - entry->object.created;
  context.set_status(
      key,
      {{"phase", "Running"},
       {"startTime", timestamp(context.now)},
       {"containerStatuses",
        container_status(pod, {{"running", {{"startedAt", timestamp(context.now)}}}})}},
      "running");
  if (behavior.outcome == Outcome::Hang) return;
  const Lapse kind = is_long_running(pod) ? Lapse::ReadyAfterStart : Lapse::JobRun;
  base::Duration left = context.lapse(kind, key, entry->object.incarnation);
  if (behavior.duration) left = std::max(*behavior.duration - since, base::Duration::zero());
  context.plan(key, left, Step::Finish);
}

void finish(Context& context, const model::ObjectKey& key, const json& pod) {
  const bool fails = behavior_of(context, key, pod).outcome == Outcome::Fail;
  if (is_long_running(pod)) {
    if (fails) {
      context.set_status(
          key,
          {{"phase", "Running"},
           {"containerStatuses",
            container_status(pod, {{"waiting",
                                    {{"reason", "CrashLoopBackOff"},
                                     {"message", "back-off restarting failed container"}}}})}},
          "crash loop");
    } else {
      context.set_status(
          key,
          {{"phase", "Running"},
           {"conditions", {{{"type", "Ready"}, {"status", "True"}}}},
           {"containerStatuses", container_status(pod, {{"running", json::object()}})}},
          "ready");
    }
    return;
  }
  context.set_status(
      key,
      {{"phase", fails ? "Failed" : "Succeeded"},
       {"containerStatuses",
        container_status(
            pod, {{"terminated",
                   {{"exitCode", fails ? 1 : 0}, {"reason", fails ? "Error" : "Completed"}}}})}},
      fails ? "failed with exit code 1" : "succeeded");
  tell_owner(context, key, pod);
}

}  // namespace

void control_pod(Context& context, const model::ObjectKey& key, Step step) {
  Entry* entry = context.store.find(key);
  const json pod = entry->object.content;
  switch (step) {
    case Step::Observe:
      // Only the status that the API server itself begins with has a QoS class.
      if (health::has(pod, "/status") && !health::has(pod, "/status/qosClass")) return;
      context.set_status(key, {{"phase", "Pending"}}, "pending");
      context.plan(key, context.lapse(Lapse::ContainerStart, key, entry->object.incarnation),
                   Step::Start);
      break;
    case Step::Start: start(context, key, pod); break;
    case Step::Finish:
      if (!entry->object.deleting) finish(context, key, pod);
      break;
    case Step::Terminate:
      entry->is_held = false;
      context.reap(key);
      break;
    case Step::Retry:
    case Step::Deadline:
    case Step::Expire: break;
  }
}

}  // namespace wavetank::cluster
