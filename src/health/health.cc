#include "health/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/check.h"
#include "health/kind_checks.h"
#include "health/object_view.h"
#include "health/status_word.h"
#include "health/table/judge.h"
#include "health/table/select.h"
#include "model/annotation.h"
#include "model/key.h"

namespace wavetank::health {

using nlohmann::json;

namespace {

// Versions separated by blanks; empty: any version.
struct Check {
  std::string_view group;
  std::string_view kind;
  std::string_view versions;
  Health (*assess)(const Subject&);
  std::string_view name_in_errors = {};  // where it differs from the kind
};

constexpr std::array kChecks{
    Check{"apps", "Deployment", "v1", check_deployment},
    Check{"apps", "StatefulSet", "v1", check_stateful_set},
    Check{"apps", "ReplicaSet", "v1", check_replica_set},
    Check{"apps", "DaemonSet", "v1", check_daemon_set},
    Check{"extensions", "Ingress", "", check_ingress},
    Check{"networking.k8s.io", "Ingress", "", check_ingress},
    Check{"argoproj.io", "Workflow", "", check_workflow},
    Check{"apiregistration.k8s.io", "APIService", "v1 v1beta1", check_api_service},
    Check{"", "Service", "v1", check_service},
    Check{"", "PersistentVolumeClaim", "v1", check_volume_claim},
    Check{"", "Pod", "v1", check_pod},
    Check{"batch", "Job", "v1", check_job},
    // v2beta1 and v2beta2 are known until 3.4 (AutoscalerFailures).
    Check{"autoscaling", "HorizontalPodAutoscaler", "v1 v2", check_autoscaler, "HPA"},
};

bool supports(const Check& check, std::string_view version) {
  if (check.versions.empty()) return true;
  std::string_view rest = check.versions;
  while (true) {
    const auto blank = rest.find(' ');
    if (rest.substr(0, blank) == version) return true;
    if (blank == std::string_view::npos) return false;
    rest.remove_prefix(blank + 1);
  }
}

bool holds_hook_finalizer(const json& object) {
  const json& finalizers = list(object, "/metadata/finalizers");
  return std::find(finalizers.begin(), finalizers.end(), model::kHookFinalizer) != finalizers.end();
}

bool is_pending_deletion(const json& object, model::ArgocdVersion version) {
  const bool held_by_hook =
      model::behaves(version, model::Behavior::HookFinalizer) && holds_hook_finalizer(object);
  return has(object, "/metadata/deletionTimestamp") && !held_by_hook;
}

constexpr std::string_view kPendingDeletion = "Pending deletion";

// Source: util/lua/lua.go (ExecuteHealthLua).
Health named_health(const std::string& word, const std::string& message) {
  if (const auto status = status_of(word)) {
    return {.status = *status, .message = message, .by_script = true};
  }
  return {.status = Status::Unknown,
          .message = "Lua returned an invalid health status",
          .by_script = true};
}

// Nothing when the rule does not apply.
std::optional<Health> judge(const CustomRule& rule, const json& object) {
  if (rule.is_deleting && *rule.is_deleting != has(object, "/metadata/deletionTimestamp")) {
    return std::nullopt;
  }
  const json& finalizers = list(object, "/metadata/finalizers");
  const bool is_held =
      std::find(finalizers.begin(), finalizers.end(), json(rule.finalizer)) != finalizers.end();
  if (!rule.finalizer.empty() && !is_held) return std::nullopt;
  if (rule.annotation.empty()) return named_health(rule.status, rule.message);
  const auto annotations = model::annotations_of(object);
  const auto value = model::find(annotations, rule.annotation);
  if (!value) return std::nullopt;
  return named_health(std::string(*value), rule.message);
}

}  // namespace

std::string_view name(Status status) {
  switch (status) {
    case Status::Healthy: return "Healthy";
    case Status::Suspended: return "Suspended";
    case Status::Progressing: return "Progressing";
    case Status::Missing: return "Missing";
    case Status::Degraded: return "Degraded";
    case Status::Unknown: return "Unknown";
    case Status::None: return "";
  }
  WAVETANK_CHECK(false);
}

std::optional<Status> status_of(std::string_view word) {
  constexpr std::array kAll{Status::Healthy, Status::Suspended, Status::Progressing,
                            Status::Missing, Status::Degraded,  Status::Unknown};
  for (const Status status : kAll) {
    if (name(status) == word) return status;
  }
  return std::nullopt;
}

std::optional<Health> assess(const json& object, model::ArgocdVersion version) {
  if (is_pending_deletion(object, version)) {
    return Health{.status = Status::Progressing, .message = std::string(kPendingDeletion)};
  }
  if (const auto* const row = table::row_of(object, version)) {
    Health health = table::judge(*row, object);
    health.by_script = true;
    return health;
  }
  return assess_built_in(object, version);
}

std::optional<Health> assess(const json& object, model::ArgocdVersion version,
                             const CustomChecks& custom) {
  if (custom.empty() || is_pending_deletion(object, version)) return assess(object, version);
  const std::string kind = text(object, "/kind");
  const std::string api_version = text(object, "/apiVersion");
  for (const CustomCheck& check : custom) {
    if (check.kind != kind || check.group != model::group_of(api_version)) continue;
    for (const CustomRule& rule : check.rules) {
      if (auto health = judge(rule, object)) return health;
    }
  }
  return assess(object, version);
}

std::optional<Health> assess_built_in(const json& object, model::ArgocdVersion version) {
  if (is_pending_deletion(object, version)) {
    return Health{.status = Status::Progressing, .message = std::string(kPendingDeletion)};
  }
  const std::string api_version = text(object, "/apiVersion");
  const std::string kind = text(object, "/kind");
  const auto group = model::group_of(api_version);
  const auto* const check = std::find_if(kChecks.begin(), kChecks.end(), [&](const Check& row) {
    return row.group == group && row.kind == kind;
  });
  if (check == kChecks.end()) return std::nullopt;
  if (!supports(*check, model::version_of(api_version))) {
    return Health{
        .status = Status::Unknown,
        .message = fmt::format("unsupported {} GVK: {}, Kind={}",
                               check->name_in_errors.empty() ? check->kind : check->name_in_errors,
                               group.empty() ? "/" + api_version : api_version, kind),
        .is_error = true};
  }
  return check->assess({.object = object, .version = version});
}

json healthy_status(const json& object, model::ArgocdVersion version) {
  const auto* const row = table::row_of(object, version);
  return row == nullptr ? json() : table::healthy_status(*row, object);
}

}  // namespace wavetank::health
