// From one revision to the next: what a pull request does to a cluster that runs the old one.
#include <catch2/catch.hpp>

#include <algorithm>

#include "load/project.h"
#include "sim/simulate.h"
#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

std::string deployment(const std::string& label) {
  return "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n"
         "  selector: {matchLabels: {app: " +
         label + "}}\n  template:\n    metadata: {labels: {app: " + label +
         "}}\n    spec: {containers: [{name: main, image: nginx}]}\n";
}
const std::string kConfig = "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\n";

class Upgrade {
 public:
  Upgrade(const std::string& before, const std::string& after)
      : old_(load(before)), new_(load(after)) {}

  Simulation play(std::vector<cluster::BehaviorRule> rules = {}, bool prunes = false) {
    model::Bundle bundle = new_.bundles.front();
    bundle.settings.prune = prunes;
    return simulate(bundle, {.behaviors = std::move(rules), .from = &old_.bundles.front()});
  }

 private:
  static load::Project load(const std::string& text) {
    support::MemoryFiles files;
    files.add("app/all.yaml", text);
    return load::load_project(files, {.paths = {"app"}});
  }
  load::Project old_;
  load::Project new_;
};

bool has_object(const Simulation& simulation, const std::string& kind, const std::string& name) {
  return std::any_of(simulation.objects.begin(), simulation.objects.end(),
                     [&](const ObjectReport& object) {
                       return object.key.kind == kind && object.key.name == name;
                     });
}

TEST_CASE("an immutable field that changes fails the upgrade, not the first sync") {
  const Simulation simulation = Upgrade(deployment("web"), deployment("site")).play();
  REQUIRE(simulation.syncs.size() == 2);
  CHECK(simulation.syncs.front().number == 0);
  CHECK(simulation.syncs.front().outcome == Outcome::Succeeded);
  CHECK(simulation.last().outcome == Outcome::Failed);
  CHECK(simulation.last().reason.find("field is immutable") != std::string::npos);
}

TEST_CASE("what the new revision no longer has stays, unless it is pruned") {
  Upgrade upgrade(deployment("web") + kConfig, deployment("web"));
  CHECK(has_object(upgrade.play(), "ConfigMap", "settings"));
  const Simulation pruned = upgrade.play({}, true);
  CHECK(pruned.last().outcome == Outcome::Succeeded);
  CHECK_FALSE(has_object(pruned, "ConfigMap", "settings"));
}

TEST_CASE("faults strike the new revision only") {
  std::string next = deployment("web");
  next.replace(next.find("image: nginx"), 12, "image: other");
  const Simulation simulation = Upgrade(deployment("web"), next)
                                    .play({{.kind = "Deployment",
                                            .name = "web",
                                            .behavior = {.outcome = cluster::Outcome::Fail}}});
  CHECK(simulation.syncs.front().outcome == Outcome::Succeeded);
  // The old pod goes on: with one replica a rolling update takes none away before a new one is
  // ready.
  const auto ready = std::count_if(simulation.objects.begin(), simulation.objects.end(),
                                   [](const ObjectReport& object) {
                                     return object.key.kind == "Pod" && object.health &&
                                            object.health->status == health::Status::Healthy;
                                   });
  CHECK(ready == 1);
}

TEST_CASE("what both revisions take for granted is said once") {
  std::string config = kConfig;
  config.replace(config.find("{name: settings}"), 16, "{name: settings, namespace: shop}");
  const Simulation simulation = Upgrade(config, config).play();
  CHECK(simulation.assumptions == std::vector<std::string>{"the namespace `shop` exists"});
}

TEST_CASE("an old revision that does not come up is told of") {
  std::string bad = deployment("web");
  bad.replace(bad.rfind("app: web"), 8, "app: not");
  const Simulation simulation = Upgrade(bad, kConfig).play();
  CHECK(simulation.syncs.front().outcome != Outcome::Succeeded);
  CHECK(std::any_of(simulation.findings.begin(), simulation.findings.end(),
                    [](const source::Diagnostic& finding) { return finding.code == "SM008"; }));
  CHECK(simulation.last().outcome == Outcome::Succeeded);
}

std::string forced_job(const std::string& restart_policy) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
         "    argocd.argoproj.io/sync-options: Force=true\nspec:\n  template:\n"
         "    spec: {restartPolicy: " +
         restart_policy + ", containers: [{name: main, image: x}]}\n";
}

// The old Job is deleted, the new one refused, and the old one cannot come back: the server made
// its selector up, and does not take it from anybody else.
TEST_CASE("a forced apply that is refused half-way loses the object") {
  const Simulation lost = Upgrade(forced_job("Never"), forced_job("Always")).play();
  CHECK(lost.last().outcome == Outcome::Failed);
  CHECK(lost.last().reason.find("An error occurred force-replacing") != std::string::npos);
  CHECK_FALSE(has_object(lost, "Job", "migrate"));
  const Simulation replaced = Upgrade(forced_job("Never"), forced_job("OnFailure")).play();
  CHECK(replaced.last().outcome == Outcome::Succeeded);
  CHECK(has_object(replaced, "Job", "migrate"));
}

std::string claim(const std::string& name) {
  return "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: " + name +
         "}\nspec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";
}

TEST_CASE("the volume of a pruned claim goes with it") {
  const auto gone = [](const Simulation& simulation) {
    return std::any_of(simulation.trace.begin(), simulation.trace.end(), [](const Event& event) {
      return event.kind == EventKind::Removed && event.object.kind == "PersistentVolume";
    });
  };
  CHECK(gone(Upgrade(claim("data") + kConfig, kConfig).play({}, true)));
  CHECK_FALSE(gone(Upgrade(claim("data") + kConfig, kConfig).play()));
}

}  // namespace
}  // namespace wavetank::sim
