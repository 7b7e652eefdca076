// HorizontalPodAutoscalers where there are no metrics, and PodDisruptionBudgets.
#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

std::string web(int replicas) {
  return fmt::format(
      "{{apiVersion: apps/v1, kind: Deployment, metadata: {{name: web}}, spec: {{replicas: {}, "
      "selector: {{matchLabels: {{app: web}}}}, template: {{metadata: {{labels: {{app: web}}}}, "
      "spec: {{containers: [{{name: main, image: nginx}}]}}}}}}}}",
      replicas);
}

std::string scaler(int least, int most, const std::string& metrics = "",
                   const std::string& name = "scale") {
  return fmt::format(
      "{{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {{name: {}}}, spec: "
      "{{minReplicas: {}, maxReplicas: {}, scaleTargetRef: {{apiVersion: apps/v1, kind: "
      "Deployment, name: web}}{}}}}}",
      name, least, most, metrics);
}

std::string budget(const std::string& rest) {
  return "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: guard}, spec: "
         "{selector: {matchLabels: {app: web}}, " +
         rest + "}}";
}

constexpr base::Duration kEvaluation = std::chrono::seconds(15);

nlohmann::json condition(const ControlPlane& plane, const char* type) {
  return plane.condition("autoscaling", "HorizontalPodAutoscaler", "scale", type);
}

nlohmann::json of_budget(const ControlPlane& plane, const std::string& field) {
  return plane.value("policy", "PodDisruptionBudget", "guard", "/status/" + field);
}

void make_ready(ControlPlane& plane) {
  for (const std::string& pod : plane.names("", "Pod")) plane.set_ready(pod);
}

TEST_CASE("an autoscaler says nothing in its first 15 seconds") {
  ControlPlane plane;
  plane.write(web(2));
  plane.write(scaler(1, 3));
  plane.pass(std::chrono::seconds(14));
  CHECK(condition(plane, "AbleToScale").is_null());
  plane.pass(std::chrono::seconds(1));
  CHECK(condition(plane, "AbleToScale")["reason"] == "SucceededGetScale");
}

TEST_CASE("an autoscaler without metrics names the first metric that it misses") {
  ControlPlane plane;
  plane.write(web(2));
  plane.write(scaler(1, 3));
  plane.pass(kEvaluation);
  CHECK(condition(plane, "ScalingActive")["reason"] == "FailedGetResourceMetric");
  CHECK(condition(plane, "ScalingActive")["message"] ==
        "the HPA was unable to compute the replica count: failed to get cpu utilization: unable to "
        "get metrics for resource cpu: unable to fetch metrics from resource metrics API: the "
        "server could not find the requested resource (get pods.metrics.k8s.io)");
}

TEST_CASE("an autoscaler brings its target within its limits without metrics") {
  ControlPlane plane;
  plane.write(web(5));
  plane.write(scaler(1, 3));
  plane.pass(kEvaluation);
  CHECK(plane.value("apps", "Deployment", "web", "/spec/replicas") == 3);
  CHECK(plane.pods().size() == 3);
  CHECK(condition(plane, "AbleToScale")["reason"] == "SucceededRescale");
  CHECK(condition(plane, "ScalingActive").is_null());
  plane.pass(kEvaluation);
  CHECK(condition(plane, "AbleToScale")["reason"] == "SucceededGetScale");
  CHECK(condition(plane, "ScalingActive")["status"] == "False");
}

TEST_CASE("an autoscaler raises its target to the minimum") {
  ControlPlane plane;
  plane.write(web(1));
  plane.write(scaler(2, 3));
  plane.pass(kEvaluation);
  CHECK(plane.pods().size() == 2);
}

TEST_CASE("a target of zero replicas switches its autoscaler off") {
  ControlPlane plane;
  plane.write(web(0));
  plane.write(scaler(1, 3));
  plane.pass(kEvaluation);
  CHECK(condition(plane, "ScalingActive")["reason"] == "ScalingDisabled");
  CHECK(plane.pods().empty());
}

TEST_CASE("an autoscaler says which target it does not find") {
  ControlPlane plane;
  plane.write(scaler(1, 3));
  plane.pass(kEvaluation);
  CHECK(condition(plane, "AbleToScale")["status"] == "False");
  CHECK(condition(plane, "AbleToScale")["message"] ==
        "the HPA controller was unable to get the target's current scale: deployments.apps \"web\" "
        "not found");
}

TEST_CASE("two autoscalers of one target are both out of action") {
  ControlPlane plane;
  plane.write(web(2));
  plane.write(scaler(1, 3));
  plane.write(scaler(1, 5, "", "second"));
  plane.pass(kEvaluation);
  CHECK(condition(plane, "ScalingActive")["message"] ==
        "pods by selector app=web are controlled by multiple HPAs: [demo/scale demo/second]");
}

TEST_CASE("an autoscaler that finds the same again leaves the cluster at rest") {
  ControlPlane plane;
  plane.write(web(5));
  plane.write(scaler(1, 3));
  make_ready(plane);
  plane.pass(std::chrono::hours(1));
  CHECK_FALSE(plane.manager.next().has_value());
}

TEST_CASE("a budget with a minimum counts the pods that are ready beyond it") {
  ControlPlane plane;
  plane.write(web(3));
  plane.write(budget("minAvailable: 2"));
  CHECK(of_budget(plane, "disruptionsAllowed") == 0);
  make_ready(plane);
  CHECK(of_budget(plane, "currentHealthy") == 3);
  CHECK(of_budget(plane, "disruptionsAllowed") == 1);
}

TEST_CASE("a share of a budget is taken of what the Deployment wants, rounded up") {
  ControlPlane plane;
  plane.write(web(3));
  plane.write(budget("minAvailable: 50%"));
  make_ready(plane);
  CHECK(of_budget(plane, "expectedPods") == 3);
  CHECK(of_budget(plane, "desiredHealthy") == 2);
  plane.write(budget("minAvailable: null, maxUnavailable: 50%"));
  CHECK(of_budget(plane, "desiredHealthy") == 1);
  CHECK(of_budget(plane, "disruptionsAllowed") == 2);
}

TEST_CASE("a budget allows nothing when a controller of its pods has no scale") {
  ControlPlane plane;
  plane.write("{apiVersion: v1, kind: Node, metadata: {name: one}}");
  plane.write(
      "{apiVersion: apps/v1, kind: DaemonSet, metadata: {name: web}, spec: {selector: "
      "{matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: {containers: "
      "[{name: main, image: nginx}]}}}}");
  plane.write(budget("maxUnavailable: 1"));
  const nlohmann::json allowed =
      plane.condition("policy", "PodDisruptionBudget", "guard", "DisruptionAllowed");
  CHECK(allowed["reason"] == "SyncFailed");
  CHECK(allowed["message"] == "daemonsets.apps does not implement the scale subresource");
}

}  // namespace
}  // namespace wavetank::cluster
