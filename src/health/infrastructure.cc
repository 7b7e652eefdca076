#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "health/kind_checks.h"
#include "health/object_view.h"

namespace wavetank::health {

using nlohmann::json;

Health check_service(const Subject& subject) {
  const json& object = subject.object;
  const bool waits = text(object, "/spec/type") == "LoadBalancer" &&
                     list(object, "/status/loadBalancer/ingress").empty();
  return {.status = waits ? Status::Progressing : Status::Healthy};
}

Health check_ingress(const Subject& subject) {
  const json& object = subject.object;
  const bool waits = list(object, "/status/loadBalancer/ingress").empty();
  return {.status = waits ? Status::Progressing : Status::Healthy};
}

Health check_volume_claim(const Subject& subject) {
  const json& object = subject.object;
  const std::string phase = text(object, "/status/phase");
  if (phase == "Bound") return {};
  if (phase == "Pending") return {.status = Status::Progressing};
  if (phase == "Lost") return {.status = Status::Degraded};
  return {.status = Status::Unknown};
}

namespace {

bool is_degraded(const json& condition, bool knows_all_failures) {
  constexpr std::array<std::string_view, 2> kScale{"FailedGetScale", "FailedUpdateScale"};
  constexpr std::array<std::string_view, 6> kMetrics{
      "FailedGetResourceMetric", "InvalidSelector",         "FailedGetObjectMetric",
      "FailedGetPodsMetric",     "FailedGetExternalMetric", "FailedComputeMetricsReplicas"};
  const std::string type = text(condition, "/type");
  const std::string reason = text(condition, "/reason");
  if (type == "AbleToScale") {
    return std::find(kScale.begin(), kScale.end(), reason) != kScale.end();
  }
  const auto* const known = knows_all_failures ? kMetrics.end() : kMetrics.begin() + 2;
  return type == "ScalingActive" && std::find(kMetrics.begin(), known, reason) != known;
}

bool is_scaling(const json& condition) {
  const std::string type = text(condition, "/type");
  return (type == "AbleToScale" || type == "ScalingLimited") &&
         text(condition, "/status") == "True";
}

}  // namespace

Health check_autoscaler(const Subject& subject) {
  const json& object = subject.object;
  json conditions = list(object, "/status/conditions");
  if (text(object, "/apiVersion") == "autoscaling/v1") {
    // Version 1 keeps its conditions as JSON text in an annotation.
    const json& annotations = at(object, "/metadata/annotations");
    const std::string key = "autoscaling.alpha.kubernetes.io/conditions";
    conditions = json::array();
    if (annotations.is_object() && annotations.contains(key) && annotations[key].is_string()) {
      const std::string written = annotations[key].get<std::string>();
      if (!written.empty()) conditions = json::parse(written, nullptr, false);
      if (!conditions.is_array()) {
        return {.status = Status::Unknown,
                .message = "failed to unmarshal the conditions annotation",
                .is_error = true};
      }
    }
  }
  // Older versions judge by the first condition that says anything.
  const bool new_rules = model::behaves(subject.version, model::Behavior::AutoscalerFailures);
  for (const json& condition : conditions) {
    if (is_degraded(condition, new_rules)) {
      return {.status = Status::Degraded, .message = text(condition, "/message")};
    }
    if (!new_rules && is_scaling(condition)) return {.message = text(condition, "/message")};
  }
  for (const json& condition : conditions) {
    if (is_scaling(condition)) return {.message = text(condition, "/message")};
  }
  return {.status = Status::Progressing, .message = "Waiting to Autoscale"};
}

Health check_api_service(const Subject& subject) {
  const json& object = subject.object;
  for (const json& condition : list(object, "/status/conditions")) {
    if (text(condition, "/type") != "Available") continue;
    const std::string message =
        fmt::format("{}: {}", text(condition, "/reason"), text(condition, "/message"));
    const bool available = text(condition, "/status") == "True";
    return {.status = available ? Status::Healthy : Status::Progressing, .message = message};
  }
  return {.status = Status::Progressing, .message = "Waiting to be processed"};
}

}  // namespace wavetank::health
