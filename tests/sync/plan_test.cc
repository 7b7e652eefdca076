#include "sync/plan.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>

#include "sync/order.h"

namespace wavetank::sync {
namespace {

using nlohmann::json;

json object(const std::string& api, const std::string& kind, const std::string& name,
            const json& annotations = json::object(), const std::string& name_space = "ns") {
  json result = {{"apiVersion", api},
                 {"kind", kind},
                 {"metadata", {{"name", name}, {"annotations", annotations}}}};
  if (!name_space.empty()) result["metadata"]["namespace"] = name_space;
  return result;
}

json wave(const std::string& value) { return {{"argocd.argoproj.io/sync-wave", value}}; }
json hook(const std::string& value) { return {{"argocd.argoproj.io/hook", value}}; }

// One line per step: "PreSync/0: Job/a Job/b | waits for hooks".
std::string plan_of(const std::vector<json>& objects, Settings settings = {}) {
  base::Interner interner;
  std::vector<model::ObjectFacts> facts;
  for (const json& each : objects) facts.push_back(model::facts_of(each, interner));
  const Operation operation{.name_space = interner.intern("ns"), .settings = settings};
  const Plan plan = make_plan(facts, operation, interner);
  std::string text;
  for (const PlanStep& step : plan.steps) {
    text += fmt::format("{}/{}:", model::name(step.phase), step.wave);
    for (std::uint32_t i = step.first; i < step.last; ++i) {
      text += fmt::format(" {}/{}", interner.text(plan.tasks[i].key.kind),
                          interner.text(plan.tasks[i].key.name));
    }
    if (step.gates_hooks) text += " | hooks";
    if (step.gates_resources) text += " | resources";
    text += '\n';
  }
  return text;
}

TEST_CASE("kinds are ranked from Namespace to APIService, others come last") {
  CHECK(kind_rank("Namespace") == -35);
  CHECK(kind_rank("Deployment") == -8);
  CHECK(kind_rank("APIService") == -1);
  CHECK(kind_rank("Widget") == 0);
}

TEST_CASE("a wave is ordered by kind, then name") {
  CHECK(plan_of({object("apps/v1", "Deployment", "b"), object("v1", "Secret", "z"),
                 object("apps/v1", "Deployment", "a"), object("v1", "ConfigMap", "c")}) ==
        "Sync/0: Secret/z ConfigMap/c Deployment/a Deployment/b\n");
}

TEST_CASE("phases come before waves, waves before kinds") {
  CHECK(plan_of({object("batch/v1", "Job", "post", hook("PostSync")),
                 object("v1", "ConfigMap", "late", wave("5")),
                 object("batch/v1", "Job", "pre", hook("PreSync")),
                 object("apps/v1", "Deployment", "d")}) ==
        "PreSync/0: Job/pre | hooks\n"
        "Sync/0: Deployment/d | resources\n"
        "Sync/5: ConfigMap/late | resources\n"
        "PostSync/0: Job/post | hooks\n");
}

TEST_CASE("the last step without a hook is not waited for") {
  CHECK(plan_of({object("v1", "ConfigMap", "a"), object("v1", "ConfigMap", "b", wave("1"))}) ==
        "Sync/0: ConfigMap/a | resources\nSync/1: ConfigMap/b\n");
}

TEST_CASE("resources beside a Sync hook are waited for only in a sync of several steps") {
  const auto d = object("apps/v1", "Deployment", "d");
  const auto h = object("batch/v1", "Job", "h", hook("Sync"));
  CHECK(plan_of({d, h}) == "Sync/0: Deployment/d Job/h | hooks\n");
  CHECK(plan_of({d, h, object("batch/v1", "Job", "sf", hook("SyncFail"))}) ==
        "Sync/0: Deployment/d Job/h | hooks | resources\nSyncFail/0: Job/sf | hooks\n");
}

TEST_CASE("SyncFail hooks form one step whatever their waves") {
  json late = hook("SyncFail");
  late["argocd.argoproj.io/sync-wave"] = "3";
  CHECK(plan_of({object("batch/v1", "Job", "a", late),
                 object("batch/v1", "Job", "b", hook("SyncFail"))}) ==
        "SyncFail/0: Job/b Job/a | hooks\n");
}

TEST_CASE("the namespace moves before the first object that lives in it, hooks included") {
  CHECK(plan_of({object("v1", "Namespace", "ns", wave("5"), ""),
                 object("batch/v1", "Job", "h", hook("PreSync"))}) ==
        "PreSync/0: Namespace/ns Job/h | hooks\n");
}

TEST_CASE("CreateNamespace adds a task in PreSync") {
  CHECK(plan_of({object("v1", "ConfigMap", "a")}, {.create_namespace = true}) ==
        "PreSync/0: Namespace/ns | resources\nSync/0: ConfigMap/a\n");
}

TEST_CASE("places name their reasons") {
  base::Interner interner;
  const std::vector<json> objects{
      object("v1", "Namespace", "ns", wave("5"), ""),
      object("batch/v1", "Job", "h",
             {{"helm.sh/hook", "pre-install"}, {"helm.sh/hook-weight", "2"}})};
  std::vector<model::ObjectFacts> facts;
  for (const json& each : objects) facts.push_back(model::facts_of(each, interner));
  const Plan plan = make_plan(facts, {.name_space = interner.intern("ns")}, interner);
  REQUIRE(plan.tasks.size() == 2);
  CHECK(plan.tasks[0].phase_reason == PlaceReason::MovedForUser);
  CHECK(plan.tasks[0].moved_for == 1);
  CHECK(plan.tasks[1].phase_reason == PlaceReason::HelmHookPhase);
  CHECK(plan.tasks[1].wave_reason == PlaceReason::HelmWeight);
  CHECK(plan.step_of(1) == 0);
  CHECK(plan.tasks_of(1) == std::vector<std::uint32_t>{1});
}

TEST_CASE("objects without a task are named") {
  base::Interner interner;
  std::vector<model::ObjectFacts> facts{
      model::facts_of(object("v1", "ConfigMap", "a", hook("Skip")), interner),
      model::facts_of(object("v1", "ConfigMap", "b"), interner)};
  const Plan plan = make_plan(facts, {.name_space = interner.intern("ns")}, interner);
  CHECK(plan.left_out == std::vector<std::uint32_t>{0});
}

TEST_CASE("hooks of one kind are ordered by name, not by their place in the list") {
  CHECK(plan_of({object("batch/v1", "Job", "b", hook("PreSync")),
                 object("batch/v1", "Job", "a", hook("PreSync"))}) ==
        "PreSync/0: Job/a Job/b | hooks\n");
}

TEST_CASE("each of two namespaces moves before its own first user") {
  CHECK(plan_of({object("v1", "ConfigMap", "c", wave("-1"), "n0"),
                 object("v1", "ConfigMap", "a", wave("0"), "n1"),
                 object("v1", "ConfigMap", "b", wave("1"), "n2"),
                 object("v1", "ConfigMap", "d", wave("2"), "n2"),
                 object("v1", "Namespace", "n1", wave("5"), ""),
                 object("v1", "Namespace", "n2", wave("6"), "")}) ==
        "Sync/-1: ConfigMap/c | resources\nSync/0: Namespace/n1 ConfigMap/a | resources\n"
        "Sync/1: Namespace/n2 ConfigMap/b | resources\nSync/2: ConfigMap/d\n");
}

TEST_CASE("two definitions of one kind both move, the second behind the first") {
  const auto definition = [](const std::string& name) {
    json result =
        object("apiextensions.k8s.io/v1", "CustomResourceDefinition", name, wave("5"), "");
    result["spec"] = {{"group", "example.com"}, {"names", {{"kind", "Widget"}}}};
    return result;
  };
  CHECK(plan_of({object("example.com/v1", "Widget", "w"), definition("a"), definition("b")}) ==
        "Sync/0: CustomResourceDefinition/a CustomResourceDefinition/b Widget/w\n");
}

TEST_CASE("waves that are too far apart are compared as Go's integers wrap, by insertion") {
  const std::vector<std::string> waves{"9223372036854775807",
                                       "0",
                                       "-9223372036854775807",
                                       "5",
                                       "-9223372036854775800",
                                       "9223372036854775800",
                                       "-7",
                                       "4611686018427387904",
                                       "-4611686018427387904",
                                       "1"};
  std::vector<json> objects;
  for (std::size_t i = 0; i < waves.size(); ++i) {
    objects.push_back(
        object("v1", "ConfigMap", std::string(1, static_cast<char>('a' + i)), wave(waves[i])));
  }
  const std::string order = plan_of(objects);
  std::string names;
  for (std::size_t at = order.find("Map/"); at != std::string::npos;
       at = order.find("Map/", at + 1)) {
    names += order[at + 4];
  }
  CHECK(names == "bdfaceigjh");
}

TEST_CASE("a plan of nothing has no steps") { CHECK(plan_of({}).empty()); }

TEST_CASE("hooks and resources of the last group: only what the sync still waits for is a gate") {
  CHECK(plan_of({object("v1", "ConfigMap", "a"), object("batch/v1", "Job", "h", hook("Sync")),
                 object("batch/v1", "Job", "sf", hook("SyncFail")),
                 object("batch/v1", "Job", "sg", hook("SyncFail"))}) ==
        "Sync/0: ConfigMap/a Job/h | hooks | resources\nSyncFail/0: Job/sf Job/sg | hooks\n");
}

TEST_CASE("the generated namespace is the first task and knows its wave") {
  base::Interner interner;
  const std::vector<model::ObjectFacts> facts{
      model::facts_of(object("v1", "ConfigMap", "a"), interner),
      model::facts_of(object("batch/v1", "Job", "h", hook("PreSync")), interner)};
  Operation operation{.name_space = interner.intern("ns")};
  operation.settings.create_namespace = true;
  operation.settings.has_managed_namespace_metadata = true;
  operation.settings.managed_namespace_wave = -4;
  const Plan plan = make_plan(facts, operation, interner);
  REQUIRE(plan.tasks.size() == 3);
  CHECK(plan.tasks[0].wave == -4);
  CHECK(plan.tasks[0].kind_rank == -35);
  CHECK(plan.tasks[0].phase_reason == PlaceReason::CreateNamespace);
  CHECK(plan.tasks[1].kind_rank == kind_rank("Job"));
  CHECK(plan.step_of(0) == 0);
  CHECK(plan.step_of(1) == 1);
  CHECK(plan.step_of(2) == 2);
  CHECK(plan.tasks_of(0) == std::vector<std::uint32_t>{2});
}

TEST_CASE("namespaces that move in another order than their users still find them") {
  CHECK(plan_of({object("v1", "ConfigMap", "a", wave("0"), "n1"),
                 object("v1", "ConfigMap", "b", wave("1"), "n2"),
                 object("v1", "Namespace", "n1", wave("6"), ""),
                 object("v1", "Namespace", "n2", wave("5"), "")}) ==
        "Sync/0: Namespace/n1 ConfigMap/a | resources\nSync/1: Namespace/n2 ConfigMap/b\n");
}

TEST_CASE("a hook anywhere in a step makes the sync wait for hooks") {
  CHECK(plan_of(
            {object("v1", "ConfigMap", "h", hook("Sync")), object("apps/v1", "Deployment", "d")}) ==
        "Sync/0: ConfigMap/h Deployment/d | hooks\n");
}

TEST_CASE("the last step before SyncFail ends the sync and is waited for by nobody") {
  CHECK(plan_of({object("v1", "ConfigMap", "a"), object("v1", "ConfigMap", "b", wave("1")),
                 object("batch/v1", "Job", "sf", hook("SyncFail"))}) ==
        "Sync/0: ConfigMap/a | resources\nSync/1: ConfigMap/b\nSyncFail/0: Job/sf | hooks\n");
}

TEST_CASE("the generated namespace moves before its first user, too") {
  Settings settings{.create_namespace = true, .has_managed_namespace_metadata = true};
  settings.managed_namespace_wave = 4;
  CHECK(plan_of({object("batch/v1", "Job", "h", hook("PreSync"))}, settings) ==
        "PreSync/0: Namespace/ns Job/h | hooks\n");
}

TEST_CASE("each place has its own reason") {
  base::Interner interner;
  json both = hook("PreSync");
  both["argocd.argoproj.io/sync-wave"] = "2";
  const std::vector<model::ObjectFacts> facts{
      model::facts_of(object("batch/v1", "Job", "h", both), interner),
      model::facts_of(object("v1", "ConfigMap", "a", wave("1")), interner),
      model::facts_of(object("v1", "Secret", "b"), interner),
      model::facts_of(object("v1", "Namespace", "other", wave("3"), ""), interner),
      model::facts_of(object("v1", "ConfigMap", "c", wave("2"), "other"), interner)};
  const Plan plan = make_plan(facts, {.name_space = interner.intern("ns")}, interner);
  const auto places = [&](std::uint32_t target) {
    const PlanTask& task = plan.tasks[plan.tasks_of(target).at(0)];
    return std::pair(task.phase_reason, task.wave_reason);
  };
  CHECK(places(0) == std::pair(PlaceReason::HookPhase, PlaceReason::WaveAnnotation));
  CHECK(places(1) == std::pair(PlaceReason::PlainResource, PlaceReason::WaveAnnotation));
  CHECK(places(2) == std::pair(PlaceReason::PlainResource, PlaceReason::NoWave));
  CHECK(places(3) == std::pair(PlaceReason::MovedForUser, PlaceReason::MovedForUser));
}

TEST_CASE("every object without a task is named") {
  base::Interner interner;
  const std::vector<model::ObjectFacts> facts{
      model::facts_of(object("v1", "ConfigMap", "a", hook("Skip")), interner),
      model::facts_of(object("v1", "ConfigMap", "b", hook("Garbage")), interner)};
  const Plan plan = make_plan(facts, {.name_space = interner.intern("ns")}, interner);
  CHECK(plan.left_out == std::vector<std::uint32_t>{0, 1});
}

}  // namespace
}  // namespace wavetank::sync
