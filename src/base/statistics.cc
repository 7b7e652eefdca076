#include "base/statistics.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "base/distribution.h"

namespace wavetank::base {

namespace {

struct Row {
  std::uint32_t percentage;  // in units of kWhole
  double normal;             // the quantile of the normal distribution at 1 - outside / 2
  double outside;            // what lies outside of the interval
};

constexpr std::array kRows{
    Row{90 * (kWhole / 100), 1.6448536269514722, 0.1},
    Row{95 * (kWhole / 100), 1.9599639845400545, 0.05},
    Row{99 * (kWhole / 100), 2.5758293035489004, 0.01},
    Row{999 * (kWhole / 1000), 3.2905267314919255, 0.001},
};

const Row& row(Confidence confidence) { return kRows.at(static_cast<std::size_t>(confidence)); }

// The binomial probabilities of 0 … n, from the most likely one outwards, so that nothing
// vanishes.
std::vector<double> binomial(std::size_t n, double p) {
  std::vector<double> weights(n + 1, 0.0);
  const auto mode = std::min(n, static_cast<std::size_t>(static_cast<double>(n + 1) * p));
  const double odds = p / (1 - p);
  weights[mode] = 1;
  for (std::size_t k = mode; k < n; ++k) {
    weights[k + 1] = weights[k] * odds * static_cast<double>(n - k) / static_cast<double>(k + 1);
  }
  for (std::size_t k = mode; k > 0; --k) {
    weights[k - 1] = weights[k] / odds * static_cast<double>(k) / static_cast<double>(n - k + 1);
  }
  double sum = 0;
  for (const double each : weights) sum += each;
  for (double& each : weights) each /= sum;
  return weights;
}

}  // namespace

std::optional<Confidence> confidence_of(std::uint32_t percentage) {
  for (std::size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].percentage == percentage) return static_cast<Confidence>(i);
  }
  return std::nullopt;
}

// Source: E. B. Wilson, Probable inference, the law of succession, and statistical inference, 1927.
Interval wilson(std::uint64_t successes, std::uint64_t runs, Confidence confidence) {
  if (runs == 0) return {};
  const double n = static_cast<double>(runs);
  const double p = static_cast<double>(successes) / n;
  const double z = row(confidence).normal;
  const double scale = 1 + z * z / n;
  const double middle = (p + z * z / (2 * n)) / scale;
  const double half = z / scale * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n));
  return {.low = successes == 0 ? 0 : std::max(0.0, middle - half),
          .high = successes == runs ? 1 : std::min(1.0, middle + half)};
}

Ranks quantile_ranks(std::size_t runs, double quantile, Confidence confidence) {
  Ranks ranks;
  if (runs == 0) return ranks;
  const std::vector<double> chances = binomial(runs, quantile);
  const double tail = row(confidence).outside / 2;
  // So many values are below the quantile with the probability chances[k].
  double below = 0;
  for (std::size_t k = 0; k < runs; ++k) {
    below += chances[k];
    if (below > tail) break;
    ranks.low = k;  // the value of this rank is not above the quantile
  }
  double above = 0;
  for (std::size_t k = runs; k > 0; --k) {
    above += chances[k];
    if (above > tail) break;
    ranks.high = k - 1;
  }
  return ranks;
}

}  // namespace wavetank::base
