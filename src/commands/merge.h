// `wavetank merge`: parts of a divided exploration, joined into the result of the undivided one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "commands/explore.h"

namespace wavetank::commands {

struct MergeRequest {
  std::vector<std::string> paths;  // parts, in any order; "-" is standard input
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

// A part that is no JSON is an input problem; parts that do not belong together are wrong usage.
[[nodiscard]] Result run_merge(const base::FileSystem& files, const MergeRequest& request);

// What an exploration or a sampling, in the shape of its JSON, comes to. A claim is broken by any
// ending that has a property; without one, only what goes wrong by itself counts.
[[nodiscard]] ExitCode exit_of_study(const nlohmann::ordered_json& study, bool is_claim);
[[nodiscard]] ExitCode exit_of_sample(const nlohmann::ordered_json& sample, bool is_claim);

}  // namespace wavetank::commands
