#include "application/controller/controller.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include "application/controller/app.h"
#include "application/controller/application_status.h"
#include "application/sync_settings.h"
#include "base/check.h"
#include "cluster/durations.h"
#include "health/object_view.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

// A change of a managed object is looked at by the operation under way after this time.
// Source: appcontroller.go, appOperationRequeueDelay.
constexpr base::Duration kOperationDelay = std::chrono::seconds(5);
// Informers show every application again after this time, and so a deletion goes on.
constexpr base::Duration kResync = std::chrono::seconds(120);

constexpr std::array<std::string_view, 8> kComparisonConditions{
    "ComparisonError",         "InvalidSpecError",        "UnknownError",
    "SharedResourceWarning",   "RepeatedResourceWarning", "ExcludedResourceWarning",
    "OrphanedResourceWarning", "SourceVerificationError"};

tl::unexpected<std::string> refused(std::string why) {
  return tl::unexpected<std::string>(std::move(why));
}

// Source: controller/state.go, persistRevisionHistory.
void remember(ApplicationState& state, const std::string& revision) {
  const std::int64_t id = state.history.empty() ? 0 : state.history.back().id + 1;
  state.history.push_back({.id = id, .revision = revision, .path = state.spec.path});
  const auto limit = static_cast<std::size_t>(std::max<std::int64_t>(0, state.spec.history_limit));
  if (state.history.size() > limit) {
    state.history.erase(state.history.begin(),
                        state.history.end() - static_cast<std::ptrdiff_t>(limit));
  }
}

void earlier(std::optional<base::Instant>& due, base::Instant at) {
  if (!due || at < *due) due = at;
}

OperationPhase phase_of(sync::OperationPhase phase) {
  switch (phase) {
    case sync::OperationPhase::Running: return OperationPhase::Running;
    case sync::OperationPhase::Succeeded: return OperationPhase::Succeeded;
    case sync::OperationPhase::Failed: return OperationPhase::Failed;
    case sync::OperationPhase::Error: return OperationPhase::Error;
  }
  WAVETANK_CHECK(false);
}

}  // namespace

Controller::Controller(const Installation& installation, const Repository& repository,
                       cluster::Cluster& cluster, base::Interner& interner)
    : installation_(installation),
      repository_(repository),
      cluster_(cluster),
      interner_(interner),
      comparer_(installation, cluster, interner) {
  for (const cluster::StoredObject* object : cluster.objects()) {
    const model::ObjectKey key = model::resolve(object->key, interner);
    if (is_application(key)) found(key);
  }
}

Controller::~Controller() = default;

model::WallTime Controller::wall() const {
  return installation_.epoch.plus(cluster_.now().time_since_epoch().count());
}

// An application of the cluster; it is compared, and a deletion goes on.
void Controller::found(const model::ObjectKey& key) {
  auto& app = apps_[key.name];
  if (app == nullptr) {
    app = std::make_unique<App>();
    app->refresh_due = cluster_.now();
    app->level = CompareLevel::LatestForced;
    // Of a cluster that was at work before.
    if (const auto* object = cluster_.get(model::intern(key, interner_))) {
      read_status(object->content, app->state, interner_);
    }
    if (app->state.operation) app->operation_due = cluster_.now();
  }
  app->key = model::intern(key, interner_);
  reread(*app);
}

