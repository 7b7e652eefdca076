#include "conformance/controller_json.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

const json& at(const json& object, std::string_view key) {
  static const json kNull;
  if (!object.is_object()) return kNull;
  const auto found = object.find(std::string(key));
  return found == object.end() ? kNull : *found;
}

std::string text(const json& object, std::string_view key) {
  const json& value = at(object, key);
  return value.is_string() ? value.get<std::string>() : std::string();
}

bool flag(const json& object, std::string_view key) { return at(object, key) == true; }

std::int64_t number(const json& object, std::string_view key) {
  const json& value = at(object, key);
  return value.is_number_integer() ? value.get<std::int64_t>() : 0;
}

Texts texts(const json& object, std::string_view key) {
  const json& value = at(object, key);
  return value.is_array() ? value.get<Texts>() : Texts{};
}

model::WallTime moment(const json& value) {
  return model::parse_rfc3339(value.get<std::string>()).value_or(model::WallTime{});
}

base::Duration seconds(const json& object, std::string_view key) {
  const json& value = at(object, key);
  if (!value.is_number()) return {};
  return base::Duration(std::llround(value.get<double>() * 1e9));
}

json seconds_of(base::Duration duration) {
  constexpr std::int64_t kSecond = 1'000'000'000;
  if (duration.count() % kSecond == 0) return duration.count() / kSecond;
  return static_cast<double>(duration.count()) / static_cast<double>(kSecond);
}

app::SyncWindow read_window(const json& in) {
  return {.kind = text(in, "kind"),
          .schedule = text(in, "schedule"),
          .duration = text(in, "duration"),
          .applications = texts(in, "applications"),
          .namespaces = texts(in, "namespaces"),
          .clusters = texts(in, "clusters"),
          .manual_sync = flag(in, "manualSync"),
          .and_operator = flag(in, "andOperator"),
          .sync_overrun = flag(in, "syncOverrun"),
          .time_zone = text(in, "timeZone"),
          .description = text(in, "description")};
}

std::vector<app::SyncWindow> assigned_windows(const json& windows) {
  std::vector<app::SyncWindow> all;
  for (const json& window : windows) all.push_back(read_window(window));
  std::vector<app::SyncWindow> assigned;
  for (const std::size_t index : app::matching_windows(all, {.application = "shop",
                                                            .name_space = "demo",
                                                            .server = "https://localhost:6443",
                                                            .cluster_name = ""})) {
    assigned.push_back(all[index]);
  }
  return assigned;
}

model::ObjectKey read_key(const json& in) {
  return {.group = text(in, "group"),
          .kind = text(in, "kind"),
          .name_space = text(in, "namespace"),
          .name = text(in, "name")};
}

model::ObjectKey key_of(const json& object) {
  const json& metadata = at(object, "metadata");
  return {.group = std::string(model::group_of(text(object, "apiVersion"))),
          .kind = text(object, "kind"),
          .name_space = text(metadata, "namespace"),
          .name = text(metadata, "name")};
}

app::RetryStrategy read_retry(const json& retry) {
  app::RetryStrategy strategy{.limit = number(retry, "limit"), .refresh = flag(retry, "refresh")};
  if (const json& backoff = at(retry, "backoff"); backoff.is_object()) {
    strategy.backoff = app::Backoff{.duration = text(backoff, "duration"),
                                    .max_duration = text(backoff, "maxDuration")};
    if (backoff.contains("factor")) strategy.backoff->factor = number(backoff, "factor");
  }
  return strategy;
}

app::SyncOperation read_sync(const json& sync) {
  app::SyncOperation operation{.revision = text(sync, "revision"),
                               .revisions = texts(sync, "revisions"),
                               .prune = flag(sync, "prune"),
                               .dry_run = flag(sync, "dryRun"),
                               .options = texts(sync, "syncOptions"),
                               .self_heal_attempts = number(sync, "autoHealAttemptsCount")};
  const json& strategy = at(sync, "syncStrategy");
  const bool is_apply = at(strategy, "apply").is_object();
  if (is_apply) operation.strategy = app::SyncStrategy::Apply;
  operation.force = flag(at(strategy, is_apply ? "apply" : "hook"), "force");
  for (const json& resource : at(sync, "resources")) {
    operation.resources.push_back(
        {.key = read_key(resource), .is_exclusion = flag(resource, "exclude")});
  }
  return operation;
}

app::OperationRequest read_operation(const json& operation) {
  app::OperationRequest request{.trigger = flag(at(operation, "initiatedBy"), "automated")
                                               ? app::Trigger::Automatic
                                               : app::Trigger::Manual,
                                .retry = read_retry(at(operation, "retry"))};
  if (const json& sync = at(operation, "sync"); sync.is_object()) request.sync = read_sync(sync);
  return request;
}

app::OperationPhase read_phase(std::string_view word) {
  using Phase = app::OperationPhase;
  constexpr std::array kPhases{Phase::Running, Phase::Terminating, Phase::Succeeded, Phase::Failed,
                               Phase::Error};
  const auto* const found = std::find_if(kPhases.begin(), kPhases.end(),
                                         [&](Phase phase) { return app::name(phase) == word; });
  return found == kPhases.end() ? Phase::Error : *found;
}

void add_texts(json& out, const char* key, const std::vector<std::string>& texts) {
  if (!texts.empty()) out[key] = texts;
}

void add_events(json& out, const std::vector<app::Event>& events) {
  for (const app::Event& event : events) out["events"].push_back(app::text(event));
}

}  // namespace wavetank::conformance
