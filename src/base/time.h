// Simulated time: whole nanoseconds in 64 bits, never floating point, never the wall clock.
//
// An Instant counts from the start of a simulation; a Duration is the difference of two.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace wavetank::base {

using Duration = std::chrono::duration<std::int64_t, std::nano>;

// The clock of a simulated world; it has no now(), a World knows its own time.
struct SimulatedClock {
  using duration = Duration;
  using rep = duration::rep;
  using period = duration::period;
  using time_point = std::chrono::time_point<SimulatedClock>;
  static constexpr bool is_steady = true;
};
using Instant = SimulatedClock::time_point;

// Reads Go's duration syntax ("30s", "1m30s", "1.5h", "250ms"); a bare integer means seconds.
// Returns nothing for anything else, for negative values and for what does not fit.
[[nodiscard]] std::optional<Duration> parse_duration(std::string_view text);

// Shortest exact form in hours, minutes, seconds and fractions: "0s", "1.5s", "2m", "1h2m3s".
[[nodiscard]] std::string format_duration(Duration duration);

}  // namespace wavetank::base
