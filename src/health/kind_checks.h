// One check per kind; health.cc decides which one applies. Sources: gitops-engine/pkg/health/
// health_<kind>.go of Argo CD 3.6.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "health/health.h"

namespace wavetank::health {

// An object and the version of Argo CD that judges it.
struct Subject {
  const nlohmann::json& object;
  model::ArgocdVersion version;
};

// Workloads (workloads.cc).
[[nodiscard]] Health check_deployment(const Subject& subject);
[[nodiscard]] Health check_replica_set(const Subject& subject);
[[nodiscard]] Health check_stateful_set(const Subject& subject);
[[nodiscard]] Health check_daemon_set(const Subject& subject);

// What runs to completion (completion.cc).
[[nodiscard]] Health check_job(const Subject& subject);
[[nodiscard]] Health check_pod(const Subject& subject);
[[nodiscard]] Health check_workflow(const Subject& subject);

// Networking, storage and the rest (infrastructure.cc).
[[nodiscard]] Health check_service(const Subject& subject);
[[nodiscard]] Health check_ingress(const Subject& subject);
[[nodiscard]] Health check_volume_claim(const Subject& subject);
[[nodiscard]] Health check_autoscaler(const Subject& subject);
[[nodiscard]] Health check_api_service(const Subject& subject);

}  // namespace wavetank::health