// What its object says now.
void Controller::reread(App& app) {
  const cluster::StoredObject* object = cluster_.get(app.key);
  if (object == nullptr) return;
  const json& spec = health::at(object->content, "/spec");
  const json& annotations = health::at(object->content, "/metadata/annotations");
  const bool is_changed = spec != app.spec_read;
  const bool is_touched = is_changed || annotations != app.annotations_read;
  const auto& automated = app.state.spec.policy.automated;
  const bool was_automated = automated && automated->enabled;
  app.state.spec = read_application(object->content);
  app.state.status.finalizers = app.state.spec.finalizers;
  if (const json& history = health::list(object->content, "/status/history"); !history.empty()) {
    app.state.history = read_history(history);
  }
  if (is_touched && (app.state.operation || app.state.spec.is_being_deleted())) {
    app.is_idle = false;
    if (app.pass == nullptr) app.operation_due = cluster_.now();
  }
  app.annotations_read = annotations;
  if (is_changed) {
    app.spec_read = spec;
    const bool is_automated = automated && automated->enabled;
    earlier(app.refresh_due, cluster_.now());
    const bool is_forced = was_automated == is_automated;
    app.level = std::max(app.level, is_forced ? CompareLevel::LatestForced : CompareLevel::Latest);
  }
  if (app.state.spec.is_being_deleted() && !app.is_deletion_seen) {
    app.is_deletion_seen = true;
    earlier(app.operation_due, cluster_.now());
  }
}

Controller::App* Controller::find_app(const std::string& application) {
  const auto found = apps_.find(application);
  return found == apps_.end() ? nullptr : found->second.get();
}

const Project* Controller::project_of(const ApplicationSpec& spec) const {
  const auto found = installation_.projects.find(spec.project);
  return found == installation_.projects.end() ? nullptr : &found->second;
}

std::vector<SyncWindow> Controller::windows_of(const ApplicationSpec& spec) const {
  std::vector<SyncWindow> windows;
  const Project* project = project_of(spec);
  if (project == nullptr) return windows;
  const WindowSubject subject{.application = spec.name, .name_space = spec.destination_namespace};
  for (const std::size_t index : matching_windows(project->windows, subject)) {
    windows.push_back(project->windows[index]);
  }
  return windows;
}

tl::expected<const Targets*, std::string> Controller::targets_of(const ApplicationSpec& spec,
                                                                 const std::string& revision) {
  const auto bundle = repository_.manifests(spec, revision);
  if (!bundle) return tl::unexpected(bundle.error());
  auto& targets = targets_[{spec.name, *bundle}];
  if (targets == nullptr) {
    targets = std::make_unique<Targets>(
        make_targets(**bundle, interner_, spec.name, installation_.tracking));
  }
  return targets.get();
}

// Compares with a revision as it was asked for; `resolved` is what it stands for.
Compare Controller::compare(App& app, const ApplicationSpec& spec, const std::string& revision,
                            CompareRequest request, std::string& resolved) {
  static const Project kEverything{};
  const Project* project = project_of(spec);
  request.spec = &spec;
  request.project = project != nullptr ? project : &kEverything;
  app.targets = nullptr;
  const auto found = repository_.resolve(spec, revision);
  tl::expected<const Targets*, std::string> targets =
      found ? targets_of(spec, *found) : tl::unexpected(found.error());
  resolved = found.value_or(revision);
  if (targets) {
    request.targets = app.targets = *targets;
  } else {
    request.load_errors.push_back("Failed to load target state: " + targets.error());
  }
  const bool was_recorded = app.state.operation_state && app.state.operation_state->result;
  request.has_changed_namespace_metadata =
      was_recorded && app.recorded_metadata && *app.recorded_metadata != spec.namespace_metadata;
  Compare result = comparer_.compare(request);
  if (targets) {
    for (const std::string& message : (*targets)->repeated) {
      result.comparison.conditions.push_back(
          {.type = "RepeatedResourceWarning", .message = message});
    }
  }
  set_conditions(app.state.status.conditions, result.comparison.conditions, kComparisonConditions);
  return result;
}

