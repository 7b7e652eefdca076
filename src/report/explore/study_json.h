// An exploration as JSON: docs/schemas/explore.schema.json.
#pragma once

#include <nlohmann/json.hpp>

#include "explore/study.h"

namespace wavetank::report {

[[nodiscard]] nlohmann::ordered_json study_json(const explore::Study& study);

}  // namespace wavetank::report
