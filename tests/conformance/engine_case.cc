#include "conformance/engine_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <map>

#include "conformance/scripted_server.h"
#include "health/health.h"
#include "model/annotation.h"
#include "sync/pass.h"
#include "sync/task_list.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

std::string field(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

sync::Settings read_settings(const json& settings) {
  sync::Settings result;
  const auto flag = [&](const char* key) { return settings.value(key, false); };
  result.dry_run = flag("dryRun");
  result.prune = flag("prune");
  result.prune_last = flag("pruneLast");
  result.force = flag("force");
  result.replace = flag("replace");
  result.server_side_apply = flag("serverSideApply");
  result.no_validate = flag("noValidate");
  result.skip_hooks = flag("skipHooks");
  result.skip_dry_run_on_missing_resource = flag("skipDryRunOnMissingResource");
  result.apply_out_of_sync_only = flag("applyOutOfSyncOnly");
  result.create_namespace = flag("createNamespace");
  result.has_managed_namespace_metadata = settings.contains("managedNamespaceLabels");
  const std::string policy = field(settings, "propagationPolicy");
  if (policy == "Background") result.propagation = model::Propagation::Background;
  if (policy == "Orphan") result.propagation = model::Propagation::Orphan;
  if (settings.contains("defaultPruneOption")) {
    result.default_prune =
        model::resource_options("Prune=" + field(settings, "defaultPruneOption")).prune;
  }
  return result;
}

// One operation of a case, played pass by pass.
class Player {
 public:
  Player(const json& operation, model::ArgocdVersion version, ScriptedServer& server,
         base::Interner& interner)
      : recorded_(operation), server_(server), interner_(interner) {
    operation_.version = version;
    operation_.revision = field(operation, "revision");
    operation_.started_at = operation.value("startedAt", std::int64_t{0});
    operation_.name_space = interner.intern(field(operation, "namespace"));
    settings_ = operation.value("settings", json::object());
    operation_.settings = read_settings(settings_);
  }

  void play(std::size_t number, const sync::SyncState& before);

  [[nodiscard]] const sync::SyncState& state() const { return state_; }
  [[nodiscard]] const std::vector<std::string>& reasons() const { return reasons_; }

 private:
  void normalise_targets();
  [[nodiscard]] std::set<std::string> target_keys() const;
  [[nodiscard]] sync::LiveObject live_object(const Entry& entry);
  [[nodiscard]] sync::KindCheck check(const model::ObjectFacts& facts) const;
  [[nodiscard]] bool is_selected(const model::ObjectFacts& facts) const;
  [[nodiscard]] bool is_modified(const model::ObjectFacts& facts) const;
  [[nodiscard]] sync::Answer answer(const sync::Request& request);
  [[nodiscard]] sync::Answer write(const sync::Request& request);
  [[nodiscard]] sync::Answer answer_of(const Reply& reply);
  [[nodiscard]] std::string key_text(const model::Key& key) const {
    return model::full_name(model::resolve(key, interner_));
  }

  const json& recorded_;
  ScriptedServer& server_;
  base::Interner& interner_;
  sync::Operation operation_;
  json settings_;
  std::vector<json> manifests_;  // normalised, the last of each key
  std::deque<model::ObjectFacts> facts_;
  std::vector<sync::Target> targets_;
  sync::SyncState state_;
  std::vector<std::string> reasons_;
};

// What Argo CD's application controller does before a comparison.
void Player::normalise_targets() {
  std::map<std::string, std::size_t> last;
  std::vector<std::pair<std::string, json>> all;
  for (const json& manifest : recorded_.value("manifests", json::array())) {
    json object = manifest;
    const std::string api_version = field(object, "apiVersion");
    const auto scope = server_.scope(model::group_of(api_version), field(object, "kind"));
    if (scope == model::Scope::Cluster) {
      object["metadata"].erase("namespace");
    } else if (field(object["metadata"], "namespace").empty()) {
      object["metadata"]["namespace"] = field(recorded_, "namespace");
    }
    std::string key =
        fmt::format("{}/{}/{}/{}", model::group_of(api_version), field(object, "kind"),
                    field(object["metadata"], "namespace"), field(object["metadata"], "name"));
    if (field(object["metadata"], "name").empty()) key += std::to_string(all.size());
    last[key] = all.size();
    all.emplace_back(key, std::move(object));
  }
  manifests_.clear();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (last.at(all[i].first) == i) manifests_.push_back(std::move(all[i].second));
  }
}