void Controller::refresh(App& app, CompareLevel level, Deed& deed) {
  ApplicationState& state = app.state;
  if (state.spec.is_skipped) return;
  std::string resolved;
  const bool is_recent = level == CompareLevel::Recent && !state.revision.empty();
  const Compare compared = compare(
      app, state.spec, is_recent ? state.revision : state.spec.target_revision, {}, resolved);
  const health::ApplicationHealth health = comparer_.health(compared, state.spec);
  state.revision = resolved;
  state.was_compared = true;
  state.resources.clear();
  for (std::size_t i = 0; i < compared.comparison.rows.size(); ++i) {
    const ComparisonRow& row = compared.comparison.rows[i];
    state.resources.push_back(
        {.compared = row.resource, .is_hook = row.is_hook, .health = health.resources[i]});
  }
  std::stable_sort(state.resources.begin(), state.resources.end(),
                   [](const ResourceStatus& a, const ResourceStatus& b) {
                     return a.compared.key < b.compared.key;
                   });
  app.awaits_confirmation.clear();
  for (const ComparisonRow& row : compared.comparison.rows) {
    if (row.requires_confirmation) app.awaits_confirmation.insert(row.resource.key);
  }
  RefreshInput input{
      .application = {.policy = state.spec.policy,
                      .sources = state.spec.sources,
                      .has_multiple_sources = state.spec.has_multiple_sources,
                      .running = state.operation ? RunningOperation::Known : RunningOperation::None,
                      .is_being_deleted = state.spec.is_being_deleted(),
                      .last = state.operation_state},
      .compared = {.status = compared.comparison.status,
                   .revision = resolved,
                   .revisions_may_have_changes = true},
      .health = {.status = health.status, .message = health.message},
      .has_pre_delete_hooks = compared.comparison.has_pre_delete_hooks,
      .has_post_delete_hooks = compared.comparison.has_post_delete_hooks,
      .self_heal = installation_.self_heal};
  for (const ResourceStatus& resource : state.resources) {
    input.compared.resources.push_back(resource.compared);
  }
  state.health_message = health.message;
  const Finalizers before = state.status.finalizers;
  RefreshOutcome outcome =
      application::refresh(input, windows_of(state.spec), wall(), state.status);
  deed.events.insert(deed.events.end(), outcome.events.begin(), outcome.events.end());
  if (state.status.finalizers.names() != before.names()) {
    write_finalizers(app, state.status.finalizers);
  }
  if (outcome.recheck_after) {
    earlier(app.refresh_due, cluster_.now() + *outcome.recheck_after);
    app.level = std::max(app.level, CompareLevel::Latest);
  }
  if (outcome.operation) set_operation(state.spec.name, std::move(*outcome.operation));
  write_status(app);
}

void Controller::begin_attempt(App& app, Deed& deed) {
  ApplicationState& state = app.state;
  deed.is_operation_begun = !is_in_progress(state.operation_state);
  BegunStep step = begin_step({.request = *state.operation, .state = state.operation_state},
                              installation_.steps, wall());
  if (step.ended) {
    StepOutcome ended = *step.ended;
    return finish(app, std::move(ended), step.was_written, deed);
  }
  if (!step.state.result) state.engine = {};
  state.operation_state = step.state;
  if (project_of(state.spec) == nullptr) {
    end_attempt(step, OperationPhase::Error, missing_project_message(state.spec.project));
    return finish(app, finish_step(std::move(step), Meanwhile::Nothing, wall()), true, deed);
  }
  if (step.request.sync && step.request.sync->sources.empty()) {
    step.state.request.sync->sources = state.spec.sources;
  }
  switch (prepare_attempt(step, windows_of(state.spec), wall())) {
    case Attempt::Runs: return start_pass(app, std::move(step), deed);
    case Attempt::Blocked:
      app.is_waiting_for_time = true;
      return finish(app, finish_step(std::move(step), Meanwhile::Nothing, wall()), false, deed);
    case Attempt::Ended:
      return finish(app, finish_step(std::move(step), Meanwhile::Nothing, wall()), true, deed);
  }
}

