// Clouds and operators: who gives Services and Ingresses their addresses, claims their volumes, and
// custom resources their status.
#pragma once

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

// REQUIRE: the Context has surroundings.
extern const Controller kLoadBalancers;
extern const Controller kIngressController;
extern const Controller kProvisioner;
extern const Controller kOperators;

}  // namespace wavetank::cluster
