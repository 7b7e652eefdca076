#include "conformance/engine_replay.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "conformance/scripted_server.h"
#include "health/health.h"
#include "model/annotation.h"
#include "reference/twin.h"
#include "sync/message.h"
#include "sync/pass.h"
#include "sync/task_list.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

struct Assessment {
  std::optional<health::Status> status;
  bool failed = false;
  base::Symbol message = base::kEmptySymbol;
};

// Health as the engine vectors have it: the Go checks, and `Probe`, whose health is in its status.
class HealthChecks {
 public:
  HealthChecks(EngineCase& recorded, base::Interner& interner)
      : case_(recorded), interner_(interner) {}

  [[nodiscard]] const Assessment& of(const Body& body, const Entry& entry,
                                     bool has_hook_finalizer) {
    const bool is_going =
        entry.is_deleting && !(has_hook_finalizer && behaves(model::Behavior::HookFinalizer));
    if (is_going) return pending_deletion_;
    const std::uint64_t known = std::uint64_t{entry.body.value} << 32U | entry.status.value;
    const auto [found, is_new] = known_.try_emplace(known);
    if (is_new) found->second = assess(body, entry.status);
    return found->second;
  }

 private:
  [[nodiscard]] bool behaves(model::Behavior behavior) const {
    return model::behaves(case_.version, behavior);
  }

  Assessment assess(const Body& body, StatusId status) {
    static const json kNone = json::object();
    const json& words = status.valid() ? case_.statuses[status.index()] : kNone;
    Content& content = case_.contents[body.content.index()];
    if (interner_.text(content.facts.key.kind) == "Probe") return assess_probe(body, words);
    if (status.valid()) {
      content.value["status"] = words;
    } else {
      content.value.erase("status");
    }
    content.value["metadata"]["name"] = interner_.text(body.facts.key.name);
    const auto health = health::assess_built_in(content.value, case_.version);
    if (!health) return {};
    return {.status = health->status,
            .failed = health->is_error,
            .message = interner_.intern(health->message)};
  }

  Assessment assess_probe(const Body& body, const json& status) {
    const std::string word = status.value("probe", "");
    const std::string message = status.value("message", "");
    if (word == "none") return {};
    if (word.empty()) {
      return {.status = health::Status::Progressing, .message = interner_.intern("no status yet")};
    }
    if (word == "error") {
      const std::string step = behaves(model::Behavior::WrappedErrors)
                                   ? fmt::format("failed to get resource health for {}/{}: ",
                                                 interner_.text(body.facts.key.name_space),
                                                 interner_.text(body.facts.key.name))
                                   : "";
      return {.status = health::Status::Unknown,
              .failed = true,
              .message = interner_.intern(step + message)};
    }
    for (const auto known :
         {health::Status::Healthy, health::Status::Suspended, health::Status::Progressing,
          health::Status::Missing, health::Status::Degraded, health::Status::Unknown}) {
      if (health::name(known) == word) {
        return {.status = known, .message = interner_.intern(message)};
      }
    }
    return {};
  }

  EngineCase& case_;
  base::Interner& interner_;
  Assessment pending_deletion_{.status = health::Status::Progressing,
                               .message = interner_.intern("Pending deletion")};
  std::unordered_map<std::uint64_t, Assessment> known_;
};

// Plays the passes of one case.
class Player {
 public:
  Player(EngineCase& recorded, base::Interner& interner, PlayedBy played_by)
      : case_(recorded),
        interner_(interner),
        played_by_(played_by),
        server_(recorded, interner),
        health_(recorded, interner),
        pass_(interner) {
    for (const model::Phase phase : model::kPhases) {
      phase_names_.at(static_cast<std::size_t>(phase)) = interner.intern(model::name(phase));
    }
    for (const auto policy : {model::Propagation::Foreground, model::Propagation::Background,
                              model::Propagation::Orphan}) {
      policies_.at(static_cast<std::size_t>(policy)) = interner.intern(model::name(policy));
    }
  }

