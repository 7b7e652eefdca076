// The renderers of lint reports, one file each. lint_output chooses.
#pragma once

#include <cstddef>
#include <string>

#include "report/lint/lint_report.h"

namespace wavetank::report {

// For people: every finding with its source, a line each, and lines below their file.
[[nodiscard]] std::string full_text(const LintReport& report, Colour colour);
[[nodiscard]] std::string compact_text(const LintReport& report, Colour colour);
[[nodiscard]] std::string grouped_text(const LintReport& report, Colour colour);

// docs/schemas/lint.schema.json describes the fields; lint-lines.schema.json those of a line.
[[nodiscard]] std::string lint_json(const LintReport& report);
[[nodiscard]] std::string lint_json_lines(const LintReport& report);

// SARIF 2.1.0, within the limits of GitHub's code scanning.
[[nodiscard]] LintOutput sarif(const LintReport& report);
// Annotations of a GitHub workflow.
[[nodiscard]] LintOutput github_commands(const LintReport& report);
// GitLab's code quality report.
[[nodiscard]] std::string gitlab_code_quality(const LintReport& report);
[[nodiscard]] std::string junit(const LintReport& report);
[[nodiscard]] std::string checkstyle(const LintReport& report);
// Reviewdog's diagnostic format, with suggestions.
[[nodiscard]] std::string rdjson(const LintReport& report);

// How much a comment and a step's summary may hold on GitHub, with something to spare.
inline constexpr std::size_t kCommentSize = 60'000;
inline constexpr std::size_t kStepSummarySize = 1'000'000;
// For a comment on a pull request, or the summary of a CI step.
[[nodiscard]] LintOutput markdown(const LintReport& report, std::size_t size_max);

// "HK001  3", a line for each rule that found something.
[[nodiscard]] std::string statistics_text(const LintReport& report);

}  // namespace wavetank::report
