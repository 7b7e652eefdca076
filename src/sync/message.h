// The texts that Argo CD writes into an operation; every word is part of its interface.
//
// Source: gitops-engine/pkg/sync/sync_context.go (setRunningPhase, executeSyncFailPhase, Sync).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/interner.h"
#include "sync/task.h"

namespace wavetank::sync {

// What an operation waits for, in the order in which the message prefers them.
enum class Awaited : std::uint8_t { Completion, Deletion, Confirmation };

// "waiting for completion of hook batch/Job/migrate and 1 more hooks"; empty without tasks.
// For Confirmation, `tasks` are only those that need it.
[[nodiscard]] std::string waiting_message(std::span<Task* const> tasks, Awaited awaited,
                                          const base::Interner& interner);

// The same as older versions write it: the first task alone decides the words.
[[nodiscard]] std::string first_waiting_message(std::span<Task* const> tasks, Awaited awaited,
                                                const base::Interner& interner);

// What older versions say when prunes need confirmation: "Waiting for pruning confirmation of
// apps/v1/Deployment/web and 1 more resources". REQUIRES: there are tasks.
[[nodiscard]] std::string confirmation_message(std::span<Task* const> tasks,
                                               const base::Interner& interner);

// The distinct messages of tasks, sorted (Argo CD's order is random), joined by commas and put
// behind `text` as its reason. `text` alone when there are no tasks.
[[nodiscard]] std::string with_reasons(std::string_view text, std::span<Task* const> tasks,
                                       const base::Interner& interner);

// The error text of a discovery that failed for all of a group and version ("apps/v1"), as a
// version of Argo CD words it. Source: gitops-engine/pkg/utils/kube/kube.go.
[[nodiscard]] std::string discovery_error(model::ArgocdVersion version,
                                          std::string_view group_version, std::string_view cause);

// The distinct messages of failed results, sorted, joined by "; ".
[[nodiscard]] std::string invalid_task_reasons(std::span<const Result> results,
                                               const base::Interner& interner);

}  // namespace wavetank::sync
