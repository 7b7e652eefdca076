#include "application/sync_window.h"

#include <fmt/format.h>

#include <algorithm>

#include "application/name_pattern.h"
#include "model/cron.h"
#include "model/go_text.h"

namespace wavetank::application {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

struct Opening {
  model::CronSchedule schedule;
  std::int64_t duration = 0;  // nanoseconds
};

tl::expected<Opening, std::string> parse_opening(const SyncWindow& window) {
  auto schedule = model::CronSchedule::parse(window.schedule);
  if (!schedule) {
    return tl::unexpected(
        fmt::format("cannot parse schedule '{}': {}", window.schedule, schedule.error()));
  }
  const auto duration = model::parse_go_duration(window.duration);
  if (!duration) {
    return tl::unexpected(
        fmt::format("cannot parse duration '{}': {}", window.duration, duration.error()));
  }
  return Opening{.schedule = *std::move(schedule), .duration = *duration};
}

// Go's durations wrap around silently.
std::int64_t wrapping_difference(std::int64_t from, std::int64_t less) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(from) -
                                   static_cast<std::uint64_t>(less));
}

bool matches_one(const std::vector<std::string>& patterns, const std::string& name) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const std::string& pattern) { return matches_name(pattern, name); });
}

bool matches(const SyncWindow& window, const WindowSubject& subject) {
  const bool has_applications = !window.applications.empty();
  const bool has_clusters = !window.clusters.empty();
  const bool has_namespaces = !window.namespaces.empty();
  const bool by_application = matches_one(window.applications, subject.application);
  const auto by_cluster = [&] {
    return (!subject.cluster_name.empty() && matches_one(window.clusters, subject.cluster_name)) ||
           (!subject.server.empty() && matches_one(window.clusters, subject.server));
  };
  const auto by_namespace = [&] { return matches_one(window.namespaces, subject.name_space); };
  if (!window.and_operator) return by_application || by_cluster() || by_namespace();
  if (!has_applications && !has_clusters && !has_namespaces) return false;
  return (!has_applications || by_application) && (!has_clusters || by_cluster()) &&
         (!has_namespaces || by_namespace());
}

using Windows = std::span<const SyncWindow>;

// Whether all listed windows of a kind have a property; false without any.
bool all_of_kind(Windows windows, const std::vector<std::size_t>& listed, std::string_view kind,
                 bool SyncWindow::*property) {
  bool found = false;
  for (const std::size_t index : listed) {
    if (windows[index].kind != kind) continue;
    if (!(windows[index].*property)) return false;
    found = true;
  }
  return found;
}

bool has_kind(Windows windows, const std::vector<std::size_t>& listed, std::string_view kind) {
  return std::any_of(listed.begin(), listed.end(),
                     [&](std::size_t index) { return windows[index].kind == kind; });
}

enum class Blocker : std::uint8_t { None, ActiveDenies, NoActiveAllow };

struct Decision {
  Blocker blocker = Blocker::None;
  bool may_overrun = false;  // all that block would let an operation go on
};

// Who blocks at a moment, whatever was allowed before.
tl::expected<Decision, std::string> decide(Windows windows, Trigger trigger,
                                           const WindowMoment& moment) {
  const auto invalid = [](const std::string& error) {
    return tl::unexpected("invalid sync windows: " + error);
  };
  const auto active = active_windows(windows, moment);
  if (!active) return invalid(active.error());
  const bool is_manual = trigger == Trigger::Manual;
  if (has_kind(windows, *active, "deny")) {
    if (is_manual && all_of_kind(windows, *active, "deny", &SyncWindow::manual_sync)) {
      return Decision{};
    }
    return Decision{
        .blocker = Blocker::ActiveDenies,
        .may_overrun = all_of_kind(windows, *active, "deny", &SyncWindow::sync_overrun)};
  }
  if (has_kind(windows, *active, "allow")) return Decision{};
  const auto inactive = inactive_allows(windows, moment);
  if (!inactive) return invalid(inactive.error());
  if (inactive->empty()) return Decision{};
  if (is_manual && all_of_kind(windows, *inactive, "allow", &SyncWindow::manual_sync)) {
    return Decision{};
  }
  return Decision{
      .blocker = Blocker::NoActiveAllow,
      .may_overrun = all_of_kind(windows, *inactive, "allow", &SyncWindow::sync_overrun)};
}

}  // namespace

std::vector<std::size_t> matching_windows(std::span<const SyncWindow> windows,
                                          const WindowSubject& subject) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (matches(windows[i], subject)) found.push_back(i);
  }
  return found;
}

tl::expected<bool, std::string> is_active(const SyncWindow& window, const WindowMoment& moment) {
  const auto opening = parse_opening(window);
  if (!opening) return tl::unexpected(opening.error());
  // An unknown zone counts as UTC.
  const model::TimeZone zone = model::TimeZone::load(window.time_zone).value_or(model::TimeZone());
  const std::int64_t shift = zone.offset(moment.now.seconds) * kSecond;
  const auto next =
      opening->schedule.next(moment.at.plus(wrapping_difference(shift, opening->duration)));
  // Go's answer for "never" is the year 1, which is before any moment.
  return !next || *next < moment.at.plus(shift);
}

WindowList active_windows(std::span<const SyncWindow> windows, const WindowMoment& moment) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    const auto active = is_active(windows[i], moment);
    if (!active) return tl::unexpected(active.error());
    if (*active) found.push_back(i);
  }
  return found;
}

WindowList inactive_allows(std::span<const SyncWindow> windows, const WindowMoment& moment) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < windows.size(); ++i) {
    if (windows[i].kind != "allow") continue;
    const auto active = is_active(windows[i], moment);
    if (!active) return tl::unexpected(active.error());
    if (!*active) found.push_back(i);
  }
  return found;
}

tl::expected<bool, std::string> can_sync(std::span<const SyncWindow> windows,
                                         const SyncRequest& request) {
  const auto now = decide(windows, request.trigger, {.at = request.now, .now = request.now});
  if (!now) return tl::unexpected(now.error());
  if (now->blocker == Blocker::None) return true;
  if (!now->may_overrun || !request.started) return false;
  const auto then = decide(windows, request.trigger, {.at = *request.started, .now = request.now});
  if (!then) return tl::unexpected(then.error());
  return then->blocker == Blocker::None;
}

std::optional<std::string> complaint_about(const SyncWindow& window) {
  constexpr std::size_t kDescriptionMax = 255;
  if (window.kind != "allow" && window.kind != "deny") {
    return fmt::format("kind '{}' mismatch: can only be allow or deny", window.kind);
  }
  const auto opening = parse_opening(window);
  if (!opening) return opening.error();
  if (window.description.size() > kDescriptionMax) {
    return "description must not exceed 255 characters";
  }
  return std::nullopt;
}

}  // namespace wavetank::application
