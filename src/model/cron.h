// The schedules of sync windows and of CronJobs: five fields, names of months and days, `TZ=`
// prefixes.
//
// Source: github.com/robfig/cron v3, as Argo CD's pkg/apis/application/v1alpha1/types.go sets it
// up. Kubernetes takes descriptors like `@daily` as well, which are no matter of this file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "model/wall_time.h"

namespace wavetank::model {

class CronSchedule {
 public:
  // The schedule, or the error text.
  [[nodiscard]] static tl::expected<CronSchedule, std::string> parse(std::string_view text);

  // The first moment after `time` that the schedule names, whole seconds; nothing when there is
  // none within five years. Without a `TZ=` prefix the fields are read in UTC.
  [[nodiscard]] std::optional<WallTime> next(WallTime time) const;

 private:
  // Bit n: the value n. The highest bit says that the field was `*`.
  using Bits = std::uint64_t;
  static constexpr Bits kStar = Bits{1} << 63U;

  [[nodiscard]] bool day_matches(const CivilTime& civil) const;

  Bits minute_ = 0;
  Bits hour_ = 0;
  Bits day_ = 0;
  Bits month_ = 0;
  Bits weekday_ = 0;
  TimeZone zone_;
};

}  // namespace wavetank::model
