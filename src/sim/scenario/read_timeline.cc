// What is done to the world of a scenario, and when.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <array>

#include "sim/scenario/reader.h"

namespace wavetank::sim {

namespace {

struct ActionName {
  std::string_view key;
  Action::Kind kind = Action::Kind::Sync;
};
constexpr std::array kActions{
    ActionName{"sync", Action::Kind::Sync},
    ActionName{"push", Action::Kind::Push},
    ActionName{"refresh", Action::Kind::Refresh},
    ActionName{"terminate", Action::Kind::Terminate},
    ActionName{"deleteApp", Action::Kind::DeleteApplication},
    ActionName{"createApp", Action::Kind::CreateApplication},
    ActionName{"syncPolicy", Action::Kind::SetPolicy},
    ActionName{"create", Action::Kind::Create},
    ActionName{"edit", Action::Kind::Edit},
    ActionName{"delete", Action::Kind::Delete},
    ActionName{"behave", Action::Kind::Behave},
    ActionName{"fault", Action::Kind::Fault},
    ActionName{"drain", Action::Kind::Drain},
    ActionName{"uncordon", Action::Kind::Uncordon},
    ActionName{"loseNode", Action::Kind::LoseNode},
    ActionName{"restoreNode", Action::Kind::RestoreNode},
    ActionName{"restartController", Action::Kind::RestartController},
    ActionName{"loseSource", Action::Kind::LoseSource},
};

// A merge patch out of paths such as ".spec.replicas".
nlohmann::json patch_of(const nlohmann::json& paths) {
  nlohmann::json patch = nlohmann::json::object();
  for (const auto& [path, value] : paths.items()) {
    nlohmann::json* place = &patch;
    std::string_view rest = path;
    while (rest.starts_with('.')) {
      rest.remove_prefix(1);
      const auto end = std::min(rest.find('.'), rest.size());
      place = &(*place)[std::string(rest.substr(0, end))];
      rest.remove_prefix(end);
    }
    *place = value;
  }
  return patch;
}

}  // namespace

void ScenarioReader::read_timeline(const Value& timeline) {
  if (timeline.kind != Value::Kind::Sequence || timeline.items.empty()) {
    problem(timeline, "the timeline needs at least one entry");
    return;
  }
  for (const Value& item : timeline.items) read_item(item);
}

void ScenarioReader::read_item(const Value& item) {
  const bool is_mapping = keys(item, {"at",         "when",        "occurrence",
                                      "after",      "sync",        "push",
                                      "refresh",    "terminate",   "deleteApp",
                                      "createApp",  "syncPolicy",  "create",
                                      "edit",       "delete",      "behave",
                                      "fault",      "drain",       "uncordon",
                                      "loseNode",   "restoreNode", "restartController",
                                      "loseSource", "every",       "times"});
  if (!is_mapping) return;
  TimelineItem result{.place = {.line = item.line, .column = item.column}};
  const Value* at = item.find("at");
  const Value* when = item.find("when");
  if (at != nullptr && when != nullptr) problem(*when, "`at` and `when` exclude each other");
  if (at != nullptr && at->text != "quiescent") result.at = read_duration(*at);
  if (when != nullptr) result.when = read_predicate(*when);
  for (const char* only : {"occurrence", "after"}) {
    const Value* value = item.find(only);
    if (value != nullptr && when == nullptr)
      problem(*value, fmt::format("`{}` goes with `when`", only));
  }
  if (const Value* occurrence = item.find("occurrence")) {
    result.occurrence = static_cast<std::uint32_t>(read_number(*occurrence, 1'000'000).value_or(1));
    if (result.occurrence == 0) problem(*occurrence, "occurrences count from 1");
  }
  if (const Value* after = item.find("after")) {
    result.after = read_duration(*after).value_or(base::Duration::zero());
  }
  read_repetition(item, result);
  constexpr std::array<std::string_view, 6> kTimes{"at",    "when",  "occurrence",
                                                   "after", "every", "times"};
  std::size_t actions = 0;
  for (const auto& [key, value] : item.entries()) {
    if (std::find(kTimes.begin(), kTimes.end(), key.text) != kTimes.end()) continue;
    if (++actions == 2) problem(key, "an entry of the timeline does one thing");
    if (auto action = read_action(key, value)) result.action = std::move(*action);
  }
  if (actions == 0) problem(item, "the entry does nothing");
  scenario_.timeline.push_back(std::move(result));
}

// `every: 10m, times: 5`: what is done again and again must end some time, or the world never
// rests.
void ScenarioReader::read_repetition(const Value& item, TimelineItem& result) {
  constexpr std::uint64_t kMost = 10'000;
  const Value* every = item.find("every");
  const Value* times = item.find("times");
  if (every == nullptr && times == nullptr) return;
  if (every == nullptr || times == nullptr) {
    problem(item, "`every` goes with `times`, and `times` with `every`");
    return;
  }
  if (!result.at) problem(*every, "`every` goes with `at`, the first time");
  result.every = read_duration(*every);
  if (result.every && *result.every <= base::Duration::zero()) {
    problem(*every, "time has to pass between two times");
  }
  result.times = static_cast<std::uint32_t>(read_number(*times, kMost).value_or(1));
  if (result.times == 0) problem(*times, "what is done 0 times is not done");
}

std::optional<Action> ScenarioReader::read_action(const Value& key, const Value& value) {
  for (const ActionName& name : kActions) {
    if (name.key != key.text) continue;
    switch (name.kind) {
      case Action::Kind::Sync: return read_sync(value);
      case Action::Kind::Push: return read_push(value);
      case Action::Kind::Refresh:
      case Action::Kind::Terminate:
      case Action::Kind::DeleteApplication:
      case Action::Kind::CreateApplication:
      case Action::Kind::LoseSource:
      case Action::Kind::SetPolicy: return read_about_application(name.kind, value);
      case Action::Kind::Create: {
        Action action{.kind = name.kind, .patch = yaml::to_json(value)};
        const bool is_object = action.patch.is_object() && action.patch.contains("kind") &&
                               action.patch.contains("metadata");
        if (!is_object) problem(value, "an object with apiVersion, kind and metadata is expected");
        action.text = "somebody creates an object";
        if (is_object) {
          action.text = fmt::format("somebody creates {}/{}", action.patch.value("kind", ""),
                                    action.patch.at("metadata").value("name", ""));
        }
        return action;
      }
      case Action::Kind::Edit: return read_edit(value);
      case Action::Kind::Delete: return read_about_object(name.kind, value);
      case Action::Kind::Behave:
        return Action{.kind = name.kind,
                      .behaviors = read_behaviours(value),
                      .text = "things behave differently from now on"};
      case Action::Kind::Fault: {
        auto fault = read_fault(value);
        if (!fault) return std::nullopt;
        return Action{.kind = name.kind, .fault = std::move(fault), .text = "a fault is waiting"};
      }
      case Action::Kind::Drain:
      case Action::Kind::Uncordon:
      case Action::Kind::LoseNode:
      case Action::Kind::RestoreNode: return read_node(name.kind, value);
      case Action::Kind::RestartController:
        if (value.text != "true") problem(value, "`restartController: true` is expected here");
        return Action{.kind = name.kind, .text = "the application controller restarts"};
    }
  }
  return std::nullopt;  // unknown keys were refused before
}

// `sync: shop`, or `sync: {app: shop, revision: v2, prune: true}`.
std::optional<Action> ScenarioReader::read_sync(const Value& value) {
  Action action{.kind = Action::Kind::Sync};
  if (value.kind == Value::Kind::Scalar) {
    read_application_name(value, action.application);
    action.text = "somebody syncs " + action.application;
    return action;
  }
  if (!keys(value, {"app", "revision", "prune", "force", "dryRun", "options", "resources"})) {
    return std::nullopt;
  }
  const Value* app = value.find("app");
  if (app == nullptr) {
    problem(value, "a sync of which application?");
    return std::nullopt;
  }
  read_application_name(*app, action.application);
  action.revision = value.string("revision");
  if (const Value* prune = value.find("prune")) action.prune = read_flag(*prune).value_or(false);
  if (const Value* force = value.find("force")) action.force = read_flag(*force).value_or(false);
  if (const Value* dry = value.find("dryRun")) action.dry_run = read_flag(*dry).value_or(false);
  if (const Value* options = value.find("options")) action.options = read_texts(*options);
  if (const Value* resources = value.find("resources")) {
    for (const Value& item : resources->items) {
      if (auto ref = read_ref(item)) action.resources.push_back(std::move(*ref));
    }
  }
  action.text = "somebody syncs " + action.application;
  if (!action.resources.empty()) action.text += " in part";
  if (!action.revision.empty()) action.text += " to " + action.revision;
  return action;
}

std::optional<Action> ScenarioReader::read_push(const Value& value) {
  if (!keys(value, {"app", "revision"})) return std::nullopt;
  Action action{.kind = Action::Kind::Push};
  const Value* app = value.find("app");
  const Value* revision = value.find("revision");
  if (app == nullptr || revision == nullptr) {
    problem(value, "a push names an application and a revision");
    return std::nullopt;
  }
  read_application_name(*app, action.application);
  action.revision = revision->text;
  for (const ScenarioApplication& each : scenario_.applications) {
    if (each.name != action.application) continue;
    const bool is_known =
        std::any_of(each.revisions.begin(), each.revisions.end(),
                    [&](const ScenarioRevision& known) { return known.name == action.revision; });
    if (!is_known) {
      problem(*revision, fmt::format("`{}` has no revision `{}`", each.name, action.revision));
    }
  }
  action.text = fmt::format("{} is pushed for {}", action.revision, action.application);
  return action;
}

std::optional<Action> ScenarioReader::read_edit(const Value& value) {
  if (!keys(value, {"ref", "set", "merge"})) return std::nullopt;
  const Value* ref = value.find("ref");
  const Value* set = value.find("set");
  const Value* merge = value.find("merge");
  if (ref == nullptr || (set == nullptr) == (merge == nullptr)) {
    problem(value, "an edit has a `ref`, and `set` or `merge`");
    return std::nullopt;
  }
  const auto object = read_ref(*ref);
  if (!object) return std::nullopt;
  const nlohmann::json change = yaml::to_json(set != nullptr ? *set : *merge);
  if (!change.is_object()) {
    problem(set != nullptr ? *set : *merge, "a mapping is expected here");
    return std::nullopt;
  }
  for (const auto& [path, unused] : change.items()) {
    if (set != nullptr && !path.starts_with('.')) {
      problem(*set, fmt::format("`{}` is no path such as .spec.replicas", path));
      return std::nullopt;
    }
  }
  return Action{.kind = Action::Kind::Edit,
                .object = *object,
                .patch = set != nullptr ? patch_of(change) : change,
                .text = "somebody edits " + object->text()};
}

std::optional<Action> ScenarioReader::read_about_object(Action::Kind kind, const Value& value) {
  const Value* ref = &value;
  if (value.kind == Value::Kind::Mapping) {
    if (!keys(value, {"ref"})) return std::nullopt;
    ref = value.find("ref");
    if (ref == nullptr) {
      problem(value, "`ref` is missing");
      return std::nullopt;
    }
  }
  const auto object = read_ref(*ref);
  if (!object) return std::nullopt;
  return Action{.kind = kind, .object = *object, .text = "somebody deletes " + object->text()};
}

std::optional<Action> ScenarioReader::read_about_application(Action::Kind kind,
                                                             const Value& value) {
  Action action{.kind = kind};
  const Value* app = &value;
  if (value.kind == Value::Kind::Mapping) {
    if (kind == Action::Kind::DeleteApplication) {
      if (!keys(value, {"app", "cascade"})) return std::nullopt;
    } else if (kind == Action::Kind::SetPolicy) {
      if (!keys(value, {"app", "policy"})) return std::nullopt;
    } else if (!keys(value, {"app"})) {
      return std::nullopt;
    }
    app = value.find("app");
  }
  if (app == nullptr) {
    problem(value, "which application?");
    return std::nullopt;
  }
  read_application_name(*app, action.application);
  if (const Value* cascade = value.find("cascade")) {
    action.cascade = read_flag(*cascade).value_or(true);
  }
  if (kind == Action::Kind::SetPolicy) {
    const Value* policy = value.find("policy");
    if (policy == nullptr) problem(value, "`policy` is missing");
    if (policy != nullptr) action.patch = yaml::to_json(*policy);
  }
  switch (kind) {
    case Action::Kind::Refresh: action.text = "somebody refreshes "; break;
    case Action::Kind::Terminate: action.text = "somebody terminates the sync of "; break;
    case Action::Kind::DeleteApplication: action.text = "somebody deletes the application "; break;
    case Action::Kind::CreateApplication: action.text = "somebody creates the application "; break;
    case Action::Kind::LoseSource: action.text = "the branch or folder is gone of "; break;
    default: action.text = "somebody changes the sync policy of "; break;
  }
  action.text += action.application;
  return action;
}

namespace {

std::string_view story_of(Action::Kind kind) {
  if (kind == Action::Kind::Drain) return "the node is drained: ";
  if (kind == Action::Kind::Uncordon) return "the node takes pods again: ";
  return kind == Action::Kind::LoseNode ? "the node is lost: " : "the node comes back: ";
}

}  // namespace

std::optional<Action> ScenarioReader::read_node(Action::Kind kind, const Value& value) {
  const Value* node = &value;
  if (value.kind == Value::Kind::Mapping) {
    if (!keys(value, {"node"})) return std::nullopt;
    node = value.find("node");
  }
  if (node == nullptr || node->text.empty()) {
    problem(value, "which node?");
    return std::nullopt;
  }
  Action action{.kind = kind, .object = {.kind = "Node", .name = node->text}};
  action.text = fmt::format("{}{}", story_of(kind), node->text);
  return action;
}

}  // namespace wavetank::sim
