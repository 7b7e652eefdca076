// From a comparison to what the engine is given: which objects take part in an operation.
//
// Source: controller/sync.go (SyncAppState: resources filter, permission validator).
#pragma once

#include "application/controller/comparer.h"
#include "application/controller/engine_pass.h"

namespace wavetank::application {

// Its targets point into `compared`'s.
[[nodiscard]] EngineView engine_view(const Compare& compared, const SyncOperation& sync,
                                     const Project& project, TrackingMethod method);

}  // namespace wavetank::application
