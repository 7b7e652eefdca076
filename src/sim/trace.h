// The append-only record of what happened when and why. Its canonical text is the golden format.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "model/hook.h"
#include "model/key.h"

namespace wavetank::sim {

enum class EventKind : std::uint8_t {
  SyncStarted,
  PhaseStarted,  // the first group of a phase and wave is applied: see phase, wave
  DryRunFailed,  // text: the error
  Applied,       // text: what kubectl printed ("job.batch/migrate created")
  WriteFailed,   // text: the error
  Pruned,
  PruneFailed,
  HookDeleted,  // text: which policy asked for it
  DeleteFailed,
  FinalizerRemoved,
  Changed,  // something happened in the cluster; text: what
  Removed,  // an object is gone
  Waiting,  // text: the operation's message
  HookSucceeded,
  HookFailed,  // text: the health message
  ResourceHealthy,
  ResourceDegraded,
  WaveDelay,        // Argo CD sleeps before the next wave
  ControllerEnded,  // the application controller's process ended; text: why
  SyncEnded,        // text: phase and message
  StatusChanged,    // of an application; text: sync status and health
  Done,             // somebody acts; text: what
  Refused,          // what somebody wants is refused; text: why
  DeletionFailed,   // of an application, this time; text: why
  ApplicationGone,  // text: its name
};
[[nodiscard]] std::string_view name(EventKind kind);

struct Event {
  base::Instant at;
  EventKind kind = EventKind::Changed;
  std::string application;  // whose deed it is; empty: nobody's
  std::uint32_t sync = 1;   // the how-manieth sync of the application, from 1
  model::ObjectKey object;  // kind is empty where the event is about no object
  model::Phase phase = model::Phase::Sync;
  std::int64_t wave = 0;
  std::string text;
  std::string reason;  // why, one clause; may be empty
  // An object that a workload's controller made goes its usual way: more than most readers want.
  bool is_detail = false;
};

using Trace = std::vector<Event>;

// Whether something went wrong there.
[[nodiscard]] bool is_trouble(EventKind kind);
// One event for a person: "42.5s hook failed Job/db-migration: …".
[[nodiscard]] std::string line_of(const Event& event);

// One line per event, fixed columns, no colours: the golden format.
[[nodiscard]] std::string canonical_text(const Trace& trace);

}  // namespace wavetank::sim
