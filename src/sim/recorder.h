// Turns what the cluster and the application controller do into the events of a trace.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "application/controller/controller.h"
#include "cluster/cluster.h"
#include "sim/trace.h"

namespace wavetank::sim {

// One operation of an application.
struct SyncRecord {
  std::string application;
  std::uint32_t number = 0;
  base::Instant started;
  std::optional<base::Instant> ended;
};

class Recorder {
 public:
  // REQUIRES: all references outlive it.
  Recorder(const cluster::Cluster& cluster, const application::Controller& controller,
           const base::Interner& interner)
      : cluster_(cluster), controller_(controller), interner_(interner) {}

  void record(const application::Deed& deed);
  void record(const std::vector<cluster::Change>& changes);
  // What somebody does, or what becomes of it.
  Event& add(EventKind kind, const std::string& application, std::string text);

  // The number that the next sync of an application gets; without being asked they count from 1.
  void number_next(const std::string& application, std::uint32_t number) {
    syncs_[application].next = number;
  }
  // An operation that ran before the beginning goes on.
  void resume(const std::string& application, std::string text);
  [[nodiscard]] const Trace& trace() const { return trace_; }
  [[nodiscard]] Trace& trace() { return trace_; }
  // In the order in which they began.
  [[nodiscard]] const std::vector<SyncRecord>& operations() const { return operations_; }
  // What was said of an object last; empty: nothing.
  [[nodiscard]] const std::map<model::ObjectKey, std::string>& last_notes() const {
    return last_notes_;
  }
  // The last call that ended the controller's process, for a person; empty: none did.
  [[nodiscard]] const std::string& fatal() const { return fatal_; }

 private:
  struct Syncs {
    std::uint32_t number = 0;  // of the one under way, or the last
    std::uint32_t next = 1;
    std::set<std::pair<model::Phase, std::int64_t>> started;  // phases and waves of this sync
    std::string waits;                                        // the last message
    std::pair<std::string, std::string> status;               // sync and health
    std::optional<std::size_t> pass_begin;  // where the trace stood when the pass under way began
    base::Instant pass_began;
  };

  void record_call(const application::Call& call, const application::Deed& deed);
  void record_results(const application::Deed& deed, const sync::SyncState& after);
  void insert(std::size_t position, Trace events);
  void record_events(const application::Deed& deed);
  void record_status(const application::Deed& deed);
  Event& add(EventKind kind, const model::ObjectKey& object, std::string text);

  const cluster::Cluster& cluster_;
  const application::Controller& controller_;
  const base::Interner& interner_;
  Trace trace_;
  std::map<std::string, Syncs> syncs_;
  std::string application_;  // whose deed is being recorded
  std::map<model::ObjectKey, std::string> last_notes_;
  std::set<model::ObjectKey> workload_parts_;  // ReplicaSets and pods of workloads, revisions
  std::string fatal_;
  std::vector<SyncRecord> operations_;
};

}  // namespace wavetank::sim
