// `wavetank diff`: what a change does to the plans.
#pragma once

#include <string>
#include <vector>

#include "commands/config.h"
#include "commands/simulate.h"
#include "model/version.h"
#include "report/paint.h"

namespace wavetank::commands {

enum class DiffFormat : std::uint8_t { Text, Json, Markdown };
enum class DiffExit : std::uint8_t { Ok, Findings };  // when there are differences

struct DiffRequest {
  ConfigChoice config;
  Revision before;
  Revision after;
  std::vector<std::string> exclude;
  std::shared_ptr<const base::Renderer> renderer;  // as in LoadOptions
  std::string application;                         // empty: all
  bool prune = false;                              // as if pruning were on everywhere
  model::ArgocdVersion version = model::kNewestVersion;
  DiffFormat format = DiffFormat::Text;
  DiffExit on_difference = DiffExit::Ok;
  report::Colour colour = report::Colour::Off;
};

[[nodiscard]] Result run_diff(const DiffRequest& request);

}  // namespace wavetank::commands
