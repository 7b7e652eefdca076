// A played scenario as text that is kept beside it and reviewed like code.
#pragma once

#include <string>

#include "sim/scenario/play.h"

namespace wavetank::sim {

[[nodiscard]] std::string golden_text(const ScenarioResult& result);

}  // namespace wavetank::sim
