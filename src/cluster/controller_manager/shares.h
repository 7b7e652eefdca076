// Numbers that a manifest gives as such or as a share of a whole: 2, "25%".
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>

namespace wavetank::cluster {

enum class Rounding : std::uint8_t { Up, Down };

// Anything else counts as 0. Source: apimachinery, util/intstr, GetScaledValueFromIntOrPercent.
[[nodiscard]] std::int64_t share(const nlohmann::json& value, std::int64_t whole,
                                 Rounding rounding);

}  // namespace wavetank::cluster
