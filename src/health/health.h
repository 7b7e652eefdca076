// The health of one object, as Argo CD's built-in Go checks judge it.
//
// Kinds that Argo CD judges by Lua scripts are not modelled yet: they have no health here, as kinds
// without any check. Source: gitops-engine/pkg/health/health.go and health_*.go.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "model/version.h"

namespace wavetank::health {

// In Argo CD's order of badness, best first.
enum class Status : std::uint8_t { Healthy, Suspended, Progressing, Missing, Degraded, Unknown };
[[nodiscard]] std::string_view name(Status status);

struct Health {
  Status status = Status::Healthy;
  std::string message;
  bool is_error = false;  // the check itself failed; `message` is the error (status is Unknown)
};

// Nothing for kinds without a check. An object with a deletionTimestamp and without Argo CD's hook
// finalizer is Progressing, "Pending deletion", whatever its kind.
[[nodiscard]] std::optional<Health> assess(const nlohmann::json& object,
                                           model::ArgocdVersion version = model::kNewestVersion);

}  // namespace wavetank::health
