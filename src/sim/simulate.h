// Runs one application through one or more syncs on one fake cluster.
#pragma once

#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application/controller/installation.h"
#include "base/time.h"
#include "cluster/behavior.h"
#include "cluster/call_faults.h"
#include "health/health.h"
#include "model/bundle.h"
#include "sim/trace.h"
#include "source/diagnostic.h"

namespace wavetank::sim {

class World;

struct SimulationOptions {
  application::Installation argocd;
  std::uint32_t syncs = 1;                        // how many syncs run one after another
  base::Duration until = std::chrono::hours(24);  // the horizon
  std::optional<std::uint64_t> seed;              // nothing: every duration is its median
  std::vector<cluster::BehaviorRule> behaviors;   // most specific wins, then the last
  std::vector<cluster::CallFault> faults;         // of the API, after the old revision
  // What the cluster has before, as a dump shows it (live.h); Applications among it go on with what
  // they were doing.
  std::vector<nlohmann::json> live;
  // The revision that the cluster runs before the first sync; null: the cluster is empty. It is
  // synced by the number 0, undisturbed, and outlives the simulation.
  const model::Bundle* from = nullptr;
};

// Stuck: the world is at rest and the sync still runs. Inconclusive: the horizon came first.
enum class Outcome : std::uint8_t { Succeeded, Failed, Error, Stuck, Inconclusive };
inline constexpr std::array kOutcomes{Outcome::Succeeded, Outcome::Failed, Outcome::Error,
                                      Outcome::Stuck, Outcome::Inconclusive};
[[nodiscard]] std::string_view name(Outcome outcome);
// The outcome of this name; nothing for any other word.
[[nodiscard]] std::optional<Outcome> outcome_named(std::string_view word);

struct SyncReport {
  std::string application;
  std::uint32_t number = 1;  // 0: the old revision
  Outcome outcome = Outcome::Succeeded;
  std::string message;  // the operation's message
  std::string reason;   // what it comes down to, for a person: the failed task's message
  base::Instant started;
  base::Instant ended;
};

struct ObjectReport {
  model::ObjectKey key;
  bool is_hook = false;
  bool is_target = false;  // stands in the manifests (or is a generateName hook of them)
  bool deleting = false;
  std::optional<health::Health> health;
  nlohmann::json content;  // as `kubectl get -o json`
};

struct Simulation {
  std::vector<SyncReport> syncs;
  std::vector<ObjectReport> objects;            // final state, total order of keys
  std::vector<model::ObjectKey> never_applied;  // targets that never reached the cluster
  std::vector<model::ObjectKey> hooks_left;     // hook objects still there at the end
  std::vector<source::Diagnostic> findings;     // SM001 …
  // What had to be taken for granted of the cluster: kinds and namespaces that were there before.
  std::vector<std::string> assumptions;
  Trace trace;

  // The outcome of the last sync.
  [[nodiscard]] const SyncReport& last() const { return syncs.back(); }
};

// Everything the applications of a world have in its cluster, and what controllers made of it.
[[nodiscard]] std::vector<ObjectReport> object_reports(World& world);
// How an operation ended; Stuck while it runs.
[[nodiscard]] Outcome outcome_of(application::OperationPhase phase);

[[nodiscard]] Simulation simulate(const model::Bundle& bundle, const SimulationOptions& options);

}  // namespace wavetank::sim
