// The account of the files: how many were checked, and what was left out and why.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "load/project.h"

namespace wavetank::report {

// "7 files checked (12 objects), 2 skipped: 1 template, 1 without a Kubernetes object".
[[nodiscard]] std::string input_summary(const load::Project& project);
[[nodiscard]] nlohmann::ordered_json input_json(const load::Project& project);

}  // namespace wavetank::report
