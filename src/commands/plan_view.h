// The plan of an application, ready to be printed, compared and asked.
#pragma once

#include "model/version.h"
#include "report/plan/plan_view.h"

namespace wavetank::commands {

[[nodiscard]] report::PlanView make_plan_view(const model::Bundle& bundle,
                                              model::ArgocdVersion version);

}  // namespace wavetank::commands