std::set<std::string> Player::target_keys() const {
  std::set<std::string> keys;
  for (const json& manifest : manifests_) {
    const std::string api_version = field(manifest, "apiVersion");
    const json& meta = manifest.at("metadata");
    const auto add = [&](const std::string& name) {
      keys.insert(fmt::format("{}/{}/{}/{}", model::group_of(api_version), field(manifest, "kind"),
                              field(meta, "namespace"), name));
    };
    add(field(meta, "name"));
    if (!field(meta, "name").empty()) continue;
    for (const model::Phase phase : model::kPhases) {
      add(sync::generated_name(field(meta, "generateName"), operation_, phase));
    }
  }
  return keys;
}

sync::KindCheck Player::check(const model::ObjectFacts& facts) const {
  const auto group = interner_.text(facts.key.group);
  const auto kind = interner_.text(facts.key.kind);
  const sync::KindCheck found = server_.discover(group, interner_.text(facts.version), kind);
  if (found.discovery != sync::Discovery::Served) return found;
  const auto denied = settings_.find("denied");
  if (denied == settings_.end()) return found;
  const std::string name = fmt::format("{}/{}", group, kind);
  if (!denied->contains(name)) return found;
  return {.discovery = sync::Discovery::Denied,
          .message = interner_.intern(field(*denied, name.c_str()))};
}

bool Player::is_selected(const model::ObjectFacts& facts) const {
  const auto selected = settings_.find("selected");
  if (selected == settings_.end() || selected->is_null()) return true;
  return std::find(selected->begin(), selected->end(), key_text(facts.key)) != selected->end();
}

bool Player::is_modified(const model::ObjectFacts& facts) const {
  const auto modified = settings_.find("modified");
  return modified != settings_.end() && modified->value(key_text(facts.key), false);
}

sync::LiveObject Player::live_object(const Entry& entry) {
  facts_.push_back(entry.facts);
  const model::ObjectFacts& facts = facts_.back();
  sync::LiveObject live{.facts = &facts,
                        .check = check(facts),
                        .selected = is_selected(facts),
                        .modified = is_modified(facts),
                        .deleting = entry.object["metadata"].contains("deletionTimestamp"),
                        .has_hook_finalizer = facts.has_hook_finalizer,
                        .uid = interner_.intern(field(entry.object["metadata"], "uid")),
                        .resource_version = entry.resource_version};
  std::optional<health::Health> health;
  const auto behaves = [&](model::Behavior behavior) {
    return model::behaves(operation_.version, behavior);
  };
  const bool pending_deletion =
      live.deleting && !(live.has_hook_finalizer && behaves(model::Behavior::HookFinalizer));
  if (field(entry.object, "kind") == "Probe" && !pending_deletion) {
    const json status = entry.object.value("status", json::object());
    const std::string word = field(status, "probe");
    const std::string message = field(status, "message");
    if (word == "error") {
      const json& meta = entry.object["metadata"];
      const std::string step =
          behaves(model::Behavior::WrappedErrors)
              ? fmt::format("failed to get resource health for {}/{}: ", field(meta, "namespace"),
                            field(meta, "name"))
              : "";
      health = {.status = health::Status::Unknown, .message = step + message, .is_error = true};
    } else if (word.empty()) {
      health = {.status = health::Status::Progressing, .message = "no status yet"};
    } else if (word != "none") {
      for (const auto status_code :
           {health::Status::Healthy, health::Status::Suspended, health::Status::Progressing,
            health::Status::Missing, health::Status::Degraded, health::Status::Unknown}) {
        if (health::name(status_code) == word) {
          health = {.status = status_code, .message = message};
        }
      }
    }
  } else {
    health = health::assess_built_in(entry.object, operation_.version);
  }
  if (health) {
    live.health = health->status;
    live.health_failed = health->is_error;
    live.health_message = interner_.intern(health->message);
  }
  return live;
}

