#include "model/cron.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <set>

namespace wavetank::model {
namespace {

// The next `count` firings after a moment, or the error.
std::string firings(const std::string& text, const std::string& from, int count = 2) {
  const auto schedule = CronSchedule::parse(text);
  if (!schedule) return schedule.error();
  std::string found;
  auto time = parse_rfc3339(from);
  for (int i = 0; i < count; ++i) {
    if (time) time = schedule->next(*time);
    found += (i > 0 ? " " : "") + (time ? format_rfc3339(*time) : "never");
  }
  return found;
}

TEST_CASE("a firing is strictly after the moment it is asked for") {
  CHECK(firings("0 22 * * *", "2025-06-02T22:00:00Z") ==
        "2025-06-03T22:00:00Z 2025-06-04T22:00:00Z");
  CHECK(firings("0 22 * * *", "2025-06-02T21:59:59.999Z", 1) == "2025-06-02T22:00:00Z");
}

TEST_CASE("lists, ranges and steps name the values of a field") {
  CHECK(firings("5,10-11 * * * *", "2025-06-02T00:00:00Z", 4) ==
        "2025-06-02T00:05:00Z 2025-06-02T00:10:00Z 2025-06-02T00:11:00Z 2025-06-02T01:05:00Z");
  CHECK(firings("*/25 3 * * *", "2025-06-02T00:00:00Z", 3) ==
        "2025-06-02T03:00:00Z 2025-06-02T03:25:00Z 2025-06-02T03:50:00Z");
}

TEST_CASE("a step behind one value runs to the end of the field") {
  CHECK(firings("50/5 0 * * *", "2025-06-02T00:00:00Z", 3) ==
        "2025-06-02T00:50:00Z 2025-06-02T00:55:00Z 2025-06-03T00:50:00Z");
}

TEST_CASE("empty items of a list are skipped, an empty list never fires") {
  CHECK(firings("1,, 0 * * *", "2025-06-02T00:00:00Z", 1) == "2025-06-02T00:01:00Z");
  CHECK(firings(", 0 * * *", "2025-06-02T00:00:00Z", 1) == "never");
}

TEST_CASE("months and weekdays have names in any case") {
  CHECK(firings("0 0 * FEB mOn", "2025-06-02T00:00:00Z", 1) == "2026-02-02T00:00:00Z");
}

TEST_CASE("a restricted day of the month and a restricted weekday are alternatives") {
  CHECK(firings("0 0 10 * MON", "2025-06-02T00:00:00Z", 2) ==
        "2025-06-09T00:00:00Z 2025-06-10T00:00:00Z");
}

TEST_CASE("with a star for one of the two days both must match") {
  CHECK(firings("0 0 * * MON", "2025-06-02T00:00:00Z", 1) == "2025-06-09T00:00:00Z");
  CHECK(firings("0 0 10 * ?", "2025-06-02T00:00:00Z", 1) == "2025-06-10T00:00:00Z");
  CHECK(firings("0 0 10 * */1", "2025-06-02T00:00:00Z", 1) == "2025-06-10T00:00:00Z");
}

TEST_CASE("a star with a step counts as a restricted day") {
  CHECK(firings("0 0 10 * */3", "2025-06-02T00:00:00Z", 2) ==
        "2025-06-04T00:00:00Z 2025-06-07T00:00:00Z");
}

TEST_CASE("a day that comes within five years is found, another is not") {
  CHECK(firings("0 0 29 2 *", "2024-03-01T00:00:00Z", 1) == "2028-02-29T00:00:00Z");
  CHECK(firings("0 0 30 2 *", "2024-03-01T00:00:00Z", 1) == "never");
}

TEST_CASE("a schedule with a time zone follows its changes of clocks") {
  CHECK(firings("TZ=Europe/Berlin 30 3 * * *", "2025-03-29T00:00:00Z", 2) ==
        "2025-03-29T02:30:00Z 2025-03-30T01:30:00Z");
}

TEST_CASE("a local time that a change of clocks skips does not fire that day") {
  CHECK(firings("TZ=Europe/Berlin 30 2 * * *", "2025-03-29T12:00:00Z", 1) ==
        "2025-03-31T00:30:00Z");
}

TEST_CASE("clocks go on changing after the last year of the database") {
  CHECK(firings("TZ=Europe/Berlin 0 12 1 1,7 *", "2050-01-01T12:00:00Z", 2) ==
        "2050-07-01T10:00:00Z 2051-01-01T11:00:00Z");
}

TEST_CASE("both prefixes of a time zone are known, an unknown zone is an error") {
  CHECK(firings("CRON_TZ=Asia/Tokyo 0 0 * * *", "2025-06-02T00:00:00Z", 1) ==
        "2025-06-02T15:00:00Z");
  CHECK(firings("TZ=Nowhere 0 0 * * *", "2025-06-02T00:00:00Z", 1) ==
        "provided bad location Nowhere: unknown time zone Nowhere");
  CHECK(firings("TZ=../etc 0 0 * * *", "2025-06-02T00:00:00Z", 1) ==
        "provided bad location ../etc: time: invalid location name");
  CHECK(firings("TZ=UTC", "2025-06-02T00:00:00Z", 1) == "nothing follows the time zone: TZ=UTC");
}

TEST_CASE("a schedule has exactly five fields and no names like @daily") {
  const auto error = [](const std::string& text) { return firings(text, "2025-06-02T00:00:00Z"); };
  CHECK(error("") == "empty spec string");
  CHECK(error("* * * *") == "expected exactly 5 fields, found 4: [* * * *]");
  CHECK(error("0 * * * * *") == "expected exactly 5 fields, found 6: [0 * * * * *]");
  CHECK(error("@daily") == "parser does not accept descriptors: @daily");
}

TEST_CASE("what is wrong with a field is said as Argo CD says it") {
  const auto error = [](const std::string& field) {
    return firings(field + " 0 * * *", "2025-06-02T00:00:00Z");
  };
  CHECK(error("x") == "failed to parse int from x: strconv.Atoi: parsing \"x\": invalid syntax");
  CHECK(error("60") == "end of range (60) above maximum (59): 60");
  CHECK(error("5-3") == "beginning of range (5) beyond end of range (3): 5-3");
  CHECK(error("1-2-3") == "too many hyphens: 1-2-3");
  CHECK(error("1/2/3") == "too many slashes: 1/2/3");
  CHECK(error("*/0") == "step of range should be a positive number: */0");
  CHECK(error("*/-1") == "negative number (-1) not allowed: -1");
  CHECK(firings("0 0 0 * *", "2025-06-02T00:00:00Z") ==
        "beginning of range (0) below minimum (1): 0");
  CHECK(firings("0 0 * * 7", "2025-06-02T00:00:00Z") == "end of range (7) above maximum (6): 7");
}

// A field as written, and the values that it means.
struct Field {
  std::string text;
  std::set<int> values;
  bool is_star = false;
};

Field draw_field(int least, int most) {
  if (*rc::gen::inRange(0, 3) == 0) {
    Field field{.text = "*", .is_star = true};
    for (int value = least; value <= most; ++value) field.values.insert(value);
    return field;
  }
  Field field;
  const int items = *rc::gen::inRange(1, 4);
  for (int i = 0; i < items; ++i) {
    const int low = *rc::gen::inRange(least, most + 1);
    const int high = *rc::gen::inRange(low, most + 1);
    const int step = *rc::gen::inRange(1, 9);
    field.text += fmt::format("{}{}-{}/{}", i > 0 ? "," : "", low, high, step);
    for (int value = low; value <= high; value += step) field.values.insert(value);
  }
  return field;
}

struct Fields {
  Field minute = draw_field(0, 59);
  Field hour = draw_field(0, 23);
  Field day = draw_field(1, 31);
  Field month = draw_field(1, 12);
  Field weekday = draw_field(0, 6);

