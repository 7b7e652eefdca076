// All controllers, each in a file of its own name.
#pragma once

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

extern const Controller kGarbageCollector;
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

}  // namespace wavetank::cluster
