// Who waits for whom in a plan: for the hooks and resources of earlier steps that Argo CD holds the
// sync for. What runs only when a sync fails waits for none of it and is left out.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "report/plan/plan_view.h"

namespace wavetank::report {

// Tasks that a task waits for, and those that wait for it, in order of the plan.
[[nodiscard]] std::vector<std::uint32_t> waited_for(const sync::Plan& plan, std::uint32_t task);
[[nodiscard]] std::vector<std::uint32_t> waiting_for(const sync::Plan& plan, std::uint32_t task);

// "Job/migrate"; with its phase where an object has several tasks. Hooks with a generateName go by
// its prefix.
[[nodiscard]] std::string task_label(const PlanView& view, std::uint32_t task);

using Waits = std::map<std::string, std::set<std::string>>;
[[nodiscard]] Waits waits_of(const PlanView& view);

}  // namespace wavetank::report
