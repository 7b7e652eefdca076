// The words for what a plan says; text and JSON use the same.
#pragma once

#include <string>

#include "report/plan/plan_view.h"

namespace wavetank::report {

// "Argo CD waits for …" behind a step; empty when it waits for nothing.
[[nodiscard]] std::string gate_words(const PlanView& view, const sync::PlanStep& step);
// When the hook is deleted, by its policies.
[[nodiscard]] std::string deletion_words(const model::DeletePolicies& policies);
// Why a task stands where it stands.
[[nodiscard]] std::string place_words(const PlanView& view, const sync::PlanTask& task);
// Why a target has no task.
[[nodiscard]] std::string left_out_words(const model::HookFacts& hook);

// "Sync, wave 0"; a hook in the phase of plain resources is named as one.
[[nodiscard]] std::string task_place(const sync::PlanTask& task);

// "Job/db-migration" of a task.
[[nodiscard]] std::string task_name(const PlanView& view, const sync::PlanTask& task);

}  // namespace wavetank::report
