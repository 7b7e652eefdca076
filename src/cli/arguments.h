// The command line: from words to requests. All parsing of flags is here, and nothing else.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "cli/lint_formats.h"
#include "commands/baseline.h"
#include "commands/configure.h"
#include "commands/diff.h"
#include "commands/explore.h"
#include "commands/lint.h"
#include "commands/merge.h"
#include "commands/plan.h"
#include "commands/simulate.h"
#include "commands/test.h"
#include "commands/why.h"

namespace wavetank::cli {

enum class RulesAction : std::uint8_t { List, Test, New, Schema };
struct Rules {
  RulesAction action = RulesAction::List;
  std::vector<std::string> arguments;  // files to test, or the name of a new rule
};
struct Explain {
  std::string code;
};
enum class ScenarioAction : std::uint8_t { Init, Show, Schema };
struct ScenarioTool {
  ScenarioAction action = ScenarioAction::Show;
  std::string path;  // manifests to begin with, or a scenario
};
// Text to print, such as help or the version.
struct Print {
  std::string text;
};
// A usage error, exit code 2.
struct Misuse {
  std::string message;
};

struct Simulate {
  commands::ConfigChoice config;
  commands::SimulateRequest request;
  std::string final_state_file;  // empty: none
  // An upgrade: a directory, a git revision, or git:REVISION:PATH. Empty `from`: no upgrade; empty
  // `to`: the work tree.
  std::string from;
  std::string to;
};

struct Explore {
  commands::ExploreRequest request;
  std::optional<base::Duration> time_limit;  // of real time
  std::string from;                          // as in Simulate
  std::string to;
  commands::ConfigChoice config;
  std::string replay;  // the scenario to play instead; empty: none
};

// The files of both revisions are read first; see check_out in main.cc.
struct Diff {
  commands::DiffRequest request;
  std::string from;
  std::string to;  // empty: the work tree
  std::string path = ".";
};

using Invocation = std::variant<commands::LintRequest, commands::BaselineRequest,
                                commands::ConfigRequest, commands::PlanRequest, Diff,
                                commands::WhyRequest, Simulate, Explore, commands::MergeRequest,
                                commands::TestRequest, ScenarioTool, Rules, Explain, Print, Misuse>;

// What the terminal and the environment say; arguments may overrule it.
struct Surroundings {
  bool is_terminal = false;
  bool no_color = false;     // NO_COLOR is set
  bool force_color = false;  // CLICOLOR_FORCE or FORCE_COLOR
  CiServer server = CiServer::None;
  std::string step_summary;  // what GITHUB_STEP_SUMMARY says
};

[[nodiscard]] Invocation parse(std::vector<std::string> arguments,
                               const Surroundings& surroundings);

}  // namespace wavetank::cli
