// What became of a scenario's expectations, for people and as JSON.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/paint.h"
#include "sim/scenario/expectation.h"

namespace wavetank::report {

// One line for each, and the shortest explanation of those that do not pass.
[[nodiscard]] std::string expectations_text(const std::vector<sim::ExpectationReport>& reports,
                                            const std::string& file, Colour colour);

[[nodiscard]] nlohmann::ordered_json expectations_json(
    const std::vector<sim::ExpectationReport>& reports);

}  // namespace wavetank::report
