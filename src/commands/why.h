// `wavetank why KIND/NAME`: one object's place in the plan, and its course in a simulation.
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
  std::string application;  // empty: all
  WhySource source = WhySource::Plan;
  // Dumps of the cluster as it is, to simulate from. Not empty: the source is a simulation.
  std::vector<std::string> live;
  model::ArgocdVersion version = model::kNewestVersion;
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

[[nodiscard]] Result run_why(const base::FileSystem& files, const WhyRequest& request);

}  // namespace wavetank::commands
