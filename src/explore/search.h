// Exhaustive search: every way in which a sync can end with at most so many faults.
//
// States are searched by the number of faults on the way to them, so the first way to an ending is
// one with as few as possible, and a state is never looked at twice. Nothing is left out silently:
// the result says whether it is complete, and if not, which limit ended the search.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string_view>
#include <vector>

#include "explore/ending.h"
#include "explore/fault.h"
#include "explore/moves.h"

namespace wavetank::explore {

struct Limits {
  std::uint64_t states_max = 20'000'000;
  std::uint64_t depth_max = 100'000;
  std::uint64_t memory_max = std::uint64_t{2} << 30U;  // bytes of the visited table
};

struct SearchOptions {
  std::uint8_t faults_max = 1;
  FaultKinds kinds = FaultKinds::all();
  Orders orders = Orders::Barriers;
  Limits limits;
};

// Complete: no further fault can strike on any way, so that a larger budget would change nothing.
enum class Coverage : std::uint8_t { Complete, CompleteUpToBudget, States, Depth, Memory };

struct FoundEnding {
  Ending ending;
  std::vector<Strike> strikes;  // on the way that was found first, in the order of their coming
  std::uint64_t depth = 0;      // moves on that way
};

struct Exploration {
  std::vector<FoundEnding> endings;  // in the order of Ending
  Coverage coverage = Coverage::Complete;
  std::uint64_t states = 0;
  std::uint64_t moves = 0;
  std::uint64_t passes = 0;
  std::uint64_t table_bytes = 0;
  bool has_loop = false;  // a state that leads back to itself
  std::vector<Strike> loop_strikes;
};

[[nodiscard]] Exploration explore(Model& model, const SearchOptions& options);

}  // namespace wavetank::explore
