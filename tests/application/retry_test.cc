#include "application/retry.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::application {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// Seconds, or the error.
std::string wait(const Backoff& backoff, std::int64_t retries) {
  const auto result = retry_wait({.backoff = backoff}, retries);
  if (!result) return result.error();
  if (!*result) return "does not fit";
  return std::to_string(**result / kSecond);
}

TEST_CASE("without a backoff the waits double from 5 seconds up to 3 minutes") {
  std::string waits;
  for (const std::int64_t retries : {0, 1, 2, 5, 6, 1000}) {
    waits += std::to_string(retry_wait({}, retries).value().value() / kSecond) + " ";
  }
  CHECK(waits == "5 10 20 160 180 180 ");
}

TEST_CASE("duration, factor and longest duration can be given") {
  CHECK(wait({.duration = "1m", .max_duration = "1h", .factor = 3}, 2) == "540");
  CHECK(wait({.duration = "1m", .max_duration = "5m", .factor = 3}, 2) == "300");
}

TEST_CASE("a bare number counts seconds") {
  CHECK(wait({.duration = "7"}, 0) == "7");
  CHECK(wait({.duration = "007"}, 0) == "7");
}

TEST_CASE("a longest duration of zero or less limits nothing") {
  CHECK(wait({.duration = "1h", .max_duration = "0"}, 3) == "28800");
  CHECK(wait({.duration = "1h", .max_duration = "-1s"}, 3) == "28800");
}

TEST_CASE("a factor of 0 lets only the first retry wait") {
  CHECK(wait({.duration = "5s", .factor = 0}, 0) == "5");
  CHECK(wait({.duration = "5s", .factor = 0}, 1) == "0");
}

TEST_CASE("a text that is no duration is an error") {
  CHECK(wait({.duration = "1d"}, 0) == "unable to parse 1d as a duration");
  CHECK(wait({.duration = "1s", .max_duration = "soon"}, 0) ==
        "unable to parse soon as a duration");
}

TEST_CASE("a wait that leaves 63 bits does not fit") {
  CHECK(wait({.duration = "24h", .max_duration = "0", .factor = 10}, 30) == "does not fit");
  CHECK(wait({.duration = "24h", .max_duration = "0", .factor = 10}, 5000) == "does not fit");
}

TEST_CASE("a power is rounded as Go rounds it") {
  // The C library's power, rounded correctly, ends with 570.
  const RetryStrategy strategy{.backoff =
                                   Backoff{.duration = "1ns", .max_duration = "0", .factor = 3}};
  CHECK(retry_wait(strategy, 34).value() == 16'677'181'699'666'568);
}

TEST_CASE("a wait is never longer than the longest duration, nor shorter than its predecessor") {
  rc::prop("limits", [] {
    const std::int64_t longest = *rc::gen::inRange(1, 10'000);
    const RetryStrategy strategy{
        .backoff = Backoff{.duration = std::to_string(*rc::gen::inRange(1, 1'000)),
                           .max_duration = std::to_string(longest),
                           .factor = *rc::gen::inRange<std::int64_t>(1, 100)}};
    const std::int64_t retries = *rc::gen::inRange(0, 2'000);
    const auto now = retry_wait(strategy, retries).value();
    const auto later = retry_wait(strategy, retries + 1).value();
    RC_ASSERT(now.has_value());
    RC_ASSERT(later.has_value());
    RC_ASSERT(*now <= longest * kSecond);
    RC_ASSERT(*now <= *later);
  });
}

}  // namespace
}  // namespace wavetank::application
