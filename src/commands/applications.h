// Choosing among the applications that were found.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "load/project.h"

namespace wavetank::commands {

struct Chosen {
  std::vector<const model::Bundle*> bundles;  // what no application lists is left out
  std::string error;                          // a name that nothing bears
};

[[nodiscard]] Chosen choose_applications(const load::Project& project, const std::string& name);

// What a scenario calls it: applications that were found as directories by their last part.
[[nodiscard]] std::string short_name(const model::Bundle& bundle);

// The application of the old revision that `bundle` replaces: the only one, or that of its name;
// under the same name, so that both track the same objects. Nothing when there is none.
[[nodiscard]] std::optional<model::Bundle> old_bundle(const load::Project& old,
                                                      const load::Project& project,
                                                      const model::Bundle& bundle);

// Whether any input diagnostic is an error.
[[nodiscard]] bool has_input_error(const load::Project& project);
// All input diagnostics as text.
[[nodiscard]] std::string input_problems(const load::Project& project);

}  // namespace wavetank::commands
