// The end of a namespace.
#include <catch2/catch.hpp>

#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

constexpr const char* kConfig = "{apiVersion: v1, kind: ConfigMap, metadata: {name: cfg}}";
constexpr const char* kHeld =
    "{apiVersion: v1, kind: ConfigMap, metadata: {name: held, finalizers: [example.com/hold]}}";
constexpr const char* kPod =
    "{apiVersion: v1, kind: Pod, metadata: {name: single, finalizers: [example.com/hold]}, spec: "
    "{containers: [{name: main, image: busybox}]}}";

const nlohmann::json kRelease = {{"metadata", {{"finalizers", nullptr}}}};

std::string reason(const ControlPlane& plane, const char* type) {
  const nlohmann::json condition = plane.condition("", "Namespace", "demo", type);
  return condition.is_object() ? condition.value("reason", "") : "";
}

TEST_CASE("a deleted namespace keeps its content for five seconds, then both are gone") {
  ControlPlane plane;
  plane.write(kConfig);
  plane.remove("", "Namespace", "demo");
  CHECK(plane.value("", "Namespace", "demo", "/status/phase") == "Terminating");
  plane.pass(std::chrono::milliseconds(4900));
  CHECK(plane.find("", "ConfigMap", "cfg") != nullptr);
  plane.pass(std::chrono::milliseconds(200));
  CHECK(plane.find("", "ConfigMap", "cfg") == nullptr);
  CHECK(plane.find("", "Namespace", "demo") == nullptr);
}

TEST_CASE("workloads do not come back while their namespace is emptied") {
  ControlPlane plane;
  plane.write(
      "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}, spec: {replicas: 2, "
      "selector: {matchLabels: {app: web}}, template: {metadata: {labels: {app: web}}, spec: "
      "{containers: [{name: main, image: nginx}]}}}}");
  CHECK(plane.pods().size() == 2);
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::seconds(30));
  CHECK(plane.pods().empty());
  CHECK(plane.find("", "Namespace", "demo") == nullptr);
}

TEST_CASE("what holds a namespace is told in its conditions") {
  ControlPlane plane;
  plane.write(kConfig);
  plane.write(kHeld);
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::seconds(60));
  CHECK(plane.find("", "ConfigMap", "cfg") == nullptr);
  CHECK(plane.condition("", "Namespace", "demo", "NamespaceContentRemaining")["message"] ==
        "Some resources are remaining: configmaps. has 1 resource instances");
  CHECK(plane.condition("", "Namespace", "demo", "NamespaceFinalizersRemaining")["message"] ==
        "Some content in the namespace has finalizers remaining: example.com/hold in 1 resource "
        "instances");
}

TEST_CASE("a namespace goes at the next look after its last object was released") {
  ControlPlane plane;
  plane.write(kHeld);
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::seconds(60));
  plane.patch("", "ConfigMap", "held", kRelease);
  CHECK(plane.find("", "Namespace", "demo") != nullptr);
  plane.pass(std::chrono::seconds(8));
  CHECK(plane.find("", "Namespace", "demo") == nullptr);
}

TEST_CASE("nothing else is deleted while pods are left") {
  ControlPlane plane;
  plane.write(kConfig);
  REQUIRE(plane.write(kPod).empty());
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::seconds(60));
  CHECK(plane.find("", "ConfigMap", "cfg") != nullptr);
  plane.patch("", "Pod", "single", kRelease);
  plane.pass(std::chrono::seconds(20));
  CHECK(plane.find("", "Namespace", "demo") == nullptr);
}

TEST_CASE("a namespace with a finalizer of its own is emptied and waits for it") {
  ControlPlane plane;
  plane.patch("", "Namespace", "demo", {{"metadata", {{"finalizers", {"example.com/hold"}}}}});
  plane.write(kConfig);
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::seconds(10));
  CHECK(plane.find("", "ConfigMap", "cfg") == nullptr);
  CHECK(plane.value("", "Namespace", "demo", "/spec/finalizers").is_null());
  CHECK(reason(plane, "NamespaceContentRemaining") == "ContentRemoved");
  plane.patch("", "Namespace", "demo", kRelease);
  CHECK(plane.find("", "Namespace", "demo") == nullptr);
}

TEST_CASE("a namespace that waits for finalizers leaves the cluster at rest") {
  ControlPlane plane;
  plane.write(kHeld);
  plane.remove("", "Namespace", "demo");
  plane.pass(std::chrono::minutes(5));
  CHECK_FALSE(plane.manager.next().has_value());
}

}  // namespace
}  // namespace wavetank::cluster
