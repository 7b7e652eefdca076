// A sampling as JSON: docs/schemas/explore.schema.json.
#pragma once

#include <array>
#include <nlohmann/json.hpp>
#include <span>

#include "explore/sample.h"

namespace wavetank::report {

inline constexpr std::array<unsigned, 4> kShownQuantiles{50, 90, 95, 99};

// A part of a divided sampling has all durations, from which quantiles of the whole can be told.
enum class Durations : std::uint8_t { Quantiles, All };

[[nodiscard]] nlohmann::ordered_json sample_json(const explore::Sample& sample,
                                                 std::span<const explore::Property> properties,
                                                 Durations durations = Durations::Quantiles);

}  // namespace wavetank::report
