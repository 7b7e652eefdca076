#include "conformance/controller_case.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "application/hook_view.h"
#include "application/normalize.h"
#include "application/retry.h"
#include "application/selection.h"
#include "application/sync_options.h"
#include "application/sync_window.h"
#include "application/tracking.h"
#include "conformance/controller_answers.h"
#include "conformance/controller_json.h"
#include "health/application_health.h"
#include "model/cron.h"
#include "model/facts.h"
#include "model/wall_time.h"

namespace wavetank::conformance {

using nlohmann::json;
namespace app = wavetank::application;

namespace {

json error_object(const std::string& error) { return {{"error", error}}; }

template <class T>
json value_or_error(const tl::expected<T, std::string>& result) {
  return result ? json(*result) : error_object(result.error());
}

json value_or_null(const std::optional<std::string>& value) {
  return value ? json(*value) : json();
}

// windows

json describe_window(const app::SyncWindow& window, model::WallTime now) {
  json out;
  const auto active = app::is_active(window, {.at = now, .now = now});
  out[active ? "active" : "error"] = active ? json(*active) : json(active.error());
  const auto zone = model::TimeZone::load(window.time_zone).value_or(model::TimeZone());
  out["offset"] = zone.offset(now.seconds);
  if (const auto complaint = app::complaint_about(window)) out["invalid"] = *complaint;
  return out;
}

json answer_windows(const json& in) {
  const model::WallTime now = moment(at(in, "now"));
  const json& subject = at(in, "app");
  std::vector<app::SyncWindow> windows;
  json each = json::array();
  for (const json& window : at(in, "windows")) {
    windows.push_back(read_window(window));
    each.push_back(describe_window(windows.back(), now));
  }
  const auto matches = app::matching_windows(windows, {.application = text(subject, "name"),
                                                       .name_space = text(subject, "namespace"),
                                                       .server = text(subject, "server"),
                                                       .cluster_name = text(subject, "cluster")});
  std::vector<app::SyncWindow> assigned;
  assigned.reserve(matches.size());
  for (const std::size_t index : matches) assigned.push_back(windows[index]);
  const auto numbers = [&](app::WindowList list) {
    if (list) {
      for (std::size_t& index : *list) index = matches[index];
    }
    return value_or_error(list);
  };
  const auto may_sync = [&](app::Trigger trigger, std::optional<model::WallTime> started) {
    return value_or_error(
        app::can_sync(assigned, {.trigger = trigger, .now = now, .started = started}));
  };
  json out{{"matches", matches},
           {"active", numbers(app::active_windows(assigned, {.at = now, .now = now}))},
           {"inactiveAllows", numbers(app::inactive_allows(assigned, {.at = now, .now = now}))},
           {"auto", may_sync(app::Trigger::Automatic, std::nullopt)},
           {"manual", may_sync(app::Trigger::Manual, std::nullopt)},
           {"each", std::move(each)}};
  for (const json& started : at(in, "started")) {
    out["running"].push_back({{"auto", may_sync(app::Trigger::Automatic, moment(started))},
                              {"manual", may_sync(app::Trigger::Manual, moment(started))}});
  }
  return out;
}

// cron, retry

json answer_cron(const json& in) {
  const auto schedule = model::CronSchedule::parse(text(in, "schedule"));
  if (!schedule) return error_object(schedule.error());
  json next = json::array();
  auto last = std::optional(moment(at(in, "from")));
  for (int i = 0; i < 4; ++i) {
    if (last) last = schedule->next(*last);
    next.push_back(last ? json(model::format_rfc3339(*last)) : json());
    if (!last) break;
  }
  return {{"next", std::move(next)}};
}

json answer_retry(const json& in) {
  const app::RetryStrategy strategy = read_retry(at(in, "retry"));
  json waits = json::array();
  for (const json& count : at(in, "counts")) {
    const auto wait = app::retry_wait(strategy, count.get<std::int64_t>());
    if (!wait) return error_object(wait.error());
    waits.push_back(*wait ? json(**wait) : json());
  }
  return {{"waits", std::move(waits)}};
}

// options

template <class List>
void answer_questions(const json& in, const List& list, json& out) {
  out["has"] = json::array();
  for (const std::string& option : texts(in, "has")) {
    out["has"].push_back(app::has_option(list, option));
  }
  out["value"] = json::array();
  for (const std::string& key : texts(in, "value")) {
    out["value"].push_back(value_or_null(app::option_value(list, key)));
  }
}

json answer_options(const json& in) {
  const app::SyncOptions list = texts(in, "list");
  app::SyncOptions added = list;
  for (const std::string& option : texts(in, "add")) added = app::with_option(added, option);
  app::SyncOptions removed = list;
  for (const std::string& option : texts(in, "remove")) {
    removed = app::without_option(removed, option);
  }
  json out{{"added", added}, {"removed", removed}};
  answer_questions(in, list, out);
  return out;
}

json answer_annotation(const json& in) {
  const std::string annotation = text(in, "annotation");
  const auto items = model::list_items(annotation);
  json out{{"items", items}};
  answer_questions(in, items, out);
  return out;
}

json answer_select(const json& in) {
  std::vector<app::ResourceSelector> selectors;
  for (const json& resource : at(in, "resources")) {
    selectors.push_back({.key = read_key(resource), .is_exclusion = flag(resource, "exclude")});
  }
  json objects = json::array();
  for (const json& object : at(in, "objects")) {
    const model::ObjectKey key = read_key(object);
    objects.push_back({{"selected", app::selects(selectors, key)},
                       {"filter", app::passes_filter(selectors, key)}});
  }
  return {{"objects", std::move(objects)}};
}

json answer_hooks(const json& in) {
  json object;
  object["metadata"]["annotations"] = at(in, "annotations");
  const auto annotations = model::annotations_of(object);
  const model::HookAnnotations hook = model::hook_annotations(annotations);
  const model::HookFacts facts = model::hook_facts(hook);
  return {{"shownAsHook", app::is_shown_as_hook(facts)},
          {"engineHook", facts.is_hook},
          {"skip", facts.is_skip},
          {"ignored", facts.is_ignored},
          {"types", model::hook_types(hook)},
          {"policies", model::delete_policy_names(hook)},
          {"wave", model::wave_of(model::find(annotations, model::kSyncWave),
                                  model::find(annotations, model::kHelmHookWeight))},
          {"preDelete", app::declares_pre_delete(facts)},
          {"postDelete", app::declares_post_delete(facts)},
          {"inSync", app::takes_part_in_sync(facts)}};
}

json answer_normalize(const json& in) {
  const Texts cluster_scoped = texts(in, "clusterScoped");
  const std::set<std::string> cluster(cluster_scoped.begin(), cluster_scoped.end());
  const Texts unknown = texts(in, "unknownKinds");
  std::vector<app::Manifest> manifests;
  for (const json& object : at(in, "objects")) {
    const json& metadata = at(object, "metadata");
    const std::string api_version = text(object, "apiVersion");
    app::Manifest manifest{.key = {.group = std::string(model::group_of(api_version)),
                                   .kind = text(object, "kind"),
                                   .name_space = text(metadata, "namespace"),
                                   .name = text(metadata, "name")},
                           .generate_name = text(metadata, "generateName"),
                           .scope = model::Scope::Namespaced};
    const std::string kind = manifest.key.group + "/" + manifest.key.kind;
    if (cluster.count(kind) > 0) manifest.scope = model::Scope::Cluster;
    if (std::find(unknown.begin(), unknown.end(), kind) != unknown.end()) {
      manifest.scope = model::Scope::Unknown;
    }
    manifests.push_back(std::move(manifest));
  }
  const std::string name_space = text(in, "namespace");
  const auto normal = app::normalize(manifests, {.name_space = name_space});
  json kept = json::array();
  for (const app::KeptManifest& one : normal.kept) {
    kept.push_back({{"index", one.index}, {"namespace", one.name_space}});
  }
  json conditions = json::array();
  for (const std::string& message : normal.repeated) {
    conditions.push_back("RepeatedResourceWarning: " + message);
  }
  return {{"kept", std::move(kept)},
          {"stamped", normal.stamped},
          {"conditions", std::move(conditions)}};
}

const json* object_or_null(const json& in, std::string_view key) {
  const json& value = at(in, key);
  return value.is_null() ? nullptr : &value;
}

json answer_self(const json& in) {
  const auto method = app::tracking_method(text(in, "method"));
  return {{"self", app::refers_to_itself(
                       {.live = object_or_null(in, "live"), .target = object_or_null(in, "target")},
                       method.value_or(app::TrackingMethod::Annotation))}};
}

json answer_what(const json& in) {
  const std::string what = text(in, "what");
  if (what == "options") return answer_options(in);
  if (what == "annotation") return answer_annotation(in);
  if (what == "select") return answer_select(in);
  if (what == "hooks") return answer_hooks(in);
  if (what == "normalize") return answer_normalize(in);
  if (what == "self") return answer_self(in);
  return error_object("unknown question: " + what);
}

// health

json answer_health(const json& in) {
  const json& application = at(in, "app");
  const health::ApplicationHealthSettings settings{
      .application = {.name = text(application, "name"),
                      .name_space = text(application, "namespace"),
                      .uid = text(application, "uid")},
      .child_check =
          flag(in, "childHealth") ? health::ChildCheck::OfStatus : health::ChildCheck::None,
      .place = flag(in, "appTree") ? health::HealthPlace::Tree : health::HealthPlace::Status};
  std::vector<health::ManagedResource> resources;
  for (const json& pair : at(in, "resources")) {
    resources.push_back(
        {.live = object_or_null(pair, "live"), .target = object_or_null(pair, "target")});
  }
  const auto verdict = health::assess_application(resources, settings);
  json stored = json::array();
  for (const auto& one : verdict.resources) {
    json& entry = stored.emplace_back();
    if (!one) continue;
    entry["status"] = health::name(one->status);
    if (!one->message.empty()) entry["message"] = one->message;
  }
  json out{{"status", health::name(verdict.status)},
           {"message", verdict.message},
           {"source", verdict.source},
           {"resources", std::move(stored)}};
  if (verdict.error) out["error"] = *verdict.error;
  return out;
}

// A value as lines: "each[0].offset: 0".
void add_lines(const std::string& path, const json& value, std::vector<std::string>& lines) {
  if (value.is_object() && !value.empty()) {
    for (const auto& [key, member] : value.items()) {
      add_lines(path.empty() ? key : fmt::format("{}.{}", path, key), member, lines);
    }
  } else if (value.is_array() && !value.empty()) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      add_lines(fmt::format("{}[{}]", path, i), value[i], lines);
    }
  } else {
    lines.push_back(
        fmt::format("{}: {}", path, value.dump(-1, ' ', false, json::error_handler_t::replace)));
  }
}

