// Aggregated APIs, and what is lost while one of them does not answer.
#include <catch2/catch.hpp>

#include "base/chooser.h"
#include "base/interner.h"
#include "cluster/cluster.h"
#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

constexpr const char* kApi =
    "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: "
    "v1beta1.metrics.k8s.io}, spec: {group: metrics.k8s.io, version: v1beta1, "
    "groupPriorityMinimum: 100, versionPriority: 10, insecureSkipTLSVerify: true, service: {name: "
    "metrics, namespace: demo}}}";
constexpr const char* kService =
    "{apiVersion: v1, kind: Service, metadata: {name: metrics}, spec: {selector: {app: metrics}, "
    "ports: [{name: https, port: 443, targetPort: web}]}}";

std::string pod(const char* port) {
  return std::string(
             "{apiVersion: v1, kind: Pod, metadata: {name: metrics-1, labels: {app: metrics}}, "
             "spec: {containers: [{name: main, image: metrics, ports: [{name: ") +
         port + ", containerPort: 4443}]}]}}";
}

std::string said(const ControlPlane& plane) {
  const nlohmann::json condition = plane.condition("apiregistration.k8s.io", "APIService",
                                                   "v1beta1.metrics.k8s.io", "Available");
  if (!condition.is_object()) return "";
  return condition.value("status", "") + " " + condition.value("reason", "") + ": " +
         condition.value("message", "");
}

TEST_CASE("an aggregated API is available once a pod behind its Service is ready") {
  ControlPlane plane;
  REQUIRE(plane.write(kApi) == "");
  CHECK(said(plane) == "False ServiceNotFound: service/metrics in \"demo\" is not present");
  REQUIRE(plane.write(kService) == "");
  const char* missing =
      "False MissingEndpoints: endpointslices for service/metrics in \"demo\" have no addresses "
      "with port name \"https\"";
  CHECK(said(plane) == missing);
  REQUIRE(plane.write(pod("web")) == "");
  CHECK(said(plane) == missing);
  plane.set_ready("metrics-1");
  CHECK(said(plane) == "True Passed: all checks passed");
  plane.set_unready("metrics-1");
  CHECK(said(plane) == missing);
}

TEST_CASE("a Service that listens elsewhere, or whose pods lack the named port, answers nothing") {
  ControlPlane plane;
  REQUIRE(plane.write(kService) == "");
  REQUIRE(plane.write(pod("other")) == "");
  REQUIRE(plane.write(kApi) == "");
  plane.set_ready("metrics-1");
  CHECK_THAT(said(plane), Catch::StartsWith("False MissingEndpoints"));
  plane.patch("apiregistration.k8s.io", "APIService", "v1beta1.metrics.k8s.io",
              {{"spec", {{"service", {{"port", 8443}}}}}});
  CHECK(said(plane) ==
        "False ServicePortError: service/metrics in \"demo\" is not listening on port 8443");
}

TEST_CASE("a Service without selector answers through the slices that somebody wrote") {
  ControlPlane plane;
  REQUIRE(plane.write(kApi) == "");
  REQUIRE(plane.write("{apiVersion: v1, kind: Service, metadata: {name: metrics}, spec: {ports: "
                      "[{name: https, port: 443}]}}") == "");
  CHECK(said(plane) ==
        "False EndpointsNotFound: cannot find endpointslices for service/metrics in \"demo\"");
  REQUIRE(plane.write("{apiVersion: discovery.k8s.io/v1, kind: EndpointSlice, metadata: {name: "
                      "metrics-a, labels: {kubernetes.io/service-name: metrics}}, addressType: "
                      "IPv4, ports: [{name: https, port: 443}], endpoints: [{addresses: "
                      "[10.0.0.9]}]}") == "");
  CHECK(said(plane) == "True Passed: all checks passed");
}

TEST_CASE("an API that the server has itself is always available") {
  ControlPlane plane;
  REQUIRE(plane.write("{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: "
                      "v1beta1.metrics.k8s.io}, spec: {group: metrics.k8s.io, version: v1beta1, "
                      "groupPriorityMinimum: 100, versionPriority: 10}}") == "");
  CHECK(said(plane) == "True Local: Local APIServices are always available");
}

TEST_CASE("a namespace stays as long as an aggregated API does not answer") {
  ControlPlane plane;
  REQUIRE(plane.write("{apiVersion: v1, kind: Namespace, metadata: {name: other}}") == "");
  REQUIRE(plane.write(kService) == "");
  REQUIRE(plane.write(kApi) == "");
  plane.remove("", "Namespace", "other");
  plane.pass(std::chrono::seconds(60));
  CHECK(plane.condition("", "Namespace", "other", "NamespaceDeletionDiscoveryFailure")["message"] ==
        "Discovery failed for some groups, 1 failing: unable to retrieve the complete list of "
        "server APIs: metrics.k8s.io/v1beta1: stale GroupVersion discovery: "
        "metrics.k8s.io/v1beta1");
  REQUIRE(plane.write(pod("web")) == "");
  plane.set_ready("metrics-1");
  plane.pass(std::chrono::seconds(1100));
  CHECK(plane.find("", "Namespace", "other") == nullptr);
}

TEST_CASE(
    "an aggregated API that fails though its pods are ready says why, and the cluster rests") {
  base::Interner interner;
  base::DefaultChooser chooser;
  Cluster cluster(interner, chooser,
                  {{.kind = "APIService", .name = "*", .behavior = {.outcome = Outcome::Fail}}});
  const auto seed = [&](const char* json) { cluster.seed(nlohmann::json::parse(json)); };
  seed(R"({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "demo"}})");
  seed(R"({"apiVersion": "v1", "kind": "Service", "metadata": {"name": "metrics", "namespace":
       "demo"}, "spec": {"ports": [{"port": 443}]}})");
  seed(R"({"apiVersion": "discovery.k8s.io/v1", "kind": "EndpointSlice", "metadata": {"name": "a",
       "namespace": "demo", "labels": {"kubernetes.io/service-name": "metrics"}}, "addressType":
       "IPv4", "ports": [{"name": "", "port": 443}], "endpoints": [{"addresses": ["10.0.0.9"]}]})");
  seed(R"({"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService", "metadata": {"name":
       "v1beta1.metrics.k8s.io"}, "spec": {"group": "metrics.k8s.io", "version": "v1beta1",
       "groupPriorityMinimum": 100, "versionPriority": 10, "service": {"name": "metrics",
       "namespace": "demo"}}})");
  for (int looks = 0; cluster.next_event(); ++looks) {
    REQUIRE(looks < 1000);
    (void)cluster.advance(*cluster.next_event());
  }
  const auto key = model::intern({.group = "apiregistration.k8s.io",
                                  .kind = "APIService",
                                  .name_space = "",
                                  .name = "v1beta1.metrics.k8s.io"},
                                 interner);
  const nlohmann::json condition = cluster.get(key)->content["status"]["conditions"][0];
  CHECK(condition["reason"] == "FailedDiscoveryCheck");
  CHECK(
      condition["message"] ==
      "failing or missing response from https://metrics.demo.svc:443/apis/metrics.k8s.io/v1beta1: "
      "bad status from https://metrics.demo.svc:443/apis/metrics.k8s.io/v1beta1: 503");
}

}  // namespace
}  // namespace wavetank::cluster
