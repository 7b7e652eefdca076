// All controllers, each in a file of its own name.
#pragma once

#include <string>
#include <vector>

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

extern const Controller kGarbageCollector;
extern const Controller kApiAvailability;
extern const Controller kDefinitionNaming;
extern const Controller kNamespaceFurnisher;
extern const Controller kQuotaCounter;
extern const Controller kVolumeProtection;
extern const Controller kClaimProtection;
extern const Controller kNamespaceLifecycle;
extern const Controller kVolumeBinder;
extern const Controller kPodAutoscaler;
extern const Controller kDisruptionController;
extern const Controller kDaemonSetController;
extern const Controller kStatefulSetController;
extern const Controller kDeploymentController;
extern const Controller kReplicaSetController;
extern const Controller kJobController;
extern const Controller kTtlAfterFinished;
extern const Controller kCronJobController;

// Of nodes: REQUIRE that the Context has surroundings, which know whose kubelet is silent.
extern const Controller kNodeLifecycle;
extern const Controller kTaintEviction;
extern const Controller kPodCollector;

// "metrics.k8s.io/v1beta1": the aggregated APIs that do not answer, in order. While there are some,
// nobody can list all kinds of the cluster.
[[nodiscard]] std::vector<std::string> unavailable_apis(const Store& store);

}  // namespace wavetank::cluster