  [[nodiscard]] ScriptedServer& server() { return server_; }
  void begin(OperationRecord& operation);
  // Plays the operation's pass of that number.
  void play(std::size_t number);
  // What it did, in the terms of the vectors.
  void observe(int tick, PassRecord& into);
  [[nodiscard]] const sync::SyncState& state() const { return state_; }
  [[nodiscard]] std::vector<std::string> reasons() const;

 private:
  void normalise_targets();
  [[nodiscard]] bool is_selected(const model::Key& key) const;
  [[nodiscard]] bool is_modified(const model::Key& key) const;
  [[nodiscard]] model::Key compared_key(const model::Key& target, model::Scope scope) const;
  [[nodiscard]] sync::KindCheck check(const model::ObjectFacts& facts);
  [[nodiscard]] sync::LiveObject live_object(const Entry& entry);
  [[nodiscard]] sync::Answer answer(const sync::Request& request);
  [[nodiscard]] sync::Answer call(const sync::Request& request, KeyId key);
  [[nodiscard]] sync::Answer found(const Reply& reply, KeyId key);
  [[nodiscard]] sync::Answer write(const sync::Request& request, Verb verb);

  EngineCase& case_;
  base::Interner& interner_;
  PlayedBy played_by_;
  ScriptedServer server_;
  HealthChecks health_;
  sync::Pass pass_;
  std::array<base::Symbol, 4> phase_names_;
  std::array<base::Symbol, 3> policies_;

  OperationRecord* operation_ = nullptr;
  model::ObjectFacts generated_;
  std::vector<const Manifest*> manifests_;  // the last of each key
  std::vector<const model::ObjectFacts*> facts_;
  std::uint64_t kinds_revision_ = 0;  // of the server when the targets were normalised
  std::vector<sync::Target> targets_;
  std::vector<sync::LiveObject> live_;
  std::vector<sync::Answer> answers_;
  sync::SyncState before_;
  sync::SyncState state_;
};

void Player::begin(OperationRecord& operation) {
  operation_ = &operation;
  generated_ = sync::generated_namespace_facts(operation.operation, interner_);
  state_ = {};
  normalise_targets();
}

// What Argo CD's application controller does before a comparison: cluster-scoped objects lose their
// namespace, and of several objects with one key the last is kept.
void Player::normalise_targets() {
  kinds_revision_ = server_.kinds_revision();
  manifests_.clear();
  facts_.clear();
  for (const Manifest& manifest : operation_->manifests) {
    const model::Key& key = manifest.cluster.key;
    const bool is_cluster = server_.scope(key.group, key.kind) == model::Scope::Cluster;
    manifests_.push_back(&manifest);
    facts_.push_back(is_cluster ? &manifest.cluster : &manifest.namespaced);
  }
  for (std::size_t i = 0; i < facts_.size();) {
    const model::Key& key = facts_[i]->key;
    const bool is_replaced =
        key.name != base::kEmptySymbol &&
        std::any_of(facts_.begin() + static_cast<std::ptrdiff_t>(i) + 1, facts_.end(),
                    [&](const model::ObjectFacts* other) { return other->key == key; });
    if (!is_replaced) {
      ++i;
      continue;
    }
    manifests_.erase(manifests_.begin() + static_cast<std::ptrdiff_t>(i));
    facts_.erase(facts_.begin() + static_cast<std::ptrdiff_t>(i));
  }
  server_.forget_targets();
  for (const model::ObjectFacts* facts : facts_) {
    model::Key key = facts->key;
    server_.add_target(key);
    if (key.name != base::kEmptySymbol) continue;
    for (const model::Phase phase : model::kPhases) {
      key.name = sync::generated_name(interner_.text(facts->generate_name), operation_->operation,
                                      phase, interner_);
      server_.add_target(key);
    }
  }
}

bool Player::is_selected(const model::Key& key) const {
  const auto& selected = operation_->selected;
  return !selected || std::find(selected->begin(), selected->end(), key) != selected->end();
}

