// DaemonSets: one pod for every node that it fits, and updates within their allowance.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>

#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

std::string agent(const std::string& image, const std::string& spec = "",
                  const std::string& rest = "") {
  return fmt::format(
      "{{apiVersion: apps/v1, kind: DaemonSet, metadata: {{name: agent}}, spec: {{selector: "
      "{{matchLabels: {{app: agent}}}}, template: {{metadata: {{labels: {{app: agent}}}}, spec: "
      "{{containers: [{{name: main, image: '{}'}}]{}}}}}{}}}}}",
      image, spec, rest);
}

void add_node(ControlPlane& plane, const std::string& name, const std::string& rest = "") {
  REQUIRE(plane
              .write(fmt::format("{{apiVersion: v1, kind: Node, metadata: {{name: {}, labels: "
                                 "{{pool: {}}}}}{}}}",
                                 name, name, rest))
              .empty());
}

nlohmann::json status(const ControlPlane& plane, const std::string& field) {
  return plane.value("apps", "DaemonSet", "agent", "/status/" + field);
}

// The images of the pods, sorted.
std::vector<std::string> images(const ControlPlane& plane) {
  std::vector<std::string> found;
  for (const std::string& pod : plane.pods()) found.push_back(pod.substr(pod.find(' ') + 1));
  std::sort(found.begin(), found.end());
  return found;
}

using Images = std::vector<std::string>;

void make_ready(ControlPlane& plane) {
  for (const std::string& pod : plane.names("", "Pod")) plane.set_ready(pod);
}

TEST_CASE("a DaemonSet without nodes wants no pod") {
  ControlPlane plane;
  plane.write(agent("agent:1"));
  CHECK(plane.pods().empty());
  CHECK(status(plane, "desiredNumberScheduled") == 0);
  CHECK(status(plane, "observedGeneration") == 1);
}

TEST_CASE("a DaemonSet makes a pod for every node, bound to it by affinity") {
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1"));
  REQUIRE(plane.pods().size() == 1);
  const std::string pod = plane.names("", "Pod")[0];
  CHECK(plane.value("", "Pod", pod,
                    "/spec/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution/"
                    "nodeSelectorTerms/0/matchFields/0/values/0") == "one");
  CHECK(status(plane, "numberUnavailable") == 1);
}

TEST_CASE("a node that comes gets a pod, one that goes loses it") {
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1"));
  add_node(plane, "two");
  CHECK(plane.pods().size() == 2);
  plane.remove("", "Node", "two");
  CHECK(plane.pods().size() == 1);
}

TEST_CASE("a DaemonSet leaves out nodes that its selector or a taint excludes") {
  ControlPlane plane;
  add_node(plane, "one");
  add_node(plane, "two");
  add_node(plane, "tainted", ", spec: {taints: [{key: own, effect: NoSchedule}]}");
  plane.write(agent("agent:1"));
  CHECK(plane.pods().size() == 2);
  plane.write(agent("agent:1", ", nodeSelector: {pool: two}"));
  make_ready(plane);
  CHECK(status(plane, "desiredNumberScheduled") == 1);
  CHECK(plane.pods().size() == 1);
}

TEST_CASE("a tolerated taint does not keep a DaemonSet away") {
  ControlPlane plane;
  add_node(plane, "tainted", ", spec: {taints: [{key: own, effect: NoSchedule}]}");
  add_node(plane, "cordoned",
           ", spec: {taints: [{key: node.kubernetes.io/unschedulable, effect: NoSchedule}]}");
  plane.write(agent("agent:1", ", tolerations: [{key: own, operator: Exists}]"));
  CHECK(plane.pods().size() == 2);
}

TEST_CASE("a taint that comes later lets a pod stay, unless it says NoExecute") {
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1"));
  const auto taint = [](const char* effect) -> nlohmann::json {
    return {{"spec", {{"taints", {{{"key", "own"}, {"effect", effect}}}}}}};
  };
  plane.patch("", "Node", "one", taint("NoSchedule"));
  CHECK(plane.pods().size() == 1);
  CHECK(status(plane, "numberMisscheduled") == 1);
  plane.patch("", "Node", "one", taint("NoExecute"));
  CHECK(plane.pods().empty());
}

TEST_CASE("an update of a DaemonSet deletes one available pod at a time") {
  ControlPlane plane;
  add_node(plane, "one");
  add_node(plane, "two");
  plane.write(agent("agent:1"));
  make_ready(plane);
  plane.write(agent("agent:2"));
  CHECK(images(plane) == Images{"agent:1", "agent:2"});
  CHECK(status(plane, "updatedNumberScheduled") == 1);
  make_ready(plane);
  CHECK(images(plane) == Images{"agent:2", "agent:2"});
}

TEST_CASE("an update of a DaemonSet replaces all unavailable pods at once") {
  ControlPlane plane;
  add_node(plane, "one");
  add_node(plane, "two");
  plane.write(agent("agent:1"));
  plane.write(agent("agent:2"));
  CHECK(images(plane) == Images{"agent:2", "agent:2"});
}

TEST_CASE("a surging DaemonSet deletes the old pod when the new one is available") {
  const std::string surge =
      ", updateStrategy: {type: RollingUpdate, rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}";
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1", "", surge));
  make_ready(plane);
  plane.write(agent("agent:2", "", surge));
  CHECK(images(plane) == Images{"agent:1", "agent:2"});
  make_ready(plane);
  CHECK(images(plane) == Images{"agent:2"});
}

TEST_CASE("a DaemonSet with OnDelete updates pods that somebody deletes") {
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1", "", ", updateStrategy: {type: OnDelete}"));
  plane.write(agent("agent:2", "", ", updateStrategy: {type: OnDelete}"));
  CHECK(images(plane) == Images{"agent:1"});
  plane.remove("", "Pod", plane.names("", "Pod")[0]);
  CHECK(images(plane) == Images{"agent:2"});
}

TEST_CASE("a pod of a DaemonSet that fails again and again is replaced once a second") {
  ControlPlane plane;
  add_node(plane, "one");
  plane.write(agent("agent:1"));
  plane.pass(std::chrono::seconds(5));
  const std::string first = plane.names("", "Pod")[0];
  plane.set_phase(first, "Failed");
  const std::string second = plane.names("", "Pod")[0];
  CHECK(second != first);
  plane.set_phase(second, "Failed");
  CHECK(plane.names("", "Pod")[0] == second);
  plane.pass(std::chrono::seconds(1));
  CHECK(plane.names("", "Pod")[0] != second);
}

}  // namespace
}  // namespace wavetank::cluster
