// A plan as JSON; docs/schemas/plan.schema.json describes the fields.
#pragma once

#include <nlohmann/json.hpp>

#include "report/plan/plan_view.h"
#include "source/source_map.h"

namespace wavetank::report {

[[nodiscard]] nlohmann::ordered_json plan_json(const PlanView& view,
                                               const source::SourceMap& sources);

}  // namespace wavetank::report
