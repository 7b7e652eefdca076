// Every scenario of the repository plays as its golden trace says; WAVETANK_UPDATE=1 writes it
// anew.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "load/project.h"
#include "sim/scenario.h"
#include "support/real_files.h"
#include "support/recorded.h"

namespace wavetank::sim {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> scenario_directories() {
  std::vector<std::string> directories;
  for (const auto& entry : fs::directory_iterator(support::in_repository("scenarios"))) {
    if (fs::exists(entry.path() / "scenario.yaml")) directories.push_back(entry.path().string());
  }
  std::sort(directories.begin(), directories.end());
  return directories;
}

std::string play(const std::string& directory) {
  const support::RealFiles files;
  const auto scenario = read_scenario(files, directory + "/scenario.yaml");
  REQUIRE(scenario.has_value());
  const load::Project project = load::load_project(files, {.paths = {scenario->path}});
  REQUIRE(project.diagnostics.empty());
  REQUIRE(project.bundles.size() == 1);
  model::Bundle bundle = project.bundles.front();
  bundle.name = "shop";
  bundle.settings.name = "shop";
  const Simulation simulation = simulate(bundle, scenario->options);
  CHECK(name(simulation.last().outcome) == name(scenario->expected));
  std::string text = canonical_text(simulation.trace);
  for (const SyncReport& sync : simulation.syncs) {
    text += fmt::format("sync {}: {}: {}\n", sync.number, name(sync.outcome), sync.reason);
  }
  for (const ObjectReport& object : simulation.objects) {
    text += fmt::format("object {} {}{}\n", model::short_name(object.key),
                        object.health ? health::name(object.health->status) : "present",
                        object.is_hook ? " (hook left behind)" : "");
  }
  for (const auto& key : simulation.never_applied) {
    text += fmt::format("never applied {}\n", model::short_name(key));
  }
  for (const auto& finding : simulation.findings) {
    text += fmt::format("{} {}\n", finding.code, finding.message);
  }
  return text;
}

TEST_CASE("every scenario plays as its golden trace says") {
  const auto directories = scenario_directories();
  REQUIRE(directories.size() >= 7);
  for (const std::string& directory : directories) {
    CAPTURE(directory);
    const std::string golden = directory + "/trace.txt";
    const std::string trace = play(directory);
    if (std::getenv("WAVETANK_UPDATE") != nullptr) {
      std::ofstream(golden, std::ios::binary) << trace;
    }
    CHECK(support::read_file(golden).value_or("") == trace);
  }
}

TEST_CASE("a scenario plays the same every time") {
  const std::string directory = support::in_repository("scenarios/migration-fails");
  CHECK(play(directory) == play(directory));
}

}  // namespace
}  // namespace wavetank::sim
