#include "conformance/scripted_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/annotation.h"
#include "sync/message.h"

namespace wavetank::conformance {

using sync::AnswerStatus;

namespace {

struct KindRow {
  std::string_view group;
  std::string_view version;
  std::string_view kind;
  std::string_view plural;
  model::Scope scope = model::Scope::Namespaced;
};

constexpr auto kCluster = model::Scope::Cluster;
constexpr std::array kBuiltInKinds{
    KindRow{"", "v1", "ConfigMap", "configmaps"},
    KindRow{"", "v1", "Secret", "secrets"},
    KindRow{"", "v1", "Service", "services"},
    KindRow{"", "v1", "ServiceAccount", "serviceaccounts"},
    KindRow{"", "v1", "Pod", "pods"},
    KindRow{"", "v1", "PersistentVolumeClaim", "persistentvolumeclaims"},
    KindRow{"", "v1", "Namespace", "namespaces", kCluster},
    KindRow{"apps", "v1", "Deployment", "deployments"},
    KindRow{"apps", "v1", "StatefulSet", "statefulsets"},
    KindRow{"apps", "v1", "DaemonSet", "daemonsets"},
    KindRow{"batch", "v1", "Job", "jobs"},
    KindRow{"batch", "v1", "CronJob", "cronjobs"},
    KindRow{"networking.k8s.io", "v1", "Ingress", "ingresses"},
    KindRow{"rbac.authorization.k8s.io", "v1", "Role", "roles"},
    KindRow{"rbac.authorization.k8s.io", "v1", "RoleBinding", "rolebindings"},
    KindRow{"rbac.authorization.k8s.io", "v1", "ClusterRole", "clusterroles", kCluster},
    KindRow{"rbac.authorization.k8s.io", "v1", "ClusterRoleBinding", "clusterrolebindings",
            kCluster},
    KindRow{"autoscaling", "v2", "HorizontalPodAutoscaler", "horizontalpodautoscalers"},
    KindRow{"apiregistration.k8s.io", "v1", "APIService", "apiservices", kCluster},
    KindRow{"apiextensions.k8s.io", "v1", "CustomResourceDefinition", "customresourcedefinitions",
            kCluster},
    KindRow{"argoproj.io", "v1alpha1", "Workflow", "workflows"},
    KindRow{"probe.example.com", "v1", "Probe", "probes"},
};

// Calls `visit` with every line of a text of lines.
template <class Visit>
void for_each_line(std::string_view text, Visit visit) {
  while (!text.empty()) {
    const auto end = text.find('\n');
    visit(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
}

bool has_line(std::string_view text, std::string_view wanted) {
  bool found = false;
  for_each_line(text, [&](std::string_view line) { found = found || line == wanted; });
  return found;
}

template <class Keep>
std::string lines_kept(std::string_view text, Keep keep) {
  std::string kept;
  for_each_line(text, [&](std::string_view line) {
    if (!keep(line)) return;
    if (!kept.empty()) kept += '\n';
    kept += line;
  });
  return kept;
}

Call call_of(Verb verb) {
  switch (verb) {
    case Verb::Apply: return Call::Apply;
    case Verb::Create: return Call::Create;
    case Verb::Replace: return Call::Replace;
    case Verb::Update: return Call::Update;
    case Verb::Prune: return Call::Prune;
    case Verb::Delete: return Call::Delete;
    case Verb::Unfinalize: return Call::Put;
  }
  WAVETANK_CHECK(false);
}

}  // namespace

ScriptedServer::ScriptedServer(EngineCase& recorded, base::Interner& interner)
    : case_(recorded), interner_(interner) {
  for (const KindRow& row : kBuiltInKinds) {
    built_in_.push_back({.group = interner.intern(row.group),
                         .version = interner.intern(row.version),
                         .kind = interner.intern(row.kind),
                         .plural = row.plural,
                         .scope = row.scope});
  }
  conflicts_seen_.resize(recorded.world.conflicts.size());
  for (const ObjectScript& object : recorded.world.objects) {
    const model::Key& kind = recorded.contents[object.content.index()].facts.key;
    const KeyId key = key_of({.group = kind.group,
                              .kind = kind.kind,
                              .name_space = object.name_space,
                              .name = object.name});
    insert(key,
           {.content = object.content,
            .name_space = object.name_space,
            .name = object.name,
            .finalizers = object.finalizers},
           object.status, !object.is_foreign);
    if (!object.is_deleting) continue;
    entry(key).is_deleting = true;
    schedule_deletion(key);
  }
}

// ---- kinds ----

const ScriptedServer::BuiltInKind* ScriptedServer::built_in(base::Symbol group,
                                                            base::Symbol kind) const {
  for (const BuiltInKind& row : built_in_) {
    if (row.kind == kind && row.group == group) return &row;
  }
  return nullptr;
}

const DefinedKind* ScriptedServer::defined(base::Symbol group, base::Symbol kind) const {
  const DefinedKind* found = nullptr;
  std::string_view name;
  for (const KeyId key : definitions_) {
    const Entry& entry = store_[key.index()];
    if (!entry.exists) continue;
    const auto& defines = case_.contents[body(entry).content.index()].defines;
    if (!defines || defines->group != group || defines->kind != kind) continue;
    const std::string_view other = text(case_.keys[key].name);
    if (found != nullptr && name < other) continue;
    found = &*defines;
    name = other;
  }
  return found;
}

bool ScriptedServer::knows_group_version(base::Symbol group, base::Symbol version) const {
  const bool is_built_in = std::any_of(
      built_in_.begin(), built_in_.end(),
      [&](const BuiltInKind& row) { return row.group == group && row.version == version; });
  if (is_built_in) return true;
  if (text(version) != "v1") return false;
  return std::any_of(definitions_.begin(), definitions_.end(), [&](KeyId key) {
    const Entry& entry = store_[key.index()];
    if (!entry.exists) return false;
    const auto& defines = case_.contents[body(entry).content.index()].defines;
    return defines && defines->group == group;
  });
}

model::Scope ScriptedServer::scope(base::Symbol group, base::Symbol kind) const {
  if (const BuiltInKind* row = built_in(group, kind)) return row->scope;
  const DefinedKind* row = defined(group, kind);
  return row == nullptr ? model::Scope::Unknown : row->scope;
}

KeyId ScriptedServer::key_of(model::Key key) {
  if (scope(key.group, key.kind) == model::Scope::Cluster) key.name_space = base::kEmptySymbol;
  return case_.keys.id(key);
}

sync::KindCheck ScriptedServer::discover(const model::ObjectFacts& facts) {
  const bool may_fail = std::any_of(case_.world.errors.begin(), case_.world.errors.end(),
                                    [](const auto& rule) { return rule.call == Call::Discovery; });
  const BuiltInKind* const row = built_in(facts.key.group, facts.key.kind);
  if (row != nullptr && row->version == facts.version && !may_fail) return {};
  const std::string_view group = text(facts.key.group);
  const std::string group_version =
      fmt::format("{}{}{}", group, group.empty() ? "" : "/", text(facts.version));
  const auto failed = [&](sync::Discovery discovery, std::string_view cause) -> sync::KindCheck {
    return {
        .discovery = discovery,
        .message = interner_.intern(sync::discovery_error(case_.version, group_version, cause))};
  };
  const auto lacks_kind = [&]() -> sync::KindCheck {
    return {.discovery = sync::Discovery::NotFound,
            .message = interner_.intern(fmt::format("{}{}{} \"\" not found", text(facts.key.kind),
                                                    group.empty() ? "" : ".", group))};
  };
  for (const ErrorRule& rule : case_.world.errors) {
    if (rule.call != Call::Discovery || text(rule.group_version) != group_version) continue;
    if (tick_ < rule.from || (rule.to >= 0 && tick_ > rule.to)) continue;
    const bool is_missing = reply_of(rule).status == AnswerStatus::NotFound;
    // client-go takes a core group that is not found for one without kinds (discovery_client.go).
    if (is_missing && group_version == "v1") return lacks_kind();
    return failed(is_missing ? sync::Discovery::NotFound : sync::Discovery::Failed,
                  text(rule.message));
  }
  if (row != nullptr && row->version == facts.version) return {};
  if (defined(facts.key.group, facts.key.kind) != nullptr && text(facts.version) == "v1") return {};
  if (!knows_group_version(facts.key.group, facts.version)) {
    return failed(sync::Discovery::NotFound, "the server could not find the requested resource");
  }
  return lacks_kind();
}

std::string ScriptedServer::qualified(KeyId id) const {
  const model::Key& key = case_.keys[id];
  std::string_view plural = text(key.kind);
  if (const BuiltInKind* row = built_in(key.group, key.kind)) {
    plural = row->plural;
  } else if (const DefinedKind* definition = defined(key.group, key.kind)) {
    plural = text(definition->plural);
  }
  const std::string_view group = text(key.group);
  return fmt::format("{}{}{}", plural, group.empty() ? "" : ".", group);
}

// ---- the store ----

const Entry* ScriptedServer::find(KeyId key) const {
  if (key.index() >= store_.size() || !store_[key.index()].exists) return nullptr;
  return &store_[key.index()];
}

Entry& ScriptedServer::entry(KeyId key) {
  if (key.index() >= store_.size()) store_.resize(case_.keys.size());
  return store_[key.index()];
}

void ScriptedServer::add_target(const model::Key& key) {
  const KeyId id = case_.keys.id(key);
  if (id.index() >= is_target_.size()) is_target_.resize(case_.keys.size());
  is_target_[id.index()] = true;
}

BodyId ScriptedServer::body_of(ContentId content, KeyId key) {
  const std::uint64_t both = std::uint64_t{content.value} << 32U | key.value;
  const auto [found, is_new] = body_ids_.try_emplace(both, BodyId::from(bodies_.size()));
  if (is_new) {
    Body body{.content = content, .key = key, .facts = case_.contents[content.index()].facts};
    body.facts.key = case_.keys[key];
    bodies_.push_back(body);
  }
  return found->second;
}

void ScriptedServer::insert(KeyId key, const WriteBody& object, StatusId status, bool is_owned) {
  Entry& stored = entry(key);
  const int incarnation = stored.incarnation + 1;
  stored = {.exists = true,
            .body = body_of(object.content, key),
            .status = status,
            .finalizers = object.finalizers,
            .uid = interner_.intern(fmt::format("{}#{}", key.value, incarnation)),
            .is_owned = is_owned,
            .created = tick_,
            .incarnation = incarnation};
  changed(stored);
  if (!case_.contents[object.content.index()].defines) return;
  ++kinds_revision_;
  if (std::find(definitions_.begin(), definitions_.end(), key) == definitions_.end()) {
    definitions_.push_back(key);
  }
}

void ScriptedServer::erase(Entry& entry) {
  entry.exists = false;
  if (case_.contents[body(entry).content.index()].defines) ++kinds_revision_;
}

void ScriptedServer::schedule_deletion(KeyId key) {
  Entry& stored = entry(key);
  stored.gone_at = tick_;
  for (const KeyTicks& lag : case_.world.delete_lags) {
    if (lag.key == key) stored.gone_at = tick_ + std::max(0, lag.ticks);
  }
  for (const KeyTicks& rule : case_.world.finalizer_ticks) {
    if (rule.key == key) stored.finalizers_gone_at = tick_ + rule.ticks;
  }
}

void ScriptedServer::mark_deleted(KeyId key) {
  Entry& stored = entry(key);
  if (!stored.is_deleting) {
    stored.is_deleting = true;
    changed(stored);
    schedule_deletion(key);
  }
  reap(stored);
}

void ScriptedServer::reap(Entry& entry) {
  if (entry.is_deleting && entry.finalizers == base::kEmptySymbol && tick_ >= entry.gone_at) {
    erase(entry);
  }
}

void ScriptedServer::advance(int tick) {
  tick_ = tick;
  play_events(When::Early);
  for (Entry& stored : store_) {
    if (!stored.exists) continue;
    if (stored.finalizers_gone_at && tick >= *stored.finalizers_gone_at) {
      const base::Symbol kept =
          interner_.intern(lines_kept(text(stored.finalizers), [](std::string_view line) {
            return line.starts_with("argocd.argoproj.io/");
          }));
      if (kept != stored.finalizers) changed(stored);
      stored.finalizers = kept;
    }
    reap(stored);
  }
  for (const StatusRule& rule : case_.world.statuses) {
    if (find(rule.key) == nullptr) continue;
    Entry& stored = entry(rule.key);
    if (rule.incarnation != 0 && rule.incarnation != stored.incarnation) continue;
    if (tick - stored.created < rule.after || stored.status == rule.status) continue;
    stored.status = rule.status;
    changed(stored);
  }
}

void ScriptedServer::play_events(When when) {
  for (const EventRule& event : case_.world.events) {
    if (event.tick != tick_ || event.is_late != (when == When::Late)) continue;
    if (event.kind == EventKind::Create) {
      const ObjectScript& object = event.object;
      const model::Key& kind = case_.contents[object.content.index()].facts.key;
      const KeyId key = key_of({.group = kind.group,
                                .kind = kind.kind,
                                .name_space = object.name_space,
                                .name = object.name});
      if (find(key) != nullptr) continue;
      insert(key,
             {.content = object.content,
              .name_space = object.name_space,
              .name = object.name,
              .finalizers = object.finalizers},
             object.status, !object.is_foreign);
      continue;
    }
    if (find(event.key) == nullptr) continue;
    switch (event.kind) {
      case EventKind::Delete: mark_deleted(event.key); break;
      case EventKind::Touch: changed(entry(event.key)); break;
      case EventKind::Vanish: erase(entry(event.key)); break;
      case EventKind::Create: break;
    }
  }
}

// ---- calls ----

const ErrorRule* ScriptedServer::scripted_error(Call call, KeyId key) const {
  for (const ErrorRule& rule : case_.world.errors) {
    if (rule.call == call && rule.key == key && tick_ >= rule.from &&
        (rule.to < 0 || tick_ <= rule.to)) {
      return &rule;
    }
  }
  return nullptr;
}

Reply ScriptedServer::reply_of(const ErrorRule& rule) const {
  constexpr int kNotFound = 404;
  constexpr int kConflict = 409;
  const std::string_view reason = text(rule.reason);
  Reply reply{.status = AnswerStatus::Error, .message = rule.message};
  if (rule.code == kNotFound || reason == "NotFound") reply.status = AnswerStatus::NotFound;
  if (rule.code == kConflict && (reason.empty() || reason == "Conflict")) {
    reply.status = AnswerStatus::Conflict;
  }
  return reply;
}

Reply ScriptedServer::failure(std::string_view message) {
  return {.status = AnswerStatus::Error, .message = interner_.intern(message)};
}

Reply ScriptedServer::not_found(KeyId key) {
  return {.status = AnswerStatus::NotFound,
          .message = interner_.intern(
              fmt::format("{} \"{}\" not found", qualified(key), text(case_.keys[key].name)))};
}

Reply ScriptedServer::get_namespace(KeyId key) {
  if (const ErrorRule* rule = scripted_error(Call::GetNamespace, key)) {
    return failure(text(rule->message));
  }
  return find(key) == nullptr ? not_found(key) : Reply{};
}

Reply ScriptedServer::get(KeyId key) {
  if (const ErrorRule* rule = scripted_error(Call::Get, key)) return reply_of(*rule);
  return find(key) == nullptr ? not_found(key) : Reply{};
}

Reply ScriptedServer::put_without_finalizer(KeyId key, std::uint64_t resource_version) {
  Action action{.verb = Verb::Unfinalize, .key = key};
  if (const ErrorRule* rule = scripted_error(Call::Put, key)) {
    action.outcome = CallOutcome::Error;
    record(action);
    return reply_of(*rule);
  }
  if (find(key) == nullptr) {
    action.outcome = CallOutcome::NotFound;
    record(action);
    return not_found(key);
  }
  Entry& stored = entry(key);
  bool conflict = stored.resource_version != resource_version;
  for (std::size_t i = 0; i < case_.world.conflicts.size(); ++i) {
    const ConflictRule& rule = case_.world.conflicts[i];
    if (rule.key != key || rule.tick != tick_ || conflicts_seen_[i] >= rule.count) continue;
    ++conflicts_seen_[i];
    conflict = true;
  }
  if (conflict) {
    action.outcome = CallOutcome::Conflict;
    record(action);
    return {.status = AnswerStatus::Conflict,
            .message = interner_.intern(
                fmt::format("Operation cannot be fulfilled on {} \"{}\": the object has been "
                            "modified; please apply your changes to the latest version and try "
                            "again",
                            qualified(key), text(case_.keys[key].name)))};
  }
  stored.finalizers =
      interner_.intern(lines_kept(text(stored.finalizers), [](std::string_view line) {
        return line != model::kHookFinalizer;
      }));
  changed(stored);
  record(action);
  reap(stored);
  return {};
}

Reply ScriptedServer::remove(KeyId key, base::Symbol policy) {
  Action action{.verb = Verb::Delete, .key = key};
  if (const ErrorRule* rule = scripted_error(Call::Delete, key)) {
    action.outcome = CallOutcome::Error;
    record(action);
    return reply_of(*rule);
  }
  if (find(key) == nullptr) {
    action.outcome = CallOutcome::NotFound;
    record(action);
    return not_found(key);
  }
  action.policy = policy;
  record(action);
  mark_deleted(key);
  return {};
}

Reply ScriptedServer::prune(KeyId key, base::Symbol policy) {
  Action action{.verb = Verb::Prune, .key = key};
  if (const ErrorRule* rule = scripted_error(Call::Prune, key)) {
    action.outcome = CallOutcome::Error;
    record(action);
    return failure(text(rule->message));
  }
  if (find(key) == nullptr) {
    action.outcome = CallOutcome::NotFound;
    record(action);
    return failure(
        fmt::format("{} \"{}\" not found", text(case_.keys[key].kind), text(case_.keys[key].name)));
  }
  action.policy = policy;
  record(action);
  mark_deleted(key);
  return {};
}

Reply ScriptedServer::printed(const WriteBody& object, std::string_view verb, WriteFlags flags) {
  sync::Text line;
  sync::append(line, "{}/{} {}{}", text(case_.contents[object.content.index()].printed_kind),
               text(object.name), verb, flags.is_dry ? " (dry run)" : "");
  return {.message = sync::intern(line, interner_)};
}

Reply ScriptedServer::write(Verb verb, const WriteBody& object, WriteFlags flags) {
  const model::Key& kind = case_.contents[object.content.index()].facts.key;
  const KeyId key = key_of({.group = kind.group,
                            .kind = kind.kind,
                            .name_space = object.name_space,
                            .name = object.name});
  const Reply reply = do_write(verb, key, object, flags);
  record({.verb = verb,
          .is_dry = flags.is_dry,
          .force = flags.force,
          .no_validate = !flags.validate,
          .server_side = flags.server_side,
          .outcome = reply.ok() ? CallOutcome::Done : CallOutcome::Error,
          .key = key});
  return reply;
}

Reply ScriptedServer::do_write(Verb verb, KeyId key, const WriteBody& object, WriteFlags flags) {
  if (const ErrorRule* rule = scripted_error(flags.is_dry ? Call::DryRun : call_of(verb), key)) {
    return failure(text(rule->message));
  }
  const model::ObjectFacts& facts = case_.contents[object.content.index()].facts;
  const model::Scope known = scope(facts.key.group, facts.key.kind);
  if (known == model::Scope::Unknown) {
    const std::string_view group = text(facts.key.group);
    return failure(fmt::format("no matches for kind \"{}\" in version \"{}{}{}\"",
                               text(facts.key.kind), group, group.empty() ? "" : "/",
                               text(facts.version)));
  }
  const Entry* const existing = find(key);
  if (flags.is_dry) {
    std::string_view done = "created";
    if (verb == Verb::Replace) done = "replaced";
    if (verb == Verb::Update) done = "updated";
    if (verb == Verb::Apply && existing != nullptr) done = "configured";
    return printed(object, done, flags);
  }
  if (known == model::Scope::Namespaced) {
    const std::string_view name_space = text(object.name_space);
    const Entry* const found = find(case_.keys.id({.group = base::kEmptySymbol,
                                                   .kind = interner_.intern("Namespace"),
                                                   .name_space = base::kEmptySymbol,
                                                   .name = object.name_space}));
    if (found == nullptr) return failure(fmt::format("namespaces \"{}\" not found", name_space));
    if (found->is_deleting && existing == nullptr) {
      return failure(
          fmt::format("{} \"{}\" is forbidden: unable to create new content in namespace {} "
                      "because it is being terminated",
                      qualified(key), text(object.name), name_space));
    }
  }
  if (verb == Verb::Apply) return apply(key, object, flags);
  if (verb != Verb::Create) return replace(verb, key, object, flags);
  if (existing != nullptr) {
    return failure(fmt::format("{}{} \"{}\" already exists",
                               existing->is_deleting ? "object is being deleted: " : "",
                               qualified(key), text(object.name)));
  }
  insert(key, object, {}, is_target(key));
  return printed(object, "created", flags);
}

std::optional<Reply> ScriptedServer::refused(const Entry& entry, const WriteBody& object) {
  if (!entry.is_deleting) return std::nullopt;
  std::vector<std::string> added;
  for_each_line(text(object.finalizers), [&](std::string_view finalizer) {
    if (!has_line(text(entry.finalizers), finalizer)) {
      added.push_back(fmt::format("\"{}\"", finalizer));
    }
  });
  if (added.empty()) return std::nullopt;
  const model::Key& kind = case_.contents[object.content.index()].facts.key;
  const std::string_view group = text(kind.group);
  return failure(fmt::format(
      "{}{}{} \"{}\" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if "
      "the object is being deleted, found new finalizers []string{{{}}}",
      text(kind.kind), group.empty() ? "" : ".", group, text(object.name), fmt::join(added, ", ")));
}

bool ScriptedServer::breaks_template(const Entry& entry, const WriteBody& object) const {
  return case_.contents[body(entry).content.index()].job_template !=
         case_.contents[object.content.index()].job_template;
}

Reply ScriptedServer::apply(KeyId key, const WriteBody& object, WriteFlags flags) {
  if (flags.force && flags.server_side) return failure("--force cannot be used with --server-side");
  const std::string_view created = flags.server_side ? "serverside-applied" : "created";
  if (find(key) == nullptr) {
    insert(key, object, {}, is_target(key));
    return printed(object, created, flags);
  }
  Entry& stored = entry(key);
  if (const auto refusal = refused(stored, object)) return *refusal;
  if (breaks_template(stored, object)) {
    if (!flags.force) {
      return failure(fmt::format(
          "Job.batch \"{}\" is invalid: spec.template: Invalid value: field is immutable",
          text(object.name)));
    }
    insert(key, object, {}, stored.is_owned || is_target(key));
    return printed(object, "configured", flags);
  }
  std::string joined(text(stored.finalizers));
  for_each_line(text(object.finalizers), [&](std::string_view finalizer) {
    if (has_line(joined, finalizer)) return;
    if (!joined.empty()) joined += '\n';
    joined += finalizer;
  });
  const bool did_change = merge_onto(stored, key, object, interner_.intern(joined));
  if (flags.server_side) return printed(object, created, flags);
  return printed(object, did_change ? "configured" : "unchanged", flags);
}

Reply ScriptedServer::replace(Verb verb, KeyId key, const WriteBody& object, WriteFlags flags) {
  if (find(key) == nullptr) {
    return failure(fmt::format("{} \"{}\" not found", qualified(key), text(object.name)));
  }
  Entry& stored = entry(key);
  if (verb == Verb::Replace && flags.force) {
    insert(key, object, {}, stored.is_owned || is_target(key));
    return printed(object, "replaced", flags);
  }
  if (const auto refusal = refused(stored, object)) return *refusal;
  if (breaks_template(stored, object)) {
    return failure(
        fmt::format("Job.batch \"{}\" is invalid: spec.template: Invalid value: field is immutable",
                    text(object.name)));
  }
  (void)merge_onto(stored, key, object, object.finalizers);
  return printed(object, "replaced", flags);
}

// Identity, status and deletion mark stay. False: nothing changed.
bool ScriptedServer::merge_onto(Entry& stored, KeyId key, const WriteBody& object,
                                base::Symbol finalizers) {
  stored.is_owned = stored.is_owned || is_target(key);
  const BodyId written = body_of(object.content, key);
  if (stored.body == written && stored.finalizers == finalizers) return false;
  stored.body = written;
  stored.finalizers = finalizers;
  changed(stored);
  if (case_.contents[object.content.index()].defines) ++kinds_revision_;
  return true;
}

void ScriptedServer::take_actions(std::vector<std::vector<Action>>& groups) {
  const auto runs_with = [&](const Action& a, const Action& b) {
    const bool is_write = a.verb <= Verb::Update;
    if (is_write != (b.verb <= Verb::Update)) return false;
    if (!is_write) return a.verb == b.verb;
    return a.is_dry == b.is_dry && case_.keys[a.key].kind == case_.keys[b.key].kind;
  };
  groups.clear();
  for (const Action& action : actions_) {
    if (groups.empty() || !runs_with(groups.back().front(), action)) groups.emplace_back();
    groups.back().push_back(action);
  }
  for (auto& group : groups) std::sort(group.begin(), group.end());
  actions_.clear();
}

}  // namespace wavetank::conformance
