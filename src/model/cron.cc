#include "model/cron.h"

#include <fmt/format.h>

#include <array>
#include <span>
#include <vector>

#include "model/annotation.h"
#include "model/go_text.h"

namespace wavetank::model {

namespace {

using Bits = std::uint64_t;
template <class T>
using Parsed = tl::expected<T, std::string>;

constexpr std::array<std::string_view, 12> kMonths{"jan", "feb", "mar", "apr", "may", "jun",
                                                   "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> kWeekdays{"sun", "mon", "tue", "wed",
                                                    "thu", "fri", "sat"};
constexpr Bits kStarBit = Bits{1} << 63U;

struct Bounds {
  std::uint64_t least;
  std::uint64_t most;
  std::span<const std::string_view> names = {};  // of the values from `least` on
};

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const auto end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

Parsed<std::uint64_t> parse_number(std::string_view text) {
  const auto value = parse_go_integer(text);
  if (!value) {
    return tl::unexpected(fmt::format("failed to parse int from {}: {}", text, value.error()));
  }
  if (*value < 0) {
    return tl::unexpected(fmt::format("negative number ({}) not allowed: {}", *value, text));
  }
  return static_cast<std::uint64_t>(*value);
}

Parsed<std::uint64_t> parse_value(std::string_view text, const Bounds& bounds) {
  std::string lower(text);
  for (char& c : lower) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
  }
  for (std::size_t i = 0; i < bounds.names.size(); ++i) {
    if (bounds.names[i] == lower) return bounds.least + i;
  }
  return parse_number(text);
}

// "*", "5", "1-5", each with "/step".
Parsed<Bits> parse_range(std::string_view text, const Bounds& bounds) {
  const auto range_and_step = split(text, '/');
  const auto low_and_high = split(range_and_step[0], '-');
  std::uint64_t start = bounds.least;
  std::uint64_t end = bounds.most;
  Bits extra = 0;
  if (low_and_high[0] == "*" || low_and_high[0] == "?") {
    extra = kStarBit;
  } else {
    const auto low = parse_value(low_and_high[0], bounds);
    if (!low) return tl::unexpected(low.error());
    start = *low;
    end = start;
    if (low_and_high.size() == 2) {
      const auto high = parse_value(low_and_high[1], bounds);
      if (!high) return tl::unexpected(high.error());
      end = *high;
    } else if (low_and_high.size() > 2) {
      return tl::unexpected(fmt::format("too many hyphens: {}", text));
    }
  }
  std::uint64_t step = 1;
  if (range_and_step.size() == 2) {
    const auto parsed = parse_number(range_and_step[1]);
    if (!parsed) return tl::unexpected(parsed.error());
    step = *parsed;
    if (low_and_high.size() == 1) end = bounds.most;
    if (step > 1) extra = 0;
  } else if (range_and_step.size() > 2) {
    return tl::unexpected(fmt::format("too many slashes: {}", text));
  }
  if (start < bounds.least) {
    return tl::unexpected(
        fmt::format("beginning of range ({}) below minimum ({}): {}", start, bounds.least, text));
  }
  if (end > bounds.most) {
    return tl::unexpected(
        fmt::format("end of range ({}) above maximum ({}): {}", end, bounds.most, text));
  }
  if (start > end) {
    return tl::unexpected(
        fmt::format("beginning of range ({}) beyond end of range ({}): {}", start, end, text));
  }
  if (step == 0) {
    return tl::unexpected(fmt::format("step of range should be a positive number: {}", text));
  }
  Bits bits = extra;
  for (std::uint64_t value = start; value <= end; value += step) bits |= Bits{1} << value;
  return bits;
}

Parsed<Bits> parse_field(std::string_view text, const Bounds& bounds) {
  Bits bits = 0;
  for (const std::string_view part : split(text, ',')) {
    if (part.empty()) continue;
    const auto range = parse_range(part, bounds);
    if (!range) return tl::unexpected(range.error());
    bits |= *range;
  }
  return bits;
}

bool has(Bits bits, int value) { return (bits >> static_cast<unsigned>(value) & 1U) != 0; }

}  // namespace

