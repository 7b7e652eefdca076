// Who answers behind a Service: what its EndpointSlices would say.
//
// The slices of Services with a selector are not objects here; they follow from the pods at every
// moment. Those of Services without one are what somebody wrote.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster/store.h"

namespace wavetank::cluster {

enum class Endpoints : std::uint8_t {
  NoSlices,  // neither a selector nor slices that somebody wrote
  NotReady,  // nobody who is ready serves the port
  Ready,
};

// `port` is an element of the Service's spec.ports; null asks for ready addresses of any port.
// Source: pkg/controller/endpointslice, staging/src/k8s.io/endpointslice/utils.go
// (ShouldPodBeInEndpoints, FindPort) of Kubernetes 1.36.
[[nodiscard]] Endpoints endpoints_of(const Store& store, const nlohmann::json& service,
                                     const nlohmann::json& port);

}  // namespace wavetank::cluster
