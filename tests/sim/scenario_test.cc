// Scenario files: what is left to chance, and what is wrong with it at which place.
#include "sim/scenario/scenario.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>

#include "support/memory_files.h"

namespace wavetank::sim {
namespace {

using cluster::Cause;

Scenarios read(const std::string& behaviour) {
  support::MemoryFiles files;
  files.add("s/scenario.yaml",
            "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\napps:\n  shop: {path: m}\n"
            "behaviours:\n  - match: {kind: Job, name: j}\n" +
                behaviour + "\n");
  return read_scenarios(files, "s/scenario.yaml");
}

cluster::Behavior behaviour(const std::string& text) {
  const auto scenario = read(text);
  CAPTURE(text, scenario ? "" : scenario.error().front());
  REQUIRE(scenario.has_value());
  return scenario->front().options.behaviors.front().behavior;
}

std::string problems(const std::string& text) {
  const auto scenario = read(text);
  return scenario ? "none" : fmt::format("{}", fmt::join(scenario.error(), "\n"));
}

TEST_CASE("a time may be a plain duration or a distribution") {
  base::DefaultChooser chooser;
  CHECK(behaviour("    after: 9m").duration->draw({}, chooser) ==
        base::Duration(std::chrono::minutes(9)));
  CHECK(
      behaviour("    after: lognormal(p50=45s p95=4m) clamp(5s 15m)").duration->draw({}, chooser) ==
      base::Duration(std::chrono::seconds(45)));
  CHECK_FALSE(behaviour("    after: never").duration->draw({}, chooser).has_value());
}

TEST_CASE("causes of failure are outcomes") {
  CHECK(behaviour("    outcome: Fail").cause == std::nullopt);
  for (const auto& [word, cause] : {std::pair{"CrashLoop", Cause::Crash},
                                    {"OutOfMemory", Cause::OutOfMemory},
                                    {"ImagePull", Cause::ImagePull},
                                    {"NeverReady", Cause::NeverReady},
                                    {"Unschedulable", Cause::Unschedulable}}) {
    const cluster::Behavior found = behaviour(fmt::format("    outcome: {}", word));
    CHECK(found.outcome == cluster::Outcome::Fail);
    CHECK(found.cause == cause);
  }
}

TEST_CASE("an outcome may be left to chance; the most likely comes first") {
  const cluster::Behavior found =
      behaviour("    outcome: {Hang: 0.5%, ImagePull: 2%, Succeed: 97.5%}");
  CHECK_FALSE(found.outcome.has_value());
  REQUIRE(found.chances.size() == 3);
  CHECK(found.chances[0].outcome == cluster::Outcome::Succeed);
  CHECK(found.chances[0].weight == 195);
  CHECK(found.chances[1].cause == Cause::ImagePull);
  CHECK(found.chances[1].weight == 4);
  CHECK(found.chances[2].weight == 1);
}

TEST_CASE("a mistake in a distribution is shown where it stands") {
  CHECK(problems("    after: uniform(1s 2x)") ==
        "s/scenario.yaml:7:23: `2x` is no duration such as 30s");
  CHECK(problems("    after: 'uniform(1s 2x)'") ==
        "s/scenario.yaml:7:24: `2x` is no duration such as 30s");
  // Folded over lines, only its beginning is known.
  CHECK(problems("    after: uniform(1s\n      2x)") ==
        "s/scenario.yaml:7:12: `2x` is no duration such as 30s");
  CHECK(problems("    after: {p50: 3s}") ==
        "s/scenario.yaml:7:12: a duration or a distribution is expected");
}

TEST_CASE("a mistake in the odds of an outcome is shown where it stands") {
  CHECK(problems("    outcome: Succed") ==
        "s/scenario.yaml:7:14: `Succed` is none of Succeed, Fail, Hang, CrashLoop, OutOfMemory, "
        "ImagePull, NeverReady, Unschedulable");
  CHECK(problems("    outcome: {Succeed: 97%, Fail: 2%}") ==
        "s/scenario.yaml:7:14: the outcomes add up to 99%, not to 100%");
  CHECK(problems("    outcome: {Succeed: 97, Fail: 3%}") ==
        "s/scenario.yaml:7:24: `97` is no percentage such as 97%");
  CHECK(problems("    outcome: {Succeed: 50%, Succeed: 50%}") ==
        "s/scenario.yaml:7:29: `Succeed` is given twice");
  CHECK(problems("    outcome: {}") ==
        "s/scenario.yaml:7:14: the outcomes add up to 0%, not to 100%");
}

// A whole scenario, and what is wrong with it.
std::string mistakes(const std::string& text) {
  support::MemoryFiles files;
  files.add("s/scenario.yaml", "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\n" + text);
  files.add("s/base.yaml", "apps: {shop: {path: m}}\nhorizonn: 3s\n");
  const Scenarios scenarios = read_scenarios(files, "s/scenario.yaml");
  return scenarios ? "none" : fmt::format("{}", fmt::join(scenarios.error(), "\n"));
}

const std::string kApps = "apps: {shop: {path: m}}\n";

TEST_CASE("unknown keys are refused at their place, with what may have been meant") {
  CHECK(mistakes(kApps + "horizn: 3s\n") ==
        "s/scenario.yaml:4:1: unknown key `horizn`; did you mean `horizon`?");
  CHECK(mistakes("apps: {shop: {path: m, namespac: x}}\n") ==
        "s/scenario.yaml:3:24: unknown key `namespac`; did you mean `namespace`?");
  CHECK(mistakes(kApps + "timeline: [{snyc: shop}]\n")
            .starts_with("s/scenario.yaml:4:13: unknown key `snyc`; did you mean `sync`?"));
}

TEST_CASE("what an application is asked to do must be possible") {
  CHECK(mistakes(kApps + "timeline: [{sync: shpo}]\n") ==
        "s/scenario.yaml:4:19: no application is called `shpo`; did you mean `shop`?");
  CHECK(mistakes(kApps + "timeline: [{push: {app: shop, revision: v9}}]\n") ==
        "s/scenario.yaml:4:41: `shop` has no revision `v9`");
  CHECK(mistakes("apps: {shop: {path: m, project: p}}\n") ==
        "s/scenario.yaml:3:33: no project is called `p`");
  CHECK(mistakes("apps: {shop: {}}\n") ==
        "s/scenario.yaml:3:14: an application has either a path or revisions");
  CHECK(mistakes(kApps + "expect: [{eventually: op(shpo) == Failed}]\n") ==
        "s/scenario.yaml:4:23: no application is called `shpo`; did you mean `shop`?");
}

TEST_CASE("impossible times, numbers and faults are refused") {
  CHECK(mistakes(kApps + "horizon: -3s\n") ==
        "s/scenario.yaml:4:10: `-3s` is no duration such as 30s");
  CHECK(mistakes(kApps + "horizon: 99999999999999h\n").find("no duration") != std::string::npos);
  CHECK(mistakes(kApps + "seed: -1\n").find("is no number from 0") != std::string::npos);
  CHECK(mistakes(kApps + "timeline: [{at: 3s, when: quiescent, sync: shop}]\n") ==
        "s/scenario.yaml:4:27: `at` and `when` exclude each other");
  CHECK(mistakes(kApps + "timeline: [{sync: shop, refresh: shop}]\n") ==
        "s/scenario.yaml:4:25: an entry of the timeline does one thing");
  CHECK(mistakes(kApps + "faults: [{fault: conflict, applied: true}]\n") ==
        "s/scenario.yaml:4:37: only the answer of a timeout can be lost after the deed");
  CHECK(mistakes(kApps + "faults: [{fault: confict}]\n").find("is none of conflict") !=
        std::string::npos);
}

TEST_CASE("what is repeated says when first, how long between, and how often") {
  const auto said = [](const std::string& item) {
    return mistakes(kApps + "timeline: [{sync: shop, " + item + "}]\n");
  };
  CHECK(said("at: 1m, every: 1m, times: 2").find("every") == std::string::npos);
  CHECK(said("at: 1m, every: 1m").find("`every` goes with `times`") != std::string::npos);
  CHECK(said("every: 1m, times: 2").find("`every` goes with `at`") != std::string::npos);
  CHECK(said("at: 1m, every: 0s, times: 2").find("time has to pass") != std::string::npos);
  CHECK(said("at: 1m, every: 1m, times: 0").find("done 0 times") != std::string::npos);
  CHECK(said("at: 1m, every: 1m, times: 100000").find("10000") != std::string::npos);
}

TEST_CASE("statistical expectations say of what, how much, and how sure") {
  const auto said = [](const std::string& expectation) {
    return mistakes(kApps +
                    "timeline: [{sync: shop}]\nexpect: [{name: good, outcome: Succeeded}, " +
                    expectation + "]\n");
  };
  const auto has = [&](const std::string& expectation, const char* part) {
    return said(expectation).find(part) != std::string::npos;
  };
  CHECK(said("{probability: {of: good, atLeast: 99%, confidence: 99%}}") == "none");
  CHECK(said("{quantile: {of: duration(sync shop), p: 99.5, atMost: 5m}}") == "none");
  CHECK(has("{probability: {of: god, atLeast: 99%}}", "did you mean `good`?"));
  CHECK(has("{probability: {of: good}}", "`atLeast` or `atMost`"));
  CHECK(has("{probability: {of: good, atLeast: 1%, atMost: 2%}}", "`atLeast` or `atMost`"));
  CHECK(has("{probability: {of: good, atLeast: 101%}}", "no percentage"));
  CHECK(has("{probability: {of: good, atLeast: 9%, confidence: 42%}}", "between 50% and 100%"));
  CHECK(has("{quantile: {of: duration(sync shpo), p: 95, atMost: 5m}}", "did you mean `shop`?"));
  CHECK(has("{quantile: {of: time, p: 95, atMost: 5m}}", "duration(sync APPLICATION)"));
  CHECK(has("{quantile: {of: duration(sync shop), p: 100, atMost: 5m}}", "between 0 and 100"));
  CHECK(mistakes(kApps + "sample: {runs: 0}\n").find("no run shows nothing") != std::string::npos);
  CHECK(mistakes(kApps + "maxSteps: 0\n").find("no step") != std::string::npos);
}

TEST_CASE("what is absent is a namespace or a kind with its group") {
  CHECK(mistakes(kApps + "cluster: {absent: [Namespace/tools, Widget.example.com]}\n") == "none");
  CHECK(mistakes(kApps + "cluster: {absent: [Namespace/]}\n") ==
        "s/scenario.yaml:4:20: `Namespace/` is neither a namespace such as Namespace/tools, nor a "
        "service such as Service/tools/webhook, nor a kind such as Widget.example.com");
  CHECK(mistakes(kApps + "cluster: {absent: [Service/tools/hook]}\n") == "none");
  CHECK(mistakes(kApps + "cluster: {absent: [Service/tools/]}\n").find("is neither") !=
        std::string::npos);
  CHECK(mistakes(kApps + "cluster: {absent: [Job/x.y, Widget]}\n").find("`Widget` is neither") !=
        std::string::npos);
}

TEST_CASE("two behaviours that match the same are a riddle, and refused") {
  CHECK(mistakes(kApps + "behaviours:\n  - {match: {kind: Job, name: a}, outcome: Fail}\n"
                         "  - {match: {kind: job, name: a}, outcome: Hang}\n") ==
        "s/scenario.yaml:6:5: two behaviours match job/a, and none of them more closely");
}

TEST_CASE("a matrix makes one scenario of each cell, up to a limit") {
  support::MemoryFiles files;
  files.add(
      "s/scenario.yaml",
      "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\nmatrix: {a: [1, 2], b: [3s, 4s, 5s]}\n"
      "seed: \"${a}\"\nhorizon: ${b}\napps: {shop: {path: m}}\n");
  const Scenarios scenarios = read_scenarios(files, "s/scenario.yaml");
  REQUIRE(scenarios.has_value());
  REQUIRE(scenarios->size() == 6);
  CHECK(scenarios->at(4).options.seed == 2);
  CHECK(scenarios->at(4).options.until == base::Duration(std::chrono::seconds(4)));
  std::string many = "matrix: {";
  for (char name = 'a'; name < 'k'; ++name) {
    many += std::string(1, name) + ": [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], ";
  }
  CHECK(mistakes(many + "z: [1]}\n" + kApps).find("the matrix has more than 10000 cells") !=
        std::string::npos);
  CHECK(mistakes("matrix: {a: [1]}\nseed: ${b}\n" + kApps) ==
        "s/scenario.yaml:4:7: the matrix has no `b`");
}

TEST_CASE("a parent is merged in, and its mistakes are shown in its file") {
  CHECK(mistakes("extends: base.yaml\nhorizon: 3s\n") ==
        "s/base.yaml:2:1: unknown key `horizonn`; did you mean `horizon`?");
  CHECK(mistakes("extends: scenario.yaml\n").find("too many scenarios extend each other") !=
        std::string::npos);
  CHECK(mistakes("extends: nowhere.yaml\n").find("cannot read it") != std::string::npos);
}

}  // namespace
}  // namespace wavetank::sim
