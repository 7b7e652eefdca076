// A simulation for people: the timeline, the outcome and why, what is left in the cluster.
#pragma once

#include <string>

#include "report/paint.h"
#include "sim/simulate.h"
#include "source/source_map.h"

namespace wavetank::report {

[[nodiscard]] std::string simulation_text(const std::string& application,
                                          const sim::Simulation& simulation,
                                          const source::SourceMap& sources, Colour colour);

// "1m04.2s": a moment of a timeline.
[[nodiscard]] std::string moment(base::Instant at);

}  // namespace wavetank::report
