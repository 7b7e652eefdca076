#include "conformance/e2e_world.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "cluster/api/object/merge.h"
#include "health/object_view.h"
#include "support/memory_files.h"
#include "yaml/emit.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;
using health::at;
using health::flag;
using health::has;
using health::list;
using health::text;

namespace {

base::Duration duration(const json& value) {
  const auto read = base::parse_duration(value.get<std::string>());
  if (!read) throw std::invalid_argument("no duration: " + value.dump());
  return *read;
}

base::Distribution constant(base::Duration value) {
  return base::Distribution(base::Distribution::Constant{.value = value});
}

std::vector<std::string> texts(const json& list) {
  std::vector<std::string> result;
  for (const json& item : list) result.push_back(item.get<std::string>());
  return result;
}

// The form of a key in stories that the manifest would have in the cluster.
bool is_named(const json& manifest, const std::string& key, const std::string& name_space) {
  const model::ObjectKey wanted = story_key(key);
  model::ObjectKey is = key_of_manifest(manifest, name_space);
  if (wanted.name_space.empty()) is.name_space.clear();
  return is == wanted;
}

// Properties that make an object big.
void pad(Manifests& manifests, const json& padding, const std::string& name_space) {
  for (json& manifest : manifests) {
    if (!is_named(manifest, text(padding, "/object"), name_space)) continue;
    std::string pointer = "/" + text(padding, "/at");  // such as spec.versions[0].schema
    std::erase(pointer, ']');
    std::replace(pointer.begin(), pointer.end(), '[', '/');
    std::replace(pointer.begin(), pointer.end(), '.', '/');
    json& place = manifest[json::json_pointer(pointer)];
    const std::string letters(padding.at("bytes").get<std::size_t>(), 'A');
    const int fields = padding.contains("fields") ? padding.at("fields").get<int>() : 16;
    for (int i = 0; i < fields; ++i) {
      json value = letters;
      if (text(padding, "/as") != "text") value = {{"type", "string"}, {"description", letters}};
      place[fmt::format("field{}", i)] = std::move(value);
    }
  }
}

health::CustomCheck read_check(const json& in) {
  health::CustomCheck check{.group = text(in, "/group"), .kind = text(in, "/kind")};
  for (const json& rule : list(in, "/rules")) {
    health::CustomRule read{.finalizer = text(rule, "/when/finalizer"),
                            .annotation = text(rule, "/annotation"),
                            .status = text(rule, "/status"),
                            .message = text(rule, "/message")};
    if (has(rule, "/when/deleting")) read.is_deleting = flag(rule, "/when/deleting");
    check.rules.push_back(std::move(read));
  }
  return check;
}

}  // namespace

