// The finalizers of an object's metadata.
#pragma once

#include <nlohmann/json.hpp>
#include <string_view>

namespace wavetank::cluster {

[[nodiscard]] bool has_finalizer(const nlohmann::json& object, std::string_view finalizer);
// At the end of the list, unless it is there already.
void add_finalizer(nlohmann::json& object, std::string_view finalizer);
void drop_finalizer(nlohmann::json& object, std::string_view finalizer);

}  // namespace wavetank::cluster