bool Player::is_modified(const model::Key& key) const {
  const auto& modified = operation_->modified;
  return std::find(modified.begin(), modified.end(), key) != modified.end();
}

// What a target was compared as: a target of unknown scope may have a cluster-scoped live object.
model::Key Player::compared_key(const model::Key& target, model::Scope scope) const {
  const auto is_live = [&](const model::Key& key) {
    return std::any_of(live_.begin(), live_.end(),
                       [&](const sync::LiveObject& live) { return live.facts->key == key; });
  };
  if (scope != model::Scope::Unknown || is_live(target)) return target;
  model::Key cluster_wide = target;
  cluster_wide.name_space = base::kEmptySymbol;
  return is_live(cluster_wide) ? cluster_wide : target;
}

sync::KindCheck Player::check(const model::ObjectFacts& facts) {
  const sync::KindCheck found = server_.discover(facts);
  if (found.discovery != sync::Discovery::Served) return found;
  for (const DeniedKind& denied : operation_->denied) {
    if (denied.group == facts.key.group && denied.kind == facts.key.kind) {
      return {.discovery = sync::Discovery::Denied, .message = denied.message};
    }
  }
  return found;
}

sync::LiveObject Player::live_object(const Entry& entry) {
  const Body& body = server_.body(entry);
  const bool has_hook_finalizer =
      interner_.text(entry.finalizers).find(model::kHookFinalizer) != std::string_view::npos;
  const Assessment& health = health_.of(body, entry, has_hook_finalizer);
  return {.facts = &body.facts,
          .selected = is_selected(body.facts.key),
          .modified = is_modified(body.facts.key),
          .deleting = entry.is_deleting,
          .has_hook_finalizer = has_hook_finalizer,
          .uid = entry.uid,
          .resource_version = entry.resource_version,
          .health = health.status,
          .health_failed = health.failed,
          .health_message = health.message};
}

void Player::play(std::size_t number) {
  if (kinds_revision_ != server_.kinds_revision()) normalise_targets();
  live_.clear();
  for (std::size_t i = 0; i < server_.store().size(); ++i) {
    const Entry& entry = server_.store()[i];
    if (!entry.exists || !(entry.is_owned || server_.is_target(KeyId::from(i)))) continue;
    live_.push_back(live_object(entry));
  }
  std::sort(live_.begin(), live_.end(), [&](const auto& a, const auto& b) {
    return model::less(a.facts->key, b.facts->key, interner_);
  });
  server_.play_events(ScriptedServer::When::Late);
  // Discovery belongs to the pass and sees the late events; the snapshot does not.
  for (sync::LiveObject& live : live_) live.check = check(*live.facts);
  targets_.clear();
  for (const model::ObjectFacts* facts : facts_) {
    const model::Scope scope = server_.scope(facts->key.group, facts->key.kind);
    targets_.push_back({.facts = facts,
                        .scope = scope,
                        .check = check(*facts),
                        .selected = is_selected(facts->key),
                        .modified = is_modified(compared_key(facts->key, scope))});
  }
  const sync::PassInput input{.operation = &operation_->operation,
                              .targets = targets_,
                              .live = live_,
                              .namespace_check = check(generated_),
                              .prune_confirmed = operation_->prune_confirmed_from &&
                                                 number >= *operation_->prune_confirmed_from,
                              .terminate = operation_->terminate_at == number};
  before_ = state_;
  if (played_by_ == PlayedBy::Twin) {
    state_ = reference::play_pass(input, before_, interner_,
                                  [&](const sync::Request& request) { return answer(request); });
    return;
  }
  pass_.start(input, before_);
  for (auto requests = pass_.resume({}); !requests.empty(); requests = pass_.resume(answers_)) {
    answers_.clear();
    for (const sync::Request& request : requests) answers_.push_back(answer(request));
  }
  state_ = pass_.state();
}

