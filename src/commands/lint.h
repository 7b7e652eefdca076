// `wavetank lint`: what is wrong with these manifests?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "commands/config.h"
#include "commands/exit_code.h"
#include "lint/edits.h"
#include "lint/lint.h"
#include "load/project.h"
#include "report/lint/lint_report.h"
#include "report/paint.h"

namespace wavetank::commands {

enum class Format : std::uint8_t { Text, Json };
// Write what the fixes give, or show it as a diff and write nothing.
enum class FixMode : std::uint8_t { Off, Write, Diff };

// A report in a format; without a file it is for standard output.
struct LintTarget {
  report::LintFormat format = report::LintFormat::Full;
  std::string file;
  report::Colour colour = report::Colour::Off;
};

// What is asked for on the command line; see commands/configure.h for the rest.
struct LintRequest {
  ConfigChoice config;
  load::LoadOptions load;
  lint::LintOptions lint;
  std::vector<std::string> extend_select;  // beside those of the configuration
  std::vector<std::string> extend_ignore;
  std::vector<std::string>
      rule_paths;                     // rules of the user's own, beside those of the configuration
  std::optional<std::string> assume;  // see lint/assumptions.h; instead of the configuration's
  std::string before;  // a directory that holds the same paths at the revision before; empty: none
  // The lowest severity that makes the command fail; nothing: never.
  std::optional<source::Severity> fail_on = source::Severity::Error;
  // Only what touches these files and directories is reported; nothing: all.
  std::optional<std::vector<std::string>> touching;
  // … and what changed since this revision. `cli` asks git and adds the files to `touching`.
  std::optional<std::string> changed_since;
  std::string baseline;  // a file of findings that are known; empty: none
  // Suppress everything that is found, with comments that give this reason; with FixMode::Diff only
  // show them.
  std::optional<std::string> add_ignore;
  FixMode fix = FixMode::Off;
  lint::FixLevel fix_level = lint::FixLevel::Safe;
  bool exit_zero = false;
  bool quiet = false;  // no output but through the exit code, and files that were asked for
  std::vector<LintTarget> targets{LintTarget{}};
  std::string step_summary;  // a file of the CI server to add a summary to; empty: none
  std::optional<std::size_t> max_findings;
  report::LintDetail detail = report::LintDetail::Findings;
  report::Colour colour = report::Colour::Off;  // of what is no report, such as a diff
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

// Where a command reads and writes files.
struct Ports {
  const base::FileSystem& files;
  base::FileWriter& writer;
};

[[nodiscard]] Result run_lint(Ports ports, const LintRequest& request);

}  // namespace wavetank::commands