void Player::play(std::size_t number, const sync::SyncState& before) {
  normalise_targets();
  server_.set_targets(target_keys());
  facts_.clear();
  targets_.clear();
  const std::set<std::string> keys = target_keys();
  std::vector<const Entry*> seen;
  std::deque<Entry> snapshot;  // late events must not change what the engine has seen
  for (const auto& [key, entry] : server_.store()) {
    if (entry.owned || keys.contains(key)) snapshot.push_back(entry);
  }
  server_.play_events(ScriptedServer::When::Late);

  std::vector<sync::LiveObject> live;
  for (const Entry& entry : snapshot) live.push_back(live_object(entry));
  for (const json& manifest : manifests_) {
    facts_.push_back(model::facts_of(manifest, interner_));
    const model::ObjectFacts& facts = facts_.back();
    targets_.push_back(
        {.facts = &facts,
         .scope = server_.scope(interner_.text(facts.key.group), interner_.text(facts.key.kind)),
         .check = check(facts),
         .selected = is_selected(facts),
         .modified = is_modified(facts)});
  }
  const auto confirmed_from = settings_.find("pruneConfirmedFrom");
  const auto terminate_at = recorded_.find("terminateAt");
  const model::ObjectFacts generated = sync::generated_namespace_facts(operation_, interner_);
  const sync::PassInput input{
      .operation = &operation_,
      .targets = targets_,
      .live = live,
      .namespace_check = check(generated),
      .prune_confirmed =
          confirmed_from != settings_.end() && number >= confirmed_from->get<std::size_t>(),
      .terminate = terminate_at != recorded_.end() && number == terminate_at->get<std::size_t>()};
  sync::Pass pass(input, before, interner_);
  std::vector<sync::Answer> answers;
  for (auto requests = pass.resume({}); !requests.empty(); requests = pass.resume(answers)) {
    answers.clear();
    for (const sync::Request& request : requests) answers.push_back(answer(request));
  }
  state_ = pass.state();
  reasons_.clear();
  for (const sync::Reason& reason : pass.reasons()) {
    reasons_.push_back(fmt::format("{} {}/{} {}", sync::name(reason.code),
                                   model::name(reason.phase), reason.wave, key_text(reason.key)));
  }
}

sync::Answer Player::answer_of(const Reply& reply) {
  sync::Answer result{.message = interner_.intern(reply.message)};
  if (reply.ok()) return result;
  result.status = sync::AnswerStatus::Error;
  if (reply.code == 404 || reply.reason == "NotFound") {
    result.status = sync::AnswerStatus::NotFound;
  }
  if (reply.code == 409 && (reply.reason.empty() || reply.reason == "Conflict")) {
    result.status = sync::AnswerStatus::Conflict;
  }
  return result;
}

sync::Answer Player::answer(const sync::Request& request) {
  const std::string key = server_.key_of(request.key);
  switch (request.kind) {
    case sync::RequestKind::WaveHook: {
      const auto rule = settings_.find("waveHookError");
      if (rule == settings_.end() || field(*rule, "phase") != model::name(request.phase) ||
          rule->value("wave", std::int64_t{0}) != request.wave) {
        return {};
      }
      return {.status = sync::AnswerStatus::Error,
              .message = interner_.intern(field(*rule, "message"))};
    }
    case sync::RequestKind::GetNamespace: {
      sync::Answer result = answer_of(server_.get_namespace(key));
      if (result.status == sync::AnswerStatus::Ok) result.live = live_object(*server_.find(key));
      return result;
    }
    case sync::RequestKind::Prune: {
      return answer_of(server_.prune(key, model::name(request.propagation)));
    }
    case sync::RequestKind::Get:
    case sync::RequestKind::Unfinalize:
    case sync::RequestKind::Delete: {
      const model::ObjectFacts* facts = nullptr;
      if (request.target.valid()) facts = targets_[request.target.index()].facts;
      if (facts != nullptr) {
        const sync::KindCheck found =
            server_.discover(interner_.text(facts->key.group), interner_.text(facts->version),
                             interner_.text(facts->key.kind));
        if (found.discovery != sync::Discovery::Served) {
          return {.status = found.discovery == sync::Discovery::NotFound
                                ? sync::AnswerStatus::NotFound
                                : sync::AnswerStatus::Error,
                  .message = found.message,
                  .kind_is_gone = true};
        }
      }
      if (request.kind == sync::RequestKind::Delete) {
        return answer_of(server_.remove(key, model::name(request.propagation)));
      }
      if (request.kind == sync::RequestKind::Unfinalize) {
        return answer_of(server_.put_without_finalizer(key, request.resource_version));
      }
      sync::Answer result = answer_of(server_.get(key));
      if (result.status == sync::AnswerStatus::Ok) result.live = live_object(*server_.find(key));
      return result;
    }
    case sync::RequestKind::Apply:
    case sync::RequestKind::Create:
    case sync::RequestKind::Replace:
    case sync::RequestKind::Update: return write(request);
  }
  return {};
}

