// `wavetank lint`: what is wrong with these manifests?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/exit_code.h"
#include "lint/lint.h"
#include "load/project.h"
#include "report/lint/lint_report.h"
#include "report/paint.h"

namespace wavetank::commands {

enum class Format : std::uint8_t { Text, Json };

// A report in a format; without a file it is for standard output.
struct LintTarget {
  report::LintFormat format = report::LintFormat::Full;
  std::string file;
  report::Colour colour = report::Colour::Off;
};

struct LintRequest {
  load::LoadOptions load;
  lint::LintOptions lint;
  std::vector<std::string>
      rule_paths;                     // rules of the user's own, beside those of the configuration
  std::optional<std::string> assume;  // see lint/assumptions.h; instead of the configuration's
  std::string before;  // a directory that holds the same paths at the revision before; empty: none
  // The lowest severity that makes the command fail; nothing: never.
  std::optional<source::Severity> fail_on = source::Severity::Error;
  bool exit_zero = false;
  bool quiet = false;  // no output but through the exit code, and files that were asked for
  std::vector<LintTarget> targets{LintTarget{}};
  std::string step_summary;  // a file of the CI server to add a summary to; empty: none
  std::optional<std::size_t> max_findings;
  report::LintDetail detail = report::LintDetail::Findings;
};

// A file to write; below `cli` nothing touches the disk.
struct OutputFile {
  enum class Mode : std::uint8_t { Replace, Append };
  std::string path;
  std::string text;
  Mode mode = Mode::Replace;
};

// What a command says and how it ends.
struct Result {
  std::string output;
  std::string errors;  // for standard error
  std::vector<OutputFile> files;
  ExitCode exit = ExitCode::Ok;
};

[[nodiscard]] Result run_lint(const base::FileSystem& files, const LintRequest& request);

}  // namespace wavetank::commands