void Controller::start_pass(App& app, BegunStep step, Deed& deed) {
  ApplicationState& state = app.state;
  const SyncOperation& sync = *step.state.request.sync;
  const bool wants_differences = has_option(sync.options, "ApplyOutOfSyncOnly=true");
  std::string asked = step.state.result->revision;
  if (asked.empty()) asked = state.spec.target_revision;
  ApplicationSpec spec = state.spec;
  if (!sync.path.empty()) spec.path = sync.path;
  Compare compared =
      compare(app, spec, asked,
              {.depth = wants_differences ? CompareRequest::Depth::Differences
                                          : CompareRequest::Depth::Membership,
               .respects_ignored = has_option(sync.options, "RespectIgnoreDifferences=true")},
              step.state.result->revision);
  if (const auto ended = ends_before_engine(sync, state.status.conditions)) {
    end_attempt(step, ended->phase, ended->message);
    return finish(app, finish_step(std::move(step), Meanwhile::Nothing, wall()), true, deed);
  }
  const EngineSettings engine =
      engine_settings(sync, step.state.started_at, state.spec.annotations);
  PassSettings settings{
      .operation = {.version = installation_.version,
                    .revision = step.state.result->revision,
                    .started_at = step.state.started_at.seconds,
                    .name_space = interner_.intern(state.spec.destination_namespace),
                    .settings = engine.settings},
      .is_prune_confirmed = engine.is_prune_confirmed,
      .terminates = step.state.phase == OperationPhase::Terminating,
      .installation = &installation_,
      .namespace_metadata = state.spec.namespace_metadata};
  settings.operation.settings.has_managed_namespace_metadata =
      state.spec.namespace_metadata.is_object();
  EngineView view =
      engine_view(compared, sync, *project_of(state.spec), installation_.tracking.method);
  deed.engine_before = state.engine;
  app.pass = std::make_unique<RunningPass>(
      RunningPass{.step = std::move(step),
                  .began = cluster_.now(),
                  .before = state.engine,
                  .view = std::move(view),
                  .managed_namespace = std::move(compared.managed_namespace)});
  app.pass->pass = std::make_unique<EnginePass>(app.pass->view, std::move(settings), state.engine,
                                                cluster_, interner_);
  run_pass(app, deed);
}

void Controller::run_pass(App& app, Deed& deed) {
  RunningPass& running = *app.pass;
  deed.began = running.began;
  deed.engine_before = running.before;
  deed.is_termination = running.step.was_terminating;
  const EnginePass::Progress progress = running.pass->run();
  deed.pass = running.pass->take_report();
  switch (progress) {
    case EnginePass::Progress::Asleep: app.operation_due = running.pass->wakes_at(); return;
    case EnginePass::Progress::ProcessEnded: return end_process(app, deed);
    case EnginePass::Progress::Done: break;
  }
  deed.is_pass_done = true;
  ApplicationState& state = app.state;
  state.engine = running.pass->state();
  app.recorded_metadata = state.spec.namespace_metadata;
  BegunStep step = std::move(running.step);
  const bool has_changed = deed.pass.changed_state;
  const Meanwhile meanwhile = running.is_terminated ? Meanwhile::Terminated : Meanwhile::Nothing;
  const std::optional<base::Instant> look_again = running.look_again;
  app.pass.reset();
  end_attempt(step, phase_of(state.engine.phase),
              std::string(interner_.text(state.engine.message)));
  const SyncOperation& sync = *step.state.request.sync;
  if (step.state.phase == OperationPhase::Succeeded && !sync.dry_run && !sync.is_partial()) {
    remember(state, step.state.result->revision);
  }
  finish(app, finish_step(std::move(step), meanwhile, wall()), has_changed, deed);
  if (!look_again || !app.state.operation) return;
  app.is_idle = false;
  earlier(app.operation_due, std::max(*look_again, cluster_.now()));
}

void Controller::restart() { begin_anew(nullptr); }

void Controller::begin_anew(const App* crashed) {
  const base::Duration wait =
      std::max<base::Duration>(cluster::restart_delay(restarts_++), std::chrono::seconds(1));
  for (auto& [name, each] : apps_) {
    const bool was_at_work = each->pass != nullptr || each->operation_due || each->refresh_due;
    each->pass.reset();
    if (!was_at_work) continue;
    if (each->operation_due || each.get() == crashed) each->operation_due = cluster_.now() + wait;
    if (each->refresh_due) each->refresh_due = std::max(*each->refresh_due, cluster_.now() + wait);
  }
}

