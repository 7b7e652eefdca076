// Expectations about probabilities and quantiles: the scenario is played many times.
//
// Run number i draws from a seed that follows from the scenario's seed and i alone, so the runs are
// the same whatever their number and whoever plays them. A verdict is given only when the whole
// interval is on one side of the goal; else so many runs have not decided it.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/scenario/play.h"

namespace wavetank::sim {

// The seed of run `number`, from 0.
[[nodiscard]] std::uint64_t seed_of_run(std::uint64_t seed, std::uint32_t number);

// Fills in the reports of the statistical expectations, which stand where their expectations do.
void judge_by_sampling(const Scenario& scenario, const ScenarioInput& input,
                       std::vector<ExpectationReport>& reports);

}  // namespace wavetank::sim
