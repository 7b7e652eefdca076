// `wavetank plan`: what will Argo CD do, in which order, and why?
#pragma once

#include <string>

#include "commands/lint.h"
#include "model/version.h"
#include "report/plan/plan_text.h"

namespace wavetank::commands {

struct PlanRequest {
  ConfigChoice config;
  load::LoadOptions load;
  std::string application;  // empty: all
  report::Detail detail = report::Detail::Steps;
  model::ArgocdVersion version = model::kNewestVersion;
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

[[nodiscard]] Result run_plan(const base::FileSystem& files, const PlanRequest& request);

}  // namespace wavetank::commands
