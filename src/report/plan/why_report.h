// Why one object stands where it stands, what it waits for and what waits for it: from the plan,
// and from a simulation when there is one.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "report/paint.h"
#include "report/plan/plan_view.h"
#include "report/plan/why_live.h"
#include "sim/simulate.h"
#include "source/source_map.h"

namespace wavetank::report {

struct WhyQuestion {
  const PlanView* view = nullptr;
  std::size_t resource = 0;                     // index into the Bundle
  const sim::Simulation* simulation = nullptr;  // null: only the plan is asked
  const LiveAnswer* live = nullptr;             // null: there is no dump
};

[[nodiscard]] std::string why_text(const WhyQuestion& question, const source::SourceMap& sources,
                                   Colour colour);
// docs/schemas/why.schema.json describes the fields.
[[nodiscard]] nlohmann::ordered_json why_json(const WhyQuestion& question,
                                              const source::SourceMap& sources);

}  // namespace wavetank::report
