// What a refresh makes of the result of a comparison: automated sync, conditions, finalizers, the
// stored statuses, and the events about them.
//
// Source: controller/appcontroller.go (processAppRefreshQueueItem, persistAppStatus).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "application/auto_sync.h"
#include "application/controller_event.h"
#include "application/finalizers.h"
#include "application/sync_window.h"
#include "health/health.h"
#include "model/wall_time.h"

namespace wavetank::application {

// What an application keeps of its refreshes.
struct RefreshedStatus {
  SyncStatus sync = SyncStatus::None;
  std::string health;  // a word; empty before the first refresh
  std::vector<Condition> conditions;
  Finalizers finalizers;
};

struct RefreshInput {
  AutoSyncView application;
  Compared compared;
  health::Health health;
  bool has_pre_delete_hooks = false;  // among the manifests
  bool has_post_delete_hooks = false;
  SelfHealSettings self_heal;
};

struct RefreshOutcome {
  std::optional<OperationRequest> operation;  // an automated sync starts
  std::optional<base::Duration> recheck_after;
  std::vector<Event> events;
};

// `windows` are those assigned to the application.
[[nodiscard]] RefreshOutcome refresh(const RefreshInput& input, std::span<const SyncWindow> windows,
                                     model::WallTime now, RefreshedStatus& status);

// Puts conditions in the place of all of these types, and sorts.
void set_conditions(std::vector<Condition>& conditions, std::span<const Condition> instead,
                    std::span<const std::string_view> types);

}  // namespace wavetank::application
