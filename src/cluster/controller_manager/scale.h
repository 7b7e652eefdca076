// The scale subresource: how many replicas an object wants, whatever its kind.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

struct Scale {
  std::int64_t replicas = 0;
  std::int64_t status_replicas = 0;
  nlohmann::json selector;  // null: the object has none
  std::string resource;     // "deployments.apps"
  std::string error;        // why there is no scale, in the API server's words
  bool is_missing = false;  // the object itself does not exist
};

[[nodiscard]] Scale scale_of(Context& context, const model::ObjectKey& key);
// REQUIRES: the object has a scale.
api::Reply set_scale(Context& context, const model::ObjectKey& key, std::int64_t replicas);

}  // namespace wavetank::cluster
