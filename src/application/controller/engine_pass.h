// One pass of the sync engine against a cluster: its calls are made, and what came back is told.
//
// A pass that sleeps between two waves does not stop the world: `run` returns and wants to be
// called again at `wakes_at`, as one of many things that go on in the application controller.
#pragma once

#include <deque>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "application/controller/installation.h"
#include "application/targets.h"
#include "base/interner.h"
#include "base/time.h"
#include "cluster/cluster.h"
#include "sync/pass.h"

namespace wavetank::application {

// A call that the engine made, and what came back.
struct Call {
  base::Instant at;
  sync::Request request;
  sync::AnswerStatus status = sync::AnswerStatus::Ok;
  std::string message;
  bool existed = false;  // a write: the object was there before
};

struct PassReport {
  std::vector<Call> calls;  // dry runs only when they failed; no reads
  std::vector<sync::Reason> reasons;
  bool changed_state = false;  // phase, message or results differ from before
};

// Whether an object takes part, and what is said against it.
struct Participation {
  bool is_selected = true;
  bool is_modified = true;  // read under ApplyOutOfSyncOnly only
  std::string denied;       // by the project; empty: permitted
};

struct ParticipatingTarget {
  const TargetObject* object = nullptr;
  Participation participation;
  std::optional<nlohmann::json> manifest;  // what is applied, if not the object's own
};

struct ParticipatingLive {
  const cluster::StoredObject* object = nullptr;
  Participation participation;
};

// What the engine is given.
struct EngineView {
  std::vector<ParticipatingTarget> targets;
  std::vector<ParticipatingLive> live;
};

struct PassSettings {
  sync::Operation operation;
  bool is_prune_confirmed = false;
  bool terminates = false;
  const Installation* installation = nullptr;  // for its health checks
  nlohmann::json namespace_metadata;           // syncPolicy.managedNamespaceMetadata; null: none
};

class EnginePass {
 public:
  // The live objects are only read here. REQUIRES: all references outlive the pass.
  EnginePass(const EngineView& view, PassSettings settings, const sync::SyncState& before,
             cluster::Cluster& cluster, base::Interner& interner);
  EnginePass(const EnginePass&) = delete;
  EnginePass& operator=(const EnginePass&) = delete;

  // ProcessEnded: the last call ended the application controller's process.
  enum class Progress : std::uint8_t { Done, Asleep, ProcessEnded };
  // Goes on until the pass is done, or sleeps. REQUIRES: it is not done yet.
  Progress run();
  [[nodiscard]] base::Instant wakes_at() const { return wakes_at_; }
  // What happened since it was asked last.
  [[nodiscard]] PassReport take_report() { return std::exchange(report_, {}); }
  // REQUIRES: the pass is done.
  [[nodiscard]] const sync::SyncState& state() const { return pass_.state(); }

 private:
  [[nodiscard]] sync::KindCheck check(const model::ObjectFacts& facts, const std::string& denied);
  [[nodiscard]] sync::LiveObject live_object(const cluster::StoredObject& object,
                                             const Participation& participation);
  sync::Answer answer(const sync::Request& request);
  sync::Answer write(const sync::Request& request);
  [[nodiscard]] nlohmann::json manifest_of(const sync::Request& request) const;
  [[nodiscard]] sync::Answer answer_of(const cluster::CallResult& result);

  std::vector<const nlohmann::json*> manifests_;  // of the targets
  PassSettings settings_;
  sync::SyncState before_;
  cluster::Cluster& cluster_;
  base::Interner& interner_;
  std::deque<model::ObjectFacts> facts_;  // of the live objects
  std::vector<sync::Target> targets_;
  std::vector<sync::LiveObject> live_;
  sync::Pass pass_;
  std::span<const sync::Request> requests_;
  std::vector<sync::Answer> answers_;  // to the first of them
  base::Instant wakes_at_;
  bool is_asleep_ = false;
  bool is_process_ended_ = false;
  PassReport report_;
};

// Argo CD sleeps this long after every wave but the last (ARGOCD_SYNC_WAVE_DELAY).
inline constexpr base::Duration kWaveDelay = std::chrono::seconds(2);

}  // namespace wavetank::application
