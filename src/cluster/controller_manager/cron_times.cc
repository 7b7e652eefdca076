#include "cluster/controller_manager/cron_times.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <utility>

#include "cluster/api/object/json_access.h"
#include "model/go_text.h"

namespace wavetank::cluster {

using api::has;
using api::number;
using api::text;
using model::WallTime;
using nlohmann::json;

namespace {

// Simulations begin at 2024-01-01T00:00:00Z.
constexpr std::int64_t kStart = 1'704'067'200;
constexpr std::int64_t kNanoseconds = 1'000'000'000;

constexpr std::array<std::pair<std::string_view, const char*>, 7> kDescriptors{{
    {"@yearly", "0 0 1 1 *"},
    {"@annually", "0 0 1 1 *"},
    {"@monthly", "0 0 1 * *"},
    {"@weekly", "0 0 * * 0"},
    {"@daily", "0 0 * * *"},
    {"@midnight", "0 0 * * *"},
    {"@hourly", "0 * * * *"},
}};

WallTime plus_seconds(WallTime time, std::int64_t seconds) {
  time.seconds += seconds;
  return time;
}

}  // namespace

WallTime wall_time(base::Instant at) {
  const auto since = at.time_since_epoch();
  const auto seconds = std::chrono::floor<std::chrono::seconds>(since);
  return {.seconds = kStart + seconds.count(),
          .nanoseconds = static_cast<std::int32_t>((since - seconds).count())};
}

base::Instant instant_at(WallTime time) {
  return base::Instant{} + std::chrono::seconds(time.seconds - kStart) +
         std::chrono::nanoseconds(time.nanoseconds);
}

std::optional<CronTimes> CronTimes::of(const json& cron_job) {
  CronTimes times;
  std::string schedule = text(cron_job, "/spec/schedule");
  if (has(cron_job, "/spec/timeZone")) {
    const auto zone = model::TimeZone::load(text(cron_job, "/spec/timeZone"));
    if (!zone) return std::nullopt;
    times.zone_ = *zone;
  }
  // A zone within the schedule is no longer accepted, but old ones are honoured.
  std::string prefix;
  if (schedule.find("TZ") != std::string::npos) {
    const auto blank = schedule.find(' ');
    if (blank == std::string::npos) return std::nullopt;
    prefix = schedule.substr(0, blank + 1);
    schedule.erase(0, blank + 1);
  } else if (has(cron_job, "/spec/timeZone")) {
    prefix = fmt::format("TZ={} ", text(cron_job, "/spec/timeZone"));
  }
  if (schedule.starts_with("@every ")) {
    const auto duration = model::parse_go_duration(std::string_view(schedule).substr(7));
    if (!duration) return std::nullopt;
    times.every_ = std::max<std::int64_t>(*duration / kNanoseconds, 1);
  } else {
    for (const auto& [name, fields] : kDescriptors) {
      if (schedule == name) schedule = fields;
    }
    auto parsed = model::CronSchedule::parse(prefix + schedule);
    if (!parsed) return std::nullopt;
    times.schedule_ = *std::move(parsed);
  }
  const bool has_started = has(cron_job, "/status/lastScheduleTime");
  times.since_ = model::parse_rfc3339(text(cron_job, has_started ? "/status/lastScheduleTime"
                                                                 : "/metadata/creationTimestamp"))
                     .value_or(WallTime{});
  if (has(cron_job, "/spec/startingDeadlineSeconds")) {
    times.deadline_seconds_ = number(cron_job, "/spec/startingDeadlineSeconds");
  }
  return times;
}

std::optional<WallTime> CronTimes::next(WallTime time) const {
  if (schedule_) return schedule_->next(time);
  return WallTime{.seconds = time.seconds + every_};
}

CronTimes::Found CronTimes::most_recent(WallTime now, Deadline deadline) const {
  Found found{.earliest = since_};
  if (deadline == Deadline::Kept && deadline_seconds_) {
    found.earliest = std::max(since_, plus_seconds(now, -*deadline_seconds_));
  }
  const auto first = next(found.earliest);
  const auto second = first ? next(*first) : std::nullopt;
  if (!second) {
    found.never_comes = true;
    return found;
  }
  if (now < *first) return found;
  found.any_missed = true;
  if (now < *second) {
    found.latest = first;
    return found;
  }
  // Not all of them are gone through: from the distance of the first two it is guessed where the
  // last ones are.
  const std::int64_t between = second->seconds - first->seconds;
  const std::int64_t missed = (now.seconds - first->seconds) / between + 1;
  const WallTime from = plus_seconds(*first, (missed - 2) * between);
  for (auto time = next(from); time && *time <= now; time = next(*time)) found.latest = time;
  return found;
}

std::optional<WallTime> CronTimes::unmet(WallTime now) const {
  return most_recent(now, Deadline::Kept).latest;
}

bool CronTimes::ever_comes(WallTime now) const {
  return !most_recent(now, Deadline::Kept).never_comes;
}

base::Duration CronTimes::until_next(WallTime now) const {
  const Found found = most_recent(now, Deadline::Ignored);
  const WallTime from = found.latest ? *found.latest : found.any_missed ? now : found.earliest;
  const WallTime then = next(from).value_or(now);
  return instant_at(then) - instant_at(now) + std::chrono::milliseconds(100);
}

std::string CronTimes::local_text(WallTime time) const {
  const std::int64_t offset = zone_.offset(time.seconds) / 60;
  const model::CivilTime local = zone_.civil(time.seconds);
  const std::string zone = offset == 0 ? "Z"
                                       : fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+',
                                                     std::abs(offset) / 60, std::abs(offset) % 60);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}{}", local.year, local.month, local.day,
                     local.hour, local.minute, local.second, zone);
}

}  // namespace wavetank::cluster
