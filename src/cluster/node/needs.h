// What a pod needs before its containers can start.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cluster/store.h"

namespace wavetank::cluster {

struct Need {
  std::string message;     // as Kubernetes puts it: `secret "shop-db" not found`
  bool is_volume = false;  // it is mounted; else it is read into variables
};

// The first object, or key of an object, that the pod spec needs and that is not there; nothing
// when all are. Claims are the scheduler's business.
[[nodiscard]] std::optional<Need> missing_need(const Store& store, const nlohmann::json& pod_spec,
                                               const std::string& name_space);

// The claims that the pod spec mounts.
[[nodiscard]] std::vector<std::string> mounted_claims(const nlohmann::json& pod_spec);

}  // namespace wavetank::cluster
