#include <fmt/format.h>

#include "health/kind_checks.h"
#include "health/object_view.h"

namespace wavetank::health {

using nlohmann::json;

namespace {

Health progressing(std::string message) {
  return {.status = Status::Progressing, .message = std::move(message)};
}

bool is_observed(const json& object) {
  return number(object, "/metadata/generation") <= number(object, "/status/observedGeneration");
}

Health unobserved(std::string_view what) {
  return progressing(fmt::format(
      "Waiting for rollout to finish: observed {} generation less than desired generation", what));
}

}  // namespace

Health check_deployment(const Subject& subject) {
  const json& object = subject.object;
  if (flag(object, "/spec/paused")) {
    return {.status = Status::Suspended, .message = "Deployment is paused"};
  }
  if (!is_observed(object)) return unobserved("deployment");
  for (const json& condition : list(object, "/status/conditions")) {
    // The condition's status is not looked at.
    if (text(condition, "/type") == "Progressing" &&
        text(condition, "/reason") == "ProgressDeadlineExceeded") {
      return {.status = Status::Degraded,
              .message = fmt::format("Deployment \"{}\" exceeded its progress deadline",
                                     text(object, "/metadata/name"))};
    }
  }
  const auto updated = number(object, "/status/updatedReplicas");
  const auto total = number(object, "/status/replicas");
  const auto available = number(object, "/status/availableReplicas");
  if (has(object, "/spec/replicas") && updated < number(object, "/spec/replicas")) {
    return progressing(
        fmt::format("Waiting for rollout to finish: {} out of {} new replicas have been updated...",
                    updated, number(object, "/spec/replicas")));
  }
  if (total > updated) {
    return progressing(
        fmt::format("Waiting for rollout to finish: {} old replicas are pending termination...",
                    total - updated));
  }
  if (available < updated) {
    return progressing(
        fmt::format("Waiting for rollout to finish: {} of {} updated replicas are available...",
                    available, updated));
  }
  return {};
}

Health check_replica_set(const Subject& subject) {
  const json& object = subject.object;
  if (!is_observed(object)) return unobserved("replica set");
  for (const json& condition : list(object, "/status/conditions")) {
    if (text(condition, "/type") == "ReplicaFailure" && text(condition, "/status") == "True") {
      return {.status = Status::Degraded, .message = text(condition, "/message")};
    }
  }
  const auto available = number(object, "/status/availableReplicas");
  if (has(object, "/spec/replicas") && available < number(object, "/spec/replicas")) {
    return progressing(
        fmt::format("Waiting for rollout to finish: {} out of {} new replicas are available...",
                    available, number(object, "/spec/replicas")));
  }
  return {};
}

Health check_stateful_set(const Subject& subject) {
  const json& object = subject.object;
  const auto observed = number(object, "/status/observedGeneration");
  if (observed == 0 || !is_observed(object)) {
    return progressing("Waiting for statefulset spec update to be observed...");
  }
  const bool counts = has(object, "/spec/replicas");
  const auto replicas = number(object, "/spec/replicas");
  const auto ready = number(object, "/status/readyReplicas");
  const auto updated = number(object, "/status/updatedReplicas");
  if (counts && ready < replicas) {
    return progressing(fmt::format("Waiting for {} pods to be ready...", replicas - ready));
  }
  const std::string type = text(object, "/spec/updateStrategy/type");
  if (type == "RollingUpdate" && has(object, "/spec/updateStrategy/rollingUpdate")) {
    const std::string_view partition = "/spec/updateStrategy/rollingUpdate/partition";
    if (counts && has(object, partition) && updated < replicas - number(object, partition)) {
      return progressing(fmt::format(
          "Waiting for partitioned roll out to finish: {} out of {} new pods have been updated...",
          updated, replicas - number(object, partition)));
    }
    return {.message = fmt::format(
                "partitioned roll out complete: {} new pods have been updated...", updated)};
  }
  if (type == "OnDelete") return {.message = fmt::format("statefulset has {} ready pods", ready)};
  const std::string wanted = text(object, "/status/updateRevision");
  const std::string current = text(object, "/status/currentRevision");
  if (wanted != current) {
    return progressing(
        fmt::format("waiting for statefulset rolling update to complete {} pods at revision {}...",
                    updated, wanted));
  }
  return {.message = fmt::format("statefulset rolling update complete {} pods at revision {}...",
                                 number(object, "/status/currentReplicas"), current)};
}

Health check_daemon_set(const Subject& subject) {
  const json& object = subject.object;
  if (!is_observed(object)) return unobserved("daemon set");
  const auto desired = number(object, "/status/desiredNumberScheduled");
  const auto updated = number(object, "/status/updatedNumberScheduled");
  const auto available = number(object, "/status/numberAvailable");
  if (text(object, "/spec/updateStrategy/type") == "OnDelete") {
    return {.message = fmt::format("daemon set {} out of {} new pods have been updated", updated,
                                   desired)};
  }
  const std::string name = text(object, "/metadata/name");
  if (updated < desired) {
    return progressing(fmt::format(
        "Waiting for daemon set \"{}\" rollout to finish: {} out of {} new pods have been "
        "updated...",
        name, updated, desired));
  }
  if (available < desired) {
    return progressing(fmt::format(
        "Waiting for daemon set \"{}\" rollout to finish: {} of {} updated pods are available...",
        name, available, desired));
  }
  return {};
}

}  // namespace wavetank::health
