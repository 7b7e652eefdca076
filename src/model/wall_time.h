// Moments of the real calendar, for what is decided by it: sync windows, CronJobs.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace wavetank::model {

// Seconds since 1970-01-01T00:00:00Z and nanoseconds within that second.
struct WallTime {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;

  [[nodiscard]] WallTime plus(std::int64_t nanoseconds_more) const;
  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend constexpr auto operator<=>(const WallTime&, const WallTime&) = default;
};

// "2024-07-10T10:16:52.5Z", or with an offset like "+02:00"; nothing for anything else.
[[nodiscard]] std::optional<WallTime> parse_rfc3339(std::string_view text);
// In UTC, with as many digits behind the point as needed.
[[nodiscard]] std::string format_rfc3339(WallTime time);

struct CivilTime {
  std::int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;
  int hour = 0;
  int minute = 0;
  int second = 0;
  int weekday = 4;  // 0 is Sunday; only read from, never given

  friend bool operator==(const CivilTime&, const CivilTime&) = default;
};

// A zone of the system's time-zone database. Argo CD's controller runs in UTC, so that is what the
// names "", "UTC" and "Local" stand for.
class TimeZone {
 public:
  TimeZone() = default;  // UTC
  // The zone, or the error text of Go's time.LoadLocation.
  [[nodiscard]] static tl::expected<TimeZone, std::string> load(const std::string& name);

  // Seconds ahead of UTC.
  [[nodiscard]] std::int64_t offset(std::int64_t seconds) const;
  [[nodiscard]] CivilTime civil(std::int64_t seconds) const;
  // Go's time.Date: fields out of range run over into the next larger one; a time that a change of
  // clocks skips or repeats gets the offset that Go gives it.
  [[nodiscard]] std::int64_t seconds(const CivilTime& civil) const;

 private:
  const void* zone_ = nullptr;  // a date::time_zone; null for UTC
};

}  // namespace wavetank::model
