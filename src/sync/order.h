// The order of tasks: phase, wave, kind, name; then Namespaces and CRDs move before their users.
//
// Source: gitops-engine/pkg/sync/sync_tasks.go. Tasks of equal phase, wave, kind and name end where
// Go's sort puts them; it starts from the order in which the list was built, which Argo CD leaves
// to chance for resources, but not for hooks.
#pragma once

#include <span>

#include "base/arena.h"
#include "base/interner.h"
#include "sync/task.h"

namespace wavetank::sync {

// Sorts, then moves each dependency to just before the first task that refers to it, which also
// gives it that task's phase and wave. `scratch` is only used meanwhile.
// REQUIRES: the tasks stand in building order, their ids rising.
void sort_tasks(std::span<Task> tasks, const base::Interner& interner, base::Arena& scratch);

}  // namespace wavetank::sync
