// `wavetank simulate`: what happens if …?
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "commands/lint.h"
#include "sim/simulate.h"

namespace wavetank::commands {

// Where a revision stands: a path in a file system.
struct Revision {
  const base::FileSystem* files = nullptr;
  std::string path;
};

// Its manifests, read with these patterns and this renderer.
[[nodiscard]] load::Project load_revision(const Revision& revision,
                                          const std::vector<std::string>& exclude,
                                          const std::shared_ptr<const base::Renderer>& renderer);

struct SimulateRequest {
  load::LoadOptions load;
  std::optional<Revision> from;   // what the cluster runs before
  std::vector<std::string> live;  // dumps of the cluster as it is, in the same file system
  bool prune = false;             // delete what the new revision no longer has
  std::string application;        // empty: all
  sim::SimulationOptions simulation;
  std::optional<sim::Outcome> expected;  // nothing: Succeeded
  bool wants_final_state = false;        // the cluster as YAML, in `final_state`
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

struct SimulateResult {
  Result result;
  std::string final_state;
};

[[nodiscard]] SimulateResult run_simulate(const base::FileSystem& files,
                                          const SimulateRequest& request);

}  // namespace wavetank::commands
