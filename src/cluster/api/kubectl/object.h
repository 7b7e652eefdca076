// One object of a manifest, and the kind that kubectl found for it.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster/api/kubectl/kubectl.h"

namespace wavetank::cluster::api {

struct Kubectl::Object {
  nlohmann::json manifest;
  Target target;
  bool is_served = true;  // false: the kind is remembered, but the server has it no more
};

}  // namespace wavetank::cluster::api
