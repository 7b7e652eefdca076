// A sampling as text for people: how likely each ending is, and how sure that is.
#pragma once

#include <span>
#include <string>

#include "explore/sample.h"
#include "report/paint.h"

namespace wavetank::report {

[[nodiscard]] std::string sample_text(const explore::Sample& sample,
                                      std::span<const explore::Property> properties, Colour colour);

// What was drawn for one run, above its trace: "run 17 (seed 1; …): Job/clean-up fails".
[[nodiscard]] std::string sampled_run_text(const explore::SampledRun& run, std::uint64_t seed);

}  // namespace wavetank::report
