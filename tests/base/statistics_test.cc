// Intervals against published values, and what holds for all.
#include "base/statistics.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::base {
namespace {

TEST_CASE("Wilson's interval has its known values") {
  const Interval half = wilson(50, 100, Confidence::P95);
  CHECK(half.low == Approx(0.40383).epsilon(0.0001));
  CHECK(half.high == Approx(0.59617).epsilon(0.0001));
  // No failure in a thousand runs says: fewer than 0.38 %.
  const Interval none = wilson(0, 1000, Confidence::P95);
  CHECK(none.low == 0);
  CHECK(none.high == Approx(0.00383).epsilon(0.002));
  CHECK(wilson(0, 0, Confidence::P95).high == 1);
  CHECK(wilson(7, 7, Confidence::P99).high == 1);
}

TEST_CASE("the ranks around a median and around a high quantile have their known values") {
  // Of 100 values the 40th and the 61st enclose the median with 95 %.
  const Ranks median = quantile_ranks(100, 0.5, Confidence::P95);
  REQUIRE(median.low.has_value());
  REQUIRE(median.high.has_value());
  CHECK(*median.low == 39);
  CHECK(*median.high == 60);
  // 59 values are needed to bound the 95th percentile from above with 95 % on one side.
  CHECK_FALSE(quantile_ranks(58, 0.95, Confidence::P90).high.has_value());
  CHECK(quantile_ranks(59, 0.95, Confidence::P90).high == 58U);
  CHECK_FALSE(quantile_ranks(0, 0.5, Confidence::P95).low.has_value());
}

TEST_CASE("only usual confidences are known") {
  CHECK(confidence_of(95'000'000) == Confidence::P95);
  CHECK(confidence_of(99'900'000) == Confidence::P999);
  CHECK_FALSE(confidence_of(42'000'000).has_value());
}

TEST_CASE("an interval holds the share that was counted, and more runs make it narrower") {
  rc::prop("wilson", [] {
    const auto runs = *rc::gen::inRange<std::uint64_t>(1, 5000);
    const auto successes = *rc::gen::inRange<std::uint64_t>(0, runs + 1);
    const Interval one = wilson(successes, runs, Confidence::P95);
    const double share = static_cast<double>(successes) / static_cast<double>(runs);
    RC_ASSERT(0 <= one.low && one.low <= share && share <= one.high && one.high <= 1);
    const Interval ten = wilson(10 * successes, 10 * runs, Confidence::P95);
    RC_ASSERT(ten.high - ten.low <= one.high - one.low);
    const Interval surer = wilson(successes, runs, Confidence::P99);
    RC_ASSERT(surer.low <= one.low && one.high <= surer.high);
  });
}

TEST_CASE("the ranks enclose the quantile's own rank") {
  rc::prop("ranks", [] {
    const auto runs = *rc::gen::inRange<std::size_t>(1, 3000);
    const double quantile = static_cast<double>(*rc::gen::inRange(1, 100)) / 100;
    const Ranks ranks = quantile_ranks(runs, quantile, Confidence::P95);
    const double rank = static_cast<double>(runs) * quantile;
    if (ranks.low) RC_ASSERT(static_cast<double>(*ranks.low) <= rank);
    if (ranks.high) RC_ASSERT(static_cast<double>(*ranks.high) >= rank - 1);
  });
}

}  // namespace
}  // namespace wavetank::base