void Player::observe(int tick, PassRecord& into) {
  into.tick = tick;
  into.phase = state_.phase;
  into.message = normalise_message(state_.message, interner_);
  server_.take_actions(into.actions);
  into.results.clear();
  for (std::size_t i = 0; i < state_.results.size(); ++i) {
    const sync::Result& result = state_.results[i];
    if (i < before_.results.size()) {
      const sync::Result& old = before_.results[i];
      if (old.status == result.status && old.state == result.state &&
          old.message == result.message) {
        continue;
      }
    }
    into.results.push_back(
        {.key = case_.keys.id(result.key),
         .phase = result.phase,
         .status = result.status,
         .state = result.state,
         .hook_type = result.is_hook ? phase_names_.at(static_cast<std::size_t>(result.phase))
                                     : base::kEmptySymbol,
         .message = result.message,
         .version = result.version,
         .images = result.images});
  }
  std::sort(into.results.begin(), into.results.end());
}

std::vector<std::string> Player::reasons() const {
  std::vector<std::string> lines;
  for (const sync::Reason& reason : pass_.reasons()) {
    lines.push_back(fmt::format("{} {}/{} {}", sync::name(reason.code), model::name(reason.phase),
                                reason.wave,
                                model::full_name(model::resolve(reason.key, interner_))));
  }
  return lines;
}

sync::Answer Player::found(const Reply& reply, KeyId key) {
  sync::Answer result{.status = reply.status, .message = reply.message};
  if (!reply.ok()) return result;
  result.live = live_object(*server_.find(key));
  result.live->check = check(*result.live->facts);
  return result;
}

sync::Answer Player::answer(const sync::Request& request) {
  switch (request.kind) {
    case sync::RequestKind::WaveHook: {
      const auto& rule = operation_->wave_hook_error;
      if (!rule || rule->phase != request.phase || rule->wave != request.wave) return {};
      return {.status = sync::AnswerStatus::Error, .message = rule->message};
    }
    case sync::RequestKind::GetNamespace: {
      const KeyId key = server_.key_of(request.key);
      return found(server_.get_namespace(key), key);
    }
    case sync::RequestKind::Prune: {
      const KeyId key = server_.key_of(request.key);
      const Reply reply =
          server_.prune(key, policies_.at(static_cast<std::size_t>(request.propagation)));
      return {.status = reply.status, .message = reply.message};
    }
    case sync::RequestKind::Get:
    case sync::RequestKind::Unfinalize:
    case sync::RequestKind::Delete: return call(request, server_.key_of(request.key));
    case sync::RequestKind::Apply: return write(request, Verb::Apply);
    case sync::RequestKind::Create: return write(request, Verb::Create);
    case sync::RequestKind::Replace: return write(request, Verb::Replace);
    case sync::RequestKind::Update: return write(request, Verb::Update);
  }
  WAVETANK_CHECK(false);
}

// Calls that look the kind up first. What has no target here is the Namespace of CreateNamespace;
// prunes go another way.
sync::Answer Player::call(const sync::Request& request, KeyId key) {
  const sync::KindCheck kind =
      server_.discover(request.target.valid() ? *facts_[request.target.index()] : generated_);
  if (kind.discovery != sync::Discovery::Served) {
    return {.status = kind.discovery == sync::Discovery::NotFound ? sync::AnswerStatus::NotFound
                                                                  : sync::AnswerStatus::Error,
            .message = kind.message,
            .kind_is_gone = true};
  }
  if (request.kind == sync::RequestKind::Get) return found(server_.get(key), key);
  const Reply reply =
      request.kind == sync::RequestKind::Delete
          ? server_.remove(key, policies_.at(static_cast<std::size_t>(request.propagation)))
          : server_.put_without_finalizer(key, request.resource_version);
  return {.status = reply.status, .message = reply.message};
}

