// Failures of the machinery itself, as they happen in life.
#include <catch2/catch.hpp>

#include <algorithm>

#include "load/project.h"
#include "sim/simulate.h"
#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

Simulation play(const std::string& manifests, std::vector<cluster::BehaviorRule> rules,
                std::uint32_t syncs = 1) {
  support::MemoryFiles files;
  files.add("app/all.yaml", manifests);
  const load::Project project = load::load_project(files, {.paths = {"app"}});
  REQUIRE(project.bundles.size() == 1);
  return simulate(project.bundles.front(), {.syncs = syncs, .behaviors = std::move(rules)});
}

std::int64_t count(const Simulation& simulation, EventKind kind) {
  return std::count_if(simulation.trace.begin(), simulation.trace.end(),
                       [&](const Event& event) { return event.kind == kind; });
}

const std::string kBinding =
    "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: readers}\n"
    "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}\n"
    "subjects: [{kind: ServiceAccount, name: default}]\n";

TEST_CASE("a refused RoleBinding ends the controller's process, again and again") {
  const Simulation simulation =
      play(kBinding, {{.kind = "RoleBinding", .name = "*", .behavior = {.denied = true}}});
  CHECK(simulation.last().outcome == Outcome::Stuck);
  CHECK(count(simulation, EventKind::ControllerEnded) == 2);
  CHECK(simulation.last().reason.find("process ended: panic: runtime error") != std::string::npos);
}

TEST_CASE("a refused Role only fails the sync") {
  std::string role =
      "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: reader}\n"
      "rules: [{apiGroups: ['']  , resources: [pods], verbs: [get]}]\n";
  const Simulation simulation =
      play(role, {{.kind = "Role", .name = "*", .behavior = {.denied = true}}});
  CHECK(simulation.last().outcome == Outcome::Failed);
  CHECK(count(simulation, EventKind::ControllerEnded) == 0);
  CHECK(simulation.last().reason.find("error running kubectl auth reconcile: admission webhook") !=
        std::string::npos);
}

TEST_CASE("server-side apply refuses what client-side apply drops silently") {
  const std::string misspelt =
      "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: c\n  annotations:\n"
      "    argocd.argoproj.io/sync-options: ServerSideApply={}\ndatum: {a: b}\n";
  const auto with = [&](const char* server_side) {
    std::string text = misspelt;
    return text.replace(text.find("{}"), 2, server_side);
  };
  CHECK(play(with("false"), {}).last().outcome == Outcome::Succeeded);
  const Simulation refused = play(with("true"), {});
  CHECK(refused.last().outcome == Outcome::Failed);
  CHECK(refused.last().reason.find("field not declared in schema") != std::string::npos);
}

}  // namespace
}  // namespace wavetank::sim
