#include "commands/lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/fix.h"
#include "commands/inspection.h"
#include "load/path.h"
#include "report/lint/formats/formats.h"
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

// The working directory and the root of the repository that it is in.
report::LintPlace place_of(const base::FileSystem& files) {
  report::LintPlace place{.directory = files.canonical(".").value_or("")};
  for (std::string at = place.directory; !at.empty() && at != "."; at = load::parent_of(at)) {
    if (files.kind(load::join(at, ".git")) != base::FileKind::Missing) {
      place.repository = at;
      break;
    }
    if (at == "/") break;
  }
  return place;
}

void write_reports(const report::LintReport& report, const LintRequest& request, Result& result) {
  for (const LintTarget& target : request.targets) {
    if (request.quiet && target.file.empty()) continue;
    report::LintOutput output = report::lint_output(report, target.format, target.colour);
    if (!output.note.empty()) result.errors += fmt::format("wavetank: {}\n", output.note);
    if (target.file.empty()) {
      result.output = std::move(output.text);
    } else {
      result.files.push_back({.path = target.file, .text = std::move(output.text)});
    }
  }
  if (request.step_summary.empty()) return;
  result.files.push_back({.path = request.step_summary,
                          .text = report::markdown(report, report::kStepSummarySize).text + "\n",
                          .mode = OutputFile::Mode::Append});
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
  if (request.fix == FixMode::Diff) return result;
  const report::LintReport report = report::make_lint_report(project, findings,
                                                             {.max_findings = request.max_findings,
                                                              .fail_on = request.fail_on,
                                                              .own_rules = setup.own.rules.rules(),
                                                              .suppressed = inspection.suppressed,
                                                              .place = place_of(ports.files),
                                                              .detail = request.detail});
  write_reports(report, request, result);
  return result;
}

}  // namespace wavetank::commands
