// Plays a scenario: the applications' revisions, the timeline, and the watch over expectations.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/bundle.h"
#include "sim/scenario/scenario.h"

namespace wavetank::sim {

// What a scenario names by path, read.
struct ScenarioInput {
  // By application and revision. The bundles outlive the play.
  std::map<std::pair<std::string, std::string>, const model::Bundle*> bundles;
  std::vector<nlohmann::json> live;  // what the cluster has before
};

struct ScenarioResult {
  Simulation simulation;
  std::vector<ExpectationReport> expectations;
  Rest rest = Rest::AtRest;
};

// What the scenario names but nobody has, or several have: one message each, with its place.
[[nodiscard]] ScenarioProblems check_references(const Scenario& scenario,
                                                const ScenarioInput& input);

// One run; what only many runs can tell stays inconclusive. REQUIRES: check_references found
// nothing.
[[nodiscard]] ScenarioResult play_once(const Scenario& scenario, const ScenarioInput& input);

// The run of the scenario's own seed, and as many more as its statistical expectations ask for
// (sample.h). REQUIRES: check_references found nothing.
[[nodiscard]] ScenarioResult play(const Scenario& scenario, const ScenarioInput& input);

}  // namespace wavetank::sim
