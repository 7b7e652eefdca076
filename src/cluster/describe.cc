#include "cluster/describe.h"

#include <fmt/format.h>

#include "cluster/controller_manager/conditions.h"
#include "health/object_view.h"

namespace wavetank::cluster {

using health::at;
using health::flag;
using health::list;
using health::number;
using health::text;
using nlohmann::json;

namespace {

const json* condition(const json& object, std::string_view type) {
  return find_condition(at(object, "/status"), type);
}

bool holds(const json& object, std::string_view type) {
  const json* found = condition(object, type);
  return found != nullptr && text(*found, "/status") == "True";
}

std::string lower(std::string text) {
  for (char& c : text) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  return text;
}

std::string pod(const json& object) {
  const std::string phase = text(object, "/status/phase");
  for (const json& container : list(object, "/status/containerStatuses")) {
    const json& state = at(container, "/state");
    const std::string reason = text(state, "/waiting/reason");
    if (reason == "CrashLoopBackOff") return "crash loop";
    if (reason == "ImagePullBackOff") return "cannot pull its image";
    if (phase == "Failed" && state.contains("terminated")) {
      return fmt::format("failed with exit code {}", number(state, "/terminated/exitCode"));
    }
  }
  const bool is_service = text(object, "/spec/restartPolicy") == "Always";
  if (is_service && phase == "Running" && holds(object, "Ready")) return "ready";
  return lower(phase);
}

std::string job(const json& object) {
  if (holds(object, "Complete")) return "completed";
  if (const json* failed = condition(object, "Failed")) return text(*failed, "/message");
  if (holds(object, "Suspended")) return "suspended";
  if (const auto failed = number(object, "/status/failed"); failed > 0) {
    return fmt::format("{} failed, tries again", failed);
  }
  return number(object, "/status/active") > 0 ? "active" : "";
}

std::string replicas(std::int64_t available, std::int64_t wanted) {
  return fmt::format("{} of {} replicas available", available, wanted);
}

std::string workload(const model::ObjectKey& key, const json& object) {
  if (!health::has(object, "/status")) return "";
  if (key.kind == "DaemonSet") {
    return replicas(number(object, "/status/numberAvailable"),
                    number(object, "/status/desiredNumberScheduled"));
  }
  if (key.kind == "Deployment") {
    const json* progress = condition(object, "Progressing");
    const std::string reason = progress == nullptr ? "" : text(*progress, "/reason");
    if (reason == "ProgressDeadlineExceeded") return "progress deadline exceeded";
    if (flag(object, "/spec/paused")) return "paused";
  }
  std::string words =
      replicas(number(object, "/status/availableReplicas"), number(object, "/spec/replicas", 1));
  if (const json* failure = condition(object, "ReplicaFailure")) {
    words += ": " + text(*failure, "/message");
  }
  return words;
}

std::string autoscaler(const json& object) {
  for (const char* type : {"AbleToScale", "ScalingActive"}) {
    const json* found = condition(object, type);
    if (found != nullptr && text(*found, "/status") == "False") return text(*found, "/message");
  }
  return condition(object, "AbleToScale") != nullptr ? "able to scale" : "";
}

}  // namespace

std::string describe(const model::ObjectKey& key, const json& object) {
  const std::string& kind = key.kind;
  if (key.group.empty()) {
    if (kind == "Pod") return pod(object);
    if (kind == "PersistentVolumeClaim" || kind == "PersistentVolume" || kind == "Namespace") {
      return lower(text(object, "/status/phase"));
    }
    if (kind == "Node") {
      const json* ready = condition(object, "Ready");
      if (ready == nullptr) return "";
      if (text(*ready, "/status") == "Unknown") return "unreachable";
      return text(*ready, "/status") == "True" ? "ready" : "not ready";
    }
    if (kind == "Service") {
      return list(object, "/status/loadBalancer/ingress").empty() ? "" : "has an address";
    }
    return "";
  }
  if (key.group == "apps" && kind != "ControllerRevision") return workload(key, object);
  if (key.group == "batch" && kind == "Job") return job(object);
  if (kind == "Ingress") {
    return list(object, "/status/loadBalancer/ingress").empty() ? "" : "has an address";
  }
  if (kind == "CustomResourceDefinition") return holds(object, "Established") ? "established" : "";
  if (kind == "HorizontalPodAutoscaler") return autoscaler(object);
  return "";
}

}  // namespace wavetank::cluster
