// Simulations that start from a dump of a cluster.
#include "sim/live.h"

#include <catch2/catch.hpp>

#include "load/project.h"
#include "sim/simulate.h"
#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

using nlohmann::json;

constexpr const char* kManifests =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n"
    "  annotations: {argocd.argoproj.io/hook: PreSync}\nspec:\n  template:\n"
    "    spec: {restartPolicy: Never, containers: [{name: m, image: x}]}\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n";

// An Application whose sync waits for the hook `migrate`.
json waiting_application() {
  return json::parse(R"({
    "apiVersion": "argoproj.io/v1alpha1", "kind": "Application",
    "metadata": {"name": "app", "namespace": "argocd", "uid": "a1"},
    "spec": {"source": {"path": "app"}, "destination": {"namespace": "default"}},
    "operation": {"sync": {"revision": "abc"}},
    "status": {"operationState": {
      "phase": "Running", "message": "waiting for completion of hook batch/Job/migrate",
      "startedAt": "2026-11-20T10:00:00Z", "operation": {"sync": {"revision": "abc"}},
      "syncResult": {"revision": "abc", "resources": [
        {"group": "batch", "version": "v1", "kind": "Job", "namespace": "default",
         "name": "migrate", "hookType": "PreSync", "syncPhase": "PreSync",
         "hookPhase": "Running", "status": "Synced"}]}}}})");
}

json job(bool is_suspended) {
  json object = json::parse(R"({
    "apiVersion": "batch/v1", "kind": "Job",
    "metadata": {"name": "migrate", "namespace": "default", "uid": "j1",
      "creationTimestamp": "2026-11-20T10:00:05Z",
      "annotations": {"argocd.argoproj.io/hook": "PreSync",
        "argocd.argoproj.io/tracking-id": "app:batch/Job:default/migrate"}},
    "spec": {"backoffLimit": 6, "completions": 1, "parallelism": 1,
      "selector": {"matchLabels": {"batch.kubernetes.io/controller-uid": "j1"}},
      "template": {"metadata": {"labels": {
          "batch.kubernetes.io/controller-uid": "j1", "batch.kubernetes.io/job-name": "migrate",
          "controller-uid": "j1", "job-name": "migrate"}},
        "spec": {"restartPolicy": "Never", "containers": [{"name": "m", "image": "x"}]}}}})");
  object["spec"]["suspend"] = is_suspended;
  object["status"] = json::object();
  return object;
}

Simulation play(std::vector<json> live) {
  support::MemoryFiles files;
  files.add("app/all.yaml", kManifests);
  const load::Project project = load::load_project(files, {.paths = {"app"}});
  SimulationOptions options;
  options.live = std::move(live);
  return simulate(project.bundles.front(), options);
}

TEST_CASE("a running operation goes on where the dump shows it") {
  const Simulation simulation = play({waiting_application(), job(false)});
  CAPTURE(canonical_text(simulation.trace), simulation.last().reason);
  CHECK(simulation.last().outcome == Outcome::Succeeded);
  REQUIRE(simulation.syncs.size() == 1);
  // The hook was not created again: the dump had it.
  for (const Event& event : simulation.trace) {
    const bool is_hook = event.object.name == "migrate" && event.kind == EventKind::Applied;
    CHECK_FALSE(is_hook);
  }
}

TEST_CASE("what a running operation waits for is said") {
  const Simulation simulation = play({waiting_application(), job(true)});
  CHECK(simulation.last().outcome == Outcome::Stuck);
  CHECK(simulation.last().reason == "Job/migrate: Job suspended");
}

TEST_CASE("a dump without the Application starts a sync among what is there") {
  json leftover = job(false);
  leftover["status"] = json::parse(
      R"({"failed": 1, "conditions": [{"type": "Failed", "status": "True",
          "message": "it broke", "lastTransitionTime": "2026-11-20T10:00:06Z"}]})");
  const Simulation simulation = play({leftover});
  // BeforeHookCreation is the default, so the old Job goes first.
  CHECK(simulation.last().outcome == Outcome::Succeeded);
}

TEST_CASE("times are shifted so that the latest is the beginning, and users' texts are not times") {
  std::vector<json> objects{{{"metadata", {{"creationTimestamp", "2026-11-20T10:00:00Z"}}},
                             {"status", {{"at", "2026-11-20T10:00:30Z"}}},
                             {"data", {{"at", "2026-11-20T10:00:40Z"}}}}};
  const auto latest = shift_times(objects);
  REQUIRE(latest.has_value());
  CHECK(model::format_rfc3339(*latest) == "2026-11-20T10:00:30Z");
  CHECK(objects[0]["metadata"]["creationTimestamp"] == "2023-12-31T23:59:30Z");
  CHECK(objects[0]["status"]["at"] == "2024-01-01T00:00:00Z");
  CHECK(objects[0]["data"]["at"] == "2026-11-20T10:00:40Z");
}

}  // namespace
}  // namespace wavetank::sim
