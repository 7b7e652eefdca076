// What a pod needs before its containers can start.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cluster/store.h"

namespace wavetank::cluster {

// The first object that the pod spec needs and that is not there: "Secret/shop-db"; empty when all
// are. A PersistentVolumeClaim must be there but need not be bound yet.
[[nodiscard]] std::string missing_need(const Store& store, const nlohmann::json& pod_spec,
                                       const std::string& name_space);

// The claims that the pod spec mounts.
[[nodiscard]] std::vector<std::string> mounted_claims(const nlohmann::json& pod_spec);

}  // namespace wavetank::cluster