  [[nodiscard]] std::string text() const {
    return fmt::format("{} {} {} {} {}", minute.text, hour.text, day.text, month.text,
                       weekday.text);
  }

  [[nodiscard]] bool match(WallTime time) const {
    const CivilTime civil = TimeZone().civil(time.seconds);
    const bool by_day = day.values.count(civil.day) > 0;
    const bool by_week = weekday.values.count(civil.weekday) > 0;
    const bool day_fits = day.is_star || weekday.is_star ? by_day && by_week : by_day || by_week;
    return day_fits && civil.second == 0 && minute.values.count(civil.minute) > 0 &&
           hour.values.count(civil.hour) > 0 && month.values.count(civil.month) > 0;
  }
};

TEST_CASE("a firing is the first minute after its moment that matches all fields") {
  rc::prop("first match", [] {
    const Fields fields;
    const WallTime from{.seconds = *rc::gen::inRange<std::int64_t>(1'500'000'000, 2'000'000'000)};
    const auto schedule = CronSchedule::parse(fields.text());
    RC_ASSERT(schedule.has_value());
    const auto next = schedule->next(from);
    constexpr std::int64_t kTenDays = 10 * 24 * 3600;
    for (std::int64_t at = from.seconds / 60 * 60 + 60; at < from.seconds + kTenDays; at += 60) {
      if (!fields.match({.seconds = at})) continue;
      RC_ASSERT(next == WallTime{.seconds = at});
      return;
    }
    if (!next) return;
    RC_ASSERT(next->seconds > from.seconds);
    RC_ASSERT(fields.match(*next));
  });
}

}  // namespace
}  // namespace wavetank::model
