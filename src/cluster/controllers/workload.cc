// Deployments, StatefulSets, DaemonSets and ReplicaSets: counters and conditions of their status.
//
// Their pods and ReplicaSets are not objects in this version: all replicas become ready together,
// as soon as everything that the pod template names is there.

#include <fmt/format.h>

#include "cluster/controllers/dispatch.h"
#include "cluster/needs.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using nlohmann::json;

namespace {

std::int64_t replicas_of(const model::ObjectKey& key, const json& object) {
  return key.kind == "DaemonSet" ? 1 : health::number(object, "/spec/replicas", 1);
}

json progressing(const char* status, const char* reason, const std::string& message) {
  return {{"type", "Progressing"}, {"status", status}, {"reason", reason}, {"message", message}};
}

json status_of(const model::ObjectKey& key, const json& object, std::int64_t ready) {
  const std::int64_t wanted = replicas_of(key, object);
  json status = {{"observedGeneration", health::number(object, "/metadata/generation")}};
  if (key.kind == "DaemonSet") {
    status["desiredNumberScheduled"] = wanted;
    status["updatedNumberScheduled"] = wanted;
    status["numberAvailable"] = ready;
    status["numberReady"] = ready;
    return status;
  }
  status["replicas"] = wanted;
  status["readyReplicas"] = ready;
  status["availableReplicas"] = ready;
  if (key.kind == "ReplicaSet") return status;
  status["updatedReplicas"] = wanted;
  if (key.kind == "StatefulSet") {
    const std::string revision =
        fmt::format("{}-{}", key.name, health::number(object, "/metadata/generation"));
    status["currentRevision"] = revision;
    status["updateRevision"] = revision;
    status["currentReplicas"] = wanted;
  }
  return status;
}

void set_deployment_condition(const model::ObjectKey& key, json& status, json condition) {
  if (key.kind == "Deployment") status["conditions"] = json::array({std::move(condition)});
}

void observe(Context& context, const model::ObjectKey& key, const json& object) {
  if (health::flag(object, "/spec/paused")) {
    json status = status_of(key, object, 0);
    status["updatedReplicas"] = 0;
    context.set_status(key, std::move(status), "paused");
    return;
  }
  const std::int64_t wanted = replicas_of(key, object);
  json status = status_of(key, object, 0);
  set_deployment_condition(key, status,
                           progressing("True", "ReplicaSetUpdated", "is progressing."));
  context.set_status(key, std::move(status), fmt::format("0 of {} replicas available", wanted));
  if (key.kind == "Deployment") {
    context.plan(key,
                 std::chrono::seconds(health::number(object, "/spec/progressDeadlineSeconds", 600)),
                 Step::Deadline);
  }
  context.plan(
      key,
      context.lapse(Lapse::ContainerStart, key,
                    static_cast<std::uint32_t>(health::number(object, "/metadata/generation"))),
      Step::Start);
}

void start(Context& context, const model::ObjectKey& key, const json& object) {
  const Behavior behavior = context.behavior_of(key);
  const json& pod = health::at(object, "/spec/template/spec");
  const std::string missing = missing_need(context.store, pod, key.name_space);
  if (!missing.empty()) {
    context.note(key, ChangeKind::Updated, fmt::format("pods cannot start: {} not found", missing));
    context.wait_for_needs(key);
    return;
  }
  bool bound = true;
  for (const std::string& name : mounted_claims(pod)) {
    const model::ObjectKey claim{
        .group = "", .kind = "PersistentVolumeClaim", .name_space = key.name_space, .name = name};
    const Entry* entry = context.store.find(claim);
    if (health::text(entry->object.content, "/status/phase") == "Bound") continue;
    bound = false;
    context.plan(claim, base::Duration::zero(), Step::Start);
  }
  if (!bound) {
    context.wait_for_needs(key);
    return;
  }
  // Pods that crash and pods that hang look alike from here: the replicas never become available.
  if (behavior.outcome == Outcome::Hang || behavior.outcome == Outcome::Fail) return;
  const auto generation =
      static_cast<std::uint32_t>(health::number(object, "/metadata/generation"));
  base::Duration left = context.lapse(Lapse::ReadyAfterStart, key, generation);
  if (behavior.duration) {
    const Entry* entry = context.store.find(key);
    left = std::max(*behavior.duration - (context.now - entry->object.created),
                    base::Duration::zero());
  }
  context.plan(key, left, Step::Finish);
}

void finish(Context& context, const model::ObjectKey& key, const json& object) {
  const std::int64_t wanted = replicas_of(key, object);
  json status = status_of(key, object, wanted);
  set_deployment_condition(
      key, status, progressing("True", "NewReplicaSetAvailable", "has successfully progressed."));
  context.set_status(key, std::move(status),
                     fmt::format("{} of {} replicas available", wanted, wanted));
}

void deadline(Context& context, const model::ObjectKey& key, const json& object) {
  if (health::number(object, "/status/availableReplicas") >= replicas_of(key, object)) return;
  json status = status_of(key, object, 0);
  set_deployment_condition(
      key, status, progressing("False", "ProgressDeadlineExceeded", "has timed out progressing."));
  context.set_status(key, std::move(status), "progress deadline exceeded");
}

}  // namespace

void control_workload(Context& context, const model::ObjectKey& key, Step step) {
  const Entry* entry = context.store.find(key);
  if (entry->object.deleting) return;
  const json object = entry->object.content;
  switch (step) {
    case Step::Observe: observe(context, key, object); break;
    case Step::Start: start(context, key, object); break;
    case Step::Finish: finish(context, key, object); break;
    case Step::Deadline: deadline(context, key, object); break;
    case Step::Retry:
    case Step::Expire:
    case Step::Terminate: break;
  }
}

}  // namespace wavetank::cluster
