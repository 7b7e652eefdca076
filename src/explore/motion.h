// What objects of a compact World do by themselves: one step along their lives at a time.
#pragma once

#include <cstdint>

#include "explore/model.h"
#include "explore/world.h"

namespace wavetank::explore {

// Late: something that only time brings about, and never before everything else has come to rest:
// the progress deadline of a workload that lacks something, the clean-up of a finished Job.
enum class Step : std::uint8_t { None, Work, Late };

[[nodiscard]] Step next_step(const Model& model, const World& world, SlotId slot);

// REQUIRES: there is a next step.
void take_step(const Model& model, World& world, SlotId slot);

// The object with its stage `stage` reached, or gone.
// REQUIRES: it is present and `stage` is one of its life.
void reach(const Model& model, World& world, SlotId slot, std::uint8_t stage);

}  // namespace wavetank::explore
