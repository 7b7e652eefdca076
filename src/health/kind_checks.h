// One check per kind; health.cc decides which one applies. Sources: gitops-engine/pkg/health/
// health_<kind>.go of Argo CD 3.6.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "health/health.h"

namespace wavetank::health {

// Workloads (workloads.cc).
[[nodiscard]] Health check_deployment(const nlohmann::json& object);
[[nodiscard]] Health check_replica_set(const nlohmann::json& object);
[[nodiscard]] Health check_stateful_set(const nlohmann::json& object);
[[nodiscard]] Health check_daemon_set(const nlohmann::json& object);

// What runs to completion (completion.cc).
[[nodiscard]] Health check_job(const nlohmann::json& object);
[[nodiscard]] Health check_pod(const nlohmann::json& object);
[[nodiscard]] Health check_workflow(const nlohmann::json& object);

// Networking, storage and the rest (infrastructure.cc).
[[nodiscard]] Health check_service(const nlohmann::json& object);
[[nodiscard]] Health check_ingress(const nlohmann::json& object);
[[nodiscard]] Health check_volume_claim(const nlohmann::json& object);
[[nodiscard]] Health check_autoscaler(const nlohmann::json& object);
[[nodiscard]] Health check_api_service(const nlohmann::json& object);

}  // namespace wavetank::health
