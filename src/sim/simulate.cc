#include "sim/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include "application/operation.h"
#include "application/targets.h"
#include "base/chooser.h"
#include "cluster/cluster.h"
#include "cluster/durations.h"
#include "health/object_view.h"
#include "model/annotation.h"

namespace wavetank::sim {

using application::Call;
using application::PassReport;
using model::ObjectKey;

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::Succeeded: return "Succeeded";
    case Outcome::Failed: return "Failed";
    case Outcome::Error: return "Error";
    case Outcome::Stuck: return "Stuck";
    case Outcome::Inconclusive: return "Inconclusive";
  }
  WAVETANK_CHECK(false);
}

namespace {

// The moment at which simulations begin, 2024-01-01T00:00:00Z, in seconds since 1970.
constexpr std::int64_t kEpoch = 1'704'067'200;
// What stands for the resolved revision in the names of generateName hooks.
constexpr const char* kRevision = "0000000";

// Argo CD 3.6: changes of managed objects are gathered for 5 s, and an operation is looked at every
// 30 s anyway (controller/appcontroller.go).
constexpr base::Duration kBatch = std::chrono::seconds(5);
constexpr base::Duration kBackstop = std::chrono::seconds(30);

class Simulator {
 public:
  Simulator(const model::Bundle& bundle, const SimulationOptions& options)
      : bundle_(&bundle),
        options_(options),
        targets_(application::make_targets(bundle, interner_)) {
    if (options.seed) {
      chooser_ = std::make_unique<base::SeededChooser>(*options.seed);
    } else {
      chooser_ = std::make_unique<base::DefaultChooser>();
    }
    cluster_ = std::make_unique<cluster::Cluster>(interner_, *chooser_);
    if (options.from == nullptr) cluster_->behave(options.behaviors);
    prepare_cluster();
  }

  Simulation run() {
    if (options_.from != nullptr) install_old_revision();
    for (std::uint32_t number = 1; number <= options_.syncs; ++number) {
      sync(number);
      const Outcome outcome = result_.syncs.back().outcome;
      if (outcome == Outcome::Stuck || outcome == Outcome::Inconclusive) break;
      settle();
    }
    finish();
    return std::move(result_);
  }

 private:
  [[nodiscard]] base::Instant horizon() const { return base::Instant{} + options_.until; }

  void install_old_revision();
  void prepare_cluster();
  void prepare_storage();
  // Says what is taken for granted, once: two revisions may need the same.
  void assume(std::string what) {
    auto& all = result_.assumptions;
    if (std::find(all.begin(), all.end(), what) == all.end()) all.push_back(std::move(what));
  }
  void sync(std::uint32_t number);
  [[nodiscard]] Outcome play(application::Operation& operation);
  void record_pass(const PassReport& report, const application::Operation& operation,
                   const sync::SyncState& before);
  void record_call(const Call& call, const PassReport& report);
  void record_results(const sync::SyncState& before, const sync::SyncState& after,
                      base::Instant seen_at);
  bool record_changes(const std::vector<cluster::Change>& changes,
                      const application::Operation& operation);
  void settle();
  void finish();
  [[nodiscard]] bool restart_controller(const PassReport& report);
  void judge_sync(const application::Operation& operation, SyncReport& report);
  [[nodiscard]] std::string health_message(const sync::Result& result) const;
  [[nodiscard]] std::string why_waiting(const sync::SyncState& state) const;
  void find_stale_hooks(const application::Operation& operation);
  void add_leftovers();

  Event& add(EventKind kind, const ObjectKey& object, std::string text) {
    result_.trace.push_back({.at = cluster_->now(),
                             .kind = kind,
                             .sync = number_,
                             .object = object,
                             .text = std::move(text)});
    return result_.trace.back();
  }

  [[nodiscard]] ObjectKey key(const model::Key& symbols) const {
    return model::resolve(symbols, interner_);
  }

  // The manifest of an object, for pointing at it; null when it is none of ours.
  [[nodiscard]] const model::Resource* resource_of(const ObjectKey& object) const {
    for (const model::Resource& resource : bundle_->resources) {
      if (resource.key.kind != object.kind || resource.key.group != object.group) continue;
      const bool generated = resource.key.name.empty() && !resource.generate_name.empty() &&
                             object.name.starts_with(resource.generate_name);
      if (resource.key.name == object.name || generated) return &resource;
    }
    return nullptr;
  }

