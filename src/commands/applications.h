// Choosing among the applications that were found.
#pragma once

#include <string>
#include <vector>

#include "load/project.h"

namespace wavetank::commands {

struct Chosen {
  std::vector<const model::Bundle*> bundles;  // what no application lists is left out
  std::string error;                          // a name that nothing bears
};

[[nodiscard]] Chosen choose_applications(const load::Project& project, const std::string& name);

// Whether any input diagnostic is an error.
[[nodiscard]] bool has_input_error(const load::Project& project);
// All input diagnostics as text.
[[nodiscard]] std::string input_problems(const load::Project& project);

}  // namespace wavetank::commands
