// What chance does to the cluster: outcomes, times, images; and that nobody's luck depends on who
// else is there.
#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "base/chooser.h"
#include "base/interner.h"
#include "cluster/cluster.h"
#include "cluster/durations.h"
#include "health/health.h"

namespace wavetank::cluster {
namespace {

using nlohmann::json;

// Answers some questions as told, by their purpose; all others with the default.
class RiggedChooser final : public base::Chooser {
 public:
  std::uint32_t pick(const base::ChoiceId& id, std::uint32_t n) override {
    asked.push_back(fmt::format("{} {}#{}<{}", id.entity, id.purpose, id.occurrence, n));
    const auto found = answers.find(std::string(id.purpose));
    return found == answers.end() ? 0 : found->second;
  }
  std::map<std::string, std::uint32_t> answers;
  std::vector<std::string> asked;
};

json pod_spec(const std::string& policy) {
  return {{"restartPolicy", policy}, {"containers", {{{"name", "main"}, {"image", "x"}}}}};
}

json workload(const std::string& kind, const std::string& name) {
  json object = {{"apiVersion", kind == "Job"                                   ? "batch/v1"
                                : kind == "Deployment" || kind == "StatefulSet" ? "apps/v1"
                                                                                : "v1"},
                 {"kind", kind},
                 {"metadata", {{"name", name}, {"namespace", "default"}}}};
  if (kind == "Job") {
    object["spec"] = {{"backoffLimit", 1}, {"template", {{"spec", pod_spec("Never")}}}};
  } else if (kind == "Deployment" || kind == "StatefulSet") {
    object["spec"] = {
        {"replicas", 2},
        {"selector", {{"matchLabels", {{"app", name}}}}},
        {"template", {{"metadata", {{"labels", {{"app", name}}}}}, {"spec", pod_spec("Always")}}}};
    object["spec"]["template"]["spec"]["containers"][0]["readinessProbe"] = {
        {"tcpSocket", {{"port", 80}}}};
    if (kind == "StatefulSet") object["spec"]["serviceName"] = name;
  } else if (kind == "Service") {
    object["spec"] = {{"type", "LoadBalancer"}, {"ports", {{{"port", 80}}}}};
  } else if (kind == "PersistentVolumeClaim") {
    object["spec"] = {{"accessModes", {"ReadWriteOnce"}},
                      {"resources", {{"requests", {{"storage", "1Gi"}}}}}};
  } else if (kind == "Pod") {
    object["spec"] = pod_spec("Never");
  } else {
    object["data"] = {{"a", "b"}};
  }
  return object;
}

// Applies the objects and plays until the cluster is at rest, or for two hours.
class World {
 public:
  World(base::Chooser& chooser, std::vector<BehaviorRule> rules)
      : cluster(interner, chooser, std::move(rules)) {}

  void apply(const json& object) { REQUIRE(cluster.apply(object, {}).status == CallStatus::Ok); }
  void settle() {
    while (const auto next = cluster.next_event()) {
      if (*next > base::Instant{} + std::chrono::hours(2)) break;
      take(*next);
    }
    take(cluster.now());
  }
  void take(base::Instant until) {
    for (const Change& change : cluster.advance(until)) changes.push_back(change);
  }
  [[nodiscard]] std::string health(const std::string& kind, const std::string& name) {
    const std::string group = kind == "Job" ? "batch" : kind == "Deployment" ? "apps" : "";
    const auto key = model::intern(
        {.group = group, .kind = kind, .name_space = "default", .name = name}, interner);
    const auto found = health::assess(cluster.get(key)->content);
    return found ? std::string(health::name(found->status)) : "none";
  }
  // "12s" until the first change with this note.
  [[nodiscard]] std::string time_of(const std::string& note) const {
    for (const Change& change : changes) {
      if (change.note == note) return base::format_duration(change.at.time_since_epoch());
    }
    return "none";
  }