std::vector<std::string> lines_of(const json& value) {
  std::vector<std::string> lines;
  add_lines("", value, lines);
  return lines;
}

struct Family {
  std::string_view name;
  std::array<std::string_view, 3> in;   // members that every case has
  std::array<std::string_view, 2> out;  // members of which one is there; none: any
  json (*answer)(const json& in) = nullptr;
};

constexpr std::array kFamilies{
    Family{"windows", {"now", "app", "windows"}, {"matches"}, answer_windows},
    Family{"cron", {"schedule", "from"}, {"next", "error"}, answer_cron},
    Family{"retry", {"retry", "counts", "last"}, {"waits", "error"}, answer_retry},
    Family{"options", {"what"}, {}, answer_what},
    Family{"health", {"app", "resources"}, {"status"}, answer_health},
    Family{"settings", {"sync", "manifests"}, {"ended", "resources"}, answer_settings},
    Family{"compare", {"manifests", "live"}, {"conditions"}, answer_compare},
    Family{"autosync", {"revisionsMayHaveChanges", "status", "resources"}, {}, answer_autosync},
    Family{"refresh", {"syncPolicy", "start", "steps"}, {"steps"}, answer_refresh},
    Family{"operation", {"operation", "start", "steps"}, {"steps"}, answer_operation},
    Family{"deletion", {"maxSteps", "live"}, {"steps"}, answer_deletion},
};

