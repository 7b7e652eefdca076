#include "sim/simulate.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/check.h"
#include "health/object_view.h"
#include "sim/application_object.h"
#include "sim/findings.h"
#include "sim/furnish.h"
#include "sim/live.h"
#include "sim/never_applied.h"
#include "sim/world.h"

namespace wavetank::sim {

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

std::optional<Outcome> outcome_named(std::string_view word) {
  for (const Outcome outcome : kOutcomes) {
    if (name(outcome) == word) return outcome;
  }
  return std::nullopt;
}

Outcome outcome_of(application::OperationPhase phase) {
  switch (phase) {
    case application::OperationPhase::Succeeded: return Outcome::Succeeded;
    case application::OperationPhase::Failed: return Outcome::Failed;
    case application::OperationPhase::Error: return Outcome::Error;
    case application::OperationPhase::Running:
    case application::OperationPhase::Terminating: return Outcome::Stuck;
  }
  WAVETANK_CHECK(false);
}

std::vector<ObjectReport> object_reports(World& world) {
  std::vector<ObjectReport> reports;
  const auto applications = world.controller().applications();
  for (const cluster::StoredObject* object : world.cluster().objects()) {
    const bool is_managed = std::any_of(
        applications.begin(), applications.end(), [&](const application::ApplicationState* each) {
          return world.controller().manages(each->spec.name, *object);
        });
    const bool is_owned = !health::list(object->content, "/metadata/ownerReferences").empty();
    if (!is_managed && !is_owned) continue;
    reports.push_back({.key = model::resolve(object->key, world.interner()),
                       .is_hook = is_managed && object->facts.hook.is_hook,
                       .is_target = is_managed,
                       .deleting = object->deleting,
                       .health = world.health_of(*object),
                       .content = object->content});
  }
  return reports;
}

namespace {

// What stands for the resolved revision in the names of generateName hooks.
constexpr const char* kRevision = "0000000";

// One application, one revision at a time.
class OneRevision final : public application::Repository {
 public:
  explicit OneRevision(const model::Bundle* bundle) : bundle_(bundle) {}
  void push(const model::Bundle* bundle) { bundle_ = bundle; }

  [[nodiscard]] tl::expected<std::string, std::string> resolve(
      const application::ApplicationSpec& /*application*/,
      const std::string& /*revision*/) const override {
    return kRevision;
  }
  [[nodiscard]] tl::expected<const model::Bundle*, std::string> manifests(
      const application::ApplicationSpec& /*application*/,
      const std::string& /*revision*/) const override {
    return bundle_;
  }

 private:
  const model::Bundle* bundle_;
};

class Simulator {
 public:
  Simulator(const model::Bundle& bundle, const SimulationOptions& options)
      : bundle_(bundle),
        options_(options),
        repository_(options.from != nullptr ? options.from : &bundle),
        world_(options.argocd, repository_, options.seed) {}

  Simulation run() {
    restore_live();
    if (options_.from != nullptr) install_old_revision();
    disturb();
    furnish(bundle_);
    make_application(bundle_);
    for (std::uint32_t number = 1; number <= options_.syncs; ++number) {
      sync(number, bundle_);
      const Outcome outcome = result_.syncs.back().outcome;
      if (outcome == Outcome::Stuck || outcome == Outcome::Inconclusive) break;
      settle();
    }
    finish();
    return std::move(result_);
  }

 private:
  [[nodiscard]] base::Instant horizon() const { return base::Instant{} + options_.until; }
  [[nodiscard]] const std::string& name() const { return bundle_.settings.name; }
  [[nodiscard]] const application::ApplicationState& state() {
    return *world_.controller().find(name());
  }

  void restore_live();
  void install_old_revision();
  // From here on things go as the options say.
  void disturb() {
    world_.cluster().behave(options_.behaviors);
    for (const cluster::CallFault& fault : options_.faults) world_.cluster().add_fault(fault);
  }
  void furnish(const model::Bundle& bundle);
  void make_application(const model::Bundle& bundle);
  void sync(std::uint32_t number, const model::Bundle& bundle);
  void go_on(SyncReport report, const model::Bundle& bundle);
  void let_run(SyncReport report, const model::Bundle& bundle);
  // Between syncs the cluster comes to rest, as it would in the hours between two commits.
  void settle() { world_.run(horizon()); }
  void finish();
  void list_objects();

