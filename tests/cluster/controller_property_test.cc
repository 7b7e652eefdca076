// What holds for the controllers of sets, volumes, autoscalers and budgets, whatever happens.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <numeric>

#include "cluster/api/object/json_access.h"
#include "cluster/control_plane.h"

namespace wavetank::cluster {
namespace {

using api::at;
using api::has;
using api::list;
using api::text;
using nlohmann::json;

// One thing that happens to the cluster: what, to which application, and a number for the rest.
struct Event {
  enum class Kind : std::uint8_t {
    Ready,
    Unready,
    Fail,
    Succeed,
    Delete,
    Scale,
    NewTemplate,
    AddNode,
    RemoveNode,
    DeleteClaim,
    Wait,
  };
  Kind kind = Kind::Wait;
  std::size_t application = 0;
  int number = 0;
};

constexpr const char* kApplications[] = {"ordered", "parallel", "agent", "web"};

void showValue(const Event& event, std::ostream& out) {
  out << static_cast<int>(event.kind) << " " << kApplications[event.application] << " "
      << event.number;
}

// RapidCheck narrows ranges while sizes are small; here all kinds are drawn from the first test on.
template <class Number>
rc::Gen<Number> below(Number end) {
  return rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Number>(0, end));
}

rc::Gen<std::vector<Event>> draw_events() {
  const auto kind = [](int number) { return static_cast<Event::Kind>(number); };
  return rc::gen::container<std::vector<Event>>(
      rc::gen::build<Event>(rc::gen::set(&Event::kind, rc::gen::map(below(11), kind)),
                            rc::gen::set(&Event::application, below<std::size_t>(4)),
                            rc::gen::set(&Event::number, below(4))));
}

std::string workload(const char* kind, const char* name, const std::string& spec) {
  return fmt::format(
      "{{apiVersion: apps/v1, kind: {}, metadata: {{name: {}}}, spec: {{selector: {{matchLabels: "
      "{{app: {}}}}}, template: {{metadata: {{labels: {{app: {}}}}}, spec: {{containers: [{{name: "
      "main, image: 'one:0'}}]}}}}{}}}}}",
      kind, name, name, name, spec);
}

class World {
 public:
  explicit World(std::span<const Controller* const> controllers = built_in_controllers())
      : plane(controllers) {
    const std::string claims =
        ", replicas: 2, minReadySeconds: 3, volumeClaimTemplates: [{metadata: {name: data}, spec: "
        "{storageClassName: own, accessModes: [ReadWriteOnce], resources: {requests: {storage: "
        "1Gi}}}}], persistentVolumeClaimRetentionPolicy: {whenScaled: Delete}";
    for (int i = 0; i < 2; ++i) {
      make(fmt::format(
          "{{apiVersion: v1, kind: PersistentVolume, metadata: {{name: own-{}}}, spec: "
          "{{storageClassName: own, accessModes: [ReadWriteOnce], capacity: {{storage: "
          "1Gi}}, hostPath: {{path: /tmp/x}}, persistentVolumeReclaimPolicy: Delete}}}}",
          i));
    }
    make("{apiVersion: v1, kind: Node, metadata: {name: node-0}}");
    make(workload("StatefulSet", "ordered", claims));
    make(workload("StatefulSet", "parallel", ", replicas: 2, podManagementPolicy: Parallel"));
    make(workload("DaemonSet", "agent", ""));
    make(workload("Deployment", "web", ", replicas: 2"));
    make(
        "{apiVersion: autoscaling/v2, kind: HorizontalPodAutoscaler, metadata: {name: scale}, "
        "spec: {minReplicas: 1, maxReplicas: 2, scaleTargetRef: {apiVersion: apps/v1, kind: "
        "Deployment, name: web}}}");
    make(
        "{apiVersion: policy/v1, kind: PodDisruptionBudget, metadata: {name: guard}, spec: "
        "{maxUnavailable: 50%, selector: {matchLabels: {app: parallel}}}}");
    make(
        "{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {selector: {app: web}, "
        "ports: [{name: https, port: 443}]}}");
    make(
        "{apiVersion: apiregistration.k8s.io/v1, kind: APIService, metadata: {name: "
        "v1.web.example.com}, spec: {group: web.example.com, version: v1, groupPriorityMinimum: "
        "100, versionPriority: 10, insecureSkipTLSVerify: true, service: {name: web, namespace: "
        "demo}}}");
  }