sync::Answer Player::write(const sync::Request& request) {
  json object;
  if (request.target.valid()) {
    object = manifests_[request.target.index()];
  } else {
    object = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", json::object()}};
    if (settings_.contains("managedNamespaceLabels")) {
      object["metadata"]["labels"] = settings_["managedNamespaceLabels"];
      object["metadata"]["annotations"] = {
          {std::string(model::kSyncOptions), "ServerSideApply=true"}};
    }
  }
  json& meta = object["metadata"];
  meta["name"] = std::string(interner_.text(request.key.name));
  const auto name_space = interner_.text(request.key.name_space);
  if (!name_space.empty()) meta["namespace"] = std::string(name_space);
  if (request.add_hook_finalizer) {
    auto finalizers = meta.value("finalizers", std::vector<std::string>{});
    if (std::find(finalizers.begin(), finalizers.end(), model::kHookFinalizer) ==
        finalizers.end()) {
      finalizers.emplace_back(model::kHookFinalizer);
    }
    meta["finalizers"] = finalizers;
  }
  const Reply reply = server_.write(sync::name(request.kind), std::move(object),
                                    {.dry = request.dry_run,
                                     .force = request.force,
                                     .validate = request.validate,
                                     .server_side = request.server_side});
  if (reply.ok()) return {.message = interner_.intern(reply.message)};
  return {.status = sync::AnswerStatus::Error, .message = interner_.intern(reply.message)};
}

// What follows ", reason: " comes in random order in Argo CD; the vectors sort it.
std::string normalise_message(std::string_view message) {
  constexpr std::string_view kReason = ", reason: ";
  std::string result;
  while (true) {
    const auto end = message.find('\n');
    const std::string_view line = message.substr(0, end);
    const auto at = line.find(kReason);
    if (at == std::string_view::npos) {
      result += line;
    } else {
      std::vector<std::string_view> parts;
      std::string_view rest = line.substr(at + kReason.size());
      while (true) {
        const auto comma = rest.find(',');
        parts.push_back(rest.substr(0, comma));
        if (comma == std::string_view::npos) break;
        rest.remove_prefix(comma + 1);
      }
      std::sort(parts.begin(), parts.end());
      result += line.substr(0, at + kReason.size());
      result += fmt::format("{}", fmt::join(parts, ","));
    }
    if (end == std::string_view::npos) return result;
    result += '\n';
    message.remove_prefix(end + 1);
  }
}

json result_json(const sync::Result& result, const base::Interner& interner, bool with_images) {
  json object = {{"key", model::full_name(model::resolve(result.key, interner))},
                 {"syncPhase", model::name(result.phase)},
                 {"status", sync::name(result.status)}};
  if (result.state != sync::TaskState::Pending) object["hookPhase"] = sync::name(result.state);
  if (result.is_hook) object["hookType"] = model::name(result.phase);
  const auto message = interner.text(result.message);
  if (!message.empty()) object["message"] = std::string(message);
  const auto version = interner.text(result.version);
  if (!version.empty()) object["version"] = std::string(version);
  if (with_images && !result.images.empty()) {
    std::vector<std::string> images;
    for (const auto image : result.images) images.emplace_back(interner.text(image));
    std::sort(images.begin(), images.end());
    object["images"] = images;
  }
  return object;
}

