// The findings of a lint run, as text for people and as JSON for programs.
#pragma once

#include <string>
#include <vector>

#include "lint/finding.h"
#include "load/project.h"
#include "report/paint.h"

namespace wavetank::report {

[[nodiscard]] std::string lint_text(const load::Project& project,
                                    const std::vector<lint::Finding>& findings, Colour colour);
// docs/schemas/lint.schema.json describes the fields.
[[nodiscard]] std::string lint_json(const load::Project& project,
                                    const std::vector<lint::Finding>& findings);

}  // namespace wavetank::report
