#include "application/auto_sync.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <utility>

namespace wavetank::application {

namespace {

// A list of texts as Go prints it.
std::string go_list(const std::vector<std::string>& texts) {
  return fmt::format("[{}]", fmt::join(texts, " "));
}

Condition sync_error(std::string message) {
  return {.type = "SyncError", .message = std::move(message)};
}

bool only_needs_pruning(const std::vector<ComparedResource>& resources) {
  return std::all_of(resources.begin(), resources.end(), [](const ComparedResource& resource) {
    return resource.status == SyncStatus::Synced || resource.requires_pruning;
  });
}

bool prunes_everything(const std::vector<ComparedResource>& resources) {
  return std::all_of(resources.begin(), resources.end(),
                     [](const ComparedResource& resource) { return resource.requires_pruning; });
}

std::vector<std::string> desired_revisions(const AutoSyncView& view, const Compared& compared) {
  return view.has_multiple_sources ? compared.revisions : std::vector{compared.revision};
}

// The last operation, if it was about the same as the one that is to be decided.
struct LastAttempt {
  bool is_same = false;
  std::vector<std::string> revisions;
};

LastAttempt last_attempt(const AutoSyncView& view, const Compared& compared) {
  if (!view.last) return {};
  // Without a result something went wrong early; that is not to repeat for ever.
  if (!view.last->result) return {.is_same = is_completed(view.last->phase)};
  const AttemptResult& result = *view.last->result;
  LastAttempt attempt{.revisions = view.has_multiple_sources ? result.revisions
                                                             : std::vector{result.revision}};
  const bool has_new_revision =
      compared.revisions_may_have_changes && attempt.revisions != desired_revisions(view, compared);
  attempt.is_same = !has_new_revision && result.sources == view.sources;
  return attempt;
}

// Go's conversion of a fraction to a whole number on amd64: what does not fit becomes the smallest.
std::int64_t to_integer(double number) {
  const bool fits = number > -0x1p63 && number < 0x1p63;
  return fits ? static_cast<std::int64_t>(number) : std::numeric_limits<std::int64_t>::min();
}

// Go's subtraction runs over.
base::Duration minus(base::Duration a, base::Duration b) {
  return base::Duration(static_cast<std::int64_t>(static_cast<std::uint64_t>(a.count()) -
                                                  static_cast<std::uint64_t>(b.count())));
}

base::Duration remaining_wait(const OperationState& last, const SelfHealSettings& settings,
                              std::int64_t attempts, model::WallTime now) {
  const base::Duration delay = self_heal_delay(settings, attempts);
  return last.finished_at ? minus(delay, between(*last.finished_at, now)) : delay;
}

OperationRequest request_of(const AutoSyncView& view, const Compared& compared) {
  return {.sync = SyncOperation{.revision = compared.revision,
                                .revisions = compared.revisions,
                                .sources = view.sources,
                                .prune = view.policy.automated->prune,
                                .options = view.policy.options},
          .trigger = Trigger::Automatic,
          .retry = view.policy.retry.value_or(RetryStrategy{.limit = 5})};
}

// Only what differs: by kind and name, in any namespace.
std::vector<ResourceSelector> resources_to_heal(const Compared& compared) {
  std::vector<ResourceSelector> selectors;
  for (const ComparedResource& resource : compared.resources) {
    if (resource.status == SyncStatus::Synced) continue;
    ResourceSelector selector{.key = resource.key};
    selector.key.name_space.clear();
    selectors.push_back(std::move(selector));
  }
  return selectors;
}

bool is_asked_for(const AutoSyncView& view, const Compared& compared) {
  const auto& automated = view.policy.automated;
  if (!automated || !automated->enabled) return false;
  if (view.running == RunningOperation::Known || view.is_being_deleted) return false;
  if (compared.status != SyncStatus::OutOfSync) return false;
  return automated->prune || !only_needs_pruning(compared.resources);
}

}  // namespace

std::string_view name(SyncStatus status) {
  switch (status) {
    case SyncStatus::None: return "";
    case SyncStatus::Synced: return "Synced";
    case SyncStatus::OutOfSync: return "OutOfSync";
    case SyncStatus::Unknown: return "Unknown";
  }
  return "";
}

// Source: k8s.io/apimachinery/pkg/util/wait/backoff.go (Backoff.Step, without jitter).
base::Duration self_heal_delay(const SelfHealSettings& settings, std::int64_t attempts) {
  if (!settings.backoff) return settings.timeout;
  const SelfHealBackoff& backoff = *settings.backoff;
  base::Duration delay{};
  base::Duration next = backoff.duration;
  for (std::int64_t i = 0; i < attempts; ++i) {
    if (delay == next) break;  // it does not change any more
    delay = next;
    if (backoff.factor == 0) break;
    next = base::Duration(to_integer(static_cast<double>(next.count()) * backoff.factor));
    if (backoff.cap <= base::Duration::zero() || next <= backoff.cap) continue;
    // The cap is reached, and stays.
    return i + 1 < attempts ? backoff.cap : delay;
  }
  return delay;
}

AutoSyncDecision decide_auto_sync(const AutoSyncView& view, const Compared& compared,
                                  const SelfHealSettings& settings, model::WallTime now) {
  if (!is_asked_for(view, compared)) return {};
  const AutomatedPolicy& automated = *view.policy.automated;
  const std::vector<std::string> revisions = desired_revisions(view, compared);
  OperationRequest request = request_of(view, compared);
  if (const LastAttempt attempt = last_attempt(view, compared); attempt.is_same) {
    const OperationState& last = *view.last;
    if (last.phase != OperationPhase::Succeeded) {
      return {.condition = sync_error(fmt::format("Failed last sync attempt to {}: {}",
                                                  go_list(attempt.revisions), last.message))};
    }
    if (!automated.self_heal) return {};
    const std::int64_t attempts = last.request.sync ? last.request.sync->self_heal_attempts : 0;
    const base::Duration wait = remaining_wait(last, settings, attempts, now);
    if (wait > base::Duration::zero()) return {.recheck_after = wait};
    request.sync->self_heal_attempts = attempts + 1;
    request.sync->resources = resources_to_heal(compared);
  }
  if (automated.prune && !automated.allow_empty && prunes_everything(compared.resources)) {
    return {.condition = sync_error(
                fmt::format("Skipping sync attempt to {}: auto-sync will wipe out all resources",
                            go_list(revisions)))};
  }
  if (view.running == RunningOperation::Unseen) return {};
  return {.operation = std::move(request),
          .events = {{.reason = "OperationStarted",
                      .message = fmt::format("Initiated automated sync to '{}'",
                                             fmt::join(revisions, ", "))}}};
}

}  // namespace wavetank::application
