#include "conformance/engine_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "model/annotation.h"
#include "sync/task_list.h"

namespace wavetank::conformance {

using nlohmann::json;

namespace {

std::string field(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : "";
}

// The member, or an empty value of the same kind that outlives the call.
const json& member(const json& object, const char* name) {
  static const json kNone;
  const auto found = object.find(name);
  return found == object.end() ? kNone : *found;
}

// The text of one of an enumeration's values as that value.
template <class Enum, std::size_t N>
std::optional<Enum> value_named(const std::array<Enum, N>& values, std::string_view text) {
  for (const Enum value : values) {
    if (name(value) == text) return value;
  }
  return std::nullopt;
}

constexpr std::array kOperationPhases{sync::OperationPhase::Running,
                                      sync::OperationPhase::Succeeded, sync::OperationPhase::Failed,
                                      sync::OperationPhase::Error};
constexpr std::array kStatuses{sync::ResultStatus::Empty, sync::ResultStatus::Synced,
                               sync::ResultStatus::SyncFailed, sync::ResultStatus::Pruned,
                               sync::ResultStatus::PruneSkipped};
constexpr std::array kStates{sync::TaskState::Pending, sync::TaskState::Running,
                             sync::TaskState::Succeeded, sync::TaskState::Failed,
                             sync::TaskState::Error};
constexpr std::array kVerbs{Verb::Apply, Verb::Create, Verb::Replace,   Verb::Update,
                            Verb::Prune, Verb::Delete, Verb::Unfinalize};
constexpr std::array kOutcomes{CallOutcome::Error, CallOutcome::NotFound, CallOutcome::Conflict};

std::optional<Call> call_named(std::string_view text) {
  constexpr std::array<std::string_view, 11> kNames{"apply",  "create",       "replace",  "update",
                                                    "dryrun", "prune",        "delete",   "put",
                                                    "get",    "getNamespace", "discovery"};
  const auto* const found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<Call>(found - kNames.begin());
}

class Reader {
 public:
  Reader(EngineCase& into, base::Interner& interner, std::string& error)
      : case_(into), interner_(interner), error_(error) {}

  void read(const json& vector) {
    case_.id = field(vector, "id");
    case_.tags = vector.value("tags", std::vector<std::string>{});
    if (const std::string version = field(vector, "argocd"); !version.empty()) {
      const auto parsed = model::parse_version(version);
      if (!parsed) return fail("version " + version + " of Argo CD is not modelled");
      case_.version = *parsed;
    }
    read_world(member(vector, "world"));
    for (const json& operation : vector.at("ops")) read_operation(operation);
  }

 private:
  void fail(std::string message) {
    if (error_.empty()) error_ = std::move(message);
  }

  base::Symbol symbol(std::string_view text) { return interner_.intern(text); }

  // "group/Kind/namespace/name".
  model::Key key(std::string_view text) {
    std::array<std::string_view, 4> parts;
    for (std::size_t i = 0; i < 3; ++i) {
      const auto slash = text.find('/');
      parts.at(i) = text.substr(0, slash);
      if (slash == std::string_view::npos) {
        fail(fmt::format("`{}` is no key", text));
        break;
      }
      text.remove_prefix(slash + 1);
    }
    parts[3] = text;
    return {.group = symbol(parts[0]),
            .kind = symbol(parts[1]),
            .name_space = symbol(parts[2]),
            .name = symbol(parts[3])};
  }

  KeyId key_id(std::string_view text) { return case_.keys.id(key(text)); }

  base::Symbol lines(const json& list) {
    std::string text;
    for (const json& item : list) {
      if (!text.empty()) text += '\n';
      text += item.get<std::string>();
    }
    return symbol(text);
  }

  StatusId status(const json& value) {
    const auto [found, is_new] =
        status_by_text_.try_emplace(value.dump(), StatusId::from(case_.statuses.size()));
    if (is_new) case_.statuses.push_back(value);
    return found->second;
  }

  base::Symbol sorted_lines(base::Symbol text) {
    std::vector<std::string_view> parts;
    for (std::string_view rest = interner_.text(text); !rest.empty();) {
      const auto end = rest.find('\n');
      parts.push_back(rest.substr(0, end));
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    }
    std::sort(parts.begin(), parts.end());
    return symbol(fmt::format("{}", fmt::join(parts, "\n")));
  }

