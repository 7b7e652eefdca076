// The cluster as it is: objects of a dump, made fit to start a simulation.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/wall_time.h"

namespace wavetank::sim {

// Shifts all times in `metadata`, `status` and `operation` so that the latest of them is the moment
// at which simulations begin. Returns the latest as it was; nothing: there were no times.
std::optional<model::WallTime> shift_times(std::vector<nlohmann::json>& objects);

}  // namespace wavetank::sim
