// Recorded health of single objects.
#pragma once

#include <nlohmann/json.hpp>

#include "conformance/verdict.h"

namespace wavetank::conformance {

[[nodiscard]] bool is_health_case(const nlohmann::json& vector);

// Compares status and message. REQUIRES: is_health_case(vector).
[[nodiscard]] Verdict check_health_case(const nlohmann::json& vector);

}  // namespace wavetank::conformance
