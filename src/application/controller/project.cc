#include "application/controller/project.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/glob.h"
#include "health/object_view.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

bool names(const std::vector<KindPattern>& patterns, const model::ObjectKey& object) {
  return std::any_of(patterns.begin(), patterns.end(), [&](const KindPattern& pattern) {
    return base::plain_glob_matches(pattern.kind, object.kind) &&
           base::plain_glob_matches(pattern.group, object.group);
  });
}

std::vector<KindPattern> read_patterns(const json& list) {
  std::vector<KindPattern> patterns;
  for (const json& item : list) {
    patterns.push_back(
        {.group = health::text(item, "/group"), .kind = health::text(item, "/kind")});
  }
  return patterns;
}

SyncWindow read_window(const json& window) {
  return {.kind = health::text(window, "/kind"),
          .schedule = health::text(window, "/schedule"),
          .duration = health::text(window, "/duration"),
          .applications = health::texts(window, "/applications"),
          .namespaces = health::texts(window, "/namespaces"),
          .clusters = health::texts(window, "/clusters"),
          .manual_sync = health::flag(window, "/manualSync"),
          .and_operator = health::flag(window, "/andOperator"),
          .sync_overrun = health::flag(window, "/syncOverrun"),
          .time_zone = health::text(window, "/timeZone"),
          .description = health::text(window, "/description")};
}

}  // namespace

Project read_project(std::string name, const json& spec) {
  Project project{.name = std::move(name)};
  if (health::has(spec, "/namespaceResourceWhitelist")) {
    project.namespaced_allowed = read_patterns(health::list(spec, "/namespaceResourceWhitelist"));
  }
  project.namespaced_denied = read_patterns(health::list(spec, "/namespaceResourceBlacklist"));
  if (health::has(spec, "/clusterResourceWhitelist")) {
    project.cluster_allowed = read_patterns(health::list(spec, "/clusterResourceWhitelist"));
  }
  project.cluster_denied = read_patterns(health::list(spec, "/clusterResourceBlacklist"));
  if (health::has(spec, "/destinations")) {
    project.namespaces.clear();
    for (const json& destination : health::list(spec, "/destinations")) {
      project.namespaces.push_back(health::text(destination, "/namespace"));
    }
  }
  for (const json& window : health::list(spec, "/syncWindows")) {
    project.windows.push_back(read_window(window));
  }
  return project;
}

bool is_kind_permitted(const Project& project, const model::ObjectKey& object, model::Scope scope) {
  if (scope == model::Scope::Namespaced) {
    const bool is_allowed =
        !project.namespaced_allowed || names(*project.namespaced_allowed, object);
    return is_allowed && !names(project.namespaced_denied, object);
  }
  return names(project.cluster_allowed, object) && !names(project.cluster_denied, object);
}

std::string permission_error(const Project& project, const model::ObjectKey& object,
                             model::Scope scope) {
  if (!is_kind_permitted(project, object, scope)) {
    return fmt::format("resource {}:{} is not permitted in project {}", object.group, object.kind,
                       project.name);
  }
  const bool is_in_place =
      scope != model::Scope::Namespaced ||
      std::any_of(project.namespaces.begin(), project.namespaces.end(),
                  [&](const std::string& pattern) {
                    return base::plain_glob_matches(pattern, object.name_space);
                  });
  if (is_in_place) return "";
  return fmt::format("namespace {} is not permitted in project '{}'", object.name_space,
                     project.name);
}

}  // namespace wavetank::application
