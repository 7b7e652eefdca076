#include "model/wall_time.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::model {
namespace {

TEST_CASE("times are read with fractions and offsets and written in UTC") {
  CHECK(format_rfc3339(parse_rfc3339("2025-06-02T12:00:00.25+02:00").value()) ==
        "2025-06-02T10:00:00.25Z");
  CHECK_FALSE(parse_rfc3339("2025-06-02"));
  CHECK_FALSE(parse_rfc3339("2025-13-02T12:00:00Z"));
}

TEST_CASE("nanoseconds carry over into seconds in both directions") {
  const WallTime time{.seconds = 10, .nanoseconds = 900'000'000};
  CHECK(time.plus(200'000'000) == WallTime{.seconds = 11, .nanoseconds = 100'000'000});
  CHECK(time.plus(INT64_MIN).plus(INT64_MAX).plus(1) == time);
  CHECK(time.plus(-1'900'000'001) == WallTime{.seconds = 8, .nanoseconds = 999'999'999});
}

TEST_CASE("a local time that is skipped or repeated gets the offset that Go gives it") {
  const TimeZone berlin = TimeZone::load("Europe/Berlin").value();
  const auto utc = [&](const CivilTime& civil) {
    return format_rfc3339({.seconds = berlin.seconds(civil)});
  };
  CHECK(utc({.year = 2025, .month = 3, .day = 30, .hour = 2, .minute = 30}) ==
        "2025-03-30T01:30:00Z");
  CHECK(utc({.year = 2025, .month = 10, .day = 26, .hour = 2, .minute = 30}) ==
        "2025-10-26T01:30:00Z");
}

TEST_CASE("fields beyond their range run over") {
  CHECK(TimeZone().seconds({.year = 2024, .month = 14, .day = 0}) ==
        TimeZone().seconds({.year = 2025, .month = 1, .day = 31}));
}

TEST_CASE("a moment survives being written and read") {
  rc::prop("round trip", [] {
    const WallTime time{
        .seconds = *rc::gen::inRange<std::int64_t>(-60'000'000'000, 200'000'000'000),
        .nanoseconds = *rc::gen::inRange(0, 1'000'000'000)};
    RC_ASSERT(parse_rfc3339(format_rfc3339(time)) == time);
  });
}

TEST_CASE("a moment survives being taken apart and put together in UTC") {
  rc::prop("civil", [] {
    const auto seconds = *rc::gen::inRange<std::int64_t>(-60'000'000'000, 200'000'000'000);
    RC_ASSERT(TimeZone().seconds(TimeZone().civil(seconds)) == seconds);
  });
}

}  // namespace
}  // namespace wavetank::model
