#include "report/sim/simulation_text.h"

#include <fmt/format.h>

#include <algorithm>

#include "health/object_view.h"
#include "report/diagnostic_text.h"

namespace wavetank::report {

namespace {

Ink ink_of(sim::EventKind kind) {
  switch (kind) {
    case sim::EventKind::HookFailed:
    case sim::EventKind::ResourceDegraded:
    case sim::EventKind::WriteFailed:
    case sim::EventKind::ControllerEnded:
    case sim::EventKind::DryRunFailed:
    case sim::EventKind::PruneFailed:
    case sim::EventKind::Refused:
    case sim::EventKind::DeletionFailed:
    case sim::EventKind::DeleteFailed: return Ink::Red;
    case sim::EventKind::HookSucceeded:
    case sim::EventKind::ResourceHealthy: return Ink::Green;
    case sim::EventKind::PhaseStarted: return Ink::Blue;
    case sim::EventKind::SyncStarted:
    case sim::EventKind::Done:
    case sim::EventKind::ApplicationGone:
    case sim::EventKind::SyncEnded: return Ink::Bold;
    case sim::EventKind::Changed:
    case sim::EventKind::StatusChanged:
    case sim::EventKind::Removed:
    case sim::EventKind::WaveDelay: return Ink::Dim;
    case sim::EventKind::Applied:
    case sim::EventKind::Pruned:
    case sim::EventKind::HookDeleted:
    case sim::EventKind::FinalizerRemoved:
    case sim::EventKind::Waiting: return Ink::Plain;
  }
  return Ink::Plain;
}

std::string event_line(const sim::Event& event, Colour colour) {
  std::string what = event.object.kind.empty() ? "" : model::short_name(event.object);
  if (event.kind == sim::EventKind::PhaseStarted) {
    what = fmt::format("{}, wave {}", model::name(event.phase), event.wave);
  }
  std::string line =
      fmt::format("{:>9}  {}  {}", moment(event.at),
                  paint(fmt::format("{:<14}", sim::name(event.kind)), ink_of(event.kind), colour),
                  escaped(what));
  if (!event.text.empty()) line += (what.empty() ? "" : ": ") + escaped(event.text);
  while (line.ends_with(' ')) line.pop_back();
  return line + "\n";
}

Ink ink_of(sim::Outcome outcome) {
  return outcome == sim::Outcome::Succeeded ? Ink::Green : Ink::Red;
}

std::string state_of(const sim::ObjectReport& object) {
  if (!object.health) return "present";
  std::string state(health::name(object.health->status));
  if (!object.health->message.empty()) state += ": " + object.health->message;
  return state;
}

// What controllers made is listed when something is the matter with it.
bool is_usual_part(const sim::ObjectReport& object) {
  const bool is_fine = !object.health || object.health->status == health::Status::Healthy;
  return !object.is_target && is_fine && !object.deleting &&
         !health::list(object.content, "/metadata/ownerReferences").empty();
}

}  // namespace

std::string moment(base::Instant at) {
  const auto tenths =
      std::chrono::duration_cast<std::chrono::milliseconds>(at.time_since_epoch()).count() / 100;
  const auto seconds = tenths / 10;
  if (seconds < 60) return fmt::format("{}.{}s", seconds, tenths % 10);
  if (seconds < 3600) {
    return fmt::format("{}m{:02}.{}s", seconds / 60, seconds % 60, tenths % 10);
  }
  return fmt::format("{}h{:02}m{:02}s", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string simulation_text(const std::string& application, const sim::Simulation& simulation,
                            const source::SourceMap& sources, Colour colour) {
  std::string out;
  for (const sim::Event& event : simulation.trace) {
    if (event.kind == sim::EventKind::SyncStarted) {
      if (!out.empty()) out += '\n';
      const std::string what =
          event.sync == 0 ? "the old revision" : fmt::format("sync {}", event.sync);
      out += fmt::format(
          "{}\n",
          paint(fmt::format("{} of {}", what,
                            escaped(event.application.empty() ? application : event.application)),
                Ink::Bold, colour));
      continue;
    }
    if (!event.is_detail) out += event_line(event, colour);
  }
  out += fmt::format("\n{}\n", paint("outcome", Ink::Bold, colour));
  const bool has_several = std::any_of(
      simulation.syncs.begin(), simulation.syncs.end(), [&](const sim::SyncReport& sync) {
        return sync.application != simulation.syncs.front().application;
      });
  if (simulation.syncs.empty()) out += "  there was no sync\n";
  for (const sim::SyncReport& sync : simulation.syncs) {
    if (has_several) out += fmt::format("  {}", escaped(sync.application));
    out +=
        fmt::format("  {}: {} after {}: {}\n",
                    sync.number == 0 ? "old revision" : fmt::format("sync {}", sync.number),
                    paint(sim::name(sync.outcome), ink_of(sync.outcome), colour),
                    moment(base::Instant{} + (sync.ended - sync.started)), escaped(sync.message));
    if (!sync.reason.empty() && sync.reason != sync.message) {
      out += fmt::format("          because {}\n", escaped(sync.reason));
    }
  }
  out += fmt::format("\n{}\n", paint("final state", Ink::Bold, colour));
  for (const sim::ObjectReport& object : simulation.objects) {
    if (is_usual_part(object)) continue;
    out += fmt::format("  {:<28}  {}{}{}\n", escaped(model::short_name(object.key)),
                       escaped(state_of(object)), object.deleting ? ", being deleted" : "",
                       object.is_hook ? "  (hook left behind)" : "");
  }
  for (const model::ObjectKey& key : simulation.never_applied) {
    out += fmt::format("  {:<28}  never applied\n", escaped(model::short_name(key)));
  }
  if (!simulation.assumptions.empty()) {
    out += fmt::format("\n{}\n", paint("taken for granted", Ink::Bold, colour));
    for (const auto& assumption : simulation.assumptions) {
      out += fmt::format("  {}\n", escaped(assumption));
    }
  }
  for (const auto& finding : simulation.findings) {
    if (finding.severity == source::Severity::Info) continue;
    out += "\n" + diagnostic_text(finding, sources, colour);
  }
  return out;
}

}  // namespace wavetank::report