  base::Interner interner;
  Cluster cluster;
  std::vector<Change> changes;
};

BehaviorRule odds(const std::string& kind) {
  return {.kind = kind,
          .name = "*",
          .behavior = {.chances = {{.outcome = Outcome::Succeed, .weight = 3},
                                   {.outcome = Outcome::Fail, .weight = 1},
                                   {.outcome = Outcome::Hang, .weight = 1}}}};
}

base::Distribution distribution(std::string_view text) {
  return base::parse_distribution(text).value();
}

TEST_CASE("an outcome left to chance is the most likely one unless drawn otherwise") {
  const auto end = [](std::uint32_t choice) {
    RiggedChooser chooser;
    chooser.answers["outcome"] = choice;
    World world(chooser, {odds("Job")});
    world.apply(workload("Job", "j"));
    world.settle();
    return world.health("Job", "j");
  };
  CHECK(end(0) == "Healthy");
  CHECK(end(2) == "Healthy");
  CHECK(end(3) == "Degraded");
  CHECK(end(4) == "Progressing");
}

TEST_CASE("an outcome is drawn for the object whose rule it is, not for each of its pods") {
  RiggedChooser chooser;
  World world(chooser, {odds("Deployment")});
  world.apply(workload("Deployment", "d"));
  world.settle();
  std::set<std::string> asked;
  for (const std::string& each : chooser.asked) {
    if (each.find(" outcome#") != std::string::npos) asked.insert(each);
  }
  CHECK(asked == std::set<std::string>{"apps/Deployment/default/d outcome#0<5"});
}

TEST_CASE("a second object of the same name draws anew") {
  RiggedChooser chooser;
  World world(chooser, {odds("ConfigMap"), odds("Pod")});
  world.apply(workload("Pod", "p"));
  world.settle();
  const auto key = model::intern({.group = "", .kind = "Pod", .name_space = "default", .name = "p"},
                                 world.interner);
  REQUIRE(world.cluster.remove(key, model::Propagation::Background).status == CallStatus::Ok);
  world.settle();
  chooser.asked.clear();
  world.apply(workload("Pod", "p"));
  world.settle();
  const auto& asked = chooser.asked;
  CHECK(std::count(asked.begin(), asked.end(), "/Pod/default/p outcome#65536<5") > 0);
  CHECK(std::count(asked.begin(), asked.end(), "/Pod/default/p job-run#65536<65536") > 0);
}

TEST_CASE("a time left to chance is drawn, and who draws never hangs") {
  const auto story = [](std::uint32_t choice) {
    RiggedChooser chooser;
    chooser.answers["after"] = choice;
    World world(chooser, {{.kind = "Job",
                           .name = "j",
                           .behavior = {.duration = distribution("mix(50% 40s 50% never)")}}});
    world.apply(workload("Job", "j"));
    world.settle();
    return world.health("Job", "j") + " " + world.time_of("succeeded");
  };
  CHECK(story(0) == "Healthy 40s");
  CHECK(story(1) == "Progressing none");
}

TEST_CASE("a cause of failure may be drawn") {
  RiggedChooser chooser;
  chooser.answers["outcome"] = 1;
  World world(
      chooser,
      {{.kind = "Pod",
        .name = "*",
        .behavior = {
            .chances = {{.outcome = Outcome::Succeed, .weight = 1},
                        {.outcome = Outcome::Fail, .cause = Cause::OutOfMemory, .weight = 1}}}}});
  world.apply(workload("Pod", "p"));
  world.settle();
  CHECK(world.time_of("failed with exit code 137") != "none");
}

TEST_CASE("a pod whose image is not on its node pulls it first") {
  RiggedChooser chooser;
  World usual(chooser, {});
  usual.apply(workload("Pod", "p"));
  usual.settle();
  CHECK(usual.time_of("pulls its image") == "none");
  CHECK(usual.time_of("running") == "1.5s");
  chooser.answers["image-cached"] = 3;
  World cold(chooser, {});
  cold.apply(workload("Pod", "p"));
  cold.settle();
  CHECK(cold.time_of("pulls its image") == "1.5s");
  CHECK(cold.time_of("running") == "9.5s");
}

TEST_CASE("the second pod of a Job finds the image that the first one has pulled") {
  RiggedChooser chooser;
  chooser.answers["image-cached"] = 4;
  World world(chooser, {{.kind = "Job", .name = "j", .behavior = {.outcome = Outcome::Fail}}});
  world.apply(workload("Job", "j"));
  world.settle();
  const auto pulls = std::count_if(world.changes.begin(), world.changes.end(),
                                   [](const Change& c) { return c.note == "pulls its image"; });
  const auto runs = std::count_if(world.changes.begin(), world.changes.end(),
                                  [](const Change& c) { return c.note == "running"; });
  CHECK(pulls == 1);
  CHECK(runs == 2);
}

TEST_CASE("an image that may not be pulled is taken to be there") {
  RiggedChooser chooser;
  chooser.answers["image-cached"] = 4;
  World world(chooser, {});
  json pod = workload("Pod", "p");
  pod["spec"]["containers"][0]["imagePullPolicy"] = "Never";
  world.apply(pod);
  world.settle();
  CHECK(world.time_of("running") == "1.5s");
}

TEST_CASE("usual times are the medians, rare ones the tails, and none is zero") {
  RiggedChooser chooser;
  const auto drawn = [&](Lapse lapse, const char* purpose, std::uint32_t choice) {
    chooser.answers[purpose] = choice;
    return base::format_duration(draw(lapse, "e", 0, chooser));
  };
  CHECK(drawn(Lapse::ContainerStart, "container-start", 0) == "1.5s");
  CHECK(drawn(Lapse::ContainerStart, "container-start", 64'881) == "5s");
  CHECK(drawn(Lapse::ImagePull, "image-pull", 0) == "8s");
  CHECK(drawn(Lapse::ImagePull, "image-pull", 64'881) == "2m");
  CHECK(drawn(Lapse::Provisioning, "provisioning", 64'881) == "30s");
  CHECK(drawn(Lapse::PodTermination, "pod-termination", 1) == "0.1s");
}

const std::vector<std::string> kKinds{"Deployment", "StatefulSet",           "Job",      "Pod",
                                      "Service",    "PersistentVolumeClaim", "ConfigMap"};

std::vector<BehaviorRule> random_rules() {
  std::vector<BehaviorRule> rules;
  for (const std::string& kind : kKinds) {
    switch (*rc::gen::inRange(0, 4)) {
      case 0: rules.push_back(odds(kind)); break;
      case 1:
        rules.push_back(
            {.kind = kind,
             .name = "*",
             .behavior = {.duration = distribution("mix(90% uniform(1s 90s) 10% never)")}});
        break;
      default: break;
    }
  }
  return rules;
}

// What becomes of objects whose names begin with "mine", in order of time, then of keys.
std::string story_of_mine(std::uint64_t seed, const std::vector<BehaviorRule>& rules,
                          const std::vector<json>& objects) {
  base::SeededChooser chooser(seed);
  World world(chooser, rules);
  for (const json& object : objects) world.apply(object);
  // To a fixed end: a cluster with more in it may come to rest later.
  world.take(base::Instant{} + std::chrono::hours(1));
  std::vector<std::string> lines;
  for (const Change& change : world.changes) {
    if (!change.object.name.starts_with("mine")) continue;
    lines.push_back(fmt::format("{:>18} {} {} {}", change.at.time_since_epoch().count(),
                                model::short_name(change.object), static_cast<int>(change.kind),
                                change.note));
  }
  std::stable_sort(lines.begin(), lines.end(),
                   [](const auto& a, const auto& b) { return a.substr(0, 18) < b.substr(0, 18); });
  return fmt::format("{}", fmt::join(lines, "\n"));
}

TEST_CASE("an unrelated object changes nobody else's luck") {
  rc::prop("the same draws, the same story", [] {
    const auto seed = *rc::gen::arbitrary<std::uint64_t>();
    const std::vector<BehaviorRule> rules = random_rules();
    std::vector<json> objects;
    const int count = *rc::gen::inRange(1, 5);
    for (int i = 0; i < count; ++i) {
      objects.push_back(workload(*rc::gen::elementOf(kKinds), fmt::format("mine-{}", i)));
    }
    const std::string alone = story_of_mine(seed, rules, objects);
    // The stranger comes first, last or in between.
    const auto place = *rc::gen::inRange<std::ptrdiff_t>(0, count + 1);
    const std::string kind = *rc::gen::elementOf(kKinds);
    objects.insert(objects.begin() + place, workload(kind, "stranger"));
    RC_LOG() << kind << " at " << place << "\n" << alone;
    RC_ASSERT(story_of_mine(seed, rules, objects) == alone);
  });
}

}  // namespace
}  // namespace wavetank::cluster
