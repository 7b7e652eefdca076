// What is known of the kinds that Kubernetes and Argo CD define: scope and completion.
#pragma once

#include <cstdint>
#include <string_view>

namespace wavetank::model {

enum class Scope : std::uint8_t { Namespaced, Cluster, Unknown };

// The scope of a built-in kind by group and kind; Unknown for custom resources without a table row.
[[nodiscard]] Scope scope_of(std::string_view group, std::string_view kind);

// The rank of a kind within a wave, by kind only (the group is ignored): -35 Namespace … -1
// APIService, 0 every other kind. Source: gitops-engine/pkg/sync/sync_tasks.go.
[[nodiscard]] int kind_rank(std::string_view kind);

// Kinds that run to completion: Job, Pod, Argo Workflow.
[[nodiscard]] bool runs_to_completion(std::string_view group, std::string_view kind);

}  // namespace wavetank::model
