// Runs one row of the health table on one object.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "health/health.h"
#include "health/table/program.h"

namespace wavetank::health::table {

// What Argo CD would make of the object with the check that this row describes. It always ends:
// loops run over what the object holds, and nothing calls itself.
[[nodiscard]] Health judge(const Row& row, const nlohmann::json& object);

// The row's example of a healthy status, filled in for this object; null when the row has none.
[[nodiscard]] nlohmann::json healthy_status(const Row& row, const nlohmann::json& object);

}  // namespace wavetank::health::table
