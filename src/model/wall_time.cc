#include "model/wall_time.h"

#include <date/tz.h>
#include <fmt/format.h>

#include <charconv>
#include <chrono>

namespace wavetank::model {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kDay = 86'400;
constexpr int kLastKnownYear = 2037;

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// Days since 1970-01-01; months and days may be out of range.
std::int64_t days_of(std::int64_t year, std::int64_t month, std::int64_t day) {
  year += floor_divide(month - 1, 12);
  month = month - 1 - floor_divide(month - 1, 12) * 12 + 1;
  const date::year_month_day first{date::year{static_cast<int>(year)},
                                   date::month{static_cast<unsigned>(month)}, date::day{1}};
  return date::sys_days{first}.time_since_epoch().count() + day - 1;
}

// The files of the database end with 2037; from then on its last rules hold, and these depend on
// how the weekdays lie in a month. So this is the same moment of an earlier year with the same
// month.
date::sys_seconds in_known_year(date::sys_seconds time) {
  const auto midnight = std::chrono::floor<date::days>(time);
  const date::year_month_day ymd{midnight};
  const auto first_weekday = [&](date::year year) {
    return date::weekday{date::sys_days{year / ymd.month() / 1}};
  };
  date::year year{kLastKnownYear};
  while (first_weekday(year) != first_weekday(ymd.year())) --year;
  const auto day =
      date::sys_days{year / ymd.month() / 1} + date::days(static_cast<unsigned>(ymd.day()) - 1U);
  return day + (time - midnight);
}

std::optional<int> take_digits(std::string_view& text, std::size_t count) {
  int value = 0;
  if (text.size() < count) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + count, value);
  if (error != std::errc{} || end != text.data() + count || value < 0) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

bool take(std::string_view& text, char wanted) {
  if (!text.starts_with(wanted)) return false;
  text.remove_prefix(1);
  return true;
}

// "Z", "+02:00" or "-05:30", in seconds.
std::optional<std::int64_t> take_offset(std::string_view& text) {
  if (take(text, 'Z')) return 0;
  const bool west = text.starts_with('-');
  if (!west && !text.starts_with('+')) return std::nullopt;
  text.remove_prefix(1);
  const auto hours = take_digits(text, 2);
  if (!hours || !take(text, ':')) return std::nullopt;
  const auto minutes = take_digits(text, 2);
  if (!minutes) return std::nullopt;
  const std::int64_t offset = *hours * 3600 + *minutes * 60;
  return west ? -offset : offset;
}

}  // namespace

WallTime WallTime::plus(std::int64_t nanoseconds_more) const {
  const std::int64_t sum = nanoseconds + nanoseconds_more % kSecond;
  const std::int64_t carried = floor_divide(sum, kSecond);
  return {.seconds = seconds + nanoseconds_more / kSecond + carried,
          .nanoseconds = static_cast<std::int32_t>(sum - carried * kSecond)};
}

std::optional<WallTime> parse_rfc3339(std::string_view text) {
  CivilTime civil;
  const auto year = take_digits(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_digits(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_digits(text, 2);
  if (!day || !take(text, 'T')) return std::nullopt;
  const auto hour = take_digits(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_digits(text, 2);
  if (!minute || !take(text, ':')) return std::nullopt;
  const auto second = take_digits(text, 2);
  if (!second) return std::nullopt;
  std::int32_t fraction = 0;
  if (take(text, '.')) {
    std::int32_t unit = 100'000'000;
    if (text.empty() || text.front() < '0' || text.front() > '9') return std::nullopt;
    for (; !text.empty() && text.front() >= '0' && text.front() <= '9'; text.remove_prefix(1)) {
      fraction += (text.front() - '0') * unit;
      unit /= 10;
    }
  }
  const auto offset = take_offset(text);
  if (!offset || !text.empty()) return std::nullopt;
  const bool in_range = *month >= 1 && *month <= 12 && *day >= 1 && *day <= 31 && *hour <= 23 &&
                        *minute <= 59 && *second <= 59;
  if (!in_range) return std::nullopt;
  civil = {.year = *year,
           .month = *month,
           .day = *day,
           .hour = *hour,
           .minute = *minute,
           .second = *second};
  return WallTime{.seconds = TimeZone().seconds(civil) - *offset, .nanoseconds = fraction};
}

std::string format_rfc3339(WallTime time) {
  const CivilTime civil = TimeZone().civil(time.seconds);
  std::string fraction;
  if (time.nanoseconds != 0) {
    fraction = fmt::format(".{:09}", time.nanoseconds);
    while (fraction.back() == '0') fraction.pop_back();
  }
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}Z", civil.year, civil.month, civil.day,
                     civil.hour, civil.minute, civil.second, fraction);
}

tl::expected<TimeZone, std::string> TimeZone::load(const std::string& name) {
  TimeZone result;
  if (name.empty() || name == "UTC" || name == "Local") return result;
  const bool leaves_database =
      name.front() == '/' || name.front() == '\\' || name.find("..") != std::string::npos;
  if (leaves_database) return tl::unexpected(std::string("time: invalid location name"));
  try {
    const date::time_zone* zone = date::locate_zone(name);
    // Reads the zone's file, so that what is wrong with it shows here and not later.
    static_cast<void>(zone->get_info(date::sys_seconds()));
    result.zone_ = zone;
  } catch (const std::exception&) {
    return tl::unexpected("unknown time zone " + name);
  }
  return result;
}

std::int64_t TimeZone::offset(std::int64_t seconds) const {
  if (zone_ == nullptr) return 0;
  const auto* zone = static_cast<const date::time_zone*>(zone_);
  const date::sys_seconds time{std::chrono::seconds(seconds)};
  const date::sys_info info = zone->get_info(time);
  // Where the last change of clocks is one of that year, there is one every year.
  const bool changes_every_year =
      info.begin >= date::sys_days{date::year{kLastKnownYear} / 1 / 1} &&
      info.begin < date::sys_days{date::year{kLastKnownYear + 1} / 1 / 1};
  const bool is_later = time >= date::sys_days{date::year{kLastKnownYear + 1} / 1 / 1};
  if (!changes_every_year || !is_later) return info.offset.count();
  return zone->get_info(in_known_year(time)).offset.count();
}

CivilTime TimeZone::civil(std::int64_t seconds) const {
  const std::int64_t local = seconds + offset(seconds);
  const std::int64_t days = floor_divide(local, kDay);
  const auto rest = static_cast<int>(local - days * kDay);
  const date::sys_days day{date::days(static_cast<int>(days))};
  const date::year_month_day ymd{day};
  return {.year = static_cast<int>(ymd.year()),
          .month = static_cast<int>(static_cast<unsigned>(ymd.month())),
          .day = static_cast<int>(static_cast<unsigned>(ymd.day())),
          .hour = rest / 3600,
          .minute = rest / 60 % 60,
          .second = rest % 60,
          .weekday = static_cast<int>(date::weekday{day}.c_encoding())};
}

std::int64_t TimeZone::seconds(const CivilTime& civil) const {
  const std::int64_t local = days_of(civil.year, civil.month, civil.day) * kDay +
                             std::int64_t{civil.hour} * 3600 + std::int64_t{civil.minute} * 60 +
                             civil.second;
  // Go asks for the offset at the local time as if it were UTC, then once more with that offset.
  const std::int64_t first = offset(local);
  return first == 0 ? local : local - offset(local - first);
}

}  // namespace wavetank::model