// The container of the controller starts again, later each time; every operation goes on with what
// was written down of it.
void Controller::end_process(App& app, Deed& deed) {
  deed.fatal = deed.pass.calls.back();
  begin_anew(&app);
  const std::string what = model::full_name(model::resolve(deed.fatal->request.key, interner_)) +
                           " " + deed.fatal->message;
  app.is_idle = what == last_fatal_ && !cluster_.next_event();
  last_fatal_ = what;
}

void Controller::finish(App& app, StepOutcome outcome, bool has_changed, Deed& deed) {
  ApplicationState& state = app.state;
  state.operation_state = std::move(outcome.state);
  deed.events.insert(deed.events.end(), outcome.events.begin(), outcome.events.end());
  const bool is_again_at_once =
      outcome.was_written || has_changed || outcome.again_after <= base::Duration::zero();
  app.is_idle = !is_again_at_once && !app.is_waiting_for_time &&
                !state.operation_state->finished_at &&
                installation_.steps.sync_timeout == base::Duration::zero();
  app.is_waiting_for_time = false;
  if (outcome.keeps_operation) {
    app.operation_due = cluster_.now() + outcome.again_after;
    if (is_again_at_once) app.operation_due = cluster_.now();
    // A step that only comes back at once, such as at the very moment of the time limit, takes some
    // time in life, and would come back for ever in a world where it takes none.
    if (is_again_at_once && !outcome.was_written && !has_changed) {
      app.operation_due = cluster_.now() + std::chrono::milliseconds(1);
    }
  } else {
    deed.is_operation_ended = true;
    state.operation.reset();
    app.operation_due.reset();
    if (state.spec.is_being_deleted()) app.operation_due = cluster_.now();
  }
  if (outcome.refresh != RefreshRequest::None) {
    request_refresh(state.spec.name, outcome.refresh == RefreshRequest::ResolveRevisionAnew
                                         ? CompareLevel::LatestForced
                                         : CompareLevel::Latest);
  }
  write_status(app);
}

Refusal Controller::request_sync(const std::string& application, OperationRequest request) {
  App* app = find_app(application);
  if (app == nullptr) {
    return refused(fmt::format("applications.argoproj.io \"{}\" not found", application));
  }
  const ApplicationSpec& spec = app->state.spec;
  const auto permitted = can_sync(windows_of(spec), {.trigger = Trigger::Manual, .now = wall()});
  if (!permitted) {
    return refused("cannot sync: invalid sync window: " + permitted.error());
  }
  if (!*permitted) return refused("cannot sync: blocked by sync window");
  if (spec.is_being_deleted()) return refused("application is deleting");
  const auto& automated = spec.policy.automated;
  const std::string& revision = request.sync->revision;
  const bool is_elsewhere = !revision.empty() && revision != spec.target_revision;
  if (automated && automated->enabled && is_elsewhere && !request.sync->dry_run) {
    return refused(fmt::format("Cannot sync to {}: auto-sync currently set to {}", revision,
                               spec.target_revision));
  }
  if (app->state.operation) {
    return refused("another operation is already in progress");
  }
  const auto resolved =
      repository_.resolve(spec, revision.empty() ? spec.target_revision : revision);
  if (!resolved) return tl::unexpected(resolved.error());
  request.sync->revision = *resolved;
  set_operation(application, std::move(request));
  return {};
}

void Controller::set_operation(const std::string& application, OperationRequest request) {
  App* app = find_app(application);
  if (app == nullptr) return;
  app->state.operation = std::move(request);
  app->state.operation_state.reset();
  app->operation_due = cluster_.now();
  app->is_idle = false;
  write_status(*app);
}

Refusal Controller::terminate(const std::string& application) {
  App* app = find_app(application);
  if (app == nullptr || !app->state.operation || !is_in_progress(app->state.operation_state)) {
    return refused("Unable to terminate operation. No operation is in progress");
  }
  if (app->pass != nullptr) app->pass->is_terminated = true;
  app->state.operation_state->phase = OperationPhase::Terminating;
  app->is_idle = false;
  if (app->pass == nullptr) app->operation_due = cluster_.now();
  return {};
}

