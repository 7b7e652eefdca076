#include "sim/scenario/play.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>

#include "application/controller/project.h"
#include "base/check.h"
#include "sim/application_object.h"
#include "sim/findings.h"
#include "sim/furnish.h"
#include "sim/never_applied.h"
#include "sim/world.h"

namespace wavetank::sim {

using model::ObjectKey;
using nlohmann::json;

namespace {

// The applications' revisions; the head of each moves when something is pushed.
class ScenarioRepository final : public application::Repository {
 public:
  ScenarioRepository(const Scenario& scenario, const ScenarioInput& input) : input_(input) {
    for (const ScenarioApplication& each : scenario.applications) {
      heads_[each.name] = each.revisions.front().name;
    }
  }
  void push(const std::string& application, const std::string& revision) {
    heads_[application] = revision;
    lost_.erase(application);
  }
  // From now on nothing can be read of it, until something is pushed.
  void lose(const std::string& application) { lost_.insert(application); }

  [[nodiscard]] tl::expected<std::string, std::string> resolve(
      const application::ApplicationSpec& application, const std::string& revision) const override {
    const auto head = heads_.find(application.name);
    if (head == heads_.end()) {
      return tl::unexpected(fmt::format("the scenario has no application `{}`", application.name));
    }
    if (lost_.contains(application.name)) {
      // Source: reposerver/repository/repository.go.
      return tl::unexpected(fmt::format(
          "rpc error: code = Unknown desc = {}: app path does not exist", application.path));
    }
    if (input_.bundles.contains({application.name, revision})) return revision;
    return head->second;  // HEAD, or a branch
  }
  [[nodiscard]] tl::expected<const model::Bundle*, std::string> manifests(
      const application::ApplicationSpec& application, const std::string& revision) const override {
    const auto found = input_.bundles.find({application.name, revision});
    if (found == input_.bundles.end()) {
      return tl::unexpected(fmt::format("no revision `{}`", revision));
    }
    auto& bundle =
        bundles_[application.name + "\n" + revision + "\n" + application.destination_namespace];
    if (bundle == nullptr) {
      bundle = std::make_unique<model::Bundle>(*found->second);
      bundle->settings.name = application.name;
      model::set_destination(*bundle, application.destination_namespace);
    }
    return bundle.get();
  }

 private:
  const ScenarioInput& input_;
  std::map<std::string, std::string> heads_;
  std::set<std::string> lost_;
  mutable std::map<std::string, std::unique_ptr<model::Bundle>> bundles_;
};

// The scenario's own sync policy says which namespaces will be made.
void take_options(const json& policy, model::ApplicationSettings& settings) {
  if (policy.is_null()) return;
  settings.sync_options.clear();
  for (const std::string& option : application::read_sync_policy(policy).options) {
    settings.sync_options.push_back({.text = option, .span = {}});
  }
}

class Player {
 public:
  Player(const Scenario& scenario, const ScenarioInput& input)
      : scenario_(scenario),
        input_(input),
        installation_(scenario.options.argocd),
        repository_(scenario, input) {
    for (const auto& [name, spec] : scenario.projects) {
      installation_.projects[name] = application::read_project(name, spec);
    }
    world_.emplace(installation_, repository_, scenario.options.seed);
    for (const Expectation& each : scenario.expectations) monitors_.emplace_back(each);
  }

  ScenarioResult run() {
    prepare();
    watch();
    while (advance()) {
    }
    finish();
    return std::move(result_);
  }

 private:
  struct Item {
    const TimelineItem* item = nullptr;
    std::optional<base::Instant> due;
    std::uint32_t seen = 0;  // of `when`: how often it became true
    bool was_true = false;
    std::uint32_t performed = 0;
    bool is_done = false;
  };

