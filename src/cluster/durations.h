// How long things take when nobody says otherwise: medians and tails by kind.
//
// Each is lognormal, because most of what a cluster does is usually quick and sometimes takes very
// long. Choice 0 of the Chooser is the median; every other choice is a quantile.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/chooser.h"
#include "base/time.h"

namespace wavetank::cluster {

enum class Lapse : std::uint8_t {
  ContainerStart,   // scheduled, image there, containers started
  ImagePull,        // of one image that the node does not have
  InitContainer,    // one of them, from start to end
  ReadyAfterStart,  // until an application answers its readiness probe
  JobRun,           // what the pod of a Job, or a pod that completes, computes
  Workflow,
  LoadBalancer,  // until a Service has an address
  IngressAddress,
  Provisioning,  // of a volume
  PodTermination,
  Reconciliation,  // of an object whose controller is not modelled
};

// Rounded to tenths of a second, which are fine enough to read, and never less than one.
[[nodiscard]] base::Duration draw(Lapse lapse, std::string_view entity, std::uint32_t occurrence,
                                  base::Chooser& chooser);

// How long a kubelet waits before it starts a container again that has been restarted so often: not
// at all, then 10 s, doubled each time, at most 5 minutes. Source: kubelet, MaxContainerBackOff.
[[nodiscard]] base::Duration restart_delay(std::int64_t restarts);

}  // namespace wavetank::cluster
