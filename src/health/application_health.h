// The health of an application from that of its resources.
//
// The worst resource decides; hooks, objects marked to be ignored and the application itself do not
// count, and what is missing only if nothing at all is there.
// Source: controller/health.go (setApplicationHealth).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "health/health.h"
#include "model/version.h"

namespace wavetank::health {

// An object as the cluster has it and as git wants it; one of them may be missing.
struct ManagedResource {
  const nlohmann::json* live = nullptr;
  const nlohmann::json* target = nullptr;
};

// Whether `argocd-cm` holds a health check for Applications, which by default have no health.
enum class ChildCheck : std::uint8_t { None, OfStatus };
// Where Argo CD keeps the health of resources (`--persist-resource-health`): in the application's
// status, or in its resource tree only.
enum class HealthPlace : std::uint8_t { Status, Tree };

struct ApplicationIdentity {
  std::string name;
  std::string name_space;
  std::string uid;
};

struct ApplicationHealthSettings {
  ApplicationIdentity application;
  ChildCheck child_check = ChildCheck::None;
  HealthPlace place = HealthPlace::Status;
  model::ArgocdVersion version = model::kNewestVersion;
  CustomChecks custom = {};
};

// The health of one live object, with the checks of the installation.
[[nodiscard]] std::optional<Health> assess_live(const nlohmann::json& live,
                                                const ApplicationHealthSettings& settings);

struct ApplicationHealth {
  Status status = Status::Healthy;
  std::string message;                           // names the causes
  std::vector<std::optional<Health>> resources;  // as stored in the status
  std::string_view source;                       // `status.resourceHealthSource`
  std::optional<std::string> error;              // the first check that failed
};

[[nodiscard]] ApplicationHealth assess_application(std::span<const ManagedResource> resources,
                                                   const ApplicationHealthSettings& settings);

}  // namespace wavetank::health
