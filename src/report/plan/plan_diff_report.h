// The difference of two revisions' plans as text, JSON and Markdown.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "report/paint.h"
#include "report/plan/plan_diff.h"

namespace wavetank::report {

[[nodiscard]] std::string plan_diff_text(const std::vector<PlanDiff>& diffs, Colour colour);
// docs/schemas/diff.schema.json describes the fields.
[[nodiscard]] nlohmann::ordered_json plan_diff_json(const PlanDiff& diff);
// For a comment on a pull request.
[[nodiscard]] std::string plan_diff_markdown(const std::vector<PlanDiff>& diffs);

}  // namespace wavetank::report
