// `wavetank lint`: what is wrong with these manifests?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/exit_code.h"
#include "lint/lint.h"
#include "load/project.h"
#include "report/paint.h"

namespace wavetank::commands {

enum class Format : std::uint8_t { Text, Json };

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

[[nodiscard]] Result run_lint(const base::FileSystem& files, const LintRequest& request);

}  // namespace wavetank::commands