  ContentId content(json object) {
    json& meta = object["metadata"];
    for (const char* name : {"name", "namespace", "finalizers"}) meta.erase(name);
    object.erase("status");
    const auto [found, is_new] =
        content_by_text_.try_emplace(object.dump(), ContentId::from(case_.contents.size()));
    if (!is_new) return found->second;
    Content content{.facts = model::facts_of(object, interner_)};
    content.facts.images = model::behaves(case_.version, model::Behavior::ResultImages)
                               ? sorted_lines(content.facts.images)
                               : base::kEmptySymbol;
    std::string kind = field(object, "kind");
    const std::string_view group = interner_.text(content.facts.key.group);
    if (kind == "Job") {
      const json& spec = member(object, "spec");
      content.job_template =
          symbol(spec.contains("template") ? spec.at("template").dump() : std::string("{}"));
    }
    for (char& c : kind) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + 32);
    }
    content.printed_kind = symbol(fmt::format("{}{}{}", kind, group.empty() ? "" : ".", group));
    if (content.facts.is_crd) {
      const json& spec = member(object, "spec");
      content.defines = {.group = symbol(field(spec, "group")),
                         .kind = symbol(field(member(spec, "names"), "kind")),
                         .plural = symbol(field(member(spec, "names"), "plural")),
                         .scope = field(spec, "scope") == "Cluster" ? model::Scope::Cluster
                                                                    : model::Scope::Namespaced};
    }
    content.value = std::move(object);
    case_.contents.push_back(std::move(content));
    return found->second;
  }

  ObjectScript object_script(const json& object) {
    const json& meta = member(object, "metadata");
    ObjectScript script{.content = content(object),
                        .name_space = symbol(field(meta, "namespace")),
                        .name = symbol(field(meta, "name")),
                        .finalizers = lines(member(meta, "finalizers"))};
    if (object.contains("status")) script.status = status(object.at("status"));
    return script;
  }

  void read_world(const json& world) {
    WorldScript& script = case_.world;
    for (const json& initial : member(world, "objects")) {
      script.objects.push_back(object_script(initial.at("object")));
      script.objects.back().is_foreign = initial.value("foreign", false);
      script.objects.back().is_deleting = initial.value("deleting", false);
    }
    for (const json& rule : member(world, "statuses")) {
      script.statuses.push_back({.key = key_id(field(rule, "key")),
                                 .incarnation = rule.value("incarnation", 0),
                                 .after = rule.value("after", 0),
                                 .status = status(rule.at("status"))});
    }
    for (const json& event : member(world, "events")) read_event(event);
    for (const json& rule : member(world, "errors")) read_error(rule);
    for (const json& rule : member(world, "conflicts")) {
      script.conflicts.push_back({.key = key_id(field(rule, "key")),
                                  .tick = rule.value("tick", 0),
                                  .count = rule.value("count", 0)});
    }
    for (const auto& [text, ticks] : member(world, "deleteLag").items()) {
      script.delete_lags.push_back({.key = key_id(text), .ticks = ticks.get<int>()});
    }
    for (const auto& [text, ticks] : member(world, "finalizerTicks").items()) {
      script.finalizer_ticks.push_back({.key = key_id(text), .ticks = ticks.get<int>()});
    }
  }

  void read_event(const json& event) {
    constexpr std::array<std::string_view, 4> kNames{"delete", "vanish", "touch", "create"};
    const std::string kind = field(event, "op");
    const auto* const found = std::find(kNames.begin(), kNames.end(), kind);
    if (found == kNames.end()) return fail("unknown event " + kind);
    EventRule rule{.tick = event.value("tick", 0),
                   .kind = static_cast<EventKind>(found - kNames.begin()),
                   .is_late = event.value("late", false)};
    if (rule.kind == EventKind::Create) {
      rule.object = object_script(event.at("object"));
      rule.object.is_foreign = event.value("foreign", false);
    } else {
      rule.key = key_id(field(event, "key"));
    }
    case_.world.events.push_back(rule);
  }

  void read_error(const json& rule) {
    const auto call = call_named(field(rule, "op"));
    if (!call) return fail("unknown call " + field(rule, "op"));
    ErrorRule error{.call = *call,
                    .from = rule.value("from", 0),
                    .to = rule.value("to", 0),
                    .code = rule.value("code", 500),
                    .reason = symbol(field(rule, "reason")),
                    .message = symbol(field(rule, "message"))};
    if (*call == Call::Discovery) {
      error.group_version = symbol(field(rule, "key"));
    } else {
      error.key = key_id(field(rule, "key"));
    }
    case_.world.errors.push_back(error);
  }

