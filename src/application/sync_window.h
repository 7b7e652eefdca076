// Sync windows of a project: when its applications may be synced.
//
// A window opens at the times of its schedule and stays open for its duration; both ends do not
// belong to it. A schedule that never fires makes a window that is always open. Nothing here knows
// the time: it is asked for a moment.
//
// Source: pkg/apis/application/v1alpha1/types.go (SyncWindows, SyncWindow).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "model/wall_time.h"

namespace wavetank::application {

// As in `spec.syncWindows` of a project.
struct SyncWindow {
  std::string kind;  // "allow" or "deny"; any other has no effect
  std::string schedule;
  std::string duration;
  std::vector<std::string> applications;  // patterns, as in the next two lists
  std::vector<std::string> namespaces;
  std::vector<std::string> clusters;
  bool manual_sync = false;   // does not hinder syncs by hand
  bool and_operator = false;  // all lists must match, not one
  bool sync_overrun = false;  // an operation that was allowed to start may go on
  std::string time_zone;
  std::string description;
};

// What windows are matched against.
struct WindowSubject {
  std::string application;
  std::string name_space;    // of the destination, as the next two
  std::string server;        // address of the cluster
  std::string cluster_name;  // or its name
};

// Indices of the windows assigned to an application.
[[nodiscard]] std::vector<std::size_t> matching_windows(std::span<const SyncWindow> windows,
                                                        const WindowSubject& subject);

// A window's time zone shifts its schedule by the offset that the zone has now, also when the
// question is about another moment.
struct WindowMoment {
  model::WallTime at;
  model::WallTime now;
};

// Whether a window is open, or why that cannot be said.
[[nodiscard]] tl::expected<bool, std::string> is_active(const SyncWindow& window,
                                                        const WindowMoment& moment);

// The open ones, and the closed ones of kind `allow`; the error of the first invalid window.
using WindowList = tl::expected<std::vector<std::size_t>, std::string>;
[[nodiscard]] WindowList active_windows(std::span<const SyncWindow> windows,
                                        const WindowMoment& moment);
[[nodiscard]] WindowList inactive_allows(std::span<const SyncWindow> windows,
                                         const WindowMoment& moment);

enum class Trigger : std::uint8_t { Automatic, Manual };

struct SyncRequest {
  Trigger trigger = Trigger::Automatic;
  model::WallTime now;
  std::optional<model::WallTime> started = {};  // an operation that is already running
};

// Whether `windows`, those assigned to an application, let it be synced. An error means no.
[[nodiscard]] tl::expected<bool, std::string> can_sync(std::span<const SyncWindow> windows,
                                                       const SyncRequest& request);

// What Argo CD says against a window when a project is saved; nothing: it is valid.
[[nodiscard]] std::optional<std::string> complaint_about(const SyncWindow& window);

}  // namespace wavetank::application
