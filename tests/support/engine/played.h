// Whole operations of our engine in a small world, written down pass by pass.
#pragma once

#include <string>
#include <vector>

#include "support/engine/small_world.h"

namespace wavetank::support {

struct MadeCall {
  sync::Request request;
  sync::Answer answer;
};

struct PlayedPass {
  std::vector<MadeCall> calls;
  sync::SyncState before;
  sync::SyncState after;
  std::vector<sync::Reason> reasons;
};

struct PlayedSync {
  std::vector<PlayedPass> passes;
  [[nodiscard]] const sync::SyncState& end() const { return passes.back().after; }
};

// Plays one pass in the world as it stands.
[[nodiscard]] PlayedPass play_pass(SmallWorld& world, const sync::SyncState& before, int number,
                                   base::Interner& interner);

// Plays every sync until it ends or the world stands still, at most so many passes each.
inline constexpr int kPassesMax = 40;
[[nodiscard]] std::vector<PlayedSync> play(const Application& application, FactsCache& cache);

// Whether a call changes something in the cluster.
[[nodiscard]] bool is_write(const sync::Request& request);  // apply, create, replace, update
[[nodiscard]] bool changes_something(const sync::Request& request);

// A call without what depends on where its target and live object stand in their lists.
[[nodiscard]] std::string line_of(const sync::Request& request, const base::Interner& interner);
[[nodiscard]] std::string lines_of(const PlayedPass& pass, const base::Interner& interner);
// The calls, messages and results of all passes.
[[nodiscard]] std::string lines_of(const std::vector<PlayedSync>& syncs,
                                   const base::Interner& interner);

}  // namespace wavetank::support
