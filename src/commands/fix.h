// `lint --fix` and `--diff`: the fixes of what was found, round after round until nothing is left
// to fix, and what of it can be written.
//
// A file is written whole or not at all, and only if it still holds what was looked at.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "commands/inspection.h"
#include "lint/edits.h"

namespace wavetank::commands {

// A file before and after, byte for byte.
struct FileChange {
  std::string name;  // as shown to the user
  std::string path;  // to read and write it
  std::string before;
  std::string after;
};

struct Fixing {
  std::vector<FileChange> changes;           // by name
  std::map<std::string, std::size_t> fixed;  // how many findings, by code
  std::size_t suppressed = 0;                // by comments that were added
  std::vector<std::string> refused;          // one line for each file or finding left as it is
  Inspection rest;                           // what is found after the fixes
};

// `first` is what was found before any fix.
[[nodiscard]] Fixing fix_all(const base::FileSystem& files, const Setup& setup, Inspection first,
                             lint::FixLevel level);

// Suppresses what was found by comments, wherever there can be one.
[[nodiscard]] Fixing add_ignores(const base::FileSystem& files, const Setup& setup,
                                 Inspection first, const std::string& reason);

// Writes the changes; one line for each file that could not be.
[[nodiscard]] std::string write_changes(Ports ports, const std::vector<FileChange>& changes);

// "fixed 3 findings in 2 files: HK001 (2), SO008", and what is left for --unsafe-fixes.
[[nodiscard]] std::string fix_summary(const Fixing& fixing, const LintRequest& request);

}  // namespace wavetank::commands
