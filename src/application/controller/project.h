// A project: what its applications may touch, and when.
//
// Source: pkg/apis/application/v1alpha1/app_project_types.go, controller/sync.go
// (validateSyncPermissions).
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "application/sync_window.h"
#include "model/key.h"
#include "model/kinds.h"

namespace wavetank::application {

// Patterns of a group and a kind.
struct KindPattern {
  std::string group;
  std::string kind;
};

struct Project {
  std::string name = "default";
  // Nothing: every namespaced kind.
  std::optional<std::vector<KindPattern>> namespaced_allowed;
  std::vector<KindPattern> namespaced_denied;
  std::vector<KindPattern> cluster_allowed = {{.group = "*", .kind = "*"}};
  std::vector<KindPattern> cluster_denied;
  std::vector<std::string> namespaces = {"*"};  // of its destinations, as patterns
  std::vector<SyncWindow> windows;
};

// Reads `spec` of an AppProject.
[[nodiscard]] Project read_project(std::string name, const nlohmann::json& spec);

[[nodiscard]] bool is_kind_permitted(const Project& project, const model::ObjectKey& object,
                                     model::Scope scope);
// Why an object must not be synced; empty: it may.
[[nodiscard]] std::string permission_error(const Project& project, const model::ObjectKey& object,
                                           model::Scope scope);

}  // namespace wavetank::application
