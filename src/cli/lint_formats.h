// `lint --format`: which reports are asked for, and where each goes.
#pragma once

#include <string>
#include <vector>

#include "commands/lint.h"

namespace wavetank::cli {

// The CI server that this runs on, by the variables that it sets.
enum class CiServer : std::uint8_t { None, Github, Gitlab };

struct FormatChoice {
  std::vector<std::string> formats;  // FORMAT or FORMAT=FILE, as written; none: full
  std::string output_file;           // for the format without a file; empty: standard output
  std::string step_summary;          // what GITHUB_STEP_SUMMARY says
  CiServer server = CiServer::None;
  bool is_terminal = false;
  report::Colour standard_output = report::Colour::Off;
  report::Colour files = report::Colour::Off;
};

// What --format takes, for help: "full, compact, …".
[[nodiscard]] std::string format_names();

// Fills in the targets of the request. Returns an error text, or nothing.
[[nodiscard]] std::string choose_formats(const FormatChoice& choice,
                                         commands::LintRequest& request);

}  // namespace wavetank::cli