  void prepare();
  void prepare_nodes();
  void create_application(const ScenarioApplication& application);
  bool advance();
  void watch();
  [[nodiscard]] Item* next_timed();
  [[nodiscard]] Item* next_at_rest();
  void perform(Item& item);
  void act(const Action& action);
  void sync(const Action& action);
  void push(const Action& action);
  void delete_application(const Action& action);
  void drain(const std::string& node, bool drains);
  void patch(const ObjectRef& object, const json& change);
  void judge_ended();
  void finish();
  void find_leftovers();
  void list_never_applied();
  [[nodiscard]] const ScenarioApplication& application(const std::string& name) const;
  [[nodiscard]] std::vector<ObjectKey> matching(const ObjectRef& object);
  [[nodiscard]] Outlook outlook() {
    return {
        .world = *world_, .is_at_rest = is_at_rest_, .has_struck = world_->cluster().has_struck()};
  }
  [[nodiscard]] base::Instant horizon() const { return base::Instant{} + scenario_.options.until; }
  void refused(const std::string& application, const application::Refusal& refusal) {
    if (!refusal) world_->recorder().add(EventKind::Refused, application, refusal.error());
  }

  const Scenario& scenario_;
  const ScenarioInput& input_;
  application::Installation installation_;
  ScenarioRepository repository_;
  std::optional<World> world_;
  std::vector<Monitor> monitors_;
  std::uint64_t steps_ = 0;
  std::vector<Item> items_;
  std::size_t judged_ = 0;  // operations that have ended
  bool is_at_rest_ = false;
  ScenarioResult result_;
};

const ScenarioApplication& Player::application(const std::string& name) const {
  for (const ScenarioApplication& each : scenario_.applications) {
    if (each.name == name) return each;
  }
  WAVETANK_CHECK(false);
}

// What was there before anybody acts.
void Player::prepare() {
  cluster::Cluster& cluster = world_->cluster();
  cluster.behave(scenario_.options.behaviors);
  prepare_nodes();
  for (const std::string& name : scenario_.namespaces) {
    cluster.seed({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  }
  for (const json& object : input_.live) (void)cluster.restore(object);
  std::vector<std::string>& said = result_.simulation.assumptions;
  for (const ScenarioApplication& app : scenario_.applications) {
    for (const ScenarioRevision& revision : app.revisions) {
      model::Bundle bundle = *input_.bundles.at({app.name, revision.name});
      if (!app.name_space.empty()) model::set_destination(bundle, app.name_space);
      take_options(app.policy, bundle.settings);
      const application::Targets targets =
          application::make_targets(bundle, world_->interner(), app.name);
      for (std::string& one : furnish({.targets = &targets,
                              .settings = &bundle.settings,
                              .version = installation_.version,
                              .absent = scenario_.absent},
                                      cluster, world_->interner())) {
        if (std::find(said.begin(), said.end(), one) == said.end()) said.push_back(std::move(one));
      }
    }
  }
  for (const ScenarioApplication& app : scenario_.applications) {
    if (!app.is_created_later) create_application(app);
  }
  for (const cluster::CallFault& fault : scenario_.options.faults) cluster.add_fault(fault);
  for (const TimelineItem& item : scenario_.timeline) {
    items_.push_back({.item = &item});
    if (item.at) items_.back().due = base::Instant{} + *item.at;
  }
}

void Player::prepare_nodes() {
  if (scenario_.nodes.empty()) return;
  cluster::Cluster& cluster = world_->cluster();
  const ObjectKey first{.kind = "Node", .name = "node-1"};
  cluster.remove(model::intern(first, world_->interner()), model::Propagation::Background);
  for (const json& node : scenario_.nodes) {
    json made = {{"apiVersion", "v1"}, {"kind", "Node"}, {"metadata", {{"name", node.at("name")}}}};
    if (node.contains("labels")) made["metadata"]["labels"] = node.at("labels");
    if (node.contains("pods")) {
      const std::string pods = std::to_string(node.at("pods").get<std::uint64_t>());
      made["status"]["allocatable"]["pods"] = pods;
      made["status"]["capacity"]["pods"] = pods;
    }
    (void)cluster.restore(std::move(made));
  }
  world_->react();
}

void Player::create_application(const ScenarioApplication& app) {
  model::Bundle bundle = *input_.bundles.at({app.name, app.revisions.front().name});
  bundle.settings.name = app.name;
  if (!app.name_space.empty()) model::set_destination(bundle, app.name_space);
  json object = application_object(bundle);
  if (!app.policy.is_null()) object["spec"]["syncPolicy"] = app.policy;
  if (!app.project.empty()) object["spec"]["project"] = app.project;
  // Another project or branch of the manifests is not part of the scenario.
  if (app.project.empty()) object["spec"]["project"] = "default";
  object["spec"].erase("sources");
  object["spec"]["source"] = {{"path", app.name}};
  world_->cluster().seed(object);
  world_->react();
}

// Looks at the world as it stands: expectations, and triggers of the timeline.
void Player::watch() {
  judge_ended();
  const Outlook seen = outlook();
  for (Monitor& monitor : monitors_) monitor.look(seen);
  for (Item& each : items_) {
    if (each.is_done || !each.item->when || each.due) continue;
    const bool is_true = each.item->when->holds(seen);
    if (is_true && !each.was_true && ++each.seen == each.item->occurrence) {
      each.due = world_->now() + each.item->after;
    }
    each.was_true = is_true;
  }
}

Player::Item* Player::next_timed() {
  Item* first = nullptr;
  for (Item& each : items_) {
    if (each.is_done || !each.due) continue;
    if (first == nullptr || *each.due < *first->due) first = &each;
  }
  return first;
}

// What waits for rest goes in the order of the timeline.
Player::Item* Player::next_at_rest() {
  for (Item& each : items_) {
    if (each.is_done || each.item->when) continue;
    return each.item->at ? nullptr : &each;
  }
  return nullptr;
}

// One stretch of time, and one thing that is done. False: it is over.
bool Player::advance() {
  Item* timed = next_timed();
  const base::Instant limit = timed != nullptr ? std::min(*timed->due, horizon()) : horizon();
  const auto probe = [&] {
    watch();
    if (++steps_ > scenario_.steps_max) return false;
    const Item* sooner = next_timed();
    return sooner == nullptr || *sooner->due >= limit;
  };
  const World::Pause pause = world_->run(limit, probe);
  if (steps_ > scenario_.steps_max) {
    result_.rest = Rest::Limit;
    return false;
  }
  if (pause == World::Pause::Stopped) return true;  // something is due sooner now
  if (pause == World::Pause::AtRest) {
    is_at_rest_ = true;
    watch();
    is_at_rest_ = false;
    timed = next_timed();  // somebody may have waited for the rest
    if (Item* item = next_at_rest()) {
      perform(*item);
      return true;
    }
    if (timed == nullptr || *timed->due > horizon()) return false;
  } else if (timed == nullptr || *timed->due > horizon()) {
    result_.rest = Rest::Horizon;
    return false;
  }
  if (*timed->due > world_->now()) {
    const auto event = world_->cluster().next_event();
    if (event && *event < *timed->due) return true;
    world_->wait_until(*timed->due);
  }
  perform(*timed);
  return true;
}

void Player::perform(Item& item) {
  item.is_done = ++item.performed >= item.item->times;
  if (!item.is_done) item.due = *item.due + *item.item->every;
  world_->recorder().add(EventKind::Done, item.item->action.application, item.item->action.text);
  act(item.item->action);
  world_->react();
  watch();
}

std::vector<ObjectKey> Player::matching(const ObjectRef& object) {
  std::vector<ObjectKey> keys;
  for (const cluster::StoredObject* each : world_->cluster().objects()) {
    ObjectKey key = model::resolve(each->key, world_->interner());
    if (object.matches(key)) keys.push_back(std::move(key));
  }
  return keys;
}

void Player::patch(const ObjectRef& object, const json& change) {
  const auto keys = matching(object);
  if (keys.empty()) {
    world_->recorder().add(EventKind::Refused, "", object.text() + " is not there");
  }
  for (const ObjectKey& key : keys) {
    const auto result = world_->cluster().patch(key, change, "kubectl-edit");
    if (result.status != cluster::CallStatus::Ok) {
      world_->recorder().add(EventKind::Refused, "", result.message);
    }
  }
}

void Player::act(const Action& action) {
  cluster::Cluster& cluster = world_->cluster();
  application::Controller& controller = world_->controller();
  switch (action.kind) {
    case Action::Kind::Sync: return sync(action);
    case Action::Kind::Push: return push(action);
    case Action::Kind::Refresh:
      return controller.request_refresh(action.application,
                                        application::CompareLevel::LatestForced);
    case Action::Kind::Terminate:
      return refused(action.application, controller.terminate(action.application));
    case Action::Kind::DeleteApplication: return delete_application(action);
    case Action::Kind::CreateApplication:
      return create_application(application(action.application));
    case Action::Kind::SetPolicy:
      return patch({.kind = "Application", .name = action.application},
                   {{"spec", {{"syncPolicy", action.patch}}}});
    case Action::Kind::Create: {
      const auto result = cluster.create(action.patch, {});
      if (result.status != cluster::CallStatus::Ok) {
        world_->recorder().add(EventKind::Refused, "", result.message);
      }
      return;
    }
    case Action::Kind::Edit: return patch(action.object, action.patch);
    case Action::Kind::Delete:
      for (const ObjectKey& key : matching(action.object)) {
        cluster.remove(model::intern(key, world_->interner()), model::Propagation::Background);
      }
      return;
    case Action::Kind::Behave: return cluster.behave(action.behaviors);
    case Action::Kind::Fault: return cluster.add_fault(*action.fault);
    case Action::Kind::Drain: return drain(action.object.name, true);
    case Action::Kind::Uncordon: return drain(action.object.name, false);
    case Action::Kind::LoseNode:
      if (!cluster.lose_node(action.object.name)) {
        world_->recorder().add(EventKind::Refused, "", "there is no such node to lose");
      }
      return;
    case Action::Kind::RestoreNode:
      if (!cluster.restore_node(action.object.name)) {
        world_->recorder().add(EventKind::Refused, "", "the node is not lost");
      }
      return;
    case Action::Kind::RestartController: return controller.restart();
    case Action::Kind::LoseSource:
      repository_.lose(action.application);
      return controller.git_changed();
  }
}

void Player::sync(const Action& action) {
  const application::ApplicationState* state = world_->controller().find(action.application);
  application::OperationRequest request{.sync =
                                            application::SyncOperation{.revision = action.revision,
                                                                       .prune = action.prune,
                                                                       .dry_run = action.dry_run,
                                                                       .force = action.force}};
  for (const ObjectRef& each : action.resources) {
    for (const auto& resource :
         state == nullptr ? std::vector<application::ResourceStatus>{} : state->resources) {
      if (each.matches(resource.compared.key)) {
        request.sync->resources.push_back({.key = resource.compared.key});
      }
    }
  }
  if (state != nullptr) {
    request.sync->options = state->spec.policy.options;
    if (state->spec.policy.retry) request.retry = *state->spec.policy.retry;
  }
  if (!action.options.empty()) request.sync->options = action.options;
  refused(action.application, world_->controller().request_sync(action.application, request));
}

void Player::push(const Action& action) {
  repository_.push(action.application, action.revision);
  world_->controller().git_changed();
}

void Player::delete_application(const Action& action) {
  const application::ApplicationState* state = world_->controller().find(action.application);
  if (state == nullptr) return;
  constexpr const char* kCascade = "resources-finalizer.argocd.argoproj.io";
  std::vector<std::string> finalizers = state->spec.finalizers.names();
  std::erase(finalizers, kCascade);
  if (action.cascade) finalizers.emplace_back(kCascade);
  const ObjectKey key = state->spec.key();
  cluster::Cluster& cluster = world_->cluster();
  (void)cluster.patch(key, {{"metadata", {{"finalizers", finalizers}}}}, "argocd-server");
  cluster.remove(model::intern(key, world_->interner()), model::Propagation::Background);
}

// The pods of a drained node go, but those of DaemonSets; no others come.
void Player::drain(const std::string& node, bool drains) {
  cluster::Cluster& cluster = world_->cluster();
  const json mark = drains ? json(true) : json();
  patch({.kind = "Node", .name = node}, {{"spec", {{"unschedulable", mark}}}});
  if (!drains) return;
  std::vector<ObjectKey> evicted;
  for (const cluster::StoredObject* object : cluster.objects()) {
    const json& content = object->content;
    if (content.value("kind", "") != "Pod" ||
        content.value("/spec/nodeName"_json_pointer, "") != node) {
      continue;
    }
    const json owners = content.value("/metadata/ownerReferences"_json_pointer, json::array());
    const bool stays = std::any_of(owners.begin(), owners.end(), [](const json& owner) {
      return owner.value("kind", "") == "DaemonSet";
    });
    if (!stays) evicted.push_back(model::resolve(object->key, world_->interner()));
  }
  for (const ObjectKey& key : evicted) {
    cluster.remove(model::intern(key, world_->interner()), model::Propagation::Background);
  }
}

// Operations that have ended since the last look get their report.
void Player::judge_ended() {
  const auto& operations = world_->recorder().operations();
  for (; judged_ < operations.size() && operations[judged_].ended; ++judged_) {
    const SyncRecord& record = operations[judged_];
    const application::ApplicationState* state = world_->controller().find(record.application);
    SyncReport report{.application = record.application,
                      .number = record.number,
                      .started = record.started,
                      .ended = *record.ended};
    if (state != nullptr && state->operation_state) {
      report.outcome = outcome_of(state->operation_state->phase);
      report.message = state->operation_state->message;
      const auto bundle = repository_.manifests(state->spec, state->revision);
      if (bundle) Findings(*world_, **bundle, result_.simulation.findings).judge(*state, report);
    }
    result_.simulation.syncs.push_back(std::move(report));
  }
}

// Of each application at its last revision.
void Player::list_never_applied() {
  Simulation& simulation = result_.simulation;
  for (const application::ApplicationState* state : world_->controller().applications()) {
    const application::Targets* targets = world_->controller().targets(state->spec.name);
    if (targets == nullptr) continue;
    add_never_applied(*targets, simulation.trace, *world_, simulation.never_applied);
  }
}

// What each application leaves behind.
void Player::find_leftovers() {
  Simulation& simulation = result_.simulation;
  for (const application::ApplicationState* state : world_->controller().applications()) {
    const auto bundle = repository_.manifests(state->spec, state->revision);
    if (!bundle) continue;
    Simulation own;
    for (const SyncReport& sync : simulation.syncs) {
      if (sync.application == state->spec.name) own.syncs.push_back(sync);
    }
    for (const ObjectReport& object : simulation.objects) {
      const cluster::StoredObject* stored =
          world_->cluster().get(model::intern(object.key, world_->interner()));
      const bool is_own = world_->controller().manages(state->spec.name, *stored);
      if (is_own) own.objects.push_back(object);
    }
    Findings findings(*world_, **bundle, simulation.findings);
    findings.add_leftovers(own);
    if (!own.syncs.empty()) findings.add_degraded(own);
    simulation.hooks_left.insert(simulation.hooks_left.end(), own.hooks_left.begin(),
                                 own.hooks_left.end());
  }
}

void Player::finish() {
  Simulation& simulation = result_.simulation;
  judge_ended();
  const auto& operations = world_->recorder().operations();
  for (std::size_t i = judged_; i < operations.size(); ++i) {
    const SyncRecord& record = operations[i];
    const application::ApplicationState* state = world_->controller().find(record.application);
    SyncReport report{
        .application = record.application,
        .number = record.number,
        .outcome = result_.rest == Rest::AtRest ? Outcome::Stuck : Outcome::Inconclusive,
        .started = record.started,
        .ended = record.ended.value_or(world_->now())};
    if (state != nullptr && state->operation_state) {
      report.message = state->operation_state->message;
      const auto bundle = repository_.manifests(state->spec, state->revision);
      if (bundle) Findings(*world_, **bundle, simulation.findings).judge(*state, report);
    }
    simulation.syncs.push_back(std::move(report));
  }
  std::optional<SyncReport> last;
  if (!simulation.syncs.empty()) last = simulation.syncs.back();
  is_at_rest_ = result_.rest == Rest::AtRest;
  for (Monitor& monitor : monitors_) {
    result_.expectations.push_back(monitor.finish(outlook(), result_.rest, last));
  }
  simulation.objects = object_reports(*world_);
  find_leftovers();
  simulation.trace = std::move(world_->recorder().trace());
  list_never_applied();
}

}  // namespace

ScenarioResult play_once(const Scenario& scenario, const ScenarioInput& input) {
  return Player(scenario, input).run();
}

}  // namespace wavetank::sim
