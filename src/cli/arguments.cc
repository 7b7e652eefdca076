#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>

#include "base/text_distance.h"
#include "cli/explore_arguments.h"

namespace wavetank::cli {

namespace {

constexpr std::array<std::string_view, 7> kCommands{"lint",  "plan",    "simulate", "explore",
                                                    "rules", "explain", "version"};

constexpr const char* kExitCodes =
    "Exit codes:\n"
    "  0 all is well    1 findings, or a sync that did not end as expected\n"
    "  2 wrong usage    3 internal error    4 input that cannot be read or holds nothing\n"
    "  5 inconclusive: the horizon was reached first";

// Options that several commands share, as they are written.
struct Common {
  std::vector<std::string> paths;
  std::vector<std::string> exclude;
  std::string stdin_filename = "<stdin>";
  std::string version;
  std::string format = "text";
  std::string color = "auto";
  std::string application;
};

void add_input(CLI::App& command, Common& common) {
  command.add_option("PATH", common.paths, "files, directories, or - for standard input");
  command.add_option("--exclude", common.exclude, "leave out files that match this glob")
      ->allow_extra_args(false);
  command.add_option("--stdin-filename", common.stdin_filename,
                     "the name to show for standard input");
  command.add_option(
      "--argocd-version", common.version,
      fmt::format("Argo CD to imitate, {} to {} (default {})",
                  model::to_string(model::kOldestVersion), model::to_string(model::kNewestVersion),
                  model::to_string(model::kNewestVersion)));
  command.add_option("--format", common.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
  command.add_option("--color", common.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

load::LoadOptions load_options(const Common& common) {
  return {
      .paths = common.paths, .stdin_filename = common.stdin_filename, .exclude = common.exclude};
}

commands::Format format_of(const Common& common) {
  return common.format == "json" ? commands::Format::Json : commands::Format::Text;
}

report::Colour colour_of(const Common& common, const Surroundings& surroundings) {
  const bool on = common.color == "always" ||
                  (common.color == "auto" && surroundings.is_terminal && !surroundings.no_color);
  return on ? report::Colour::On : report::Colour::Off;
}

// Words of comma-separated, repeatable options.
std::vector<std::string> split(const std::vector<std::string>& values) {
  std::vector<std::string> words;
  for (const std::string& value : values) {
    std::string_view rest = value;
    while (true) {
      const auto comma = rest.find(',');
      if (!rest.substr(0, comma).empty()) words.emplace_back(rest.substr(0, comma));
      if (comma == std::string_view::npos) break;
      rest.remove_prefix(comma + 1);
    }
  }
  return words;
}

struct Faults {
  std::vector<std::string> fail;
  std::vector<std::string> hang;
  std::vector<std::string> slow;
  std::vector<std::string> deny;
};

// "KIND/NAME", with "=30s" behind it for --slow. Returns an error text, or nothing.
std::string add_rule(std::string_view flag, std::string_view text, cluster::Behavior behavior,
                     std::vector<cluster::BehaviorRule>& rules) {
  if (flag == "--slow") {
    const auto equals = text.rfind('=');
    const auto duration = equals == std::string_view::npos
                              ? std::nullopt
                              : base::parse_duration(text.substr(equals + 1));
    if (!duration) return fmt::format("{} takes KIND/NAME=30s, not `{}`", flag, text);
    behavior.duration = base::Distribution(base::Distribution::Constant{*duration});
    text = text.substr(0, equals);
  }
  const auto slash = text.find('/');
  if (slash == std::string_view::npos || slash == 0 || slash + 1 == text.size()) {
    return fmt::format("{} takes KIND/NAME, not `{}`", flag, text);
  }
  rules.push_back({.kind = std::string(text.substr(0, slash)),
                   .name = std::string(text.substr(slash + 1)),
                   .behavior = behavior});
  return "";
}

std::string add_rules(const Faults& faults, std::vector<cluster::BehaviorRule>& rules) {
  std::string error;
  const auto add = [&](std::string_view flag, const std::vector<std::string>& texts,
                       const cluster::Behavior& behavior) {
    for (const std::string& text : texts) {
      if (error.empty()) error = add_rule(flag, text, behavior, rules);
    }
  };
  add("--slow", faults.slow, {});
  add("--fail", faults.fail, {.outcome = cluster::Outcome::Fail});
  add("--hang", faults.hang, {.outcome = cluster::Outcome::Hang});
  add("--deny", faults.deny, {.denied = true});
  return error;
}

std::optional<sim::Outcome> parse_outcome(const std::string& text) {
  for (const sim::Outcome outcome :
       {sim::Outcome::Succeeded, sim::Outcome::Failed, sim::Outcome::Error, sim::Outcome::Stuck,
        sim::Outcome::Inconclusive}) {
    if (sim::name(outcome) == text) return outcome;
  }
  return std::nullopt;
}

// "the flag --fial is unknown; did you mean --fail?"
std::string unknown_words(const CLI::App& command) {
  std::string message;
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  for (const std::string& word : command.remaining()) {
    const std::string flag = word.substr(0, word.find('='));
    const std::string_view near = base::nearest(flag, views);
    message = fmt::format("`{}` is unknown{}", flag,
                          near.empty() ? "" : fmt::format("; did you mean `{}`?", near));
    break;
  }
  return message;
}

class Parser {
 public:
  explicit Parser(const Surroundings& surroundings) : surroundings_(surroundings) {
    app_.require_subcommand(0, 1);
    app_.footer(kExitCodes);
    app_.set_help_flag("-h,--help", "print this help");
    lint_ = app_.add_subcommand("lint", "check manifests (the default when only paths are given)");
    plan_ = app_.add_subcommand("plan", "print what Argo CD will do, in order");
    simulate_ = app_.add_subcommand("simulate", "run syncs on a fake cluster");
    explore_ =
        app_.add_subcommand("explore", "find all that can go wrong, and how little it takes");
    rules_ = app_.add_subcommand("rules", "list rules, or test and write rules of your own");
    explain_ = app_.add_subcommand("explain", "explain a rule");
    version_ = app_.add_subcommand("version", "print the version");
    for (CLI::App* command : {lint_, plan_, simulate_, explore_, rules_, explain_, version_}) {
      command->allow_extras();
      command->set_help_flag("-h,--help", "print this help");
      command->footer(kExitCodes);
    }
    add_lint();
    add_plan();
    add_simulate();
    add_explore();
    rules_->add_option("ACTION", action_,
                       "list; test [FILE…]: play the examples of rules; new X001-NAME: print a "
                       "rule to begin with; schema: print the JSON Schema of rule files");
    rules_->add_option("ARGUMENT", rule_arguments_, "what the action is about");
    explain_->add_option("CODE", code_, "the code or name of a rule, such as HK001")->required();
  }

  Invocation parse(std::vector<std::string> arguments) {
    std::reverse(arguments.begin(), arguments.end());
    try {
      app_.parse(arguments);
    } catch (const CLI::CallForHelp&) {
      const auto chosen = app_.get_subcommands();
      return Print{chosen.empty() ? app_.help() : chosen.front()->help()};
    } catch (const CLI::ParseError& error) {
      return Misuse{error.what()};
    }
    const auto chosen = app_.get_subcommands();
    if (chosen.empty()) return Print{app_.help()};
    if (!chosen.front()->remaining().empty()) return Misuse{unknown_words(*chosen.front())};
    if (chosen.front() == version_) return Print{"wavetank 0.1.0\n"};
    if (chosen.front() == rules_) return rules_request();
    if (chosen.front() == explain_) return Explain{code_};
    model::ArgocdVersion version = model::kNewestVersion;
    if (!common_.version.empty()) {
      const auto parsed = model::parse_version(common_.version);
      if (!parsed) {
        return Misuse{
            fmt::format("Argo CD `{}` is not modelled; 2.14 and 3.0 to 3.6 are", common_.version)};
      }
      version = *parsed;
    }
    if (chosen.front() == lint_) return lint_request(version);
    if (chosen.front() == plan_) {
      return commands::PlanRequest{
          .load = load_options(common_),
          .application = common_.application,
          .detail = explain_order_ ? report::Detail::Order : report::Detail::Steps,
          .version = version,
          .format = format_of(common_),
          .colour = colour_of(common_, surroundings_)};
    }
    if (chosen.front() == explore_) return explore_request(version);
    return simulate_request(version);
  }

 private:
  void add_lint() {
    add_input(*lint_, common_);
    lint_->add_option("--select", select_, "only these rules: codes, prefixes, families, names")
        ->allow_extra_args(false);
    lint_->add_option("--ignore", ignore_, "not these rules")->allow_extra_args(false);
    lint_->add_option("--fail-on", fail_on_, "error, warning, info or never")
        ->check(CLI::IsMember({"error", "warning", "info", "never"}));
    lint_->add_option("--rules", rules_paths_, "rules of your own: files or directories")
        ->allow_extra_args(false);
    lint_->add_option("--assume", assume_,
                      "what is known of the cluster: load-balancers=yes|no, "
                      "application-health=yes|no, "
                      "storage-binding=Immediate|WaitForFirstConsumer, crds=none|GROUP+GROUP, "
                      "longest-sync=SECONDS");
    lint_->add_option("--before", before_,
                      "a directory with the revision before, for rules about changes");
    lint_->add_flag("--exit-zero", exit_zero_, "exit with 0 in spite of findings");
    lint_->add_flag("-q,--quiet", quiet_, "print nothing, only exit");
  }

  void add_plan() {
    add_input(*plan_, common_);
    plan_->add_option("--app", common_.application, "only the application of this name");
    plan_->add_flag("--explain-order", explain_order_, "say why each object stands where it does");
  }

  void add_simulate() {
    add_input(*simulate_, common_);
    simulate_->add_option("--app", common_.application, "only the application of this name");
    const auto fault = [&](const char* flag, std::vector<std::string>& values, const char* help) {
      simulate_->add_option(flag, values, help)->allow_extra_args(false);
    };
    fault("--fail", faults_.fail, "KIND/NAME fails; repeatable, as are the next three");
    fault("--hang", faults_.hang, "KIND/NAME starts and never gets anywhere");
    fault("--slow", faults_.slow, "KIND/NAME=30s takes this long");
    fault("--deny", faults_.deny, "the API server refuses every write of KIND/NAME");
    simulate_->add_option("--from", from_,
                          "an upgrade: the cluster runs this revision first (a git revision, a "
                          "directory that PATH is relative to, or git:REV:PATH)");
    simulate_->add_option("--to", to_,
                          "the revision to upgrade to (default: the files as they are)");
    simulate_->add_flag("--prune", prune_, "delete what the revision no longer has");
    simulate_->add_option("--syncs", syncs_, "how many syncs run one after another")
        ->check(CLI::Range(1U, 1000U));
    simulate_->add_option("--expect", expect_,
                          "how the last sync must end: Succeeded, Failed, Error, Stuck, "
                          "Inconclusive");
    simulate_->add_option("--until", until_, "the horizon in simulated time (default 24h)");
    simulate_->add_option("--seed", seed_, "draw durations from this seed, not their medians");
    simulate_->add_option("--final-state", final_state_, "write the cluster as YAML to this file");
  }

  void add_explore() {
    add_input(*explore_, common_);
    explore_->add_option("--app", common_.application, "only the application of this name");
    explore_->add_option("--from", from_, "an upgrade, as in simulate");
    explore_->add_option("--to", to_, "the revision to upgrade to");
    explore_->add_flag("--prune", prune_, "delete what the revision no longer has");
    add_explore_flags(*explore_, explore_flags_);
  }

  Invocation explore_request(model::ArgocdVersion version) {
    Explore explore{.from = from_, .to = to_};
    if (from_.empty() && !to_.empty()) return Misuse{"--to needs --from"};
    if (!from_.empty() && common_.paths.size() > 1) return Misuse{"--from takes one PATH"};
    commands::ExploreRequest& request = explore.request;
    request.load = load_options(common_);
    request.application = common_.application;
    request.format = format_of(common_);
    request.colour = colour_of(common_, surroundings_);
    request.prune = prune_;
    request.study.usual.argocd.version = version;
    explore_flags_.only = split(explore_flags_.only);
    explore_flags_.without = split(explore_flags_.without);
    explore_flags_.properties = split(explore_flags_.properties);
    if (std::string error = read_explore_flags(explore_flags_, request); !error.empty()) {
      return Misuse{std::move(error)};
    }
    return explore;
  }

  Invocation rules_request() {
    if (action_ == "list") return Rules{.action = RulesAction::List};
    if (action_ == "schema") return Rules{.action = RulesAction::Schema};
    if (action_ == "test") {
      return Rules{.action = RulesAction::Test, .arguments = std::move(rule_arguments_)};
    }
    if (action_ != "new") return Misuse{fmt::format("`rules {}` is no action", action_)};
    if (rule_arguments_.size() != 1) return Misuse{"rules new takes a name such as X001-my-rule"};
    return Rules{.action = RulesAction::New, .arguments = std::move(rule_arguments_)};
  }

  Invocation lint_request(model::ArgocdVersion version) {
    commands::LintRequest request{
        .load = load_options(common_),
        .lint = {.version = version, .select = split(select_), .ignore = split(ignore_)},
        .rule_paths = rules_paths_,
        .assume = assume_,
        .before = before_,
        .exit_zero = exit_zero_,
        .quiet = quiet_,
        .format = format_of(common_),
        .colour = colour_of(common_, surroundings_)};
    if (fail_on_ == "warning") request.fail_on = source::Severity::Warning;
    if (fail_on_ == "info") request.fail_on = source::Severity::Info;
    if (fail_on_ == "never") request.fail_on = std::nullopt;
    return request;
  }

  Invocation simulate_request(model::ArgocdVersion version) {
    Simulate simulate;
    simulate.final_state_file = final_state_;
    simulate.from = from_;
    simulate.to = to_;
    if (from_.empty() && !to_.empty()) return Misuse{"--to needs --from"};
    if (!from_.empty() && common_.paths.size() > 1) return Misuse{"--from takes one PATH"};
    commands::SimulateRequest& request = simulate.request;
    request.load = load_options(common_);
    request.application = common_.application;
    request.format = format_of(common_);
    request.colour = colour_of(common_, surroundings_);
    request.wants_final_state = !final_state_.empty();
    request.prune = prune_;
    request.simulation.argocd.version = version;
    request.simulation.syncs = syncs_;
    request.simulation.seed = seed_;
    if (!until_.empty()) {
      const auto until = base::parse_duration(until_);
      if (!until) return Misuse{fmt::format("--until takes a duration, not `{}`", until_)};
      request.simulation.until = *until;
    }
    if (!expect_.empty()) {
      request.expected = parse_outcome(expect_);
      if (!request.expected) {
        return Misuse{fmt::format(
            "--expect takes Succeeded, Failed, Error, Stuck or Inconclusive, not `{}`", expect_)};
      }
    }
    if (std::string error = add_rules(faults_, request.simulation.behaviors); !error.empty()) {
      return Misuse{std::move(error)};
    }
    return simulate;
  }

  const Surroundings& surroundings_;
  CLI::App app_{"wavetank: an offline simulator and manifest linter for Argo CD syncs", "wavetank"};
  CLI::App* lint_ = nullptr;
  CLI::App* plan_ = nullptr;
  CLI::App* simulate_ = nullptr;
  CLI::App* explore_ = nullptr;
  CLI::App* rules_ = nullptr;
  CLI::App* explain_ = nullptr;
  CLI::App* version_ = nullptr;
  Common common_;
  std::vector<std::string> select_;
  std::vector<std::string> ignore_;
  std::string fail_on_ = "error";
  bool exit_zero_ = false;
  bool quiet_ = false;
  bool explain_order_ = false;
  Faults faults_;
  ExploreFlags explore_flags_;
  unsigned syncs_ = 1;
  std::string from_;
  std::string to_;
  bool prune_ = false;
  std::string expect_;
  std::string until_;
  std::optional<std::uint64_t> seed_;
  std::string final_state_;
  std::string action_ = "list";
  std::vector<std::string> rule_arguments_;
  std::vector<std::string> rules_paths_;
  std::optional<std::string> assume_;
  std::string before_;
  std::string code_;
};

bool is_command(std::string_view word) {
  return std::find(kCommands.begin(), kCommands.end(), word) != kCommands.end();
}

}  // namespace

Invocation parse(std::vector<std::string> arguments, const Surroundings& surroundings) {
  if (!arguments.empty()) {
    const std::string& first = arguments.front();
    if (first == "--version") arguments.front() = "version";
    if (first == "help") arguments.front() = "--help";
    // Only paths: lint. A single bare word that is almost a command is a slip of the finger.
    if (!is_command(arguments.front()) && !first.starts_with("-h") && first != "--help" &&
        first != "help") {
      const std::string_view near = base::nearest(first, kCommands);
      const bool looks_like_path = first.find_first_of("./") != std::string::npos;
      if (!near.empty() && !looks_like_path && !first.starts_with('-')) {
        return Misuse{fmt::format("`{}` is no command; did you mean `{}`?", first, near)};
      }
      arguments.insert(arguments.begin(), "lint");
    }
  }
  return Parser(surroundings).parse(std::move(arguments));
}

}  // namespace wavetank::cli