sync::Answer Player::write(const sync::Request& request, Verb verb) {
  const Manifest* const manifest =
      request.target.valid() ? manifests_[request.target.index()] : nullptr;
  WriteBody object{
      .content = manifest == nullptr ? operation_->generated_namespace : manifest->content,
      .name_space = request.key.name_space,
      .name = request.key.name,
      .finalizers = manifest == nullptr ? base::kEmptySymbol : manifest->finalizers};
  if (request.add_hook_finalizer) {
    const std::string_view own = interner_.text(object.finalizers);
    if (own.find(model::kHookFinalizer) == std::string_view::npos) {
      sync::Text text;
      sync::append(text, "{}{}{}", own, own.empty() ? "" : "\n", model::kHookFinalizer);
      object.finalizers = sync::intern(text, interner_);
    }
  }
  const Reply reply = server_.write(verb, object,
                                    {.is_dry = request.dry_run,
                                     .force = request.force,
                                     .validate = request.validate,
                                     .server_side = request.server_side});
  return {.status = reply.status, .message = reply.message};
}

// ---- readable lines ----

std::string line_of(const Action& action, const Keys& keys, const base::Interner& interner) {
  std::string line = fmt::format("  do {}{} {}", action.is_dry ? "dry-" : "", name(action.verb),
                                 model::full_name(model::resolve(keys[action.key], interner)));
  if (action.force) line += " force";
  if (action.no_validate) line += " novalidate";
  if (action.server_side) line += " serverside";
  if (action.policy != base::kEmptySymbol) line += fmt::format(" {}", interner.text(action.policy));
  if (action.outcome != CallOutcome::Done) line += fmt::format(" -> {}", name(action.outcome));
  return line;
}

std::string line_of(const ResultRow& row, const Keys& keys, const base::Interner& interner) {
  std::string line = fmt::format(
      "  {} {} {}/{} {} version {} {}", model::full_name(model::resolve(keys[row.key], interner)),
      model::name(row.phase), sync::name(row.status), sync::name(row.state),
      interner.text(row.hook_type), interner.text(row.version), interner.text(row.message));
  if (row.images == base::kEmptySymbol) return line;
  std::string images(interner.text(row.images));
  std::replace(images.begin(), images.end(), '\n', ' ');
  return line + " images " + images;
}

std::vector<std::string> lines_of(const PassRecord& pass, const Keys& keys,
                                  const base::Interner& interner) {
  std::vector<std::string> lines{fmt::format("tick {} {}: {}", pass.tick, sync::name(pass.phase),
                                             interner.text(pass.message))};
  for (const auto& group : pass.actions) {
    for (const Action& action : group) lines.push_back(line_of(action, keys, interner));
    lines.emplace_back("  --");
  }
  std::vector<std::string> results;
  for (const ResultRow& row : pass.results) results.push_back(line_of(row, keys, interner));
  std::sort(results.begin(), results.end());
  lines.insert(lines.end(), results.begin(), results.end());
  return lines;
}

bool is_same(const PassRecord& a, const PassRecord& b) {
  return a.tick == b.tick && a.phase == b.phase && a.message == b.message &&
         a.actions == b.actions && a.results == b.results;
}

}  // namespace

Verdict replay(EngineCase& recorded, base::Interner& interner, PlayedBy played_by,
               Replayed& replayed) {
  Verdict verdict{.id = recorded.id, .tags = recorded.tags};
  Player player(recorded, interner, played_by);
  PassRecord actual;
  int tick = 0;
  for (std::size_t number = 0; number < recorded.operations.size(); ++number) {
    OperationRecord& operation = recorded.operations[number];
    ++replayed.operations;
    for (int i = 0; i < operation.gap; ++i) {
      player.server().advance(tick++);
      player.server().play_events(ScriptedServer::When::Late);
    }
    player.begin(operation);
    for (std::size_t i = 0; i < operation.passes.size(); ++i) {
      ++replayed.passes;
      player.server().advance(tick);
      player.play(i);
      player.observe(tick, actual);
      ++tick;
      if (is_same(actual, operation.passes[i])) continue;
      verdict.difference = {.where = fmt::format("operation {} pass {}", number, i),
                            .expected = lines_of(operation.passes[i], recorded.keys, interner),
                            .actual = lines_of(actual, recorded.keys, interner),
                            .reasons = player.reasons()};
      return verdict;
    }
  }
  return verdict;
}

}  // namespace wavetank::conformance
