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

}  // namespace
}  // namespace wavetank::sim
