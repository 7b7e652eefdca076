// A dull twin of the engine: one pass of Argo CD 3.6's `Sync()` or `Terminate()`, written a second
// time from the specification, to have an independent opinion on every pass.
//
// It shares nothing with src/sync but the plain types of its inputs and outputs, and the sort of
// more than twelve tasks. It is procedural,
// keeps everything as text, searches lists from end to end and calls the world through a function
// that answers at once. Every step quotes the section (§) of the specification
// (shared/spec/sync-semantics.md) or the correction (measured §3.n) that it follows; SC and TS are
// sync_context.go and sync_tasks.go in gitops-engine/pkg/sync of Argo CD.
#pragma once

#include <functional>

#include "base/interner.h"
#include "sync/pass.h"

namespace wavetank::reference {

using Call = std::function<sync::Answer(const sync::Request&)>;

// Plays one pass and returns the engine's memory after it. Always as version 3.6.
[[nodiscard]] sync::SyncState play_pass(const sync::PassInput& input, const sync::SyncState& before,
                                        base::Interner& interner, const Call& call);

}  // namespace wavetank::reference
