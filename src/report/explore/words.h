// Words and numbers that the reports of explorations share.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "explore/cut_sets.h"
#include "explore/sample.h"

namespace wavetank::report {

// "the sync never ends".
[[nodiscard]] std::string_view words(explore::Property property);
// The same by its name; empty for what is none.
[[nodiscard]] std::string_view words_for(std::string_view property);

// "3 objects left; hooks left: Job/clean-up; Job/clean-up Degraded", escaped.
[[nodiscard]] std::string left_words(std::span<const explore::NamedLeft> left);

// Ends of intervals are rounded outwards, so that no digit claims too much.
enum class Rounding : std::uint8_t { Nearest, Down, Up };
// "12.345%".
[[nodiscard]] std::string share_text(double share, Rounding rounding = Rounding::Nearest);
// The same as a number of six digits.
[[nodiscard]] double share_number(double share, Rounding rounding = Rounding::Nearest);

}  // namespace wavetank::report