model::ObjectKey story_key(const std::string& key) {
  std::vector<std::string> parts(1);
  for (const char c : key) {
    if (c == '/') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  parts.resize(4);
  return {.group = parts[0], .kind = parts[1], .name_space = parts[2], .name = parts[3]};
}

model::ObjectKey key_of_manifest(const json& manifest, const std::string& name_space) {
  const std::string version = text(manifest, "/apiVersion");
  model::ObjectKey key{.group = std::string(model::group_of(version)),
                       .kind = text(manifest, "/kind"),
                       .name_space = text(manifest, "/metadata/namespace"),
                       .name = text(manifest, "/metadata/name")};
  if (key.name_space.empty()) key.name_space = name_space;
  if (model::scope_of(key.group, key.kind) == model::Scope::Cluster) key.name_space.clear();
  return key;
}

tl::expected<std::string, std::string> StoryRepository::resolve(
    const app::ApplicationSpec& /*application*/, const std::string& revision) const {
  if (revision.empty() || revision == "HEAD") return head;
  if (revisions.contains(revision)) return revision;
  return tl::unexpected(fmt::format("unable to resolve '{}' to a commit SHA", revision));
}

tl::expected<const model::Bundle*, std::string> StoryRepository::manifests(
    const app::ApplicationSpec& application, const std::string& revision) const {
  const bool is_main = application.path == "main";
  if (!is_main && !folders.contains(application.path)) {
    return tl::unexpected<std::string>(application.path + ": app path does not exist");
  }
  const Manifests& all = is_main ? revisions.at(revision) : folders.at(application.path);
  auto& loaded =
      loaded_[application.path + "\n" + revision + "\n" + application.destination_namespace];
  if (loaded == nullptr) {
    loaded = std::make_unique<Loaded>();
    support::MemoryFiles files;
    std::string text;
    for (const json& manifest : all) text += "---\n" + yaml::to_yaml(manifest);
    files.add("app/all.yaml", text);
    loaded->project = load::load_project(files, {.paths = {"app"}});
    if (!loaded->project.bundles.empty()) loaded->bundle = loaded->project.bundles.front();
    loaded->bundle.settings.name = application.name;
    model::set_destination(loaded->bundle, application.destination_namespace);
  }
  return &loaded->bundle;
}

Story::Story(const json& story)
    : story_(story), name_(text(story, "/app/name")), name_space_(text(story, "/app/namespace")) {
  Manifests manifests(story.at("manifests").begin(), story.at("manifests").end());
  for (const json& padding : list(story, "/padding")) pad(manifests, padding, name_space_);
  repository_.revisions["r1"] = std::move(manifests);
  repository_.head = "r1";
  for (const auto& [folder, all] : story.value("otherPaths", json::object()).items()) {
    repository_.folders[folder] = Manifests(all.begin(), all.end());
  }
  read_settings(story.value("settings", json::object()));
  if (story.contains("project")) {
    installation_.projects["default"] = app::read_project("default", story.at("project"));
  }
  world_ = std::make_unique<sim::World>(installation_, repository_, std::nullopt);
  read_behaviours(list(story, "/behaviours"));
  furnish(story.at("cluster"));
}

void Story::read_settings(const json& settings) {
  for (const auto& [field, value] : settings.items()) {
    if (field == "trackingMethod") {
      installation_.tracking.method = app::tracking_method(value.get<std::string>()).value();
    } else if (field == "trackingLabel") {
      installation_.tracking.label = value.get<std::string>();
    } else if (field == "installationID") {
      installation_.tracking.installation_id = value.get<std::string>();
    } else if (field == "resourceExclusions") {
      installation_.excluded_kinds.clear();
      for (const json& item : value) {
        for (const json& kind : list(item, "/kinds")) {
          installation_.excluded_kinds.push_back(kind.get<std::string>());
        }
      }
    } else if (field == "ignoreDifferences") {
      installation_.ignored = app::read_ignored(value);
    } else if (field == "health") {
      installation_.health.custom.clear();
      for (const json& check : value) installation_.health.custom.push_back(read_check(check));
    } else {
      throw std::invalid_argument("unknown setting " + field);
    }
  }
}

void Story::read_behaviours(const json& behaviours) {
  std::vector<cluster::BehaviorRule> rules;
  // What no entry matches is there after a second. A pod behaves like what it belongs to.
  for (const char* kind : {"Job", "Deployment"}) {
    rules.push_back({.kind = kind,
                     .name = "*",
                     .behavior = {.outcome = cluster::Outcome::Succeed,
                                  .duration = constant(std::chrono::seconds(1))}});
  }
  for (const json& entry : behaviours) {
    const json& match = entry.at("match");
    const std::string outcome = text(entry, "/outcome");
    cluster::BehaviorRule rule{.kind = text(match, "/kind"),
                               .name = match.contains("name") ? text(match, "/name") : "*"};
    rule.behavior.outcome = outcome == "fail"   ? cluster::Outcome::Fail
                            : outcome == "hang" ? cluster::Outcome::Hang
                                                : cluster::Outcome::Succeed;
    // A Deployment that fails misses its deadline: its pods never get ready.
    if (rule.kind == "Deployment") rule.behavior.cause = cluster::Cause::ImagePull;
    if (entry.contains("after")) {
      rule.behavior.duration = constant(duration(entry.at("after")));
    }
    rules.push_back(std::move(rule));
  }
  world_->cluster().behave(std::move(rules));
}

json Story::placed(json manifest) const {
  const model::ObjectKey key = key_of_manifest(manifest, name_space_);
  if (!key.name_space.empty()) manifest["metadata"]["namespace"] = key.name_space;
  return manifest;
}

void Story::furnish(const json& cluster) {
  for (const char* name : {"argocd"}) {
    world_->cluster().seed(
        {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  }
  for (const json& name : list(cluster, "/namespaces")) {
    world_->cluster().seed(
        {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}});
  }
  for (const json& entry : list(cluster, "/objects")) put(entry);
  world_->react();
}

void Story::put(const json& entry) {
  const json manifest = placed(entry.at("manifest"));
  const std::string by = text(entry, "/by");
  cluster::CallResult result;
  if (by == "kubectl apply") {
    result = world_->cluster().apply(manifest, {});
  } else if (by == "server-side apply") {
    result = world_->cluster().server_side_apply(manifest, "somebody", true);
  } else {
    result = world_->cluster().create(manifest, {});
  }
  if (result.status != cluster::CallStatus::Ok) {
    throw std::invalid_argument("the cluster refuses an object: " + result.message);
  }
}

void Story::create() {
  const json& app = story_.at("app");
  json spec = {{"project", "default"},
               {"source", {{"repoURL", "https://example.org/repo"}, {"path", "main"}}},
               {"destination", {{"server", "https://kubernetes.default.svc"}}}};
  if (!name_space_.empty()) spec["destination"]["namespace"] = name_space_;
  if (app.contains("syncPolicy")) spec["syncPolicy"] = app.at("syncPolicy");
  world_->cluster().seed({{"apiVersion", "argoproj.io/v1alpha1"},
                          {"kind", "Application"},
                          {"metadata",
                           {{"name", name_},
                            {"namespace", "argocd"},
                            {"annotations", app.value("annotations", json::object())}}},
                          {"spec", spec}});
}

const app::ApplicationState* Story::application() { return world_->controller().find(name_); }

const cluster::StoredObject* Story::object(const std::string& key) {
  return world_->cluster().get(model::intern(story_key(key), world_->interner()));
}

std::string Story::sync(const json& request) {
  const app::ApplicationState* state = application();
  app::SyncOperation sync{.revision = text(request, "/revision"),
                          .prune = flag(request, "/prune"),
                          .force = flag(request, "/force"),
                          .resources = app::read_selectors(list(request, "/resources")),
                          .options = state->spec.policy.options};
  if (request.contains("options")) sync.options = texts(request.at("options"));
  app::OperationRequest operation{.sync = std::move(sync)};
  if (state->spec.policy.retry) operation.retry = *state->spec.policy.retry;
  if (request.contains("retry")) operation.retry = app::read_retry(request.at("retry"));
  const auto accepted = world_->controller().request_sync(name_, std::move(operation));
  return accepted || flag(request, "/mayBeRefused") ? "" : accepted.error();
}

// Source: server/application/application.go, Rollback.
std::string Story::roll_back(const json& request) {
  const app::ApplicationState* state = application();
  if (state->spec.policy.automated) {
    return "rollback cannot be initiated when auto-sync is enabled";
  }
  const auto entry = std::find_if(
      state->history.begin(), state->history.end(),
      [&](const app::HistoryEntry& each) { return each.id == request.at("id").get<int>(); });
  if (entry == state->history.end()) return "application does not have deployment";
  app::OperationRequest operation{.sync =
                                      app::SyncOperation{.revision = entry->revision,
                                                         .path = entry->path,
                                                         .strategy = app::SyncStrategy::Apply,
                                                         .options = state->spec.policy.options}};
  const auto accepted = world_->controller().request_sync(name_, std::move(operation));
  return accepted ? "" : accepted.error();
}

void Story::operate(const json& operation) {
  app::OperationRequest request{.retry = app::read_retry(at(operation, "/retry"))};
  if (flag(operation, "/initiatedBy/automated")) request.trigger = app::Trigger::Automatic;
  if (operation.contains("sync")) {
    const json& sync = operation.at("sync");
    request.sync = app::SyncOperation{.revision = text(sync, "/revision"),
                                      .prune = flag(sync, "/prune"),
                                      .dry_run = flag(sync, "/dryRun"),
                                      .resources = app::read_selectors(list(sync, "/resources"))};
    if (sync.contains("syncOptions")) request.sync->options = texts(sync.at("syncOptions"));
  }
  world_->controller().set_operation(name_, std::move(request));
}

void Story::push(const json& change) {
  Manifests manifests = repository_.revisions.at(repository_.head);
  if (change.contains("replaceAll")) {
    const json& all = change.at("replaceAll");
    manifests.assign(all.begin(), all.end());
  }
  for (const json& patch : list(change, "/patch")) {
    for (json& manifest : manifests) {
      if (!is_named(manifest, text(patch, "/object"), name_space_)) continue;
      manifest = cluster::api::merge_patch(manifest, patch.at("merge"));
    }
  }
  for (const json& manifest : list(change, "/add")) manifests.push_back(manifest);
  for (const json& key : list(change, "/remove")) {
    std::erase_if(manifests, [&](const json& manifest) {
      return is_named(manifest, key.get<std::string>(), name_space_);
    });
  }
  repository_.head = text(change, "/revision");
  repository_.revisions[repository_.head] = std::move(manifests);
}

void Story::change_cluster(const json& change) {
  cluster::Cluster& cluster = world_->cluster();
  for (const json& patch : list(change, "/patch")) {
    cluster.patch(story_key(text(patch, "/object")), patch.at("merge"), "somebody");
  }
  for (const json& manifest : list(change, "/create")) {
    put({{"by", "create"}, {"manifest", manifest}});
  }
  for (const json& key : list(change, "/delete")) {
    cluster.remove(model::intern(story_key(key.get<std::string>()), world_->interner()),
                   model::Propagation::Background);
  }
  const json& applies = at(change, "/serverSideApply");
  for (const json& apply : applies.is_array() ? applies : json::array({applies})) {
    if (!apply.is_object()) continue;
    cluster.server_side_apply(placed(apply.at("manifest")), text(apply, "/manager"),
                              flag(apply, "/force"));
  }
}

void Story::remove(const json& request) {
  const model::ObjectKey key = application()->spec.key();
  std::vector<std::string> names = application()->spec.finalizers.names();
  std::erase(names, "resources-finalizer.argocd.argoproj.io");
  if (flag(request, "/cascade")) names.emplace_back("resources-finalizer.argocd.argoproj.io");
  world_->cluster().patch(key, {{"metadata", {{"finalizers", names}}}}, "argocd-server");
  world_->cluster().remove(model::intern(key, world_->interner()), model::Propagation::Background);
}

std::string Story::act(const json& step) {
  std::string refused;
  const auto patch_application = [&](const json& patch) {
    world_->cluster().patch(application()->spec.key(), patch, "argocd-server");
  };
  for (const auto& [action, value] : step.items()) {
    if (action == "run" || action == "expect" || action == "seen" || action == "throughout" ||
        action == "wait") {
      continue;
    }
    if (action == "create")
      create();
    else if (action == "sync")
      refused = sync(value);
    else if (action == "operation")
      operate(value);
    else if (action == "rollback")
      refused = roll_back(value);
    else if (action == "push")
      push(value);
    else if (action == "refresh") {
      world_->controller().request_refresh(name_, app::CompareLevel::LatestForced);
    } else if (action == "set")
      patch_application(value);
    else if (action == "configure") {
      read_settings(value);
      world_->controller().settings_changed();
    } else if (action == "cluster")
      change_cluster(value);
    else if (action == "terminate") {
      const auto accepted = world_->controller().terminate(name_);
      if (!accepted) refused = accepted.error();
    } else if (action == "delete")
      remove(value);
    else if (action == "confirmDeletion") {
      const model::WallTime now =
          installation_.epoch.plus(world_->now().time_since_epoch().count());
      patch_application(
          {{"metadata",
            {{"annotations",
              {{"argocd.argoproj.io/deletion-approved", model::format_rfc3339(now)}}}}}});
    } else {
      throw std::invalid_argument("unknown action " + action);
    }
  }
  world_->react();
  return refused;
}

// Objects that are being deleted lose their finalizers when their behaviour says so.
void Story::watch_deletions() {
  for (const json& entry : list(story_, "/behaviours")) {
    if (!entry.contains("onDelete")) continue;
    for (const cluster::StoredObject* object : world_->cluster().objects()) {
      const model::ObjectKey key = model::resolve(object->key, world_->interner());
      const json& match = entry.at("match");
      const bool is_it = key.kind == text(match, "/kind") &&
                         (!match.contains("name") || key.name == text(match, "/name"));
      if (!is_it || !object->deleting || std::exchange(is_watched_[object->uid], true)) continue;
      releases_.push_back({.at = world_->now() + duration(entry.at("onDelete").at("after")),
                           .key = key,
                           .rule = entry.at("onDelete")});
    }
  }
}

void Story::pass(const json& step, const sim::World::Probe& look) {
  base::Instant limit = base::Instant{} + std::chrono::hours(24 * 30);
  if (step.contains("run")) limit = world_->now() + duration(step.at("run"));
  if (step.contains("wait")) limit = world_->now() + duration(step.at("wait"));
  const auto probe = [&] {
    watch_deletions();
    return look();
  };
  while (true) {
    watch_deletions();
    const auto next =
        std::min_element(releases_.begin(), releases_.end(),
                         [](const Release& a, const Release& b) { return a.at < b.at; });
    const bool has_release = next != releases_.end() && next->at <= limit;
    const std::size_t releases = releases_.size();
    const auto stops = [&] { return probe() && releases_.size() == releases; };
    const auto pause = world_->run(has_release ? next->at : limit, stops);
    if (pause == sim::World::Pause::Stopped && releases_.size() == releases) return;
    if (releases_.size() != releases) continue;
    if (!has_release) break;
    const Release release = *next;
    releases_.erase(next);
    world_->wait_until(std::max(release.at, world_->now()));
    const json& guards = list(release.rule, "/whileExist");
    const bool is_free = std::all_of(guards.begin(), guards.end(), [&](const json& key) {
      const cluster::StoredObject* guard = object(key.get<std::string>());
      return guard != nullptr && !guard->deleting;
    });
    const cluster::StoredObject* held =
        world_->cluster().get(model::intern(release.key, world_->interner()));
    if (!is_free || held == nullptr) continue;
    json left = json::array();
    const auto gone = texts(list(release.rule, "/removeFinalizers"));
    for (const json& finalizer : list(held->content, "/metadata/finalizers")) {
      const bool goes =
          std::find(gone.begin(), gone.end(), finalizer.get<std::string>()) != gone.end();
      if (!goes) left.push_back(finalizer);
    }
    world_->cluster().patch(release.key, {{"metadata", {{"finalizers", left}}}}, "somebody");
    world_->react();
  }
  const bool is_timed = step.contains("run") || step.contains("wait");
  if (is_timed && limit > world_->now()) world_->wait_until(limit);
}

}  // namespace wavetank::conformance