  const model::Bundle& bundle_;
  const SimulationOptions& options_;
  OneRevision repository_;
  World world_;
  Simulation result_;
};

void Simulator::restore_live() {
  if (options_.live.empty()) return;
  std::vector<nlohmann::json> objects = options_.live;
  if (const auto latest = shift_times(objects)) {
    result_.assumptions.push_back(fmt::format("the dump shows the cluster at {}, where time begins",
                                              model::format_rfc3339(*latest)));
  }
  for (nlohmann::json& object : objects) {
    const ObjectKey key{.group = std::string(model::group_of(health::text(object, "/apiVersion"))),
                        .kind = health::text(object, "/kind")};
    if (model::scope_of(key.group, key.kind) == model::Scope::Unknown) {
      world_.cluster().assume_kind(key.group, key.kind);
    }
    (void)world_.cluster().restore(std::move(object));
  }
  world_.react();
}

// Says what is taken for granted, once: two revisions may need the same.
void Simulator::furnish(const model::Bundle& bundle) {
  const application::Targets targets =
      application::make_targets(bundle, world_.interner(), bundle.settings.name);
  const auto said = sim::furnish(
      {.targets = &targets, .settings = &bundle.settings, .version = options_.argocd.version},
      world_.cluster(), world_.interner());
  auto& all = result_.assumptions;
  for (const std::string& one : said) {
    if (std::find(all.begin(), all.end(), one) == all.end()) all.push_back(one);
  }
}

// Syncs are asked for by hand here, so that each of them is one.
void Simulator::make_application(const model::Bundle& bundle) {
  nlohmann::json object = application_object(bundle);
  if (health::has(object, "/spec/syncPolicy/automated")) {
    object["spec"]["syncPolicy"].erase("automated");
  }
  const ObjectKey key{.group = std::string(application::kApplicationGroup),
                      .kind = std::string(application::kApplicationKind),
                      .name_space = kArgocdNamespace,
                      .name = bundle.settings.name};
  const application::ApplicationState* known = world_.controller().find(key.name);
  if (known == nullptr) {
    world_.cluster().seed(object);
  } else if (known->spec.name_space == key.name_space) {
    (void)world_.cluster().patch(key, {{"spec", object["spec"]}}, "argocd-server");
  }
  world_.react();
}

// Brings the cluster to where it stands before the upgrade. What the rules do to objects concerns
// the new revision; the old one is taken to have come up well.
void Simulator::install_old_revision() {
  const model::Bundle& old = *options_.from;
  furnish(old);
  make_application(old);
  sync(0, old);
  settle();
  repository_.push(&bundle_);
  const SyncReport& report = result_.syncs.back();
  result_.findings.clear();
  for (Event& event : world_.recorder().trace()) {
    event.is_detail = event.kind != EventKind::SyncStarted && event.kind != EventKind::SyncEnded;
  }
  if (report.outcome == Outcome::Succeeded) return;
  result_.findings.push_back(
      {.severity = source::Severity::Warning,
       .code = "SM008",
       .slug = "old-revision-fails",
       .message = fmt::format("the old revision does not come up by itself ({}: {}), so the "
                              "upgrade starts from what it left",
                              sim::name(report.outcome), report.reason)});
}

void Simulator::sync(std::uint32_t number, const model::Bundle& bundle) {
  world_.recorder().number_next(name(), number);
  application::OperationRequest request{
      .sync = application::SyncOperation{.prune = bundle.settings.prune,
                                         .options = state().spec.policy.options}};
  if (state().spec.policy.retry) request.retry = *state().spec.policy.retry;
  SyncReport report{.application = name(), .number = number, .started = world_.now()};
  if (state().operation) return go_on(std::move(report), bundle);
  const auto accepted = world_.controller().request_sync(name(), std::move(request));
  if (accepted) return let_run(std::move(report), bundle);
  world_.recorder().add(EventKind::Refused, name(), accepted.error());
  report.outcome = Outcome::Error;
  report.message = report.reason = accepted.error();
  report.ended = world_.now();
  result_.syncs.push_back(std::move(report));
}

// An operation that the cluster's dump shows at work.
void Simulator::go_on(SyncReport report, const model::Bundle& bundle) {
  const auto& running = state().operation_state;
  world_.recorder().resume(
      name(), fmt::format("sync {} of {}, which was at work: {}", report.number, name(),
                          running ? running->message : "it has not begun yet"));
  let_run(std::move(report), bundle);
}

// To the end of the operation, or of the time.
void Simulator::let_run(SyncReport report, const model::Bundle& bundle) {
  const auto runs = [&] { return state().operation.has_value(); };
  const World::Pause pause = world_.run(horizon(), runs);
  if (state().operation_state) {
    report.outcome = outcome_of(state().operation_state->phase);
    report.message = state().operation_state->message;
  }
  if (runs()) {
    report.outcome = pause == World::Pause::Limit ? Outcome::Inconclusive : Outcome::Stuck;
    world_.recorder().add(EventKind::SyncEnded, name(),
                          fmt::format("{}: {}", sim::name(report.outcome), report.message));
  }
  report.ended = world_.now();
  Findings(world_, bundle, result_.findings).judge(state(), report);
  result_.syncs.push_back(std::move(report));
}

// The namespace that CreateNamespace made belongs to nobody, and yet is a result.
void Simulator::list_objects() {
  result_.objects = object_reports(world_);
  if (!bundle_.settings.has_option("CreateNamespace=true")) return;
  const ObjectKey key{.kind = "Namespace", .name = bundle_.settings.destination_namespace};
  const cluster::StoredObject* object = world_.cluster().get(model::intern(key, world_.interner()));
  if (object == nullptr || world_.controller().manages(name(), *object)) return;
  const auto place = std::lower_bound(
      result_.objects.begin(), result_.objects.end(), key,
      [](const ObjectReport& report, const ObjectKey& wanted) { return report.key < wanted; });
  result_.objects.insert(place, {.key = key,
                                 .deleting = object->deleting,
                                 .health = world_.health_of(*object),
                                 .content = object->content});
}

void Simulator::finish() {
  result_.trace = std::move(world_.recorder().trace());
  list_objects();
  const application::Targets targets =
      application::make_targets(bundle_, world_.interner(), name());
  add_never_applied(targets, result_.trace, world_, result_.never_applied);
  Findings findings(world_, bundle_, result_.findings);
  findings.add_leftovers(result_);
  findings.add_degraded(result_);
}

}  // namespace

Simulation simulate(const model::Bundle& bundle, const SimulationOptions& options) {
  return Simulator(bundle, options).run();
}

}  // namespace wavetank::sim
