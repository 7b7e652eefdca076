// How a sync can end, and what is left of it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "explore/model.h"
#include "explore/world.h"
#include "sim/simulate.h"

namespace wavetank::explore {

// An object that is there when everything has come to rest.
struct Left {
  SlotId slot;
  bool deleting = false;
  std::optional<health::Status> health;

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const Left&, const Left&) = default;
};

struct Ending {
  sim::Outcome outcome = sim::Outcome::Succeeded;
  std::vector<Left> left;

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend auto operator<=>(const Ending&, const Ending&) = default;
};

// Lets every object go where it goes when nobody disturbs it.
void settle(const Model& model, World& world);

// REQUIRES: the world is at rest.
[[nodiscard]] Ending ending_of(const Model& model, const World& world);

}  // namespace wavetank::explore
