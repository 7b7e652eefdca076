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
#include "report/paint.h"

namespace wavetank::commands {

enum class Format : std::uint8_t { Text, Json };
// Write what the fixes give, or show it as a diff and write nothing.
enum class FixMode : std::uint8_t { Off, Write, Diff };

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
  bool quiet = false;  // no output but through the exit code
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

// What a command says and how it ends.
struct Result {
  std::string output;
  std::string errors;  // for standard error
  ExitCode exit = ExitCode::Ok;
};

// Where a command reads and writes files.
struct Ports {
  const base::FileSystem& files;
  base::FileWriter& writer;
};

[[nodiscard]] Result run_lint(Ports ports, const LintRequest& request);

}  // namespace wavetank::commands
