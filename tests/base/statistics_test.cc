// Intervals against values from tables, and against what they promise.

#include "base/statistics.h"

#include "base/distribution.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::base {
namespace {

TEST_CASE("the interval of Clopper and Pearson has the values of its tables") {
  struct Row {
    std::uint64_t successes;
    std::uint64_t trials;
    double error;
    double low;
    double high;
  };
  // R: binom.test(successes, trials, conf.level = 1 - error)$conf.int
  const Row rows[]{{0, 10, 0.05, 0, 0.3084971},   {5, 10, 0.05, 0.1870860, 0.8129140},
                   {10, 10, 0.05, 0.6915029, 1},  {10, 100, 0.05, 0.0490047, 0.1762226},
                   {0, 1000, 0.05, 0, 0.0036821}, {1, 1, 0.05, 0.025, 1}};
  for (const Row& row : rows) {
    CAPTURE(row.successes, row.trials);
    const Interval found = clopper_pearson(row.successes, row.trials, row.error);
    CHECK(found.low == Approx(row.low).margin(2e-7));
    CHECK(found.high == Approx(row.high).margin(2e-7));
  }
}

TEST_CASE("binomial sums are exact where they can be told by hand") {
  CHECK(binomial_at_most(0, 2, 0.5) == Approx(0.25));
  CHECK(binomial_at_most(1, 2, 0.5) == Approx(0.75));
  CHECK(binomial_at_least(1, 2, 0.5) == Approx(0.75));
  CHECK(binomial_at_least(3, 2, 0.5) == 0);
  CHECK(binomial_at_most(2, 2, 0.5) == 1);
  CHECK(binomial_at_most(3, 1'000'000, 1e-6) == Approx(0.98101).margin(1e-5));  // Poisson
}

TEST_CASE("the ranks of quantiles are those of the binomial distribution") {
  const QuantileRanks median = quantile_ranks(100, 50 * (kWhole / 100), 0.05);
  CHECK(median.estimate == 50);
  CHECK(median.low == 40);
  CHECK(median.high == 61);
  // Five values: the smallest one is above the median once in 32 times, too often for 95 %.
  CHECK(quantile_ranks(5, 50 * (kWhole / 100), 0.05).low == std::nullopt);
  CHECK(quantile_ranks(6, 50 * (kWhole / 100), 0.05).low == 1);
  CHECK(quantile_ranks(6, 50 * (kWhole / 100), 0.05).high == 6);
  CHECK(quantile_ranks(50, 99 * (kWhole / 100), 0.05).high == std::nullopt);
  CHECK(quantile_ranks(1, 50 * (kWhole / 100), 0.05).estimate == 1);
}

TEST_CASE("all looks together spend no more than the error") {
  double sum = 0;
  for (std::uint64_t look = 1; look <= 1000; ++look) sum += error_of_look(0.05, look);
  CHECK(sum < 0.05);
  CHECK(sum > 0.049);
}

TEST_CASE("an interval holds the share that was seen, and misses what it says by chance only") {
  rc::prop("ends are where the tails are as likely as the error allows", [] {
    const auto trials = *rc::gen::inRange<std::uint64_t>(1, 3000);
    const auto successes = *rc::gen::inRange<std::uint64_t>(0, trials + 1);
    const double error = *rc::gen::element(0.1, 0.05, 0.01, 1e-5);
    const Interval found = clopper_pearson(successes, trials, error);
    const double share = static_cast<double>(successes) / static_cast<double>(trials);
    RC_ASSERT(found.low <= share);
    RC_ASSERT(found.high >= share);
    if (successes > 0) {
      RC_ASSERT(binomial_at_least(successes, trials, found.low) <= error / 2 * (1 + 1e-6));
    }
    if (successes < trials) {
      RC_ASSERT(binomial_at_most(successes, trials, found.high) <= error / 2 * (1 + 1e-6));
    }
    const Interval mirrored = clopper_pearson(trials - successes, trials, error);
    RC_ASSERT(mirrored.low + found.high > 1 - 1e-9);
    RC_ASSERT(mirrored.low + found.high < 1 + 1e-9);
  });
}

}  // namespace
}  // namespace wavetank::base
