// When a CronJob has to start a Job.
//
// Source: pkg/controller/cronjob/utils.go of Kubernetes 1.36, and the schedules of
// github.com/robfig/cron v3 that it takes: five fields, or `@hourly`, `@every 90s` and the like.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "base/time.h"
#include "model/cron.h"
#include "model/wall_time.h"

namespace wavetank::cluster {

[[nodiscard]] model::WallTime wall_time(base::Instant at);
[[nodiscard]] base::Instant instant_at(model::WallTime time);

class CronTimes {
 public:
  // Of this CronJob; nothing when its schedule or time zone cannot be read.
  [[nodiscard]] static std::optional<CronTimes> of(const nlohmann::json& cron_job);

  // The last moment up to `now` at which a Job should have started and none has; nothing when there
  // is none. One that lies back further than startingDeadlineSeconds may be left out.
  [[nodiscard]] std::optional<model::WallTime> unmet(model::WallTime now) const;
  // How long until the controller has to look again: a tenth of a second behind the next moment.
  [[nodiscard]] base::Duration until_next(model::WallTime now) const;
  // False for a day that never comes, like the 31st of February.
  [[nodiscard]] bool ever_comes(model::WallTime now) const;

  // With the offset of the CronJob's own zone, as the annotation of its Jobs has it.
  [[nodiscard]] std::string local_text(model::WallTime time) const;

 private:
  enum class Deadline : std::uint8_t { Ignored, Kept };
  struct Found {
    model::WallTime earliest;               // nothing before it matters
    std::optional<model::WallTime> latest;  // that has come
    bool any_missed = false;
    bool never_comes = false;
  };

  [[nodiscard]] std::optional<model::WallTime> next(model::WallTime time) const;
  [[nodiscard]] Found most_recent(model::WallTime now, Deadline deadline) const;

  std::optional<model::CronSchedule> schedule_;
  std::int64_t every_ = 0;  // seconds, without a schedule
  model::TimeZone zone_;
  model::WallTime since_;  // the last start, or the CronJob's creation
  std::optional<std::int64_t> deadline_seconds_;
};

}  // namespace wavetank::cluster
