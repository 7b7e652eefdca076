// Nodes that are lost: what the control plane makes of their silence, and who moves where.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "cluster/cluster.h"
#include "cluster/controller_manager/conditions.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::cluster {
namespace {

using nlohmann::json;

json from_yaml(const std::string& text) {
  const auto documents = yaml::parse_documents(source::FileId{0}, text);
  REQUIRE(documents.size() == 1);
  return yaml::to_json(documents[0].tree, documents[0].tree.root());
}

std::string workload(const char* kind, const std::string& spec, const std::string& pod_spec = "") {
  return fmt::format(
      "apiVersion: apps/v1\nkind: {}\nmetadata: {{name: web, namespace: default}}\nspec: "
      "{{selector: {{matchLabels: {{app: web}}}}{}, template: {{metadata: {{labels: {{app: web}}}},"
      " spec: {{{}containers: [{{name: main, image: x}}]}}}}}}\n",
      kind, spec, pod_spec);
}

// A cluster of three nodes.
struct Nodes {
  base::Interner interner;
  base::DefaultChooser chooser;
  Cluster cluster{interner, chooser};

  Nodes() {
    for (const char* name : {"node-2", "node-3"}) {
      cluster.seed({{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", name}}}});
    }
  }
  void apply(const std::string& text) {
    const CallResult result = cluster.apply(from_yaml(text), {});
    INFO(result.message);
    REQUIRE(result.status == CallStatus::Ok);
  }
  void until(int second) { (void)cluster.advance(base::Instant{} + std::chrono::seconds(second)); }
  [[nodiscard]] const json& node(const std::string& name) {
    const auto* found = cluster.get(
        model::intern({.group = "", .kind = "Node", .name_space = "", .name = name}, interner));
    REQUIRE(found != nullptr);
    return found->content;
  }
  // The pods of a node; empty: of all.
  [[nodiscard]] std::vector<json> pods(const std::string& on = "") const {
    std::vector<json> found;
    for (const StoredObject* object : cluster.objects()) {
      const json& pod = object->content;
      if (pod.value("kind", "") != "Pod") continue;
      if (on.empty() || pod.at("spec").value("nodeName", "") == on) found.push_back(pod);
    }
    return found;
  }
  [[nodiscard]] std::string condition(const json& object, const char* type) const {
    const json* found = find_condition(object.at("status"), type);
    return found == nullptr ? "none" : found->value("status", "");
  }
  // "key:effect" of all taints of a node, in order.
  [[nodiscard]] std::string taints(const std::string& name) {
    std::vector<std::string> all;
    for (const json& taint : node(name).value("/spec/taints"_json_pointer, json::array())) {
      all.push_back(taint.value("key", "") + ":" + taint.value("effect", ""));
    }
    std::sort(all.begin(), all.end());
    return fmt::format("{}", fmt::join(all, " "));
  }
  [[nodiscard]] std::string unready_node() const { return pods().front()["spec"]["nodeName"]; }
};

bool is_deleting(const json& pod) { return pod.at("metadata").contains("deletionTimestamp"); }

const std::string kUnreachable =
    "node.kubernetes.io/unreachable:NoExecute node.kubernetes.io/unreachable:NoSchedule";

TEST_CASE("a silent node becomes unknown after its grace, and its pods not ready") {
  Nodes tank;
  tank.apply(workload("Deployment", ", replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(149);
  CHECK(tank.taints(home).empty());
  CHECK(tank.condition(tank.pods(home).front(), "Ready") == "True");
  tank.until(150);
  CHECK(tank.condition(tank.node(home), "Ready") == "Unknown");
  CHECK(tank.taints(home) == kUnreachable);
  const json pod = tank.pods(home).front();
  CHECK(tank.condition(pod, "Ready") == "False");
  CHECK(pod.at("status").at("phase") == "Running");
}

TEST_CASE("pods of a lost node are marked for deletion after 300 s and stay until it is back") {
  Nodes tank;
  tank.apply(workload("Deployment", ", replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(449);
  CHECK(tank.pods().size() == 1);
  tank.until(600);
  REQUIRE(tank.pods().size() == 2);
  REQUIRE(tank.pods(home).size() == 1);
  const json stuck = tank.pods(home).front();
  CHECK(is_deleting(stuck));
  CHECK(tank.condition(stuck, "DisruptionTarget") == "True");
  REQUIRE(tank.cluster.restore_node(home));
  tank.until(700);
  CHECK(tank.pods(home).empty());
  CHECK(tank.pods().size() == 1);
  CHECK(tank.condition(tank.pods().front(), "Ready") == "True");
}

TEST_CASE("a StatefulSet does not replace a pod that a lost node holds") {
  Nodes tank;
  tank.apply(workload("StatefulSet", ", serviceName: web, replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(1000);
  REQUIRE(tank.pods().size() == 1);
  CHECK(is_deleting(tank.pods().front()));
  REQUIRE(tank.cluster.restore_node(home));
  tank.until(1200);
  REQUIRE(tank.pods().size() == 1);
  CHECK(tank.condition(tank.pods().front(), "Ready") == "True");
}

TEST_CASE("pods of a DaemonSet tolerate a lost node for ever") {
  Nodes tank;
  tank.apply(workload("DaemonSet", ""));
  tank.until(200);
  REQUIRE(tank.cluster.lose_node("node-2"));
  tank.until(2000);
  REQUIRE(tank.pods("node-2").size() == 1);
  CHECK_FALSE(is_deleting(tank.pods("node-2").front()));
}

TEST_CASE("a node that is back in time keeps its pods, ready again") {
  Nodes tank;
  tank.apply(workload("Deployment", ", replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(300);
  REQUIRE(tank.cluster.restore_node(home));
  tank.until(301);
  CHECK(tank.condition(tank.node(home), "Ready") == "True");
  CHECK(tank.taints(home).empty());
  tank.until(1000);
  REQUIRE(tank.pods().size() == 1);
  CHECK(tank.condition(tank.pods(home).front(), "Ready") == "True");
}

TEST_CASE("nobody is evicted while all nodes are lost") {
  Nodes tank;
  tank.apply(workload("Deployment", ", replicas: 1"));
  tank.until(100);
  for (const char* name : {"node-1", "node-2", "node-3"}) REQUIRE(tank.cluster.lose_node(name));
  tank.until(2000);
  CHECK(tank.taints("node-1") == "node.kubernetes.io/unreachable:NoSchedule");
  REQUIRE(tank.pods().size() == 1);
  CHECK_FALSE(is_deleting(tank.pods().front()));
}

TEST_CASE("pods of a lost node go when its Node is deleted") {
  Nodes tank;
  tank.apply(workload("StatefulSet", ", serviceName: web, replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(600);
  tank.cluster.remove(
      model::intern({.group = "", .kind = "Node", .name_space = "", .name = home}, tank.interner),
      model::Propagation::Background);
  tank.until(650);
  CHECK(is_deleting(tank.pods().front()));
  tank.until(900);
  REQUIRE(tank.pods().size() == 1);
  CHECK(tank.pods().front()["spec"]["nodeName"] != home);
}

TEST_CASE("terminating pods go when their lost node is declared out of service") {
  Nodes tank;
  tank.apply(workload("StatefulSet", ", serviceName: web, replicas: 1"));
  tank.until(100);
  const std::string home = tank.unready_node();
  REQUIRE(tank.cluster.lose_node(home));
  tank.until(200);
  json taints = tank.node(home).at("spec").at("taints");
  taints.push_back({{"key", "node.kubernetes.io/out-of-service"},
                    {"value", "nodeshutdown"},
                    {"effect", "NoExecute"}});
  const CallResult result =
      tank.cluster.patch({.group = "", .kind = "Node", .name_space = "", .name = home},
                         {{"spec", {{"taints", taints}}}}, "somebody");
  REQUIRE(result.status == CallStatus::Ok);
  tank.until(300);
  REQUIRE(tank.pods().size() == 1);
  CHECK(tank.pods().front()["spec"]["nodeName"] != home);
}

TEST_CASE("a pod that tolerates a cordon is scheduled on a cordoned node") {
  Nodes tank;
  for (const char* name : {"node-1", "node-2", "node-3"}) {
    (void)tank.cluster.patch({.group = "", .kind = "Node", .name_space = "", .name = name},
                             {{"spec", {{"unschedulable", true}}}}, "somebody");
  }
  tank.apply(workload("Deployment", ", replicas: 1"));
  tank.until(100);
  CHECK_FALSE(tank.pods().front()["spec"].contains("nodeName"));
  tank.apply(
      workload("Deployment", ", replicas: 1",
               "tolerations: [{key: node.kubernetes.io/unschedulable, operator: Exists}], "));
  tank.until(300);
  CHECK_FALSE(tank.pods("node-1").empty());
}

TEST_CASE("a lost node never costs others their pods, and the cluster comes to rest") {
  rc::prop("", [] {
    Nodes tank;
    tank.apply(workload("Deployment", ", replicas: 6"));
    tank.until(300);
    std::vector<std::string> lost;
    int second = 300;
    const auto steps = *rc::gen::container<std::vector<int>>(
        rc::gen::resize(rc::kNominalSize, rc::gen::inRange(0, 400)));
    for (const int step : steps) {
      const std::string name = fmt::format("node-{}", 2 + step % 2);
      const bool is_lost = std::find(lost.begin(), lost.end(), name) != lost.end();
      if (is_lost) {
        RC_ASSERT(tank.cluster.restore_node(name));
        std::erase(lost, name);
      } else {
        RC_ASSERT(tank.cluster.lose_node(name));
        lost.push_back(name);
      }
      second += step;
      tank.until(second);
      for (const json& pod : tank.pods("node-1")) {
        RC_ASSERT(!find_condition(pod.at("status"), "DisruptionTarget"));
      }
    }
    for (const std::string& name : lost) RC_ASSERT(tank.cluster.restore_node(name));
    tank.until(second + 2000);
    RC_ASSERT(!tank.cluster.next_event().has_value());
    RC_ASSERT(tank.pods().size() == 6U);
    for (const json& pod : tank.pods()) RC_ASSERT(tank.condition(pod, "Ready") == "True");
    for (const char* name : {"node-1", "node-2", "node-3"}) RC_ASSERT(tank.taints(name).empty());
  });
}

}  // namespace
}  // namespace wavetank::cluster
