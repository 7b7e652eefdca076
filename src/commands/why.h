// `wavetank why KIND/NAME`: one object's place in the plan, in the cluster as it is, and its course
// in a simulation.
#pragma once

#include <string>
#include <vector>

#include "commands/config.h"
#include "commands/lint.h"
#include "model/version.h"

namespace wavetank::commands {

enum class WhySource : std::uint8_t { Plan, Simulation };

struct WhyRequest {
  ConfigChoice config;
  std::string object;  // KIND/NAME, NAMESPACE/KIND/NAME or GROUP/KIND/NAMESPACE/NAME
  load::LoadOptions load;
  std::string application;        // empty: all
  std::vector<std::string> live;  // dumps of the cluster, as simulate takes them
  WhySource source = WhySource::Plan;
  model::ArgocdVersion version = model::kNewestVersion;
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

[[nodiscard]] Result run_why(const base::FileSystem& files, const WhyRequest& request);

}  // namespace wavetank::commands
