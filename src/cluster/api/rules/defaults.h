// The defaults that the API server fills in, per kind, before it validates or stores an object.
//
// They decide whether kubectl says `unchanged` or `configured`, and what a person sees.
// Source: pkg/apis/*/v1/defaults.go of Kubernetes 1.36.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster::api {

void set_defaults(const KindInfo& kind, nlohmann::json& object);

}  // namespace wavetank::cluster::api
