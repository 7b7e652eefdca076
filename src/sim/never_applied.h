// What a sync promised and never did.
#pragma once

#include <vector>

#include "application/targets.h"
#include "model/key.h"
#include "sim/trace.h"
#include "sim/world.h"

namespace wavetank::sim {

// Adds the targets that were never applied and are not in the cluster, in their order. Objects with
// a generateName are known by its prefix.
void add_never_applied(const application::Targets& targets, const Trace& trace, World& world,
                       std::vector<model::ObjectKey>& out);

}  // namespace wavetank::sim
