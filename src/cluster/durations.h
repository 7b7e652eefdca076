// How long things take when nobody says otherwise: medians and tails by kind.
//
// Choice 0 of the Chooser is the median; every other choice is a quantile of a table of whole
// numbers, so a seed gives the same durations on every machine.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/chooser.h"
#include "base/time.h"

namespace wavetank::cluster {

enum class Lapse : std::uint8_t {
  ContainerStart,   // scheduled, image there, containers started
  InitContainer,    // one of them, from start to end
  ReadyAfterStart,  // until an application answers its readiness probe
  JobRun,           // what the pod of a Job, or a pod that completes, computes
  Workflow,
  LoadBalancer,  // until a Service has an address
  IngressAddress,
  Provisioning,  // of a volume
  PodTermination,
  NamespaceRemoval,
  Reconciliation,  // of an object whose controller is not modelled
};

[[nodiscard]] base::Duration draw(Lapse lapse, std::string_view entity, std::uint32_t occurrence,
                                  base::Chooser& chooser);

}  // namespace wavetank::cluster
