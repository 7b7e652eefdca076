// One sync operation of one application: joins the engine's passes with a cluster.
//
// An operation here is what a user starts by `argocd app sync`, in one attempt: retries, the time
// limit, termination and sync windows (operation_state.h) are not around it yet, nor are automated
// syncs (auto_sync.h) and deletion (deletion.h).
#pragma once

#include <deque>
#include <string>
#include <unordered_set>
#include <vector>

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
  std::vector<cluster::Change> changes;  // what happened in the cluster while the pass slept
  bool changed_state = false;            // phase, message or results differ from before
  // The last call ended the application controller's process: the pass did not come to its end, and
  // the operation remembers what it knew before.
  bool ended_process = false;
};

class Operation {
 public:
  // REQUIRES: all references outlive the operation.
  Operation(const Targets& targets, sync::Operation settings, cluster::Cluster& cluster,
            base::Interner& interner);

  PassReport pass();
  [[nodiscard]] const sync::SyncState& state() const { return state_; }

  // Whether the object belongs to the application: tracked and without an owner, or a target.
  [[nodiscard]] bool manages(const cluster::StoredObject& object) const;

 private:
  [[nodiscard]] sync::KindCheck check(const model::ObjectFacts& facts);
  [[nodiscard]] sync::LiveObject live_object(const cluster::StoredObject& object);
  [[nodiscard]] bool is_modified(const TargetObject& target) const;
  [[nodiscard]] bool is_target_key(const model::Key& key) const;
  sync::Answer answer(const sync::Request& request, PassReport& report);
  sync::Answer write(const sync::Request& request);
  [[nodiscard]] nlohmann::json manifest_of(const sync::Request& request) const;
  [[nodiscard]] sync::Answer answer_of(const cluster::CallResult& result);

  const Targets& targets_;
  sync::Operation operation_;
  cluster::Cluster& cluster_;
  base::Interner& interner_;
  struct HashKey {
    std::size_t operator()(const model::Key& key) const { return model::hash(key); }
  };
  std::unordered_set<model::Key, HashKey> target_keys_;  // looked up, never iterated
  sync::SyncState state_;
  std::deque<model::ObjectFacts> facts_;  // of the live objects of the pass under way
  bool is_process_ended_ = false;
};

// Argo CD sleeps this long after every wave but the last (ARGOCD_SYNC_WAVE_DELAY).
inline constexpr base::Duration kWaveDelay = std::chrono::seconds(2);

}  // namespace wavetank::application
