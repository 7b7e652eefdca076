// `wavetank scenario`: a scenario to begin with, and what a scenario comes down to.
#pragma once

#include <string>

#include "commands/lint.h"

namespace wavetank::commands {

// Prints a scenario for the applications of these manifests.
[[nodiscard]] Result init_scenario(const base::FileSystem& files, const std::string& path);

// Prints a scenario with its parents merged in, each cell of its matrix, and every default.
[[nodiscard]] Result show_scenario(const base::FileSystem& files, const std::string& path);

// Prints the JSON Schema of scenario files (scenario_schema.cc).
[[nodiscard]] Result scenario_schema();

}  // namespace wavetank::commands
