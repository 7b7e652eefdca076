// From a comparison to what the engine is given: which objects take part in an operation.
//
// Source: controller/sync.go (SyncAppState: resources filter, permission validator).
#pragma once

#include <vector>

#include "application/controller/comparer.h"
#include "application/controller/engine_pass.h"

namespace wavetank::application {

struct EngineView {
  std::vector<Participation> targets;  // one for each object of the Targets
  std::vector<ParticipatingLive> live;
};

[[nodiscard]] EngineView engine_view(const Compare& compared, const Targets& targets,
                                     const SyncOperation& sync, const Project& project,
                                     TrackingMethod method);

}  // namespace wavetank::application
