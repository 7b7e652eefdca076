// The health of one object, as Argo CD judges it.
//
// Some kinds are judged by checks written in Go (gitops-engine/pkg/health/health_*.go; here one
// function each), many more by scripts (resource_customizations/; here rows of a table, compiled in
// from rules/data/health/, see docs/health.md). A script comes before a check in Go.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/version.h"

namespace wavetank::health {

// In Argo CD's order of badness, best first. None is the empty word of a script that returned
// nothing: the object has a health, but it says nothing.
enum class Status : std::uint8_t {
  Healthy,
  Suspended,
  Progressing,
  Missing,
  Degraded,
  Unknown,
  None
};
[[nodiscard]] std::string_view name(Status status);

struct Health {
  Status status = Status::Healthy;
  std::string message;
  bool is_error = false;   // the check itself failed; `message` is the error (status is Unknown)
  bool by_script = false;  // a row of the table judged, not a check in Go
};

// A health check that an installation brings for a kind (argocd-cm,
// resource.customizations.health), as a list of rules in the place of a script; the first rule that
// applies decides.
struct CustomRule {
  std::optional<bool> is_deleting;  // applies to objects with a deletionTimestamp, or without
  std::string finalizer;            // applies to objects with it; empty: to all
  std::string annotation;  // not empty: applies to objects with it, and its value is the status
  std::string status;      // the word of the script, valid or not
  std::string message;
};
struct CustomCheck {
  std::string group;
  std::string kind;
  std::vector<CustomRule> rules;
};
using CustomChecks = std::vector<CustomCheck>;

// Nothing for kinds without a check. An object with a deletionTimestamp and without Argo CD's hook
// finalizer is Progressing, "Pending deletion", whatever its kind.
[[nodiscard]] std::optional<Health> assess(const nlohmann::json& object,
                                           model::ArgocdVersion version = model::kNewestVersion);
// The same where an installation has checks of its own, which come first.
[[nodiscard]] std::optional<Health> assess(const nlohmann::json& object,
                                           model::ArgocdVersion version,
                                           const CustomChecks& custom);

// The same by the checks in Go alone, as the sync engine has them without Argo CD around it.
[[nodiscard]] std::optional<Health> assess_built_in(
    const nlohmann::json& object, model::ArgocdVersion version = model::kNewestVersion);

// A status with which an object of this kind is Healthy; null where the table knows none. Kinds
// that are judged in Go have none here.
[[nodiscard]] nlohmann::json healthy_status(const nlohmann::json& object,
                                            model::ArgocdVersion version = model::kNewestVersion);

}  // namespace wavetank::health