void Controller::request_refresh(const std::string& application, CompareLevel level) {
  App* app = find_app(application);
  if (app == nullptr) return;
  app->level = std::max(app->level, level);
  app->refresh_due = cluster_.now();
}

void Controller::git_changed() {
  for (auto& [name, app] : apps_) {
    const auto latest = repository_.resolve(app->state.spec, app->state.spec.target_revision);
    if (!latest || *latest == app->state.revision) continue;
    earlier(app->refresh_due,
            std::max(cluster_.now(), app->compared_latest + installation_.resync));
    app->level = std::max(app->level, CompareLevel::Latest);
  }
}

void Controller::settings_changed() {
  targets_.clear();
  comparer_.forget();
  for (auto& [name, app] : apps_) {
    app->targets = nullptr;
    request_refresh(name, CompareLevel::Latest);
  }
}

void Controller::notice(std::span<const cluster::Change> changes) {
  for (const cluster::Change& change : changes) {
    if (is_application(change.object)) {
      if (change.kind == cluster::ChangeKind::Removed) {
        apps_.erase(change.object.name);
      } else {
        found(change.object);
      }
    }
    const cluster::StoredObject* object =
        change.key.kind.valid() ? cluster_.get(change.key) : nullptr;
    for (auto& [name, app] : apps_) {
      if (is_application(change.object) && change.object.name == name) continue;
      app->is_idle = false;
      bool is_managed = app->managed.contains(change.object);
      if (object != nullptr) {
        is_managed = manages(name, *object);
        if (is_managed) app->managed.insert(change.object);
      }
      if (!is_managed) continue;
      earlier(app->refresh_due, cluster_.now());
      const bool has_work = app->state.operation || app->state.spec.is_being_deleted();
      if (!has_work) continue;
      earlier(app->pass == nullptr ? app->operation_due : app->pass->look_again,
              change.at + kOperationDelay);
    }
  }
}

std::optional<Controller::Due> Controller::next() const {
  std::optional<Due> first;
  const auto offer = [&](const std::optional<base::Instant>& at, bool is_idle) {
    if (!at) return;
    const Due due{.at = std::max(*at, cluster_.now()), .is_idle = is_idle};
    const bool is_better = !first || (first->is_idle && !due.is_idle) ||
                           (first->is_idle == due.is_idle && due.at < first->at);
    if (is_better) first = due;
  };
  for (const auto& [name, app] : apps_) {
    offer(app->operation_due, app->is_idle && app->pass == nullptr);
    offer(app->refresh_due, false);
  }
  return first;
}

Deed Controller::process() {
  App* chosen = nullptr;
  bool is_refresh = false;
  const auto offer = [&](const std::optional<base::Instant>& due, App* app, bool refreshes) {
    if (chosen != nullptr || !due || *due > cluster_.now()) return;
    chosen = app;
    is_refresh = refreshes;
  };
  for (const auto& [name, app] : apps_) offer(app->refresh_due, app.get(), true);
  for (const auto& [name, app] : apps_) offer(app->operation_due, app.get(), false);
  WAVETANK_CHECK(chosen != nullptr);
  Deed deed{.application = chosen->state.spec.name, .began = cluster_.now()};
  if (is_refresh) {
    chosen->refresh_due.reset();
    const CompareLevel level = std::exchange(chosen->level, CompareLevel::Recent);
    if (level != CompareLevel::Recent) chosen->compared_latest = cluster_.now();
    refresh(*chosen, level, deed);
    return deed;
  }
  chosen->operation_due.reset();
  if (chosen->pass != nullptr) {
    run_pass(*chosen, deed);
  } else if (chosen->state.operation) {
    begin_attempt(*chosen, deed);
  } else if (chosen->state.spec.is_being_deleted()) {
    step_deletion(*chosen, deed);
  }
  return deed;
}

