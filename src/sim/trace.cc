#include "sim/trace.h"

#include <fmt/format.h>

#include "base/check.h"

namespace wavetank::sim {

std::string_view name(EventKind kind) {
  switch (kind) {
    case EventKind::SyncStarted: return "sync started";
    case EventKind::PhaseStarted: return "wave";
    case EventKind::DryRunFailed: return "dry run failed";
    case EventKind::Applied: return "applied";
    case EventKind::WriteFailed: return "refused";
    case EventKind::Pruned: return "pruned";
    case EventKind::PruneFailed: return "prune failed";
    case EventKind::HookDeleted: return "hook deleted";
    case EventKind::DeleteFailed: return "delete failed";
    case EventKind::FinalizerRemoved: return "finalizer removed";
    case EventKind::Changed: return "changed";
    case EventKind::ControllerEnded: return "process ended";
    case EventKind::Removed: return "gone";
    case EventKind::Waiting: return "waiting";
    case EventKind::HookSucceeded: return "hook succeeded";
    case EventKind::HookFailed: return "hook failed";
    case EventKind::ResourceHealthy: return "healthy";
    case EventKind::ResourceDegraded: return "degraded";
    case EventKind::WaveDelay: return "wave delay";
    case EventKind::SyncEnded: return "sync ended";
    case EventKind::StatusChanged: return "status";
    case EventKind::Done: return "done";
    case EventKind::Refused: return "not permitted";
    case EventKind::DeletionFailed: return "deletion failed";
    case EventKind::ApplicationGone: return "application gone";
  }
  WAVETANK_CHECK(false);
}

bool is_trouble(EventKind kind) {
  switch (kind) {
    case EventKind::DryRunFailed:
    case EventKind::WriteFailed:
    case EventKind::PruneFailed:
    case EventKind::DeleteFailed:
    case EventKind::HookFailed:
    case EventKind::ResourceDegraded:
    case EventKind::ControllerEnded:
    case EventKind::Refused:
    case EventKind::DeletionFailed: return true;
    case EventKind::SyncStarted:
    case EventKind::PhaseStarted:
    case EventKind::Applied:
    case EventKind::Pruned:
    case EventKind::HookDeleted:
    case EventKind::FinalizerRemoved:
    case EventKind::Changed:
    case EventKind::Removed:
    case EventKind::Waiting:
    case EventKind::HookSucceeded:
    case EventKind::ResourceHealthy:
    case EventKind::WaveDelay:
    case EventKind::SyncEnded:
    case EventKind::StatusChanged:
    case EventKind::Done:
    case EventKind::ApplicationGone: return false;
  }
  WAVETANK_CHECK(false);
}

std::string line_of(const Event& event) {
  const auto ms =
      std::chrono::duration_cast<std::chrono::milliseconds>(event.at.time_since_epoch()).count();
  std::string line = fmt::format("{}.{:03}s {}", ms / 1000, ms % 1000, name(event.kind));
  if (!event.object.kind.empty()) line += " " + model::short_name(event.object);
  if (!event.text.empty()) line += ": " + event.text;
  if (!event.reason.empty()) line += fmt::format(" ({})", event.reason);
  return line;
}

std::string canonical_text(const Trace& trace) {
  std::string text;
  for (const Event& event : trace) {
    const auto ms =
        std::chrono::duration_cast<std::chrono::milliseconds>(event.at.time_since_epoch()).count();
    std::string subject = event.object.kind.empty() ? "" : model::short_name(event.object);
    if (event.kind == EventKind::PhaseStarted) {
      subject = fmt::format("{}/{}", model::name(event.phase), event.wave);
    }
    std::string line = fmt::format("{:>6}.{:03}s  #{}  {:<17}  {:<26}  {}", ms / 1000, ms % 1000,
                                   event.sync, name(event.kind), subject, event.text);
    if (!event.reason.empty()) line += fmt::format(" ({})", event.reason);
    while (line.ends_with(' ')) line.pop_back();
    text += line + '\n';
  }
  return text;
}

}  // namespace wavetank::sim
