// `kubectl auth reconcile`, which Argo CD runs before it applies objects of RBAC from the client.
//
// Extra rules and subjects are never removed by it; the apply that follows does that. A binding
// whose write is refused ends the whole process: kubectl prints the result without looking at the
// error. Source: component-helpers, auth/rbac/reconciliation; kubectl, pkg/cmd/auth/reconcile.go.
#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/kubectl/kubectl.h"
#include "cluster/api/kubectl/object.h"
#include "cluster/api/object/decode.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/defaults.h"
#include "cluster/api/rules/names.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

// Go prints a list of strings without quotes and commas.
std::string go_list(const json& values) {
  std::vector<std::string> texts;
  for (const json& value : values) {
    texts.push_back(value.is_string() ? value.get<std::string>() : value.dump());
  }
  return fmt::format("[{}]", fmt::join(texts, " "));
}

std::string go_rule(const json& rule) {
  return fmt::format("{{Verbs:{} APIGroups:{} Resources:{} ResourceNames:{} NonResourceURLs:{}}}",
                     go_list(list(rule, "/verbs")), go_list(list(rule, "/apiGroups")),
                     go_list(list(rule, "/resources")), go_list(list(rule, "/resourceNames")),
                     go_list(list(rule, "/nonResourceURLs")));
}

std::string go_subject(const json& subject) {
  return fmt::format("{{Kind:{} APIGroup:{} Name:{} Namespace:{}}}", text(subject, "/kind"),
                     text(subject, "/apiGroup"), text(subject, "/name"),
                     text(subject, "/namespace"));
}

bool lists(const json& values, const json& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

json list_or_one(const json& rule, const char* pointer) {
  const json& values = list(rule, pointer);
  return values.empty() ? json::array({nullptr}) : values;
}

// The smallest rules that `rule` is made of. Source: BreakdownRule.
std::vector<json> parts_of(const json& rule) {
  std::vector<json> parts;
  for (const json& group : list(rule, "/apiGroups")) {
    for (const json& resource : list(rule, "/resources")) {
      for (const json& verb : list(rule, "/verbs")) {
        for (const json& name : list_or_one(rule, "/resourceNames")) {
          json part = {{"apiGroups", {group}}, {"resources", {resource}}, {"verbs", {verb}}};
          if (!name.is_null()) part["resourceNames"] = json::array({name});
          parts.push_back(std::move(part));
        }
      }
    }
  }
  for (const json& url : list(rule, "/nonResourceURLs")) {
    for (const json& verb : list(rule, "/verbs")) {
      parts.push_back({{"nonResourceURLs", {url}}, {"verbs", {verb}}});
    }
  }
  return parts;
}

bool covers_all(const json& owner, const json& part, const char* pointer, const char* wildcard) {
  const json& held = list(owner, pointer);
  const json& wanted = list(part, pointer);
  return lists(held, wildcard) || std::all_of(wanted.begin(), wanted.end(),
                                              [&](const json& each) { return lists(held, each); });
}

bool covers(const json& owner, const json& part) {
  const json& names = list(owner, "/resourceNames");
  const json& wanted = list(part, "/resourceNames");
  const bool names_match = names.empty() || (!wanted.empty() && lists(names, wanted[0]));
  return names_match && covers_all(owner, part, "/verbs", "*") &&
         covers_all(owner, part, "/apiGroups", "*") && covers_all(owner, part, "/resources", "*") &&
         covers_all(owner, part, "/nonResourceURLs", "*");
}

json missing_rules(const json& held, const json& wanted) {
  json missing = json::array();
  for (const json& rule : wanted) {
    for (json& part : parts_of(rule)) {
      const bool is_covered = std::any_of(held.begin(), held.end(),
                                          [&](const json& owner) { return covers(owner, part); });
      if (!is_covered) missing.push_back(std::move(part));
    }
  }
  return missing;
}

// Labels and annotations of the live object win over those of the manifest: kubectl passes them to
// its merge in this order.
bool merge_metadata(const json& manifest, json& object) {
  bool changed = false;
  for (const char* name : {"annotations", "labels"}) {
    const json& wanted = at(manifest, std::string("/metadata/") + name);
    if (!wanted.is_object()) continue;
    json& present = object["metadata"][name];
    if (!present.is_object()) present = json::object();
    for (const auto& [key, value] : wanted.items()) {
      if (present.contains(key)) continue;
      present[key] = value;
      changed = true;
    }
    if (present.empty()) object["metadata"].erase(name);
  }
  return changed;
}

// What cannot stand in a path never leaves the client.
std::string segment_error(const std::string& name) {
  const Complaints complaints = check_path_segment(name);
  if (complaints.empty()) return "";
  return fmt::format("invalid resource name \"{}\": [{}]", name, fmt::join(complaints, " "));
}

// An answer in a format without a Status that a recorder could read.
void strip_status(Printed& printed) {
  if (!printed.status) return;
  if (printed.status->code == 404) printed.status.reset();
  if (!printed.status) return;
  printed.status->reason.clear();
  printed.status->causes.clear();
}

}  // namespace

