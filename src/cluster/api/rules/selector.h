// Label selectors: whether one picks a set of labels.
#pragma once

#include <nlohmann/json.hpp>

namespace wavetank::cluster::api {

// `selector` has matchLabels and matchExpressions; an empty one picks everything.
[[nodiscard]] bool selector_matches(const nlohmann::json& selector, const nlohmann::json& labels);

}  // namespace wavetank::cluster::api
