// RBAC: whether the rules that bind a user allow a verb, and whether a user hands out more than it
// holds. Source: plugin/pkg/auth/authorizer/rbac and pkg/registry/rbac.
#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr std::string_view kRbac = "rbac.authorization.k8s.io";
constexpr std::string_view kAccountPrefix = "system:serviceaccount:";

std::vector<std::string> groups_of(std::string_view user) {
  std::vector<std::string> groups;
  if (user.starts_with(kAccountPrefix)) {
    const std::string_view rest = user.substr(kAccountPrefix.size());
    groups.emplace_back("system:serviceaccounts");
    groups.push_back(fmt::format("system:serviceaccounts:{}", rest.substr(0, rest.find(':'))));
  }
  groups.emplace_back("system:authenticated");
  return groups;
}

bool is_subject(const json& subject, std::string_view user, std::string_view name_space) {
  const std::string kind = text(subject, "/kind");
  const std::string name = text(subject, "/name");
  if (kind == "User") return name == user;
  if (kind == "Group") {
    const auto groups = groups_of(user);
    return std::find(groups.begin(), groups.end(), name) != groups.end();
  }
  std::string home = text(subject, "/namespace");
  if (home.empty()) home = std::string(name_space);
  return kind == "ServiceAccount" && user == fmt::format("{}{}:{}", kAccountPrefix, home, name);
}

bool lists(const json& values, std::string_view value) {
  return std::any_of(values.begin(), values.end(), [&](const json& each) {
    return each == "*" || each == json(std::string(value));
  });
}

// The rules that bind `user` in a namespace (empty: at the cluster scope).
std::vector<json> rules_of(const Store& store, std::string_view user, std::string_view name_space) {
  std::vector<json> rules;
  for (const auto& [key, entry] : store.entries()) {
    const bool is_cluster = key.kind == "ClusterRoleBinding";
    if (key.group != kRbac || (!is_cluster && key.kind != "RoleBinding")) continue;
    if (!is_cluster && (name_space.empty() || key.name_space != name_space)) continue;
    const json& binding = entry.object.content;
    const json& subjects = list(binding, "/subjects");
    const std::string& home = key.name_space;
    const bool binds = std::any_of(subjects.begin(), subjects.end(), [&](const json& subject) {
      return is_subject(subject, user, home);
    });
    if (!binds) continue;
    const std::string role_kind = text(binding, "/roleRef/kind");
    const std::string role_name = text(binding, "/roleRef/name");
    if (role_kind == "ClusterRole" && role_name == "cluster-admin") {
      rules.push_back({{"apiGroups", {"*"}}, {"resources", {"*"}}, {"verbs", {"*"}}});
      continue;
    }
    const Entry* role = store.find({.group = std::string(kRbac),
                                    .kind = role_kind,
                                    .name_space = role_kind == "Role" ? key.name_space : "",
                                    .name = role_name});
    if (role == nullptr) continue;
    for (const json& rule : list(role->object.content, "/rules")) rules.push_back(rule);
  }
  return rules;
}

bool allows(const json& rule, const KindInfo& kind, const Access& access) {
  const json& names = list(rule, "/resourceNames");
  return lists(list(rule, "/verbs"), access.verb) && lists(list(rule, "/apiGroups"), kind.group) &&
         lists(list(rule, "/resources"), kind.resource) &&
         (names.empty() || (!access.name.empty() && lists(names, access.name)));
}

// A rule cut into its smallest parts: one group, one resource, one verb each.
std::vector<json> parts_of(const json& rule) {
  std::vector<json> parts;
  for (const json& group : list(rule, "/apiGroups")) {
    for (const json& resource : list(rule, "/resources")) {
      for (const json& verb : list(rule, "/verbs")) {
        parts.push_back({{"apiGroups", {group}}, {"resources", {resource}}, {"verbs", {verb}}});
      }
    }
  }
  return parts;
}

bool covers(const std::vector<json>& held, const json& part) {
  const auto text_of = [&](const char* field) { return part[field][0].get<std::string>(); };
  return std::any_of(held.begin(), held.end(), [&](const json& rule) {
    return lists(list(rule, "/apiGroups"), text_of("apiGroups")) &&
           lists(list(rule, "/resources"), text_of("resources")) &&
           lists(list(rule, "/verbs"), text_of("verbs")) && list(rule, "/resourceNames").empty();
  });
}

std::string go_list(const json& values) {
  std::vector<std::string> texts;
  for (const json& value : values) texts.push_back(value.dump());
  return fmt::format("[{}]", fmt::join(texts, " "));
}

}  // namespace

std::optional<ApiError> authorize(const Store& store, const KindInfo& kind, const Access& access) {
  if (access.user.empty()) return std::nullopt;
  // What concerns a Namespace object is asked within that namespace.
  const std::string_view name_space = kind.is("", "Namespace") ? access.name : access.name_space;
  for (const json& rule : rules_of(store, access.user, name_space)) {
    if (allows(rule, kind, access)) return std::nullopt;
  }
  const std::string where = name_space.empty() ? "at the cluster scope"
                                               : fmt::format("in the namespace \"{}\"", name_space);
  return forbidden_error(kind, access.name,
                         fmt::format("User \"{}\" cannot {} resource \"{}\" in API group \"{}\" {}",
                                     access.user, access.verb, kind.resource, kind.group, where));
}

std::optional<ApiError> check_escalation(const Admission& admission, const json& object,
                                         const json& live) {
  if (admission.user.empty() || admission.kind.group != kRbac) return std::nullopt;
  json rules = list(object, "/rules");
  const bool is_binding = admission.kind.kind.ends_with("Binding");
  if (is_binding) {
    if (!live.is_null() && at(live, "/roleRef") == at(object, "/roleRef") &&
        at(live, "/subjects") == at(object, "/subjects")) {
      return std::nullopt;
    }
    const std::string role_kind = text(object, "/roleRef/kind");
    const Entry* role = admission.store.find(
        {.group = std::string(kRbac),
         .kind = role_kind,
         .name_space = role_kind == "Role" ? std::string(admission.name_space) : "",
         .name = text(object, "/roleRef/name")});
    rules = role == nullptr ? json::array() : list(role->object.content, "/rules");
    // The roles that every cluster has from the start; what exactly they allow is not kept here.
    const std::string name = text(object, "/roleRef/name");
    if (role == nullptr && role_kind == "ClusterRole" &&
        (name == "cluster-admin" || name == "admin" || name == "edit" || name == "view")) {
      rules = json::array({{{"apiGroups", {"*"}}, {"resources", {"*"}}, {"verbs", {"*"}}}});
    }
  } else if (!live.is_null() && at(live, "/rules") == at(object, "/rules")) {
    return std::nullopt;
  }
  const auto held = rules_of(admission.store, admission.user, admission.name_space);
  std::string missing;
  for (const json& rule : rules) {
    for (const json& part : parts_of(rule)) {
      if (covers(held, part)) continue;
      missing +=
          fmt::format("\n{{APIGroups:{}, Resources:{}, Verbs:{}}}", go_list(part["apiGroups"]),
                      go_list(part["resources"]), go_list(part["verbs"]));
    }
  }
  if (missing.empty()) return std::nullopt;
  json groups = json::array();
  for (const std::string& group : groups_of(admission.user)) groups.push_back(group);
  return forbidden_error(
      admission.kind, admission.name,
      fmt::format("user \"{}\" (groups={}) is attempting to grant RBAC permissions not currently "
                  "held:{}",
                  admission.user, go_list(groups), missing));
}

}  // namespace wavetank::cluster::api