void Controller::step_deletion(App& app, Deed& deed) {
  const ApplicationState& state = app.state;
  const ApplicationSpec& spec = state.spec;
  static const Project kEverything{};
  const Project* project = project_of(spec);
  ClusterDeletion world({.spec = &spec,
                         .project = project != nullptr ? project : &kEverything,
                         .tracking = &installation_.tracking,
                         .awaits_confirmation = &app.awaits_confirmation,
                         .cluster = &cluster_,
                         .comparer = &comparer_,
                         .interner = &interner_},
                        [&]() -> tl::expected<const Targets*, std::string> {
                          const auto revision = repository_.resolve(spec, spec.target_revision);
                          if (!revision) return tl::unexpected(revision.error());
                          return targets_of(spec, *revision);
                        });
  Finalizers finalizers = spec.finalizers;
  const auto events = application::step_deletion(
      {.name_space = spec.destination_namespace,
       .options = spec.policy.options,
       .is_confirmed = is_deletion_confirmed(spec.annotations.deletion_approved, *spec.deleted_at)},
      world, finalizers, app.state.status.conditions);
  deed.events.insert(deed.events.end(), events.begin(), events.end());
  deed.pass.calls = world.take_calls();
  const bool has_moved = finalizers.names() != spec.finalizers.names();
  app.operation_due = cluster_.now() + (has_moved ? base::Duration::zero() : kResync);
  app.is_idle = !has_moved && world.is_quiet();
  if (has_moved) write_finalizers(app, finalizers);
  deed.is_application_gone = cluster_.get(app.key) == nullptr;
}

void Controller::write_finalizers(App& app, const Finalizers& finalizers) {
  json names = json::array();
  for (const std::string& name : finalizers.names()) names.push_back(name);
  json patch = {{"metadata", {{"finalizers", names.empty() ? json() : std::move(names)}}}};
  (void)cluster_.patch(model::resolve(app.key, interner_), patch, "argocd-application-controller");
  reread(app);
}

void Controller::write_status(App& app) {
  if (cluster_.get(app.key) == nullptr) return;
  json status = status_of(app);
  if (status == app.status_written) return;
  app.status_written = status;
  cluster_.set_status(model::resolve(app.key, interner_), std::move(status));
}

json Controller::status_of(const App& app) const {
  const ApplicationState& state = app.state;
  json status = json::object();
  if (state.was_compared) {
    status["sync"] = {{"status", name(state.status.sync)}, {"revision", state.revision}};
    status["health"] = {{"status", state.status.health}};
    if (!state.health_message.empty()) status["health"]["message"] = state.health_message;
  }
  for (const Condition& condition : state.status.conditions) {
    status["conditions"].push_back({{"type", condition.type}, {"message", condition.message}});
  }
  for (const HistoryEntry& entry : state.history) {
    status["history"].push_back(
        {{"id", entry.id}, {"revision", entry.revision}, {"source", {{"path", entry.path}}}});
  }
  if (state.operation_state) {
    const OperationState& operation = *state.operation_state;
    json& shown = status["operationState"];
    shown = {{"phase", name(operation.phase)},
             {"message", operation.message},
             {"startedAt", model::format_rfc3339(operation.started_at)}};
    if (operation.finished_at) {
      shown["finishedAt"] = model::format_rfc3339(*operation.finished_at);
    }
    if (operation.retry_count != 0) shown["retryCount"] = operation.retry_count;
  }
  return status;
}

const ApplicationState* Controller::find(const std::string& application) const {
  const auto found = apps_.find(application);
  return found == apps_.end() ? nullptr : &found->second->state;
}

std::vector<const ApplicationState*> Controller::applications() const {
  std::vector<const ApplicationState*> all;
  for (const auto& [name, app] : apps_) all.push_back(&app->state);
  return all;
}

bool Controller::manages(const std::string& application,
                         const cluster::StoredObject& object) const {
  if (comparer_.is_marked(object, application)) return true;
  const Targets* wanted = targets(application);
  return wanted != nullptr && wanted->keys.contains(object.key);
}

const Targets* Controller::targets(const std::string& application) const {
  const auto found = apps_.find(application);
  return found == apps_.end() ? nullptr : found->second->targets;
}

}  // namespace wavetank::application
