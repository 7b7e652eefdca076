#include "commands/lint.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/config.h"
#include "commands/rules.h"
#include "load/path.h"
#include "report/lint/formats/formats.h"

namespace wavetank::commands {

namespace {

bool fails(source::Severity severity, std::optional<source::Severity> fail_on) {
  return fail_on && severity >= *fail_on;
}

// The files of a directory under the paths that they have below it.
class FilesBelow final : public base::FileSystem {
 public:
  FilesBelow(const base::FileSystem& files, std::string directory)
      : files_(files), directory_(std::move(directory)) {}

  [[nodiscard]] base::FileKind kind(std::string_view path) const override {
    return files_.kind(load::join(directory_, path));
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override {
    return files_.read(load::join(directory_, path));
  }
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override {
    return files_.list(load::join(directory_, path));
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override {
    return files_.canonical(load::join(directory_, path));
  }

 private:
  const base::FileSystem& files_;
  std::string directory_;
};

// Everything that the flags and the configuration say about rules.
struct Setup {
  lint::LintOptions options;
  ReadRules own;
  std::string errors;
};

Setup set_up(const base::FileSystem& files, const LintRequest& request) {
  Setup setup{.options = request.lint};
  const ReadConfig read = read_config(files);
  setup.errors = read.errors;
  std::vector<std::string> paths = read.config.rules;
  paths.insert(paths.end(), request.rule_paths.begin(), request.rule_paths.end());
  setup.own = read_own_rules(files, paths);
  setup.errors += setup.own.errors;
  const std::string assume = request.assume.value_or(read.config.assume);
  if (const auto assumptions = lint::parse_assumptions(assume)) {
    setup.options.assumptions = *assumptions;
  } else {
    setup.errors += fmt::format(
        "wavetank: `{}` is no list of assumptions such as load-balancers=no,crds=none\n", assume);
  }
  return setup;
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

Result run_lint(const base::FileSystem& files, const LintRequest& request) {
  Setup setup = set_up(files, request);
  Result result{.errors = setup.errors,
                .exit = setup.errors.empty() ? ExitCode::Ok : ExitCode::Usage};
  setup.options.own_rules = setup.own.rules.rules();
  for (const lint::UnknownRule& unknown : lint::unknown_rules(setup.options)) {
    result.errors += fmt::format(
        "wavetank: no rule, prefix or family is called `{}`{}\n", unknown.text,
        unknown.suggestion.empty() ? "" : fmt::format("; did you mean `{}`?", unknown.suggestion));
    result.exit = ExitCode::Usage;
  }
  if (result.exit == ExitCode::Usage) return result;

  const load::Project project = load::load_project(files, request.load);
  load::Project before;
  if (!request.before.empty()) {
    before = load::load_project(FilesBelow(files, request.before), request.load);
    setup.options.before = &before;
  }
  const std::vector<lint::Finding> findings = lint::lint(project, setup.options);
  const bool bad_input = std::any_of(
      project.diagnostics.begin(), project.diagnostics.end(),
      [](const auto& diagnostic) { return diagnostic.severity == source::Severity::Error; });
  const bool failed = std::any_of(findings.begin(), findings.end(), [&](const auto& finding) {
    return fails(finding.diagnostic.severity, request.fail_on);
  });
  result.exit = gravest({bad_input ? ExitCode::Input : ExitCode::Ok,
                         failed && !request.exit_zero ? ExitCode::Findings : ExitCode::Ok});
  const report::LintReport report = report::make_lint_report(project, findings,
                                                             {.max_findings = request.max_findings,
                                                              .fail_on = request.fail_on,
                                                              .own_rules = setup.own.rules.rules(),
                                                              .place = place_of(files),
                                                              .detail = request.detail});
  write_reports(report, request, result);
  return result;
}

}  // namespace wavetank::commands