bool is_of(const Family& family, const json& in, const json& out) {
  const bool has_all = std::all_of(family.in.begin(), family.in.end(), [&](std::string_view key) {
    return key.empty() || in.contains(std::string(key));
  });
  const bool has_one = family.out.front().empty() ||
                       std::any_of(family.out.begin(), family.out.end(), [&](std::string_view key) {
                         return !key.empty() && out.contains(std::string(key));
                       });
  return has_all && has_one;
}

const Family* find_family(const json& recorded) {
  const json& in = at(recorded, "in");
  const json& out = at(recorded, "out");
  if (!in.is_object() || !out.is_object()) return nullptr;
  const auto* const found =
      std::find_if(kFamilies.begin(), kFamilies.end(),
                   [&](const Family& family) { return is_of(family, in, out); });
  return found == kFamilies.end() ? nullptr : found;
}

// Recorded selections have lost which of their entries exclude: Argo CD does not write that into
// JSON. Only a tag tells that some did. They agree if there are entries with which they agree.
bool lost_its_exclusions(const json& recorded) {
  const json& tags = at(recorded, "tags");
  const json& in = at(recorded, "in");
  if (text(in, "what") != "select" || !tags.is_array()) return false;
  const json& resources = at(in, "resources");
  return std::find(tags.begin(), tags.end(), "exclude") != tags.end() &&
         std::none_of(resources.begin(), resources.end(),
                      [](const json& entry) { return entry.contains("exclude"); });
}

std::vector<json> with_some_exclusions(const json& in) {
  std::vector<json> inputs;
  const std::size_t count = at(in, "resources").size();
  for (std::size_t chosen = 1; chosen < std::size_t{1} << count; ++chosen) {
    json input = in;
    for (std::size_t i = 0; i < count; ++i) {
      if ((chosen >> i & 1U) != 0) input["resources"][i]["exclude"] = true;
    }
    inputs.push_back(std::move(input));
  }
  return inputs;
}

}  // namespace

std::optional<std::string> controller_family(const json& recorded) {
  const Family* family = find_family(recorded);
  if (family == nullptr) return std::nullopt;
  return std::string(family->name);
}

ControllerVerdict check_controller_case(const json& recorded) {
  const Family* family = find_family(recorded);
  ControllerVerdict verdict{.expected = lines_of(at(recorded, "out")),
                            .actual = lines_of(family->answer(at(recorded, "in")))};
  if (verdict.expected == verdict.actual || !lost_its_exclusions(recorded)) return verdict;
  for (const json& in : with_some_exclusions(at(recorded, "in"))) {
    auto lines = lines_of(family->answer(in));
    if (lines == verdict.expected) verdict.actual = std::move(lines);
  }
  return verdict;
}

}  // namespace wavetank::conformance
