#include "sim/findings.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/health.h"

namespace wavetank::sim {

using model::ObjectKey;

// The manifest of an object, for pointing at it; null when it is none of ours.
const model::Resource* Findings::resource_of(const ObjectKey& object) const {
  for (const model::Resource& resource : bundle_.resources) {
    if (resource.key.kind != object.kind || resource.key.group != object.group) continue;
    const bool generated = resource.key.name.empty() && !resource.generate_name.empty() &&
                           object.name.starts_with(resource.generate_name);
    if (resource.key.name == object.name || generated) return &resource;
  }
  return nullptr;
}

void Findings::add(source::Severity severity, const char* code, const char* slug,
                   std::string message, const ObjectKey& object, std::string label,
                   std::string help) {
  source::Diagnostic finding{.severity = severity,
                             .code = code,
                             .slug = slug,
                             .message = std::move(message),
                             .help = std::move(help)};
  if (const model::Resource* resource = resource_of(object)) {
    finding.primary = {.span = resource->name_span, .text = std::move(label)};
  }
  out_.push_back(std::move(finding));
}

// What the health of the object says; what the last write said where it says nothing.
std::string Findings::health_message(const sync::Result& result) const {
  if (const cluster::StoredObject* object = world_.cluster().get(result.key)) {
    const auto health = health::assess(object->content);
    if (health && !health->message.empty()) return health->message;
  }
  const std::string_view message = world_.interner().text(result.message);
  return message.empty() ? "it has not become healthy" : std::string(message);
}

std::string Findings::why_waiting(const application::ApplicationState& state) const {
  for (const sync::Result& result : state.engine.results) {
    if (result.state != sync::TaskState::Running) continue;
    const ObjectKey object = key(result.key);
    for (const auto& [other, note] : world_.recorder().last_notes()) {
      const bool is_it = other == object;
      const bool is_its_pod =
          object.kind == "Job" && other.kind == "Pod" && other.name.starts_with(object.name + "-");
      const bool tells = note.find("cannot start") != std::string::npos;
      if ((is_it || is_its_pod) && tells) {
        return fmt::format("{}: {}", model::short_name(object), note);
      }
    }
    return fmt::format("{}: {}", model::short_name(object), health_message(result));
  }
  return state.operation_state ? state.operation_state->message : "";
}

void Findings::judge(const application::ApplicationState& state, SyncReport& report) {
  const auto& results = state.engine.results;
  ObjectKey culprit;
  switch (report.outcome) {
    case Outcome::Succeeded: return;
    case Outcome::Failed:
    case Outcome::Error: {
      const auto failed = std::find_if(results.begin(), results.end(), [](const auto& result) {
        return result.phase != model::Phase::SyncFail &&
               (result.state == sync::TaskState::Failed || result.state == sync::TaskState::Error ||
                result.status == sync::ResultStatus::SyncFailed);
      });
      if (failed == results.end()) {
        report.reason = report.message;
      } else {
        culprit = key(failed->key);
        report.reason = fmt::format("{}: {}", model::short_name(culprit),
                                    world_.interner().text(failed->message));
      }
      add(source::Severity::Error, "SM001", "sync-fails",
          fmt::format("sync {} fails: {}", report.number, report.reason), culprit,
          "this is what failed", "");
      find_stale_hooks(state, report);
      return;
    }
    case Outcome::Stuck:
    case Outcome::Inconclusive: break;
  }
  report.reason = why_waiting(state);
  const std::string& fatal = world_.recorder().fatal();
  if (!fatal.empty() && report.outcome == Outcome::Stuck) {
    report.reason =
        fmt::format("the application controller's process ends again and again: {}", fatal);
  }
  const auto waiting = std::find_if(results.begin(), results.end(), [](const auto& result) {
    return result.state == sync::TaskState::Running;
  });
  if (waiting != results.end()) culprit = key(waiting->key);
  const bool stuck = report.outcome == Outcome::Stuck;
  add(stuck ? source::Severity::Error : source::Severity::Warning, "SM002", "sync-never-ends",
      stuck ? fmt::format("sync {} never ends: {}", report.number, report.reason)
            : fmt::format("sync {} has not ended at the horizon: {}", report.number, report.reason),
      culprit, "Argo CD waits for this", "");
  find_stale_hooks(state, report);
}

// A hook that failed although its object is older than the sync was only judged again.
void Findings::find_stale_hooks(const application::ApplicationState& state,
                                const SyncReport& report) {
  for (const sync::Result& result : state.engine.results) {
    if (!result.is_hook || result.state != sync::TaskState::Failed) continue;
    const cluster::StoredObject* object = world_.cluster().get(result.key);
    if (object == nullptr || object->created >= report.started) continue;
    const ObjectKey hook = key(result.key);
    add(source::Severity::Error, "SM004", "hook-blocks-later-syncs",
        fmt::format("{} was left behind by an earlier sync; sync {} judged its old result "
                    "and did not run it again",
                    model::short_name(hook), report.number),
        hook, "never deleted before it is created again",
        "add `BeforeHookCreation` to its delete policies");
  }
}

void Findings::add_leftovers(Simulation& simulation) {
  for (const ObjectReport& object : simulation.objects) {
    if (!object.is_hook) continue;
    simulation.hooks_left.push_back(object.key);
    add(source::Severity::Info, "SM003", "hook-left-behind",
        fmt::format("{} is still there after the last sync", model::short_name(object.key)),
        object.key, "no delete policy of this hook applied", "");
  }
}

void Findings::add_degraded(const Simulation& simulation) {
  if (simulation.last().outcome != Outcome::Succeeded) return;
  for (const ObjectReport& object : simulation.objects) {
    if (!object.health || object.health->status != health::Status::Degraded || object.is_hook ||
        !object.is_target) {
      continue;
    }
    add(source::Severity::Warning, "SM006", "degraded-after-success",
        fmt::format("the sync succeeded, but {} is Degraded: {}", model::short_name(object.key),
                    object.health->message),
        object.key, "Argo CD does not wait for the last wave", "");
  }
}

}  // namespace wavetank::sim
