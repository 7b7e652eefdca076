// What so many runs say about a probability, and about a quantile of what was measured in them.
//
// The intervals hold at least as often as they claim, whatever the true value is: they are exact
// ones by the binomial distribution, no approximations. Only + − × ÷ are used, in a fixed order, so
// every machine finds the same digits. They speak of the luck of the draw only, never of how true
// the simulation is.
#pragma once

#include <cstdint>
#include <optional>

namespace wavetank::base {

// From 0 to 1.
struct Interval {
  double low = 0;
  double high = 1;

  [[nodiscard]] double width() const { return high - low; }
};

// P(X <= successes) and P(X >= successes) where X counts the successes of `trials` independent
// trials. REQUIRES: 0 <= probability <= 1.
[[nodiscard]] double binomial_at_most(std::uint64_t successes, std::uint64_t trials,
                                      double probability);
[[nodiscard]] double binomial_at_least(std::uint64_t successes, std::uint64_t trials,
                                       double probability);

// The interval of Clopper and Pearson (1934): it misses the true probability at most `error` of the
// time. REQUIRES: successes <= trials, 0 < error < 1.
[[nodiscard]] Interval clopper_pearson(std::uint64_t successes, std::uint64_t trials, double error);

// Ranks in a sorted list, from 1.
struct QuantileRanks {
  std::uint64_t estimate = 0;
  std::optional<std::uint64_t> low;   // nothing: too few values to tell
  std::optional<std::uint64_t> high;  // … as well
};

// Where the quantile is, and between which ranks it lies but for `error` of the time, whatever the
// distribution is. `quantile`: in parts of kWhole. REQUIRES: 0 < quantile < kWhole, 0 < count.
[[nodiscard]] QuantileRanks quantile_ranks(std::uint64_t count, std::uint32_t quantile,
                                           double error);

// Who looks again and again and stops when he likes what he sees is wrong more often than a single
// look would be. So the looks share the error: the one of this number, from 1, may spend so much of
// it, and all of them together no more than all.
[[nodiscard]] double error_of_look(double error, std::uint64_t number);

}  // namespace wavetank::base
