#include "report/sim/simulation_json.h"

#include "report/diagnostic_json.h"

namespace wavetank::report {

using nlohmann::ordered_json;

namespace {

ordered_json key_json(const model::ObjectKey& key) {
  if (key.kind.empty()) return nullptr;
  return {
      {"group", key.group}, {"kind", key.kind}, {"namespace", key.name_space}, {"name", key.name}};
}

ordered_json keys_json(const std::vector<model::ObjectKey>& keys) {
  ordered_json list = ordered_json::array();
  for (const auto& key : keys) list.push_back(key_json(key));
  return list;
}

std::int64_t nanoseconds(base::Instant at) { return at.time_since_epoch().count(); }

}  // namespace

ordered_json simulation_json(const std::string& application, const sim::Simulation& simulation,
                             const source::SourceMap& sources) {
  ordered_json syncs = ordered_json::array();
  for (const sim::SyncReport& sync : simulation.syncs) {
    syncs.push_back({{"application", sync.application},
                     {"number", sync.number},
                     {"outcome", sim::name(sync.outcome)},
                     {"message", sync.message},
                     {"reason", sync.reason},
                     {"startedNs", nanoseconds(sync.started)},
                     {"endedNs", nanoseconds(sync.ended)}});
  }
  ordered_json timeline = ordered_json::array();
  for (const sim::Event& event : simulation.trace) {
    timeline.push_back({{"atNs", nanoseconds(event.at)},
                        {"sync", event.sync},
                        {"event", sim::name(event.kind)},
                        {"object", key_json(event.object)},
                        {"phase", model::name(event.phase)},
                        {"wave", event.wave},
                        {"text", event.text}});
  }
  ordered_json objects = ordered_json::array();
  for (const sim::ObjectReport& object : simulation.objects) {
    ordered_json health = nullptr;
    if (object.health) {
      health = {{"status", health::name(object.health->status)},
                {"message", object.health->message}};
    }
    objects.push_back({{"object", key_json(object.key)},
                       {"isHook", object.is_hook},
                       {"isTarget", object.is_target},
                       {"deleting", object.deleting},
                       {"health", std::move(health)}});
  }
  ordered_json findings = ordered_json::array();
  for (const auto& finding : simulation.findings) {
    findings.push_back(diagnostic_json(finding, sources));
  }
  return {{"application", application},
          {"syncs", std::move(syncs)},
          {"timeline", std::move(timeline)},
          {"objects", std::move(objects)},
          {"neverApplied", keys_json(simulation.never_applied)},
          {"hooksLeft", keys_json(simulation.hooks_left)},
          {"assumptions", simulation.assumptions},
          {"findings", std::move(findings)}};
}

}  // namespace wavetank::report