  ControlPlane plane;

  void make(const std::string& yaml) { RC_ASSERT(plane.write(yaml) == ""); }

  void play(const std::vector<Event>& events) {
    for (const Event& event : events) play(event);
  }

  // Lets the controllers act until nothing is due; whether that came.
  bool comes_to_rest() {
    for (int steps = 0; plane.manager.next(); ++steps) {
      if (steps == 20000) return false;
      plane.manager.step();
    }
    return true;
  }

 private:
  void play(const Event& event);
  [[nodiscard]] std::vector<std::string> pods_of(const std::string& application) const {
    std::vector<std::string> found;
    for (const std::string& name : plane.names("", "Pod")) {
      if (plane.value("", "Pod", name, "/metadata/labels/app") == application) {
        found.push_back(name);
      }
    }
    return found;
  }
  void change_workload(const std::string& name, const json& spec) {
    const char* kind = name == "agent" ? "DaemonSet" : name == "web" ? "Deployment" : "StatefulSet";
    RC_ASSERT(plane.patch("apps", kind, name, {{"spec", spec}}) == "");
  }
};

void World::play(const Event& event) {
  const std::string name = kApplications[event.application];
  const std::string node = fmt::format("node-{}", event.number);
  switch (event.kind) {
    case Event::Kind::Ready: plane.report(pods_of(name), plane.running("True")); return;
    case Event::Kind::Unready: plane.report(pods_of(name), plane.running("False")); return;
    case Event::Kind::Fail:
      plane.report(pods_of(name), {{"phase", "Failed"}, {"conditions", json::array()}});
      return;
    case Event::Kind::Succeed:
      plane.report(pods_of(name), {{"phase", "Succeeded"}, {"conditions", json::array()}});
      return;
    case Event::Kind::Delete:
      for (const std::string& pod : pods_of(name)) plane.remove("", "Pod", pod);
      return;
    case Event::Kind::Scale:
      if (name != "agent") change_workload(name, {{"replicas", event.number}});
      return;
    case Event::Kind::NewTemplate:
      change_workload(
          name, {{"template",
                  {{"spec",
                    {{"containers",
                      {{{"name", "main"}, {"image", fmt::format("one:{}", event.number)}}}}}}}}});
      return;
    case Event::Kind::AddNode:
      if (plane.find("", "Node", node) == nullptr) {
        make(fmt::format("{{apiVersion: v1, kind: Node, metadata: {{name: {}}}}}", node));
      }
      return;
    case Event::Kind::RemoveNode:
      if (plane.find("", "Node", node) != nullptr) plane.remove("", "Node", node);
      return;
    case Event::Kind::DeleteClaim: {
      const std::string claim = fmt::format("data-ordered-{}", event.number);
      if (plane.find("", "PersistentVolumeClaim", claim) != nullptr) {
        plane.remove("", "PersistentVolumeClaim", claim);
      }
      return;
    }
    case Event::Kind::Wait: plane.pass(std::chrono::seconds(event.number * 7)); return;
  }
}

// All that can be compared between two runs: not uids, versions, times and the random ends of
// names.
std::string picture(const ControlPlane& plane) {
  std::vector<std::string> lines;
  for (const auto& [key, entry] : plane.store.entries()) {
    const json& object = entry.object.content;
    std::string name = key.name;
    std::string owners;
    for (const json& owner : list(object, "/metadata/ownerReferences")) {
      const std::string kind = text(owner, "/kind");
      owners += kind + "/" + text(owner, "/name") + " ";
      if (key.kind == "Pod" && (kind == "ReplicaSet" || kind == "DaemonSet")) {
        name = text(object, "/metadata/generateName");
      }
    }
    json status = at(object, "/status");
    if (status.is_object()) {
      status.erase("lastScaleTime");
      status.erase("lastPhaseTransitionTime");
      for (const json& condition : list(status, "/conditions")) owners += text(condition, "/type");
      if (status.contains("conditions")) {
        std::vector<std::string> conditions;
        for (json condition : status["conditions"]) {
          condition.erase("lastTransitionTime");
          condition.erase("lastUpdateTime");
          conditions.push_back(condition.dump());
        }
        std::sort(conditions.begin(), conditions.end());
        status["conditions"] = conditions;
      }
    }
    lines.push_back(fmt::format("{} {} {}{} {} {}", key.kind, name, owners, status.dump(),
                                at(object, "/spec/replicas").dump(),
                                at(object, "/spec/affinity").dump()));
  }
  std::sort(lines.begin(), lines.end());
  return fmt::format("{}", fmt::join(lines, "\n"));
}

TEST_CASE("the controllers come to rest whatever happened") {
  rc::prop("rest", [] {
    World world;
    world.play(*draw_events());
    RC_ASSERT(world.comes_to_rest());
  });
}

TEST_CASE("the controllers leave alone what is not theirs") {
  rc::prop("bystanders", [] {
    World world;
    ControlPlane& plane = world.plane;
    world.make("{apiVersion: v1, kind: ConfigMap, metadata: {name: boss}}");
    const std::string boss =
        fmt::format("{{apiVersion: v1, kind: ConfigMap, name: boss, uid: {}, controller: true}}",
                    text(*plane.find("", "ConfigMap", "boss"), "/metadata/uid"));
    const auto pod = [&](const char* name, const char* app, const std::string& owner) {
      world.make(fmt::format(
          "{{apiVersion: v1, kind: Pod, metadata: {{name: {}, labels: {{app: {}}}, "
          "ownerReferences: [{}]}}, spec: {{containers: [{{name: main, image: busybox}}]}}}}",
          name, app, owner));
    };
    // Named and labelled as theirs, but somebody else's; or theirs by name only.
    pod("parallel-77", "parallel", boss);
    pod("agent-own", "agent", boss);
    pod("ordered-78", "alone", "");
    pod("alone", "alone", "");
    world.make(
        "{apiVersion: v1, kind: PersistentVolume, metadata: {name: other}, spec: "
        "{storageClassName: other, accessModes: [ReadWriteOnce], capacity: {storage: 1Gi}, "
        "hostPath: {path: /x}}}");
    world.make(
        "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data-web-0}, spec: "
        "{storageClassName: none, accessModes: [ReadWriteOnce], resources: {requests: "
        "{storage: 1Gi}}}}");
    std::map<model::ObjectKey, std::uint64_t> before;
    for (const auto& [key, entry] : plane.store.entries()) {
      const bool is_bystander = key.name == "parallel-77" || key.name == "agent-own" ||
                                key.name == "ordered-78" || key.name == "alone" ||
                                key.name == "other" || key.name == "data-web-0" ||
                                key.name == "boss";
      if (is_bystander) before[key] = entry.object.resource_version;
    }
    RC_ASSERT(before.size() == 7U);
    std::vector<Event> events = *draw_events();
    // What reports of pods say would change the bystanders, too.
    std::erase_if(events, [](const Event& event) {
      return event.kind < Event::Kind::Scale && event.application != 0 && event.application != 3;
    });
    world.play(events);
    RC_ASSERT(world.comes_to_rest());
    for (const auto& [key, version] : before) {
      const Entry* entry = plane.store.find(key);
      RC_ASSERT(entry != nullptr);
      RC_ASSERT(entry->object.resource_version == version);
    }
  });
}

TEST_CASE("where the controllers end does not depend on who is the first of one moment") {
  rc::prop("order", [] {
    std::vector<Event> events = *draw_events();
    // How far a rolling update of a Deployment gets before its ReplicaSets report is a race in a
    // real cluster, too: a pod may be replaced one step earlier or later.
    std::erase_if(events, [](const Event& event) {
      return event.kind == Event::Kind::NewTemplate &&
             std::string_view(kApplications[event.application]) == "web";
    });
    const auto all = built_in_controllers();
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), 0U);
    for (std::size_t i = order.size(); i > 1; --i) {
      std::swap(order[i - 1], order[*below<std::size_t>(i)]);
    }
    std::vector<const Controller*> shuffled;
    for (const std::size_t i : order) shuffled.push_back(all[i]);
    World one;
    one.play(events);
    RC_ASSERT(one.comes_to_rest());
    World other(shuffled);
    other.play(events);
    RC_ASSERT(other.comes_to_rest());
    const std::string left = picture(one.plane);
    const std::string right = picture(other.plane);
    if (left != right) RC_FAIL(left + "\n---\n" + right);
  });
}

}  // namespace
}  // namespace wavetank::cluster
