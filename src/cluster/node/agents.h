// What runs around kube-controller-manager: the scheduler and the kubelets of nodes.
#pragma once

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

// REQUIRE: the Context has surroundings.
extern const Controller kScheduler;
extern const Controller kKubelet;
extern const Controller kNodeReporter;

}  // namespace wavetank::cluster
