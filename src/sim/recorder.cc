#include "sim/recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "base/check.h"
#include "health/object_view.h"

namespace wavetank::sim {

using application::Call;
using application::Deed;
using model::ObjectKey;

namespace {

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

// Why a hook was deleted: the policy, if it is one.
std::string policy_of(const Call& call, const Deed& deed) {
  if (deed.is_termination) return "terminated";
  std::string policy = "BeforeHookCreation";
  for (const sync::Reason& reason : deed.pass.reasons) {
    if (reason.key != call.request.key) continue;
    if (reason.code == sync::ReasonCode::HookDeletedOnSuccess) policy = "HookSucceeded";
    if (reason.code == sync::ReasonCode::HookDeletedOnFailure) policy = "HookFailed";
  }
  return policy;
}

}  // namespace

Event& Recorder::add(EventKind kind, const ObjectKey& object, std::string text) {
  trace_.push_back({.at = cluster_.now(),
                    .kind = kind,
                    .application = application_,
                    .sync = syncs_[application_].number,
                    .object = object,
                    .text = std::move(text)});
  return trace_.back();
}

Event& Recorder::add(EventKind kind, const std::string& application, std::string text) {
  application_ = application;
  return add(kind, ObjectKey{}, std::move(text));
}

void Recorder::resume(const std::string& application, std::string text) {
  application_ = application;
  Syncs& syncs = syncs_[application];
  syncs.number = syncs.next++;
  operations_.push_back(
      {.application = application, .number = syncs.number, .started = cluster_.now()});
  add(EventKind::SyncStarted, ObjectKey{}, std::move(text));
}

void Recorder::record(const Deed& deed) {
  application_ = deed.application;
  Syncs& syncs = syncs_[deed.application];
  const application::ApplicationState* state = controller_.find(deed.application);
  if (deed.is_operation_begun) {
    syncs.number = syncs.next++;
    syncs.started.clear();
    syncs.waits.clear();
    const bool is_automatic =
        state != nullptr && state->operation_state &&
        state->operation_state->request.trigger == application::Trigger::Automatic;
    std::string text = syncs.number == 0
                           ? fmt::format("old revision of {}", deed.application)
                           : fmt::format("sync {} of {}", syncs.number, deed.application);
    Event& event = add(EventKind::SyncStarted, ObjectKey{}, std::move(text));
    if (is_automatic) event.reason = "automated";
    operations_.push_back(
        {.application = application_, .number = syncs.number, .started = cluster_.now()});
  }
  // A pass that was lost with its process has no end.
  const bool is_new = !syncs.pass_begin || syncs.pass_began != deed.began;
  if (deed.engine_before && is_new) {
    syncs.pass_begin = trace_.size();
    syncs.pass_began = deed.began;
  }
  for (const Call& call : deed.pass.calls) record_call(call, deed);
  if (deed.is_pass_done && state != nullptr) record_results(deed, state->engine);
  if (deed.fatal) {
    syncs.pass_begin.reset();
    const ObjectKey object = model::resolve(deed.fatal->request.key, interner_);
    add(EventKind::ControllerEnded, object, "argocd-application-controller").reason =
        deed.fatal->message;
    fatal_ = model::full_name(object) + " " + deed.fatal->message;
  }
  if (state != nullptr && state->operation_state && !deed.is_operation_ended) {
    const std::string& message = state->operation_state->message;
    const bool waits = application::is_in_progress(state->operation_state) && !message.empty();
    if (waits && message != syncs.waits) add(EventKind::Waiting, ObjectKey{}, message);
    syncs.waits = message;
  }
  record_events(deed);
  record_status(deed);
}

void Recorder::record_events(const Deed& deed) {
  const application::ApplicationState* state = controller_.find(deed.application);
  if (deed.is_operation_ended && state != nullptr && state->operation_state) {
    const application::OperationState& ended = *state->operation_state;
    for (SyncRecord& operation : operations_) {
      const bool is_it = operation.application == application_ && !operation.ended;
      if (is_it) operation.ended = cluster_.now();
    }
    add(EventKind::SyncEnded, ObjectKey{},
        fmt::format("{}: {}", application::name(ended.phase), ended.message));
  }
  for (const application::Event& event : deed.events) {
    const bool is_error = event.reason == "StatusRefreshed";
    if (is_error) add(EventKind::DeletionFailed, ObjectKey{}, event.message);
  }
  if (deed.is_application_gone) add(EventKind::ApplicationGone, ObjectKey{}, deed.application);
}

// Sync status and health of the application, whenever they change.
void Recorder::record_status(const Deed& deed) {
  const application::ApplicationState* state = controller_.find(deed.application);
  if (state == nullptr || !state->was_compared) return;
  std::pair<std::string, std::string> status{application::name(state->status.sync),
                                             state->status.health};
  Syncs& syncs = syncs_[deed.application];
  if (status == syncs.status) return;
  Event& event = add(EventKind::StatusChanged, ObjectKey{},
                     fmt::format("{}, {}", status.first, status.second));
  event.is_detail = true;
  syncs.status = std::move(status);
}

void Recorder::record_call(const Call& call, const Deed& deed) {
  const ObjectKey object = model::resolve(call.request.key, interner_);
  const bool ok = call.status == sync::AnswerStatus::Ok;
  const auto emit = [&](EventKind kind, const ObjectKey& subject, std::string text) {
    Event& event = add(kind, subject, std::move(text));
    event.at = call.at;
    event.phase = call.request.phase;
    event.wave = call.request.wave;
  };
  switch (call.request.kind) {
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update:
      if (call.request.dry_run) return emit(EventKind::DryRunFailed, object, call.message);
      if (deed.engine_before &&
          syncs_[application_].started.emplace(call.request.phase, call.request.wave).second) {
        emit(EventKind::PhaseStarted, ObjectKey{}, "");
      }
      return emit(ok ? EventKind::Applied : EventKind::WriteFailed, object, call.message);
    case sync::RequestKind::Prune:
      return emit(ok ? EventKind::Pruned : EventKind::PruneFailed, object, call.message);
    case sync::RequestKind::Delete:
      return emit(ok ? EventKind::HookDeleted : EventKind::DeleteFailed, object,
                  ok ? policy_of(call, deed) : call.message);
    case sync::RequestKind::WaveHook: return emit(EventKind::WaveDelay, ObjectKey{}, "2s");
    case sync::RequestKind::Unfinalize:
      if (!ok) emit(EventKind::FinalizerRemoved, object, call.message);
      return;
    case sync::RequestKind::Get:
    case sync::RequestKind::GetNamespace: return;
  }
}

// Events that belong before others, which were recorded meanwhile.
void Recorder::insert(std::size_t position, Trace events) {
  for (auto& [application, syncs] : syncs_) {
    if (syncs.pass_begin && *syncs.pass_begin > position) *syncs.pass_begin += events.size();
  }
  trace_.insert(trace_.begin() + static_cast<std::ptrdiff_t>(position),
                std::make_move_iterator(events.begin()), std::make_move_iterator(events.end()));
}

// What became of the tasks that ran is seen when a pass begins, and known to all when it is done.
void Recorder::record_results(const Deed& deed, const sync::SyncState& after) {
  const auto& before = deed.engine_before->results;
  Trace events;
  for (const sync::Result& result : after.results) {
    const auto old = std::find_if(before.begin(), before.end(), [&](const sync::Result& other) {
      return other.key == result.key && other.phase == result.phase;
    });
    const bool was_running = old != before.end() && old->state == sync::TaskState::Running;
    if (!was_running || result.state == sync::TaskState::Running) continue;
    const bool good = result.state == sync::TaskState::Succeeded;
    EventKind kind = good ? EventKind::ResourceHealthy : EventKind::ResourceDegraded;
    if (result.is_hook) kind = good ? EventKind::HookSucceeded : EventKind::HookFailed;
    events.push_back({.at = deed.began,
                      .kind = kind,
                      .application = application_,
                      .sync = syncs_[application_].number,
                      .object = model::resolve(result.key, interner_),
                      .phase = result.phase,
                      .text = good ? "" : std::string(interner_.text(result.message))});
  }
  insert(*std::exchange(syncs_[application_].pass_begin, std::nullopt), std::move(events));
}

void Recorder::record(const std::vector<cluster::Change>& changes) {
  for (const cluster::Change& change : changes) {
    if (application::is_application(change.object)) continue;  // told by the controller's deeds
    last_notes_[change.object] = change.note;
    const cluster::StoredObject* object =
        change.key.kind.valid() ? cluster_.get(change.key) : nullptr;
    const bool is_removal = change.kind == cluster::ChangeKind::Removed;
    if (object != nullptr && is_workload_part(object->content)) {
      workload_parts_.insert(change.object);
    }
    // What a call did is in the trace already.
    if (change.kind == cluster::ChangeKind::Created || change.note == "changed" ||
        change.kind == cluster::ChangeKind::DeletionMarked) {
      continue;
    }
    Event& event = add(is_removal ? EventKind::Removed : EventKind::Changed, change.object,
                       is_removal ? "" : change.note);
    event.at = change.at;
    event.application.clear();
    event.is_detail = workload_parts_.contains(change.object) && is_usual(change.note);
  }
}

}  // namespace wavetank::sim
