// The baseline in a run of the linter, and `wavetank baseline write|prune|show`.
#pragma once

#include <string>
#include <vector>

#include "commands/inspection.h"
#include "lint/baseline.h"

namespace wavetank::commands {

inline constexpr std::string_view kBaselineName = ".wavetank-baseline.yaml";

// Takes out of the inspection what the baseline knows; entries that nothing matches any more are
// diagnostics (IN014), where it can be told. The error is one line; empty: none.
[[nodiscard]] std::string apply_baseline(const base::FileSystem& files, const Setup& setup,
                                         Inspection& inspection);

enum class BaselineAction : std::uint8_t { Write, Prune, Show };

struct BaselineRequest {
  BaselineAction action = BaselineAction::Show;
  LintRequest lint;  // what to look at; its `baseline` names the file
};

[[nodiscard]] Result run_baseline(Ports ports, const BaselineRequest& request);

}  // namespace wavetank::commands
