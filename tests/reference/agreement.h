// Plays an application with our engine and lets the dull twin say of every pass what it would have
// done.
//
// The world is asked by our engine only. The twin sees the same input and must make the same calls
// in the same order; it gets the answers that our engine got.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "support/engine/small_world.h"

namespace wavetank::reference {

struct Count {
  std::uint64_t applications = 0;
  std::uint64_t passes = 0;
  std::uint64_t calls = 0;
};

// The first pass on which the two disagree, both sides as text; nothing if they never do.
[[nodiscard]] std::optional<std::string> disagreement(const support::Application& application,
                                                      support::FactsCache& cache, Count& count);

}  // namespace wavetank::reference