tl::expected<CronSchedule, std::string> CronSchedule::parse(std::string_view text) {
  if (text.empty()) return tl::unexpected(std::string("empty spec string"));
  CronSchedule schedule;
  if (text.starts_with("TZ=") || text.starts_with("CRON_TZ=")) {
    const auto blank = text.find(' ');
    const auto begin = text.find('=') + 1;
    // Argo CD's controller crashes when nothing follows the zone.
    if (blank == std::string_view::npos) {
      return tl::unexpected(fmt::format("nothing follows the time zone: {}", text));
    }
    const std::string name(text.substr(begin, blank - begin));
    const auto zone = TimeZone::load(name);
    if (!zone) {
      return tl::unexpected(fmt::format("provided bad location {}: {}", name, zone.error()));
    }
    schedule.zone_ = *zone;
    text = trim(text.substr(blank));
  }
  if (text.starts_with('@')) {
    return tl::unexpected(fmt::format("parser does not accept descriptors: {}", text));
  }
  const auto fields = go_fields(text);
  if (fields.size() != 5) {
    return tl::unexpected(fmt::format("expected exactly 5 fields, found {}: [{}]", fields.size(),
                                      fmt::join(fields, " ")));
  }
  const std::array<std::pair<Bits*, Bounds>, 5> order{{
      {&schedule.minute_, {0, 59}},
      {&schedule.hour_, {0, 23}},
      {&schedule.day_, {1, 31}},
      {&schedule.month_, {1, 12, kMonths}},
      {&schedule.weekday_, {0, 6, kWeekdays}},
  }};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const auto bits = parse_field(fields[i], order[i].second);
    if (!bits) return tl::unexpected(bits.error());
    *order[i].first = *bits;
  }
  return schedule;
}

// A restricted day of the month and a restricted weekday are alternatives.
bool CronSchedule::day_matches(const CivilTime& civil) const {
  const bool by_month = has(day_, civil.day);
  const bool by_week = has(weekday_, civil.weekday);
  if ((day_ & kStar) != 0 || (weekday_ & kStar) != 0) return by_month && by_week;
  return by_month || by_week;
}

// Each field in turn is moved forward until it fits; one that overflows starts all over. The
// smaller fields are set to their start once only, at the first move.
std::optional<WallTime> CronSchedule::next(WallTime time) const {
  constexpr std::int64_t kMinute = 60;
  constexpr std::int64_t kHour = 3600;
  constexpr int kYears = 5;
  std::int64_t now = time.seconds + 1;
  bool moved = false;
  const auto start_at = [&](CivilTime civil) {
    if (!moved) now = zone_.seconds(civil);
    moved = true;
  };
  const std::int64_t last_year = zone_.civil(now).year + kYears;
  while (true) {
    CivilTime civil = zone_.civil(now);
    if (civil.year > last_year) return std::nullopt;
    bool wrapped = false;
    while (!wrapped && !has(month_, civil.month)) {
      start_at({.year = civil.year, .month = civil.month});
      civil = zone_.civil(now);
      ++civil.month;
      now = zone_.seconds(civil);
      civil = zone_.civil(now);
      wrapped = civil.month == 1;
    }
    while (!wrapped && !day_matches(civil)) {
      start_at({.year = civil.year, .month = civil.month, .day = civil.day});
      civil = zone_.civil(now);
      ++civil.day;
      now = zone_.seconds(civil);
      // A change of clocks may have moved the start of the day.
      const int hour = zone_.civil(now).hour;
      if (hour != 0) now += (hour > 12 ? 24 - hour : -hour) * kHour;
      civil = zone_.civil(now);
      wrapped = civil.day == 1;
    }
    while (!wrapped && !has(hour_, civil.hour)) {
      start_at({.year = civil.year, .month = civil.month, .day = civil.day, .hour = civil.hour});
      now += kHour;
      civil = zone_.civil(now);
      wrapped = civil.hour == 0;
    }
    while (!wrapped && !has(minute_, civil.minute)) {
      if (!moved) now -= (now % kMinute + kMinute) % kMinute;
      moved = true;
      now += kMinute;
      civil = zone_.civil(now);
      wrapped = civil.minute == 0;
    }
    while (!wrapped && civil.second != 0) {
      moved = true;
      ++now;
      civil = zone_.civil(now);
      wrapped = civil.second == 0;
    }
    if (!wrapped) return WallTime{.seconds = now};
  }
}

}  // namespace wavetank::model
