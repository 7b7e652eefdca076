// What an operation tells the engine, which objects take part, and what of a comparison ends an
// attempt before the engine is called.
//
// Source: controller/sync.go (SyncAppState).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "application/comparison.h"
#include "application/operation_state.h"
#include "application/tracking.h"
#include "sync/operation.h"

namespace wavetank::application {

struct EngineSettings {
  sync::Settings settings;
  std::optional<std::string> default_prune;  // the value of the option `Prune`, as written
  bool migrates_client_side_apply = true;
  std::string migration_manager;  // whose fields are taken over
  bool is_prune_confirmed = false;
};

// The field manager of server-side applies.
inline constexpr std::string_view kServerSideApplyManager = "argocd-controller";

// The Application's annotations that matter here; empty where there is none.
struct EngineAnnotations {
  std::string deletion_approved;  // argocd.argoproj.io/deletion-approved
  std::string migration_manager;  // argocd.argoproj.io/client-side-apply-migration-manager
};

[[nodiscard]] EngineSettings engine_settings(const SyncOperation& sync, model::WallTime started,
                                             const EngineAnnotations& annotations);

// Whether the objects of a row take part in the sync. Hooks are asked for nothing: in a partial
// sync none of them runs.
[[nodiscard]] bool takes_part(const ComparisonRow& row, std::span<const Comparand> targets,
                              std::span<const Comparand> live, const SyncOperation& sync,
                              TrackingMethod method);

struct EndedAttempt {
  OperationPhase phase = OperationPhase::Error;
  std::string message;
};

// `conditions` are those of the application after the comparison.
[[nodiscard]] std::optional<EndedAttempt> ends_before_engine(const SyncOperation& sync,
                                                             std::span<const Condition> conditions);

// What the comparison says when it does not know the destination cluster; that ends an attempt in
// phase Error.
[[nodiscard]] std::string missing_cluster_message(std::string_view server);

}  // namespace wavetank::application
