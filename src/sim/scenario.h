// Scenario files: a world, how it behaves, and how it must end.
//
// Today's subset: the application's manifests, behaviours with an outcome (or the odds of several)
// and a time (or its distribution), syncs in the timeline, the horizon and the expected outcome.
// Keys beyond it are refused by name, so nothing in a scenario is ever silently left out.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/file_system.h"
#include "sim/simulate.h"

namespace wavetank::sim {

struct Scenario {
  std::string name;
  std::string description;
  std::string path;  // the manifests, as a path that can be read
  SimulationOptions options;
  Outcome expected = Outcome::Succeeded;  // of the last sync
  std::vector<std::string> covers;
};

// One message per problem, each with file, line and column.
using ScenarioProblems = std::vector<std::string>;

// Reads `path`; the paths in it are relative to its directory.
[[nodiscard]] tl::expected<Scenario, ScenarioProblems> read_scenario(const base::FileSystem& files,
                                                                     const std::string& path);

// The scenario that `path` names: a scenario file, or a directory that holds scenario.yaml.
// Nothing when it names manifests.
[[nodiscard]] std::optional<tl::expected<Scenario, ScenarioProblems>> find_scenario(
    const base::FileSystem& files, const std::string& path);

}  // namespace wavetank::sim
