// Argo CD's application controller: refreshes, operations and deletions of Applications, in time.
//
// Applications are objects of the cluster, like everything else: they are created, changed and
// deleted there, by people or by other applications, and the controller notices. What it decides
// about one of them is made of the functions of this layer (refresh.h, operation_state.h,
// deletion.h); here are the queues that say when. One `process` is one item of a queue.
//
// Source: controller/appcontroller.go.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <tl/expected.hpp>
#include <vector>

#include "application/controller/comparer.h"
#include "application/controller/engine_pass.h"
#include "application/controller/installation.h"
#include "application/controller/repository.h"
#include "application/refresh.h"

namespace wavetank::application {

// A resource as `status.resources` lists it.
struct ResourceStatus {
  ComparedResource compared;
  bool is_hook = false;
  std::optional<health::Health> health;
};

struct HistoryEntry {
  std::int64_t id = 0;
  std::string revision;
  std::string path;
};

// What the controller knows of an application: its spec, its status, the operation under way.
struct ApplicationState {
  ApplicationSpec spec;
  std::optional<OperationRequest> operation;  // the field `operation`: asked for, not ended
  std::optional<OperationState> operation_state;
  sync::SyncState engine;  // the results of operation_state
  bool was_compared = false;
  RefreshedStatus status;
  std::string health_message;
  std::string revision;  // of the last comparison
  std::vector<ResourceStatus> resources;
  std::vector<HistoryEntry> history;
};

// How far a refresh looks. Source: appcontroller.go, CompareWith.
enum class CompareLevel : std::uint8_t { Recent, Latest, LatestForced };

// What one item of a queue came to.
struct Deed {
  std::string application;
  base::Instant began;
  PassReport pass;
  // Before and after the pass, if the deed was one; a pass that sleeps comes in several deeds.
  std::optional<sync::SyncState> engine_before;
  bool is_pass_done = false;
  bool is_termination = false;  // a pass that ends an operation early
  std::optional<Call> fatal;    // ended the controller's process
  std::vector<Event> events;    // as Kubernetes events
  bool is_operation_begun = false;
  bool is_operation_ended = false;
  bool is_application_gone = false;
};

using Refusal = tl::expected<void, std::string>;

class Controller {
 public:
  // REQUIRES: all references outlive it. Applications that the cluster has already are found.
  Controller(const Installation& installation, const Repository& repository,
             cluster::Cluster& cluster, base::Interner& interner);
  ~Controller();
  Controller(const Controller&) = delete;
  Controller& operator=(const Controller&) = delete;

  // What people do through Argo CD's API, or why they may not.
  Refusal request_sync(const std::string& application, OperationRequest request);
  Refusal terminate(const std::string& application);
  void request_refresh(const std::string& application, CompareLevel level);
  // The field `operation`, written past the API.
  void set_operation(const std::string& application, OperationRequest request);
  // A revision was pushed: automated comparisons will see it in time.
  void git_changed();
  // Its process ends and begins anew, later each time: a pass under way is lost, operations go on
  // with what was written down of them.
  void restart();
  // The settings of the installation have changed.
  void settings_changed();

  // What happened in the cluster, in order.
  void notice(std::span<const cluster::Change> changes);

  // When the next item of a queue is due. `is_idle`: it can only find what the last one found.
  struct Due {
    base::Instant at;
    bool is_idle = false;
  };
  [[nodiscard]] std::optional<Due> next() const;
  // Does the item that is due first, at the cluster's time. REQUIRES: it is due.
  Deed process();

  // Null when there is none of this name.
  [[nodiscard]] const ApplicationState* find(const std::string& application) const;
  [[nodiscard]] std::vector<const ApplicationState*> applications() const;
  // Whether the object belongs to the application: tracked and without an owner, or a target.
  [[nodiscard]] bool manages(const std::string& application,
                             const cluster::StoredObject& object) const;
  // What the application wants at its last compared revision; null: never compared.
  [[nodiscard]] const Targets* targets(const std::string& application) const;

 private:
  struct App;

  void found(const model::ObjectKey& key);
  void reread(App& app);
  App* find_app(const std::string& application);
  [[nodiscard]] model::WallTime wall() const;
  [[nodiscard]] const Project* project_of(const ApplicationSpec& spec) const;
  [[nodiscard]] std::vector<SyncWindow> windows_of(const ApplicationSpec& spec) const;
  tl::expected<const Targets*, std::string> targets_of(const ApplicationSpec& spec,
                                                       const std::string& revision);
  Compare compare(App& app, const ApplicationSpec& spec, const std::string& revision,
                  CompareRequest request, std::string& resolved);
  void refresh(App& app, CompareLevel level, Deed& deed);
  void begin_attempt(App& app, Deed& deed);
  void start_pass(App& app, BegunStep step, Deed& deed);
  void run_pass(App& app, Deed& deed);
  void end_process(App& app, Deed& deed);
  void begin_anew(const App* crashed);
  void finish(App& app, StepOutcome outcome, bool has_changed, Deed& deed);
  void step_deletion(App& app, Deed& deed);
  void write_finalizers(App& app, const Finalizers& finalizers);
  void write_status(App& app);
  [[nodiscard]] nlohmann::json status_of(const App& app) const;

  const Installation& installation_;
  const Repository& repository_;
  cluster::Cluster& cluster_;
  base::Interner& interner_;
  Comparer comparer_;
  std::map<std::string, std::unique_ptr<App>> apps_;
  // All manifests that were ever asked for, by application and bundle; comparisons point into them.
  std::map<std::pair<std::string, const model::Bundle*>, std::unique_ptr<Targets>> targets_;
  std::uint32_t restarts_ = 0;  // of the controller's process
  std::string last_fatal_;      // the call that ended it last
};

}  // namespace wavetank::application