  void read_operation(const json& recorded) {
    OperationRecord record{.gap = recorded.value("gap", 0)};
    record.operation.version = case_.version;
    record.operation.revision = field(recorded, "revision");
    record.operation.started_at = recorded.value("startedAt", std::int64_t{0});
    record.operation.name_space = symbol(field(recorded, "namespace"));
    read_settings(member(recorded, "settings"), record);
    if (recorded.contains("terminateAt")) {
      record.terminate_at = recorded.at("terminateAt").get<std::size_t>();
    }
    for (const json& manifest : member(recorded, "manifests")) {
      record.manifests.push_back(read_manifest(manifest, record.operation.name_space));
    }
    for (const json& pass : member(recorded, "passes")) record.passes.push_back(read_pass(pass));
    case_.operations.push_back(std::move(record));
  }

  Manifest read_manifest(const json& object, base::Symbol destination) {
    const json& meta = member(object, "metadata");
    const std::string written = field(meta, "namespace");
    Manifest manifest{.content = content(object),
                      .name_space = written.empty() ? destination : symbol(written),
                      .finalizers = lines(member(meta, "finalizers"))};
    manifest.cluster = case_.contents[manifest.content.index()].facts;
    manifest.cluster.key.name = symbol(field(meta, "name"));
    manifest.namespaced = manifest.cluster;
    manifest.namespaced.key.name_space = manifest.name_space;
    return manifest;
  }

  void read_settings(const json& settings, OperationRecord& record) {
    sync::Settings& result = record.operation.settings;
    const auto flag = [&](const char* name) { return member(settings, name) == true; };
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
    const json& labels = member(settings, "managedNamespaceLabels");
    result.has_managed_namespace_metadata = !labels.is_null();
    const std::string policy = field(settings, "propagationPolicy");
    if (policy == "Background") result.propagation = model::Propagation::Background;
    if (policy == "Orphan") result.propagation = model::Propagation::Orphan;
    if (settings.is_object() && settings.contains("defaultPruneOption")) {
      result.default_prune =
          model::resource_options("Prune=" + field(settings, "defaultPruneOption")).prune;
    }
    json name_space = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", json::object()}};
    if (!labels.is_null()) {
      name_space["metadata"]["labels"] = labels;
      name_space["metadata"]["annotations"] = {
          {std::string(model::kSyncOptions), "ServerSideApply=true"}};
    }
    record.generated_namespace = content(std::move(name_space));
    if (const json& selected = member(settings, "selected"); selected.is_array()) {
      record.selected.emplace();
      for (const json& item : selected) record.selected->push_back(key(item.get<std::string>()));
    }
    for (const auto& [text, is_modified] : member(settings, "modified").items()) {
      if (is_modified == true) record.modified.push_back(key(text));
    }
    for (const auto& [text, message] : member(settings, "denied").items()) {
      const auto slash = text.find('/');
      record.denied.push_back({.group = symbol(text.substr(0, slash)),
                               .kind = symbol(text.substr(slash + 1)),
                               .message = symbol(message.get<std::string>())});
    }
    if (const json& from = member(settings, "pruneConfirmedFrom"); from.is_number()) {
      record.prune_confirmed_from = from.get<std::size_t>();
    }
    if (const json& rule = member(settings, "waveHookError"); rule.is_object()) {
      const auto phase = value_named(model::kPhases, field(rule, "phase"));
      if (!phase) return fail("unknown phase " + field(rule, "phase"));
      record.wave_hook_error = {.phase = *phase,
                                .wave = rule.value("wave", std::int64_t{0}),
                                .message = symbol(field(rule, "message"))};
    }
  }

  PassRecord read_pass(const json& recorded) {
    PassRecord pass{.tick = recorded.value("tick", 0),
                    .message = symbol(field(recorded, "message"))};
    const auto phase = value_named(kOperationPhases, field(recorded, "phase"));
    if (!phase) fail("unknown phase " + field(recorded, "phase"));
    pass.phase = phase.value_or(sync::OperationPhase::Running);
    for (const json& group : member(recorded, "actions")) {
      pass.actions.emplace_back();
      for (const json& action : group) {
        pass.actions.back().push_back(read_action(action.get<std::string>()));
      }
      std::sort(pass.actions.back().begin(), pass.actions.back().end());
    }
    for (const json& result : member(recorded, "results")) {
      pass.results.push_back(read_result(result));
    }
    std::sort(pass.results.begin(), pass.results.end());
    return pass;
  }