std::optional<std::string> Kubectl::reconcile(const Object& object, DryRunMode dry_run) {
  const KindInfo& kind = *object.target.kind;
  const bool is_namespaced = kind.is_namespaced;
  if (dry_run == DryRunMode::None && is_namespaced && !object.target.name_space.empty()) {
    const Target home{
        .kind = built_in_kind("", "Namespace"), .name_space = "", .name = object.target.name_space};
    const Reply found = call(server_.get(home, {.user = user_}));
    if (!found.ok()) {
      strip_status(printed_);
      return fmt::format("error getting namespace {}: {}", home.name, found.error->message);
    }
  }
  const bool is_binding = kind.kind.ends_with("Binding");
  auto error = is_binding ? reconcile_binding(object, dry_run) : reconcile_role(object, dry_run);
  if (error) strip_status(printed_);
  return error;
}

std::optional<std::string> Kubectl::reconcile_role(const Object& object, DryRunMode dry_run) {
  const Target& target = object.target;
  if (target.name.empty() || (target.kind->is_namespaced && target.name_space.empty())) {
    return "resource name may not be empty";
  }
  if (const std::string wrong = segment_error(target.name); !wrong.empty()) return wrong;
  const Reply live = call(server_.get(target, {.user = user_}));
  if (!live.ok() && live.error->code != 404) return live.error->message;
  const json wanted = list(object.manifest, "/rules");
  json missing = wanted;
  std::string_view done = "create";
  json next = object.manifest;
  if (live.ok()) {
    next = live.object;
    const bool metadata_changed = merge_metadata(object.manifest, next);
    missing = missing_rules(list(live.object, "/rules"), wanted);
    json rules = list(live.object, "/rules");
    for (const json& rule : missing) rules.push_back(rule);
    if (!missing.empty()) next["rules"] = std::move(rules);
    const bool aggregation_changed =
        at(object.manifest, "/aggregationRule") != at(live.object, "/aggregationRule");
    if (aggregation_changed) {
      next["aggregationRule"] = at(object.manifest, "/aggregationRule");
      if (next["aggregationRule"].is_null()) next.erase("aggregationRule");
    }
    done = metadata_changed || aggregation_changed || !missing.empty() ? "update" : "";
  }
  if (dry_run == DryRunMode::None && !done.empty()) {
    const Reply reply =
        call(live.ok() ? server_.update(target, next, request("", DryRunMode::None))
                       : server_.create(target, next, request("", DryRunMode::None)));
    if (!reply.ok()) return reply.error->message;
  }
  print(object, "reconciled", dry_run);
  if (done.empty()) return std::nullopt;
  err_ += fmt::format("\treconciliation required {}\n", done);
  if (!missing.empty()) err_ += "\tmissing rules added:\n";
  for (const json& rule : missing) err_ += fmt::format("\t\t{}\n", go_rule(rule));
  return std::nullopt;
}

std::optional<std::string> Kubectl::reconcile_binding(const Object& object, DryRunMode dry_run) {
  const Target& target = object.target;
  json wanted = object.manifest;
  set_defaults(*target.kind, wanted);
  const auto refuse = [&](const std::string& why) {
    printed_.ends_process = true;
    return why;
  };
  if (target.name.empty() || (target.kind->is_namespaced && target.name_space.empty())) {
    return refuse("resource name may not be empty");
  }
  if (const std::string wrong = segment_error(target.name); !wrong.empty()) return refuse(wrong);
  const Reply live = call(server_.get(target, {.user = user_}));
  if (!live.ok() && live.error->code != 404) return refuse(live.error->message);
  json missing = list(wanted, "/subjects");
  std::string_view done = "create";
  json next = wanted;
  if (live.ok() && at(live.object, "/roleRef") != at(wanted, "/roleRef")) {
    done = "recreate";
    missing = json::array();
  } else if (live.ok()) {
    next = live.object;
    const bool metadata_changed = merge_metadata(wanted, next);
    json subjects = list(live.object, "/subjects");
    missing = json::array();
    for (const json& subject : list(wanted, "/subjects")) {
      if (lists(subjects, subject)) continue;
      missing.push_back(subject);
      subjects.push_back(subject);
    }
    if (!missing.empty()) next["subjects"] = std::move(subjects);
    done = metadata_changed || !missing.empty() ? "update" : "";
  }
  if (dry_run == DryRunMode::None && !done.empty()) {
    const WriteRequest write = request("", DryRunMode::None);
    if (done == "recreate") {
      const Reply removed = call(server_.remove(target, {.caller = {.user = user_}}));
      if (!removed.ok() && removed.error->code != 404) return refuse(removed.error->message);
    }
    const Reply reply = call(done == "update" ? server_.update(target, next, write)
                                              : server_.create(target, next, write));
    if (!reply.ok()) return refuse(reply.error->message);
  }
  print(object, "reconciled", dry_run);
  if (done.empty()) return std::nullopt;
  err_ += fmt::format("\treconciliation required {}\n", done);
  if (!missing.empty()) err_ += "\tmissing subjects added:\n";
  for (const json& subject : missing) err_ += fmt::format("\t\t{}\n", go_subject(subject));
  return std::nullopt;
}

}  // namespace wavetank::cluster::api
