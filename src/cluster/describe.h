// An object's state in a few words, as a person would tell it: "2 of 3 replicas available".
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "model/key.h"

namespace wavetank::cluster {

// Empty for kinds without a state worth telling.
[[nodiscard]] std::string describe(const model::ObjectKey& key, const nlohmann::json& object);

}  // namespace wavetank::cluster
