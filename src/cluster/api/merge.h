// Three-way merge of an apply: what the manifest names wins, what it named last time and names no
// more goes, everything else stays as it is.
//
// Lists are taken as a whole; Kubernetes merges some of them by key, which shows only when somebody
// else has added entries.
#pragma once

#include <nlohmann/json.hpp>

namespace wavetank::cluster::api {

[[nodiscard]] nlohmann::json merge(const nlohmann::json& live, const nlohmann::json& last_applied,
                                   const nlohmann::json& manifest);

}  // namespace wavetank::cluster::api
