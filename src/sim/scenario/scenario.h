// Scenario files: a world, how it behaves, what goes wrong, what is done to it and what must hold.
//
// A key that is not known here is refused by name, so nothing in a scenario is ever silently left
// out. docs/scenarios.md describes the format, docs/schemas/scenario.schema.json for editors.
#pragma once

#include <cstdint>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "base/file_system.h"
#include "sim/scenario/expectation.h"
#include "sim/simulate.h"

namespace wavetank::sim {

// Where something stands in the scenario file.
struct Place {
  std::uint32_t line = 0;
  std::uint32_t column = 0;
};

struct ScenarioRevision {
  std::string name;
  std::string path;  // as a path that can be read
};

struct ScenarioApplication {
  std::string name;
  std::vector<ScenarioRevision> revisions;  // at least one; the first is there at the beginning
  std::string name_space;                   // of the destination; empty: as the manifests say
  nlohmann::json policy;                    // spec.syncPolicy; null: as the manifests say
  std::string project;
  bool is_created_later = false;  // by another application, or by the timeline
  Place place;
};

// What somebody does, or what happens to the world.
struct Action {
  enum class Kind : std::uint8_t {
    Sync,
    Push,
    Refresh,
    Terminate,
    DeleteApplication,
    CreateApplication,
    SetPolicy,
    Create,
    Edit,
    Delete,
    Behave,
    Fault,
    Drain,
    Uncordon,
    LoseNode,
    RestoreNode,
    RestartController,
    LoseSource  // of an application: its branch or folder is gone
  };
  Kind kind = Kind::Sync;
  std::string application;
  std::string revision;
  bool prune = false;
  bool force = false;
  bool dry_run = false;
  bool cascade = true;
  std::vector<std::string> options;
  std::vector<ObjectRef> resources;  // of a selective sync
  ObjectRef object;                  // what is edited or deleted; of nodes: the name
  nlohmann::json patch;              // a JSON merge patch, an object, or a policy
  std::vector<cluster::BehaviorRule> behaviors;
  std::optional<cluster::CallFault> fault;
  std::string text;  // for the trace: "sync of shop"
};

struct TimelineItem {
  std::optional<base::Duration> at;     // since the beginning
  std::optional<Predicate> when;        // becomes true…
  std::uint32_t occurrence = 1;         // …for the how-manieth time
  base::Duration after{};               // and so long after that
  std::optional<base::Duration> every;  // with `at`: again and again, so long between
  std::uint32_t times = 1;              // how often in all
  Action action;                        // without `at` and `when`: when the world is at rest
  Place place;
};

struct Scenario {
  std::string file;
  std::string name;
  std::string description;
  std::vector<std::string> covers;
  std::vector<std::pair<std::string, std::string>> cell;  // of a matrix: names and values
  std::vector<ScenarioApplication> applications;
  std::map<std::string, nlohmann::json> projects;  // spec of each
  std::vector<std::string> namespaces;             // that are there before
  std::set<std::string> absent;                    // not there, though manifests need it
  std::vector<std::string> object_files;           // live objects, as paths that can be read
  nlohmann::json nodes = nlohmann::json::array();
  SimulationOptions options;
  std::vector<TimelineItem> timeline;
  std::vector<Expectation> expectations;
  std::uint64_t steps_max = 5'000'000;  // of the world, before it is given up
  std::uint32_t runs = 400;             // for expectations about probabilities and quantiles
  // Explored, not played: how many faults at once, and which kinds.
  std::optional<std::uint32_t> fault_budget;
  std::vector<std::string> allowed_faults;
};

// One message per problem, each with file, line and column.
using ScenarioProblems = std::vector<std::string>;
using Scenarios = tl::expected<std::vector<Scenario>, ScenarioProblems>;

// Reads `path`; the paths in it are relative to its directory. A scenario with a matrix is several,
// one for each cell.
[[nodiscard]] Scenarios read_scenarios(const base::FileSystem& files, const std::string& path);

// The scenario file that `path` names: itself, or scenario.yaml in a directory. Nothing when it
// names manifests.
[[nodiscard]] std::optional<std::string> scenario_file(const base::FileSystem& files,
                                                       const std::string& path);

}  // namespace wavetank::sim