  // "dry-apply KEY force serverside -> error", "prune KEY Foreground".
  Action read_action(std::string_view text) {
    const auto next = [&] {
      const auto blank = text.find(' ');
      const std::string_view word = text.substr(0, blank);
      text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
      return word;
    };
    Action action;
    std::string_view verb = next();
    action.is_dry = verb.starts_with("dry-");
    if (action.is_dry) verb.remove_prefix(4);
    const auto known = value_named(kVerbs, verb);
    if (!known) fail(fmt::format("unknown action {}", verb));
    action.verb = known.value_or(Verb::Apply);
    action.key = key_id(next());
    while (!text.empty()) {
      const std::string_view word = next();
      if (word == "force") {
        action.force = true;
      } else if (word == "novalidate") {
        action.no_validate = true;
      } else if (word == "serverside") {
        action.server_side = true;
      } else if (word == "->") {
        const std::string_view outcome = next();
        const auto known_outcome = value_named(kOutcomes, outcome);
        if (!known_outcome) fail(fmt::format("unknown outcome {}", outcome));
        action.outcome = known_outcome.value_or(CallOutcome::Error);
      } else {
        action.policy = symbol(word);
      }
    }
    return action;
  }

  ResultRow read_result(const json& recorded) {
    ResultRow row{.key = key_id(field(recorded, "key")),
                  .hook_type = symbol(field(recorded, "hookType")),
                  .message = symbol(field(recorded, "message")),
                  .version = symbol(field(recorded, "version")),
                  .images = sorted_lines(lines(member(recorded, "images")))};
    const auto phase = value_named(model::kPhases, field(recorded, "syncPhase"));
    const auto status = value_named(kStatuses, field(recorded, "status"));
    const auto state = value_named(kStates, field(recorded, "hookPhase"));
    if (!phase || !status || !state)
      fail("unknown words in the result of " + field(recorded, "key"));
    row.phase = phase.value_or(model::Phase::Sync);
    row.status = status.value_or(sync::ResultStatus::Empty);
    row.state = state.value_or(sync::TaskState::Pending);
    return row;
  }

  EngineCase& case_;
  base::Interner& interner_;
  std::string& error_;
  std::map<std::string, ContentId> content_by_text_;
  std::map<std::string, StatusId> status_by_text_;
};

}  // namespace

KeyId Keys::id(const model::Key& key) {
  const auto [found, is_new] = ids_.try_emplace(key, KeyId::from(keys_.size()));
  if (is_new) keys_.push_back(key);
  return found->second;
}

bool is_engine_case(const json& vector) {
  return vector.is_object() && member(vector, "ops").is_array();
}

std::optional<EngineCase> read_engine_case(const json& vector, base::Interner& interner,
                                           std::string& error) {
  EngineCase result;
  Reader(result, interner, error).read(vector);
  if (!error.empty()) return std::nullopt;
  return result;
}

std::string_view name(Verb verb) {
  switch (verb) {
    case Verb::Apply: return "apply";
    case Verb::Create: return "create";
    case Verb::Replace: return "replace";
    case Verb::Update: return "update";
    case Verb::Prune: return "prune";
    case Verb::Delete: return "delete";
    case Verb::Unfinalize: return "unfinalize";
  }
  WAVETANK_CHECK(false);
}

std::string_view name(CallOutcome outcome) {
  switch (outcome) {
    case CallOutcome::Done: return "";
    case CallOutcome::Error: return "error";
    case CallOutcome::NotFound: return "notfound";
    case CallOutcome::Conflict: return "conflict";
  }
  WAVETANK_CHECK(false);
}

base::Symbol normalise_message(base::Symbol message, base::Interner& interner) {
  constexpr std::string_view kReason = ", reason: ";
  std::string_view rest = interner.text(message);
  if (rest.find(kReason) == std::string_view::npos) return message;
  std::string result;
  while (true) {
    const auto end = rest.find('\n');
    const std::string_view line = rest.substr(0, end);
    const auto at = line.find(kReason);
    if (at == std::string_view::npos) {
      result += line;
    } else {
      std::vector<std::string_view> parts;
      std::string_view causes = line.substr(at + kReason.size());
      while (true) {
        const auto comma = causes.find(',');
        parts.push_back(causes.substr(0, comma));
        if (comma == std::string_view::npos) break;
        causes.remove_prefix(comma + 1);
      }
      std::sort(parts.begin(), parts.end());
      result += line.substr(0, at + kReason.size());
      result += fmt::format("{}", fmt::join(parts, ","));
    }
    if (end == std::string_view::npos) return interner.intern(result);
    result += '\n';
    rest.remove_prefix(end + 1);
  }
}

}  // namespace wavetank::conformance
