// The texts that Argo CD writes into an operation; every word is part of its interface.
//
// They are put together in a Text, which takes nothing from the heap unless it gets long, and
// become Symbols. Source: gitops-engine/pkg/sync/sync_context.go (setRunningPhase,
// executeSyncFailPhase, Sync).
#pragma once

#include <fmt/format.h>

#include <iterator>
#include <span>
#include <string_view>
#include <utility>

#include "base/arena.h"
#include "base/interner.h"
#include "sync/task.h"

namespace wavetank::sync {

using Text = fmt::basic_memory_buffer<char, 1000>;

[[nodiscard]] inline base::Symbol intern(const Text& text, base::Interner& interner) {
  return interner.intern({text.data(), text.size()});
}

template <class... Arguments>
void append(Text& text, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  fmt::format_to(std::back_inserter(text), format, std::forward<Arguments>(arguments)...);
}

// What an operation waits for, in the order in which the message prefers them.
enum class Awaited : std::uint8_t { Completion, Deletion, Confirmation };

// "waiting for completion of hook batch/Job/migrate and 1 more hooks"; empty without tasks.
// For Confirmation, `tasks` are only those that need it.
[[nodiscard]] base::Symbol waiting_message(TaskRefs tasks, Awaited awaited,
                                           base::Interner& interner);

// The same as older versions write it: the first task alone decides the words.
[[nodiscard]] base::Symbol first_waiting_message(TaskRefs tasks, Awaited awaited,
                                                 base::Interner& interner);

// What older versions say when prunes need confirmation: "Waiting for pruning confirmation of
// apps/v1/Deployment/web and 1 more resources". REQUIRES: there are tasks.
[[nodiscard]] base::Symbol confirmation_message(TaskRefs tasks, base::Interner& interner);

// Appends `words` and, behind them as their reason, the distinct messages of tasks, sorted (Argo
// CD's order is random) and joined by commas; `words` alone when there are no tasks.
void append_with_reasons(Text& text, std::string_view words, TaskRefs tasks,
                         const base::Interner& interner, base::Arena& scratch);

// Appends `words` and, behind a colon, the distinct messages of failed results, sorted and joined
// by "; "; `words` alone when those are empty.
void append_invalid_tasks(Text& text, std::string_view words, std::span<const Result> results,
                          const base::Interner& interner, base::Arena& scratch);

// The error text of a discovery that failed for all of a group and version ("apps/v1"), as a
// version of Argo CD words it. Source: gitops-engine/pkg/utils/kube/kube.go.
[[nodiscard]] std::string discovery_error(model::ArgocdVersion version,
                                          std::string_view group_version, std::string_view cause);

}  // namespace wavetank::sync
