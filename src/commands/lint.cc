#include "commands/lint.h"

#include <algorithm>

#include "commands/fix.h"
#include "commands/inspection.h"
#include "report/lint/lint_report.h"
#include "report/unified_diff.h"

namespace wavetank::commands {

namespace {

bool fails(source::Severity severity, std::optional<source::Severity> fail_on) {
  return fail_on && severity >= *fail_on;
}

// Fixes what can be fixed and leaves what remains in `inspection`.
void fix(Ports ports, const Setup& setup, const LintRequest& request, Inspection& inspection,
         Result& result) {
  Fixing fixing = request.add_ignore
                      ? add_ignores(ports.files, setup, std::move(inspection), *request.add_ignore)
                      : fix_all(ports.files, setup, std::move(inspection), request.fix_level);
  if (request.fix == FixMode::Diff) {
    for (const FileChange& change : fixing.changes) {
      result.output += report::unified_diff(
          {.name = change.name, .before = change.before, .after = change.after}, request.colour);
    }
    if (!fixing.changes.empty() && !request.exit_zero) result.exit = ExitCode::Findings;
  } else {
    result.errors += write_changes(ports, fixing.changes);
    if (!result.errors.empty()) result.exit = ExitCode::Input;
  }
  if (!request.quiet) result.errors += fix_summary(fixing, request);
  inspection = std::move(fixing.rest);
}

}  // namespace

Result run_lint(Ports ports, const LintRequest& asked) {
  const Setup setup = set_up(ports.files, asked);
  if (!setup.errors.empty()) return {.errors = setup.errors, .exit = ExitCode::Usage};
  const LintRequest& request = setup.request;
  Result result;
  Inspection inspection = inspect(ports.files, setup);
  if (!inspection.errors.empty()) return {.errors = inspection.errors, .exit = ExitCode::Usage};
  if (request.fix != FixMode::Off) fix(ports, setup, request, inspection, result);

  const load::Project& project = inspection.project;
  const std::vector<lint::Finding>& findings = inspection.findings;
  const bool bad_input = std::any_of(
      project.diagnostics.begin(), project.diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == source::Severity::Error; });
  const bool failed = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return fails(finding.diagnostic.severity, request.fail_on);
  });
  const bool stale = std::any_of(
      project.diagnostics.begin(), project.diagnostics.end(), [&](const auto& diagnostic) {
        return diagnostic.code == "IN014" && fails(diagnostic.severity, request.fail_on);
      });
  result.exit =
      gravest({result.exit, bad_input ? ExitCode::Input : ExitCode::Ok,
               (failed || stale) && !request.exit_zero ? ExitCode::Findings : ExitCode::Ok});
  if (request.quiet) result.output.clear();
  if (request.quiet || request.fix == FixMode::Diff) return result;
  switch (request.format) {
    case Format::Text: result.output = report::lint_text(project, findings, request.colour); break;
    case Format::Json: result.output = report::lint_json(project, findings); break;
  }
  return result;
}

}  // namespace wavetank::commands