json sorted_results(const sync::SyncState& state, const base::Interner& interner,
                    bool with_images) {
  std::vector<json> results;
  for (const auto& result : state.results) {
    results.push_back(result_json(result, interner, with_images));
  }
  std::sort(results.begin(), results.end(), [](const json& a, const json& b) {
    return std::pair(a["key"], a["syncPhase"]) < std::pair(b["key"], b["syncPhase"]);
  });
  return results;
}

json changed_results(const json& before, const json& now) {
  json changed = json::array();
  for (const json& result : now) {
    if (std::find(before.begin(), before.end(), result) == before.end()) changed.push_back(result);
  }
  return changed;
}

std::vector<std::string> pass_lines(const json& pass) {
  std::vector<std::string> lines{
      fmt::format("tick {} {}", pass.value("tick", 0), field(pass, "phase")),
      "message " + field(pass, "message")};
  for (const json& group : pass.value("actions", json::array())) {
    for (const json& action : group) lines.push_back("  do " + action.get<std::string>());
    lines.emplace_back("  --");
  }
  for (const json& result : pass.value("results", json::array())) {
    lines.push_back(fmt::format("  {} {} {}/{} {} {}", field(result, "key"),
                                field(result, "syncPhase"), field(result, "status"),
                                field(result, "hookPhase"), field(result, "hookType"),
                                field(result, "message")));
    if (result.contains("images")) lines.push_back("    images " + result["images"].dump());
    if (result.contains("version")) lines.back() += " version " + field(result, "version");
  }
  return lines;
}

// "3.3.14" is an engine of 3.3; no version is the newest.
model::ArgocdVersion version_of_case(const json& recorded) {
  const std::string text = field(recorded, "argocd");
  return text.empty() ? model::kNewestVersion
                      : model::parse_version(text).value_or(model::kNewestVersion);
}

}  // namespace

CaseVerdict check_engine_case(const json& recorded) {
  CaseVerdict verdict{.id = field(recorded, "id"),
                      .tags = recorded.value("tags", std::vector<std::string>{})};
  base::Interner interner;
  const json world = recorded.value("world", json::object());
  ScriptedServer server(world, version_of_case(recorded), interner);
  const bool with_images = model::behaves(version_of_case(recorded), model::Behavior::ResultImages);
  int tick = 0;
  const json& operations = recorded.at("ops");
  for (std::size_t number = 0; number < operations.size(); ++number) {
    const json& operation = operations[number];
    ++verdict.operations;
    for (int i = 0; i < operation.value("gap", 0); ++i) {
      server.advance(tick++);
      server.play_events(ScriptedServer::When::Late);
    }
    Player player(operation, version_of_case(recorded), server, interner);
    sync::SyncState state;
    json before = json::array();
    const json expected = operation.value("passes", json::array());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      ++verdict.passes;
      server.advance(tick);
      (void)server.take_actions();
      player.play(i, state);
      state = player.state();
      const json now = sorted_results(state, interner, with_images);
      json actual = {{"tick", tick},
                     {"phase", sync::name(state.phase)},
                     {"message", normalise_message(interner.text(state.message))}};
      if (json actions = server.take_actions(); !actions.empty()) {
        actual["actions"] = std::move(actions);
      }
      if (json changed = changed_results(before, now); !changed.empty()) {
        actual["results"] = std::move(changed);
      }
      before = now;
      ++tick;
      const auto wanted = pass_lines(expected[i]);
      const auto got = pass_lines(actual);
      const bool ends_alike = state.completed() == (field(expected[i], "phase") != "Running");
      if (wanted != got || !ends_alike) {
        verdict.difference = {.operation = number,
                              .pass = i,
                              .expected = wanted,
                              .actual = got,
                              .reasons = player.reasons()};
        return verdict;
      }
    }
  }
  return verdict;
}

}  // namespace wavetank::conformance
