// The settings of an installation of Argo CD that matter here; the defaults are the real ones.
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

#include "application/auto_sync.h"
#include "application/controller/application_spec.h"
#include "application/controller/project.h"
#include "application/operation_state.h"
#include "application/tracking.h"
#include "base/time.h"
#include "health/application_health.h"
#include "model/version.h"
#include "model/wall_time.h"

namespace wavetank::application {

struct Installation {
  model::ArgocdVersion version = model::kNewestVersion;
  StepSettings steps;
  SelfHealSettings self_heal;
  // How long after a comparison git is looked at again (timeout.reconciliation; without the
  // jitter).
  base::Duration resync = std::chrono::seconds(120);
  Tracking tracking;
  std::vector<IgnoredDifference> ignored;  // of all applications
  std::vector<std::string> excluded_kinds;
  health::ApplicationHealthSettings health;  // but for `application` and `version`
  std::map<std::string, Project> projects = {{"default", Project{}}};
  model::WallTime epoch{.seconds = 1'704'067'200};  // when simulated time begins: 2024-01-01
};

// The settings of health checks for one application, or for any.
[[nodiscard]] inline health::ApplicationHealthSettings health_settings(
    const Installation& installation, health::ApplicationIdentity application = {}) {
  health::ApplicationHealthSettings settings = installation.health;
  settings.application = std::move(application);
  settings.version = installation.version;
  return settings;
}

}  // namespace wavetank::application
