// Scenario files with everything that they name, read and ready to be played.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/file_system.h"
#include "commands/exit_code.h"
#include "load/project.h"
#include "sim/scenario/play.h"

namespace wavetank::commands {

// Immovable, for its parts point into each other.
struct LoadedScenario {
  LoadedScenario() = default;
  LoadedScenario(const LoadedScenario&) = delete;
  LoadedScenario& operator=(const LoadedScenario&) = delete;

  std::vector<sim::Scenario> cells;        // one, unless there is a matrix
  std::vector<sim::ScenarioInput> inputs;  // one for each cell
  load::Project project;                   // the bundles of the inputs point into it
  std::string errors;                      // not empty: it cannot be played
  ExitCode exit = ExitCode::Ok;
};

// Never null. `file`: a scenario file.
[[nodiscard]] std::unique_ptr<LoadedScenario> load_scenario(const base::FileSystem& files,
                                                            const std::string& file);

// Reads objects as `kubectl get -o yaml` prints them, lists taken apart. The error has its place.
[[nodiscard]] tl::expected<std::vector<nlohmann::json>, std::string> read_live_objects(
    const base::FileSystem& files, const std::string& path);
// Of several dumps, one after another.
[[nodiscard]] tl::expected<std::vector<nlohmann::json>, std::string> read_all_live_objects(
    const base::FileSystem& files, const std::vector<std::string>& paths);

}  // namespace wavetank::commands
