#include "application/refresh.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace wavetank::application {

namespace {

constexpr std::array<std::string_view, 1> kSyncError{"SyncError"};

Event updated(std::string_view what, std::string_view before, std::string_view after) {
  return {.reason = "ResourceUpdated",
          .message = fmt::format("Updated {} status: {} -> {}", what, before, after)};
}

// Both finalizers of a type go with its hooks, unless the application is being deleted already.
void update_finalizers(Finalizers& finalizers, DeleteHook type, bool has_hooks) {
  const bool fits = has_hooks == finalizers.has(type, DeleteStage::Run) &&
                    has_hooks == finalizers.has(type, DeleteStage::Cleanup);
  if (fits) return;
  for (const DeleteStage stage : {DeleteStage::Run, DeleteStage::Cleanup}) {
    if (has_hooks) {
      finalizers.add(type, stage);
    } else {
      finalizers.remove(type, stage);
    }
  }
}

void store_statuses(const RefreshInput& input, RefreshedStatus& status,
                    std::vector<Event>& events) {
  const SyncStatus sync = input.compared.status;
  if (status.sync != sync) events.push_back(updated("sync", name(status.sync), name(sync)));
  status.sync = sync;
  const std::string_view health = health::name(input.health.status);
  if (status.health != health) {
    Event& event = events.emplace_back(updated("health", status.health, health));
    if (!input.health.message.empty()) {
      event.message += fmt::format(" ({})", input.health.message);
    }
  }
  status.health = health;
}

}  // namespace

void set_conditions(std::vector<Condition>& conditions, std::span<const Condition> instead,
                    std::span<const std::string_view> types) {
  conditions.erase(std::remove_if(conditions.begin(), conditions.end(),
                                  [&](const Condition& condition) {
                                    return std::find(types.begin(), types.end(), condition.type) !=
                                           types.end();
                                  }),
                   conditions.end());
  conditions.insert(conditions.end(), instead.begin(), instead.end());
  std::sort(conditions.begin(), conditions.end(), [](const Condition& a, const Condition& b) {
    return a.type + "/" + a.message < b.type + "/" + b.message;
  });
}

RefreshOutcome refresh(const RefreshInput& input, std::span<const SyncWindow> windows,
                       model::WallTime now, RefreshedStatus& status) {
  RefreshOutcome outcome;
  const auto permission = can_sync(windows, {.trigger = Trigger::Automatic, .now = now});
  // While a window blocks, a condition of an earlier refresh stays as it was.
  if (permission.value_or(false)) {
    AutoSyncDecision decision =
        decide_auto_sync(input.application, input.compared, input.self_heal, now);
    std::vector<Condition> conditions;
    if (decision.condition) conditions.push_back(std::move(*decision.condition));
    set_conditions(status.conditions, conditions, kSyncError);
    outcome = {.operation = std::move(decision.operation),
               .recheck_after = decision.recheck_after,
               .events = std::move(decision.events)};
  }
  if (!input.application.is_being_deleted) {
    update_finalizers(status.finalizers, DeleteHook::PreDelete, input.has_pre_delete_hooks);
    update_finalizers(status.finalizers, DeleteHook::PostDelete, input.has_post_delete_hooks);
  }
  store_statuses(input, status, outcome.events);
  return outcome;
}

}  // namespace wavetank::application
