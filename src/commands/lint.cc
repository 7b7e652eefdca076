#include "commands/lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "report/lint/lint_report.h"

namespace wavetank::commands {

namespace {

bool fails(source::Severity severity, std::optional<source::Severity> fail_on) {
  return fail_on && severity >= *fail_on;
}

}  // namespace

Result run_lint(const base::FileSystem& files, const LintRequest& request) {
  Result result;
  for (const lint::UnknownRule& unknown : lint::unknown_rules(request.lint)) {
    result.errors += fmt::format(
        "wavetank: no rule, prefix or family is called `{}`{}\n", unknown.text,
        unknown.suggestion.empty() ? "" : fmt::format("; did you mean `{}`?", unknown.suggestion));
    result.exit = ExitCode::Usage;
  }
  if (result.exit == ExitCode::Usage) return result;

  const load::Project project = load::load_project(files, request.load);
  const std::vector<lint::Finding> findings = lint::lint(project, request.lint);
  const bool bad_input = std::any_of(
      project.diagnostics.begin(), project.diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == source::Severity::Error; });
  const bool failed = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return fails(finding.diagnostic.severity, request.fail_on);
  });
  result.exit = gravest({bad_input ? ExitCode::Input : ExitCode::Ok,
                         failed && !request.exit_zero ? ExitCode::Findings : ExitCode::Ok});
  if (request.quiet) return result;
  switch (request.format) {
    case Format::Text: result.output = report::lint_text(project, findings, request.colour); break;
    case Format::Json: result.output = report::lint_json(project, findings); break;
  }
  return result;
}

}  // namespace wavetank::commands
