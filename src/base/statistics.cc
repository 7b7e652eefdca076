#include "base/statistics.h"

#include <algorithm>

#include "base/check.h"
#include "base/distribution.h"

namespace wavetank::base {

namespace {

// A term that is smaller beside the largest one changes no digit that is shown.
constexpr double kNegligible = 1e-30;
constexpr int kBisections = 60;

// The sums of the probabilities below `from`, and from there on, up to a common factor.
struct Parts {
  double below = 0;
  double above = 0;

  void add(std::uint64_t value, std::uint64_t from, double weight) {
    (value < from ? below : above) += weight;
  }
  [[nodiscard]] double whole() const { return below + above; }
};

// Every term by its neighbour, from the largest one on to both sides.
Parts split(std::uint64_t from, std::uint64_t trials, double probability) {
  const double odds = probability / (1 - probability);
  const auto n = static_cast<double>(trials);
  const auto mode = std::min(trials, static_cast<std::uint64_t>((n + 1) * probability));
  Parts parts;
  parts.add(mode, from, 1);
  double weight = 1;
  for (std::uint64_t k = mode; k < trials && weight > kNegligible; ++k) {
    weight *= (n - static_cast<double>(k)) / static_cast<double>(k + 1) * odds;
    parts.add(k + 1, from, weight);
  }
  weight = 1;
  for (std::uint64_t k = mode; k > 0 && weight > kNegligible; --k) {
    weight *= static_cast<double>(k) / (n - static_cast<double>(k - 1)) / odds;
    parts.add(k - 1, from, weight);
  }
  return parts;
}

// The place where `is_beyond` becomes true. REQUIRES: it is false first and then true.
template <class Predicate>
double bisect(Predicate is_beyond) {
  double low = 0;
  double high = 1;
  for (int i = 0; i < kBisections; ++i) {
    const double middle = (low + high) / 2;
    (is_beyond(middle) ? high : low) = middle;
  }
  return (low + high) / 2;
}

}  // namespace

double binomial_at_most(std::uint64_t successes, std::uint64_t trials, double probability) {
  if (successes >= trials || probability <= 0) return 1;
  if (probability >= 1) return 0;
  const Parts parts = split(successes + 1, trials, probability);
  return parts.below / parts.whole();
}

double binomial_at_least(std::uint64_t successes, std::uint64_t trials, double probability) {
  if (successes == 0) return 1;
  if (successes > trials || probability <= 0) return 0;
  if (probability >= 1) return 1;
  const Parts parts = split(successes, trials, probability);
  return parts.above / parts.whole();
}

Interval clopper_pearson(std::uint64_t successes, std::uint64_t trials, double error) {
  WAVETANK_CHECK(successes <= trials);
  const double tail = error / 2;
  Interval interval;
  if (successes > 0) {
    interval.low = bisect([&](double p) { return binomial_at_least(successes, trials, p) > tail; });
  }
  if (successes < trials) {
    interval.high = bisect([&](double p) { return binomial_at_most(successes, trials, p) < tail; });
  }
  return interval;
}

QuantileRanks quantile_ranks(std::uint64_t count, std::uint32_t quantile, double error) {
  WAVETANK_CHECK(count > 0 && quantile > 0 && quantile < kWhole);
  const double share = static_cast<double>(quantile) / kWhole;
  const double tail = error / 2;
  QuantileRanks ranks{.estimate = (count / kWhole) * quantile +
                                  ((count % kWhole) * quantile + kWhole - 1) / kWhole};
  // The quantile is below the value of rank r when fewer than r values are not above it.
  std::uint64_t below = 0;
  std::uint64_t above = ranks.estimate;
  while (below < above) {
    const std::uint64_t rank = below + (above - below + 1) / 2;
    const bool is_safe = binomial_at_most(rank - 1, count, share) <= tail;
    if (is_safe) {
      below = rank;
    } else {
      above = rank - 1;
    }
  }
  if (below > 0) ranks.low = below;
  // … and above it when r values or more are not above it.
  below = ranks.estimate;
  above = count + 1;
  while (below < above) {
    const std::uint64_t rank = below + (above - below) / 2;
    if (binomial_at_least(rank, count, share) <= tail) {
      above = rank;
    } else {
      below = rank + 1;
    }
  }
  if (below <= count) ranks.high = below;
  return ranks;
}

double error_of_look(double error, std::uint64_t number) {
  const auto n = static_cast<double>(number);
  return error / (n * (n + 1));
}

}  // namespace wavetank::base
