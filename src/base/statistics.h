// Intervals around what was counted: how far chance may have led a sample astray.
//
// Only additions, multiplications, divisions and square roots, which IEEE 754 makes the same
// everywhere; no libm.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace wavetank::base {

// How sure an interval is, two-sided.
enum class Confidence : std::uint8_t { P90, P95, P99, P999 };

// "95%" and the like; nothing for others.
[[nodiscard]] std::optional<Confidence> confidence_of(std::uint32_t percentage);

struct Interval {
  double low = 0;
  double high = 1;
};

// Where the probability lies of what came in `successes` of `runs`. Wilson's score interval; with
// no runs at all: from 0 to 1. REQUIRES: successes <= runs.
[[nodiscard]] Interval wilson(std::uint64_t successes, std::uint64_t runs, Confidence confidence);

// Between which of the values, in order and counted from 0, the quantile lies; nothing: the sample
// is too small to bound it on that side. From the binomial distribution, whatever that of the
// values is.
struct Ranks {
  std::optional<std::size_t> low;
  std::optional<std::size_t> high;
};
// `quantile`: 0.95. REQUIRES: 0 < quantile < 1.
[[nodiscard]] Ranks quantile_ranks(std::size_t runs, double quantile, Confidence confidence);

}  // namespace wavetank::base