  void add_finding(source::Severity severity, const char* code, const char* slug,
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
    result_.findings.push_back(std::move(finding));
  }

  const model::Bundle* bundle_;  // the revision that is being synced
  const SimulationOptions& options_;
  base::Interner interner_;
  application::Targets targets_;
  std::unique_ptr<base::Chooser> chooser_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::uint32_t number_ = 0;
  base::Instant sync_start_;
  std::set<std::pair<model::Phase, std::int64_t>> started_;  // phases and waves of this sync
  std::map<ObjectKey, std::string> last_notes_;
  std::set<ObjectKey> workload_parts_;  // ReplicaSets and pods of workloads, revisions
  std::string fatal_;                   // the call that ended the controller's process last
  std::uint32_t restarts_ = 0;          // of the controller
  Simulation result_;
};

// Namespaces and custom kinds that the manifests use but do not bring must have been there.
void Simulator::prepare_cluster() {
  std::set<std::string> provided;
  std::set<std::pair<std::string, std::string>> defined;
  for (const auto& target : targets_.objects) {
    const auto& facts = target.facts;
    if (facts.is_namespace) provided.emplace(interner_.text(facts.key.name));
    if (facts.is_crd) {
      defined.emplace(interner_.text(facts.crd_group), interner_.text(facts.crd_kind));
    }
  }
  const std::string& destination = bundle_->settings.destination_namespace;
  if (bundle_->settings.has_option("CreateNamespace=true")) provided.insert(destination);
  std::set<std::string> namespaces;
  std::set<std::pair<std::string, std::string>> kinds;
  for (const auto& target : targets_.objects) {
    const ObjectKey object = key(target.facts.key);
    if (!object.name_space.empty()) namespaces.insert(object.name_space);
    if (model::scope_of(object.group, object.kind) == model::Scope::Unknown) {
      kinds.emplace(object.group, object.kind);
    }
  }
  for (const std::string& name : namespaces) {
    if (provided.contains(name) || name == "default" || name == "kube-system") continue;
    cluster_->seed({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
    assume(fmt::format("the namespace `{}` exists", name));
  }
  prepare_storage();
  for (const auto& [group, kind] : kinds) {
    if (defined.contains({group, kind})) continue;
    cluster_->assume_kind(group, kind);
    const bool has_health =
        health::assess({{"apiVersion", group + "/v1"}, {"kind", kind}}, options_.version)
            .has_value();
    assume(fmt::format("the cluster knows the kind `{}` of `{}`, which has {}", kind, group,
                       has_health ? "a controller there" : "no health here"));
  }
}

// The classes of storage that claims name: `storageClassName` of claims and of claim templates.
void collect_classes(const nlohmann::json& value, std::set<std::string>& classes) {
  if (value.is_object()) {
    const auto found = value.find("storageClassName");
    if (found != value.end() && found->is_string() && !found->get<std::string>().empty()) {
      classes.insert(found->get<std::string>());
    }
  }
  if (!value.is_object() && !value.is_array()) return;
  for (const nlohmann::json& each : value) collect_classes(each, classes);
}

// Classes of storage that claims name but nobody brings must have been there.
void Simulator::prepare_storage() {
  std::set<std::string> named;
  std::set<std::string> brought;
  for (const auto& target : targets_.objects) {
    const std::string_view kind = interner_.text(target.facts.key.kind);
    if (kind == "StorageClass") brought.emplace(interner_.text(target.facts.key.name));
    if (kind == "PersistentVolume") {
      // Volumes that come with a class of their own need no provisioner for it.
      std::set<std::string> own;
      collect_classes(target.manifest, own);
      brought.insert(own.begin(), own.end());
    }
  }
  for (const auto& target : targets_.objects) {
    const std::string_view kind = interner_.text(target.facts.key.kind);
    if (kind == "PersistentVolumeClaim" || kind == "StatefulSet") {
      collect_classes(target.manifest, named);
    }
  }
  for (const std::string& name : named) {
    if (brought.contains(name) || !cluster_->assume_storage_class(name)) continue;
    assume(fmt::format("the storage class `{}` exists and binds at once", name));
  }
}

// Brings the cluster to where it stands before the upgrade. What the rules do to objects concerns
// the new revision; the old one is taken to have come up well.
void Simulator::install_old_revision() {
  const model::Bundle* next = std::exchange(bundle_, options_.from);
  application::Targets targets =
      std::exchange(targets_, application::make_targets(*options_.from, interner_));
  prepare_cluster();
  sync(0);
  settle();
  cluster_->behave(options_.behaviors);
  const SyncReport& report = result_.syncs.back();
  result_.findings.clear();
  for (Event& event : result_.trace) {
    event.is_detail = event.kind != EventKind::SyncStarted && event.kind != EventKind::SyncEnded;
  }
  if (report.outcome != Outcome::Succeeded) {
    result_.findings.push_back(
        {.severity = source::Severity::Warning,
         .code = "SM008",
         .slug = "old-revision-fails",
         .message = fmt::format("the old revision does not come up by itself ({}: {}), so the "
                                "upgrade starts from what it left",
                                name(report.outcome), report.reason)});
  }
  bundle_ = next;
  targets_ = std::move(targets);
}

void Simulator::sync(std::uint32_t number) {
  number_ = number;
  sync_start_ = cluster_->now();
  started_.clear();
  const auto seconds =
      std::chrono::duration_cast<std::chrono::seconds>(sync_start_.time_since_epoch()).count();
  sync::Operation settings{.version = options_.version,
                           .revision = kRevision,
                           .started_at = kEpoch + seconds,
                           .name_space = interner_.intern(bundle_->settings.destination_namespace),
                           .settings = application::settings_of(bundle_->settings)};
  application::Operation operation(targets_, std::move(settings), *cluster_, interner_);
  add(EventKind::SyncStarted, {},
      number == 0 ? fmt::format("old revision of {}", bundle_->name)
                  : fmt::format("sync {} of {}", number, bundle_->name));
  SyncReport report{.number = number, .started = sync_start_};
  report.outcome = play(operation);
  report.ended = cluster_->now();
  report.message = interner_.text(operation.state().message);
  judge_sync(operation, report);
  add(EventKind::SyncEnded, {}, fmt::format("{}: {}", name(report.outcome), report.message));
  if (report.outcome != Outcome::Succeeded) find_stale_hooks(operation);
  result_.syncs.push_back(std::move(report));
}

// Passes follow each other at once as long as they change the operation's state, for a change of
// the Application's status brings the next pass; else the cluster has to move.
Outcome Simulator::play(application::Operation& operation) {
  base::Instant last_pass = cluster_->now();
  while (true) {
    const sync::SyncState before = operation.state();
    const base::Instant start = cluster_->now();
    const PassReport report = operation.pass();
    last_pass = cluster_->now();
    if (report.ended_process) {
      record_pass(report, operation, before);
      if (!restart_controller(report)) return Outcome::Stuck;
      if (cluster_->now() >= horizon()) return Outcome::Inconclusive;
      continue;
    }
    record_results(before, operation.state(), start);
    record_pass(report, operation, before);
    switch (operation.state().phase) {
      case sync::OperationPhase::Succeeded: return Outcome::Succeeded;
      case sync::OperationPhase::Failed: return Outcome::Failed;
      case sync::OperationPhase::Error: return Outcome::Error;
      case sync::OperationPhase::Running: break;
    }
    if (report.changed_state) {
      // A new pass at the same moment could only repeat what the last one saw.
      if (cluster_->now() >= horizon()) return Outcome::Inconclusive;
      continue;
    }
    base::Instant next_pass = last_pass + kBackstop;
    bool moved = false;
    while (true) {
      const auto event = cluster_->next_event();
      if (!event) {
        if (moved) break;
        return Outcome::Stuck;
      }
      if (*event > horizon()) return Outcome::Inconclusive;
      if (moved && *event > next_pass) break;
      const bool concerns_us = record_changes(cluster_->advance(*event), operation);
      if (concerns_us && !moved) {
        moved = true;
        next_pass = std::max(cluster_->now() + kBatch, last_pass);
      }
    }
    record_changes(cluster_->advance(std::max(next_pass, cluster_->now())), operation);
  }
}

// The container of the application controller starts again, later each time, and goes on with the
// operation. False: it would end at the same call for ever.
bool Simulator::restart_controller(const PassReport& report) {
  const Call& fatal = report.calls.back();
  add(EventKind::ControllerEnded, key(fatal.request.key), "argocd-application-controller").reason =
      fatal.message;
  const std::string what = model::full_name(key(fatal.request.key)) + " " + fatal.message;
  const bool is_hopeless = what == fatal_ && !cluster_->next_event();
  fatal_ = what;
  if (is_hopeless) return false;
  // A second to come up, at least.
  const base::Duration wait =
      std::max<base::Duration>(cluster::restart_delay(restarts_++), std::chrono::seconds(1));
  const application::Operation idle(targets_, {}, *cluster_, interner_);
  record_changes(cluster_->advance(cluster_->now() + wait), idle);
  return true;
}

void Simulator::record_pass(const PassReport& report, const application::Operation& operation,
                            const sync::SyncState& before) {
  const auto start = static_cast<std::ptrdiff_t>(result_.trace.size());
  for (const Call& call : report.calls) record_call(call, report);
  record_changes(report.changes, operation);
  record_changes(cluster_->advance(cluster_->now()), operation);  // what the calls set off at once
  // Some calls wait, and meanwhile the cluster goes on.
  std::stable_sort(result_.trace.begin() + start, result_.trace.end(),
                   [](const Event& a, const Event& b) { return a.at < b.at; });
  const bool waits = operation.state().phase == sync::OperationPhase::Running;
  const std::string_view message = interner_.text(operation.state().message);
  if (waits && !message.empty() && before.message != operation.state().message) {
    add(EventKind::Waiting, {}, std::string(message));
  }
}

void Simulator::record_call(const Call& call, const PassReport& report) {
  const ObjectKey object = key(call.request.key);
  const bool ok = call.status == sync::AnswerStatus::Ok;
  const auto emit = [&](EventKind kind, std::string text) {
    Event& event = add(kind, object, std::move(text));
    event.at = call.at;
    event.phase = call.request.phase;
    event.wave = call.request.wave;
  };
  switch (call.request.kind) {
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update:
      if (call.request.dry_run) {
        emit(EventKind::DryRunFailed, call.message);
        break;
      }
      if (started_.emplace(call.request.phase, call.request.wave).second) {
        Event& event = add(EventKind::PhaseStarted, {}, "");
        event.at = call.at;
        event.phase = call.request.phase;
        event.wave = call.request.wave;
      }
      emit(ok ? EventKind::Applied : EventKind::WriteFailed, call.message);
      break;
    case sync::RequestKind::Prune:
      emit(ok ? EventKind::Pruned : EventKind::PruneFailed, call.message);
      break;
    case sync::RequestKind::Delete: {
      std::string policy = "BeforeHookCreation";
      for (const sync::Reason& reason : report.reasons) {
        if (reason.key != call.request.key) continue;
        if (reason.code == sync::ReasonCode::HookDeletedOnSuccess) policy = "HookSucceeded";
        if (reason.code == sync::ReasonCode::HookDeletedOnFailure) policy = "HookFailed";
      }
      emit(ok ? EventKind::HookDeleted : EventKind::DeleteFailed, ok ? policy : call.message);
      break;
    }
    case sync::RequestKind::WaveHook: emit(EventKind::WaveDelay, "2s"); break;
    case sync::RequestKind::Unfinalize:
      if (!ok) emit(EventKind::FinalizerRemoved, call.message);
      break;
    case sync::RequestKind::Get:
    case sync::RequestKind::GetNamespace: break;
  }
}

void Simulator::record_results(const sync::SyncState& before, const sync::SyncState& after,
                               base::Instant seen_at) {
  for (const sync::Result& result : after.results) {
    const auto old =
        std::find_if(before.results.begin(), before.results.end(), [&](const sync::Result& other) {
          return other.key == result.key && other.phase == result.phase;
        });
    const bool was_running = old != before.results.end() && old->state == sync::TaskState::Running;
    if (!was_running || result.state == sync::TaskState::Running) continue;
    const bool good = result.state == sync::TaskState::Succeeded;
    EventKind kind = good ? EventKind::ResourceHealthy : EventKind::ResourceDegraded;
    if (result.is_hook) kind = good ? EventKind::HookSucceeded : EventKind::HookFailed;
    Event& event =
        add(kind, key(result.key), good ? "" : std::string(interner_.text(result.message)));
    event.at = seen_at;
    event.phase = result.phase;
  }
}

// Made by the controller of a Deployment, StatefulSet, DaemonSet or ReplicaSet.
bool is_workload_part(const nlohmann::json& object) {
  const auto& owners = health::list(object, "/metadata/ownerReferences");
  return std::any_of(owners.begin(), owners.end(), [](const nlohmann::json& owner) {
    return health::flag(owner, "/controller") &&
           health::text(owner, "/apiVersion").starts_with("apps/");
  });
}

bool is_usual(std::string_view note) {
  return note == "pending" || note == "running" || note == "ready" || note == "gone" ||
         note.ends_with("replicas available");
}

// Returns whether an object that the application manages has changed.
bool Simulator::record_changes(const std::vector<cluster::Change>& changes,
                               const application::Operation& operation) {
  bool concerns_us = false;
  for (const cluster::Change& change : changes) {
    last_notes_[change.object] = change.note;
    const cluster::StoredObject* object =
        change.key.kind.valid() ? cluster_->get(change.key) : nullptr;
    const bool is_removal = change.kind == cluster::ChangeKind::Removed;
    if (object != nullptr && is_workload_part(object->content)) {
      workload_parts_.insert(change.object);
    }
    if (is_removal || (object != nullptr && operation.manages(*object))) concerns_us = true;
    // What a call did is in the trace already.
    if (change.kind == cluster::ChangeKind::Created || change.note == "changed" ||
        change.kind == cluster::ChangeKind::DeletionMarked) {
      continue;
    }
    Event& event = add(is_removal ? EventKind::Removed : EventKind::Changed, change.object,
                       is_removal ? "" : change.note);
    event.at = change.at;
    event.is_detail = workload_parts_.contains(change.object) && is_usual(change.note);
  }
  return concerns_us;
}

// Between syncs the cluster comes to rest, as it would in the hours between two commits.
void Simulator::settle() {
  const application::Operation idle(targets_, {}, *cluster_, interner_);
  while (const auto event = cluster_->next_event()) {
    if (*event > horizon()) return;
    record_changes(cluster_->advance(*event), idle);
  }
}

// What the health of the object says; what the last write said where it says nothing.
std::string Simulator::health_message(const sync::Result& result) const {
  if (const cluster::StoredObject* object = cluster_->get(result.key)) {
    const auto health = health::assess(object->content, options_.version);
    if (health && !health->message.empty()) return health->message;
  }
  const std::string_view message = interner_.text(result.message);
  return message.empty() ? "it has not become healthy" : std::string(message);
}

std::string Simulator::why_waiting(const sync::SyncState& state) const {
  for (const sync::Result& result : state.results) {
    if (result.state != sync::TaskState::Running) continue;
    const ObjectKey object = key(result.key);
    for (const auto& [other, note] : last_notes_) {
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
  return std::string(interner_.text(state.message));
}

void Simulator::judge_sync(const application::Operation& operation, SyncReport& report) {
  const auto& results = operation.state().results;
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
        report.reason =
            fmt::format("{}: {}", model::short_name(culprit), interner_.text(failed->message));
      }
      add_finding(source::Severity::Error, "SM001", "sync-fails",
                  fmt::format("sync {} fails: {}", report.number, report.reason), culprit,
                  "this is what failed", "");
      return;
    }
    case Outcome::Stuck:
    case Outcome::Inconclusive: break;
  }
  report.reason = why_waiting(operation.state());
  if (!fatal_.empty() && report.outcome == Outcome::Stuck) {
    report.reason =
        fmt::format("the application controller's process ends again and again: {}", fatal_);
  }
  const auto waiting = std::find_if(results.begin(), results.end(), [](const auto& result) {
    return result.state == sync::TaskState::Running;
  });
  if (waiting != results.end()) culprit = key(waiting->key);
  const bool stuck = report.outcome == Outcome::Stuck;
  add_finding(
      stuck ? source::Severity::Error : source::Severity::Warning, "SM002", "sync-never-ends",
      stuck ? fmt::format("sync {} never ends: {}", report.number, report.reason)
            : fmt::format("sync {} has not ended at the horizon: {}", report.number, report.reason),
      culprit, "Argo CD waits for this", "");
}

// A hook that failed although its object is older than the sync was only judged again.
void Simulator::find_stale_hooks(const application::Operation& operation) {
  for (const sync::Result& result : operation.state().results) {
    if (!result.is_hook || result.state != sync::TaskState::Failed) continue;
    const cluster::StoredObject* object = cluster_->get(result.key);
    if (object == nullptr || object->created >= sync_start_) continue;
    const ObjectKey hook = key(result.key);
    add_finding(source::Severity::Error, "SM004", "hook-blocks-later-syncs",
                fmt::format("{} was left behind by an earlier sync; sync {} judged its old result "
                            "and did not run it again",
                            model::short_name(hook), number_),
                hook, "never deleted before it is created again",
                "add `BeforeHookCreation` to its delete policies");
  }
}

void Simulator::add_leftovers() {
  for (const ObjectReport& object : result_.objects) {
    if (!object.is_hook) continue;
    result_.hooks_left.push_back(object.key);
    add_finding(source::Severity::Info, "SM003", "hook-left-behind",
                fmt::format("{} is still there after the last sync", model::short_name(object.key)),
                object.key, "no delete policy of this hook applied", "");
  }
}

void Simulator::finish() {
  const application::Operation idle(targets_, {}, *cluster_, interner_);
  std::set<ObjectKey> present;
  for (const cluster::StoredObject* object : cluster_->objects()) {
    const ObjectKey object_key = key(object->key);
    present.insert(object_key);
    const bool managed = idle.manages(*object);
    const bool is_pod = !health::list(object->content, "/metadata/ownerReferences").empty();
    const bool is_given = object_key.kind == "Namespace" && !managed;
    if (is_given && !bundle_->settings.has_option("CreateNamespace=true")) continue;
    if (!managed && !is_pod && !is_given) continue;
    if (is_given && object_key.name != bundle_->settings.destination_namespace) continue;
    result_.objects.push_back({.key = object_key,
                               .is_hook = managed && object->facts.hook.is_hook,
                               .is_target = managed,
                               .deleting = object->deleting,
                               .health = health::assess(object->content, options_.version),
                               .content = object->content});
  }
  for (const auto& target : targets_.objects) {
    const bool is_left_out = target.facts.hook.is_skip || target.facts.hook.is_ignored;
    const ObjectKey object = key(target.facts.key);
    const bool was_applied =
        std::any_of(result_.trace.begin(), result_.trace.end(), [&](const Event& event) {
          const bool same_name =
              event.object.name == object.name ||
              (object.name.empty() &&
               event.object.name.starts_with(interner_.text(target.facts.generate_name)));
          return event.kind == EventKind::Applied && event.object.kind == object.kind &&
                 event.object.group == object.group && same_name;
        });
    if (!was_applied && !is_left_out) result_.never_applied.push_back(object);
  }
  add_leftovers();
  if (result_.last().outcome != Outcome::Succeeded) return;
  for (const ObjectReport& object : result_.objects) {
    if (!object.health || object.health->status != health::Status::Degraded || object.is_hook ||
        !object.is_target) {
      continue;
    }
    add_finding(source::Severity::Warning, "SM006", "degraded-after-success",
                fmt::format("the sync succeeded, but {} is Degraded: {}",
                            model::short_name(object.key), object.health->message),
                object.key, "Argo CD does not wait for the last wave", "");
  }
}

}  // namespace

Simulation simulate(const model::Bundle& bundle, const SimulationOptions& options) {
  return Simulator(bundle, options).run();
}

}  // namespace wavetank::sim
