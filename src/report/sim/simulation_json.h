// A simulation as JSON; docs/schemas/simulate.schema.json describes the fields.
#pragma once

#include <nlohmann/json.hpp>

#include "sim/simulate.h"
#include "source/source_map.h"

namespace wavetank::report {

[[nodiscard]] nlohmann::ordered_json simulation_json(const std::string& application,
                                                     const sim::Simulation& simulation,
                                                     const source::SourceMap& sources);

}  // namespace wavetank::report
