// An Application as its object says: what the user wants, not what became of it.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "application/auto_sync.h"
#include "application/finalizers.h"
#include "application/sync_settings.h"
#include "model/key.h"
#include "model/wall_time.h"

namespace wavetank::application {

// `spec.ignoreDifferences`, or that of the installation: parts of live objects that do not count.
struct IgnoredDifference {
  std::string group;  // patterns
  std::string kind;
  std::string name;                   // empty: every name
  std::string name_space;             // likewise
  std::vector<std::string> pointers;  // RFC 6901
  std::vector<std::string> managers;  // whose fields do not count
};

struct ApplicationSpec {
  std::string name;
  std::string name_space;  // it lives in
  std::string uid;
  std::string project;
  std::string destination_namespace;
  std::string path;                  // of the first source
  std::string target_revision;       // of the first source; empty: HEAD
  std::vector<std::string> sources;  // texts that tell sources apart
  bool has_multiple_sources = false;
  SyncPolicy policy;
  nlohmann::json namespace_metadata;  // syncPolicy.managedNamespaceMetadata; null: none
  std::int64_t history_limit = 10;
  std::vector<IgnoredDifference> ignored;
  bool is_skipped = false;  // argocd.argoproj.io/skip-reconcile
  EngineAnnotations annotations;
  Finalizers finalizers;
  std::optional<model::WallTime> deleted_at;

  [[nodiscard]] bool is_being_deleted() const { return deleted_at.has_value(); }
  [[nodiscard]] model::ObjectKey key() const;
};

[[nodiscard]] ApplicationSpec read_application(const nlohmann::json& object);
[[nodiscard]] std::vector<IgnoredDifference> read_ignored(const nlohmann::json& list);
[[nodiscard]] SyncPolicy read_sync_policy(const nlohmann::json& policy);
[[nodiscard]] RetryStrategy read_retry(const nlohmann::json& retry);
// `operation.sync.resources`: group, kind, name and namespace each.
[[nodiscard]] std::vector<ResourceSelector> read_selectors(const nlohmann::json& list);

inline constexpr std::string_view kApplicationGroup = "argoproj.io";
inline constexpr std::string_view kApplicationKind = "Application";

[[nodiscard]] bool is_application(const model::ObjectKey& key);

}  // namespace wavetank::application
