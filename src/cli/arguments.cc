#include "cli/arguments.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <chrono>
#include <memory>

#include "base/text_distance.h"
#include "base/time.h"
#include "cli/completions.h"
#include "cli/explore_arguments.h"
#include "cli/render_tools.h"
#include "commands/rules.h"
#include "report/version.h"

namespace wavetank::cli {

namespace {

constexpr std::array<std::string_view, 15> kCommands{
    "lint",     "plan",  "diff",    "why",      "simulate", "explore",     "merge",  "test",
    "scenario", "rules", "explain", "baseline", "config",   "completions", "version"};

constexpr const char* kExitCodes =
    "Exit codes:\n"
    "  0 all is well    1 findings, or a sync that did not end as expected\n"
    "  2 wrong usage    3 internal error    4 input that cannot be read or holds nothing\n"
    "  5 inconclusive: the horizon was reached first\n"
    "Every flag has a variable: WAVETANK_FAIL_ON=warning is --fail-on warning.";

// Options that several commands share, as they are written.
struct Common {
  std::vector<std::string> paths;
  std::vector<std::string> exclude;
  std::string stdin_filename = "<stdin>";
  std::string version;
  std::string format = "text";
  std::string color = "auto";
  std::string application;
  std::string config;
  bool no_config = false;
  bool render = false;
  std::string render_timeout = "60s";
};

// What does not name files.
void add_settings(CLI::App& command, Common& common) {
  command.add_option("--exclude", common.exclude, "leave out files that match this glob")
      ->allow_extra_args(false);
  command.add_option("--config", common.config,
                     "this configuration instead of the nearest .wavetank.yaml");
  command.add_flag("--no-config", common.no_config, "no configuration at all");
  command.add_option(
      "--argocd-version", common.version,
      fmt::format("Argo CD to imitate, {} to {} (default {})",
                  model::to_string(model::kOldestVersion), model::to_string(model::kNewestVersion),
                  model::to_string(model::kNewestVersion)));
  command.add_option("--color", common.color, "auto, always or never")
      ->check(CLI::IsMember({"auto", "always", "never"}));
}

void add_render(CLI::App& command, Common& common) {
  command.add_flag("--render", common.render,
                   "run kustomize (or kubectl) and helm on kustomizations and charts");
  command.add_option("--render-timeout", common.render_timeout,
                     "how long one of these may take (default 60s)");
}

void add_input(CLI::App& command, Common& common) {
  command.add_option("PATH", common.paths, "files, directories, or - for standard input");
  command.add_option("--stdin-filename", common.stdin_filename,
                     "the name to show for standard input");
  add_render(command, common);
  add_settings(command, common);
}

void add_format(CLI::App& command, Common& common) {
  command.add_option("--format", common.format, "text or json")
      ->check(CLI::IsMember({"text", "json"}));
}

// Null when nothing is to be rendered. REQUIRES: the timeout is a duration.
std::shared_ptr<const base::Renderer> renderer_of(const Common& common) {
  if (!common.render) return nullptr;
  return std::make_shared<RenderTools>(
      std::chrono::ceil<std::chrono::milliseconds>(*base::parse_duration(common.render_timeout)));
}

load::LoadOptions load_options(const Common& common) {
  return {.paths = common.paths,
          .stdin_filename = common.stdin_filename,
          .exclude = common.exclude,
          .renderer = renderer_of(common)};
}

commands::Format format_of(const Common& common) {
  return common.format == "json" ? commands::Format::Json : commands::Format::Text;
}

report::Colour colour_of(const Common& common, const Surroundings& surroundings) {
  const bool wanted = surroundings.is_terminal || surroundings.force_color;
  const bool on =
      common.color == "always" || (common.color == "auto" && wanted && !surroundings.no_color);
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

// "suppression-reasons" -> "WAVETANK_SUPPRESSION_REASONS"
std::string variable_of(std::string_view flag) {
  std::string name = "WAVETANK_";
  for (const char c : flag) {
    name += c == '-' ? '_' : c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
  }
  return name;
}

// Help without the name of a variable behind every flag: the footer tells the rule.
class Formatter : public CLI::Formatter {
 public:
  std::string make_option_opts(const CLI::Option* option) const override {
    std::string text = CLI::Formatter::make_option_opts(option);
    const auto begin = text.find(" (Env:");
    return begin == std::string::npos ? text : text.erase(begin, text.find(')', begin) + 1 - begin);
  }
};

// Every flag has a variable of the environment.
void name_variables(CLI::App& command) {
  for (CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) {
      if (name != "help") option->envname(variable_of(name));
    }
  }
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

// "TEXT:{a,b}" and "{a,b}" name the words that are allowed.
std::vector<std::string> choices_of(const CLI::Option& option) {
  const std::string type = option.get_type_name();
  const auto open = type.find('{');
  if (open == std::string::npos) return {};
  return split({type.substr(open + 1, type.find('}', open) - open - 1)});
}

// The shape of a command for completions. `rules` are offered where rules are named.
CommandShape shape_of(const CLI::App& command, const std::vector<std::string>& rules) {
  const std::array<std::string_view, 4> about_rules{"select", "ignore", "extend-select",
                                                    "extend-ignore"};
  CommandShape shape{.name = command.get_name(), .meaning = command.get_description()};
  shape.argument = Argument::None;
  for (const CLI::Option* option : command.get_options()) {
    std::vector<std::string> words = choices_of(*option);
    if (option->get_positional()) {
      if (option->get_name(true, false) == "CODE") words = rules;
      if (shape.argument == Argument::None) shape.words = words;
      shape.argument = shape.words.empty() ? Argument::Files : Argument::Words;
      continue;
    }
    const std::string name = option->get_lnames().front();
    if (std::find(about_rules.begin(), about_rules.end(), name) != about_rules.end()) words = rules;
    FlagShape flag{.name = name, .meaning = option->get_description(), .words = words};
    if (!option->get_snames().empty()) flag.letter = option->get_snames().front();
    const bool has_value = option->get_items_expected_min() > 0;
    flag.argument = !has_value ? Argument::None : words.empty() ? Argument::Files : Argument::Words;
    shape.flags.push_back(std::move(flag));
  }
  return shape;
}

class Parser {
 public:
  explicit Parser(const Surroundings& surroundings) : surroundings_(surroundings) {
    app_.require_subcommand(0, 1);
    app_.footer(kExitCodes);
    app_.formatter_fn([](const CLI::App* app, std::string name, CLI::AppFormatMode mode) {
      return Formatter().make_help(app, std::move(name), mode);
    });
    app_.set_help_flag("-h,--help", "print this help");
    lint_ = app_.add_subcommand("lint", "check manifests (the default when only paths are given)");
    plan_ = app_.add_subcommand("plan", "print what Argo CD will do, in order");
    compare_ = app_.add_subcommand("diff", "compare the plans of two revisions or directories");
    why_ = app_.add_subcommand("why", "why one object stands where it stands in the plan");
    simulate_ = app_.add_subcommand("simulate", "run syncs on a fake cluster");
    test_ = app_.add_subcommand("test", "play scenarios and check what they expect");
    explore_ =
        app_.add_subcommand("explore", "find all that can go wrong, and how little it takes");
    merge_ = app_.add_subcommand("merge", "join the parts that explore --shard printed");
    scenario_ = app_.add_subcommand("scenario", "write a scenario to begin with, or show one");
    rules_ = app_.add_subcommand("rules", "list rules, or test and write rules of your own");
    explain_ = app_.add_subcommand("explain", "explain a rule, a term or an outcome");
    baseline_ = app_.add_subcommand("baseline", "findings that are known and not reported again");
    config_ = app_.add_subcommand("config", "what is configured, and where it comes from");
    completions_ = app_.add_subcommand("completions", "print a completion script for a shell");
    version_ = app_.add_subcommand("version", "print the version");
    for (CLI::App* command :
         {lint_, plan_, compare_, why_, simulate_, explore_, merge_, test_, scenario_, rules_,
          explain_, baseline_, config_, completions_, version_}) {
      command->allow_extras();
      command->set_help_flag("-h,--help", "print this help");
      command->footer(kExitCodes);
    }
    add_lint();
    add_baseline();
    add_plan();
    add_diff();
    add_why();
    add_simulate();
    add_explore();
    merge_->add_option("FILE", merge_request_.paths, "all parts of one exploration, in any order")
        ->required();
    add_format(*merge_, common_);
    merge_->add_option("--color", common_.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
    add_test();
    scenario_
        ->add_option("ACTION", scenario_action_,
                     "init DIR: print a scenario for these manifests; show FILE: print a scenario "
                     "with its parents, its matrix and every default; schema: print the JSON "
                     "Schema")
        ->type_name("{init,show,schema}")
        ->required();
    scenario_->add_option("PATH", scenario_path_, "manifests, or a scenario");
    scenario_->add_flag("--resolved", is_resolved_, "with `show`: what it always does");
    rules_
        ->add_option("ACTION", action_,
                     "list; test [FILE…]: play the examples of rules; new X001-NAME: print a "
                     "rule to begin with; schema: print the JSON Schema of rule files")
        ->type_name("{list,test,new,schema}");
    rules_->add_option("ARGUMENT", rule_arguments_, "what the action is about");
    explain_
        ->add_option("CODE", code_,
                     "the code or name of a rule, such as HK001, or a term, such as wave")
        ->required();
    config_
        ->add_option("ACTION", config_action_,
                     "show (default); schema: print the JSON Schema; init: write a "
                     ".wavetank.yaml to begin with")
        ->type_name("{show,schema,init}");
    add_input(*config_, common_);
    add_rule_choice(*config_);
    add_fail_on(*config_);
    completions_->add_option("SHELL", shell_, "bash, zsh or fish")
        ->type_name("{bash,zsh,fish}")
        ->check(CLI::IsMember({"bash", "zsh", "fish"}))
        ->required();
  }

  Invocation parse(std::vector<std::string> arguments) {
    arguments_ = arguments;
    // Only those of this command: variables of others would be written through shared options.
    for (CLI::App* command : app_.get_subcommands(nullptr)) {
      if (!arguments.empty() && command->get_name() == arguments.front()) name_variables(*command);
    }
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
    if (chosen.front() == version_) return Print{fmt::format("wavetank {}\n", report::kVersion)};
    if (chosen.front() == rules_) return rules_request();
    if (chosen.front() == explain_) return Explain{code_};
    if (chosen.front() == test_) return test_request();
    if (chosen.front() == merge_) {
      merge_request_.format = format_of(common_);
      merge_request_.colour = colour_of(common_, surroundings_);
      return merge_request_;
    }
    if (chosen.front() == scenario_) {
      if (scenario_action_ == "schema") return ScenarioTool{.action = ScenarioAction::Schema};
      if (scenario_path_.empty()) return Misuse{"manifests, or a scenario, are missing"};
      if (scenario_action_ == "show") return ScenarioTool{ScenarioAction::Show, scenario_path_};
      if (scenario_action_ == "init") return ScenarioTool{ScenarioAction::Init, scenario_path_};
      return Misuse{fmt::format("`scenario {}` is no action", scenario_action_)};
    }
    if (chosen.front() == completions_) return completions();
    model::ArgocdVersion version = model::kNewestVersion;
    if (!common_.version.empty()) {
      const auto parsed = model::parse_version(common_.version);
      if (!parsed) {
        return Misuse{
            fmt::format("Argo CD `{}` is not modelled; 2.14 and 3.0 to 3.6 are", common_.version)};
      }
      version = *parsed;
    }
    if (std::string error = render_misuse(); !error.empty()) return Misuse{std::move(error)};
    if (chosen.front() == lint_) return lint_request(version);
    if (chosen.front() == baseline_) return baseline_request(version);
    if (chosen.front() == config_) return config_request(version);
    if (chosen.front() == plan_) {
      return commands::PlanRequest{
          .config = config_choice(*plan_),
          .load = load_options(common_),
          .application = common_.application,
          .detail = explain_order_ ? report::Detail::Order : report::Detail::Steps,
          .version = version,
          .format = format_of(common_),
          .colour = colour_of(common_, surroundings_)};
    }
    if (chosen.front() == why_) {
      return commands::WhyRequest{
          .config = config_choice(*why_),
          .object = why_object_,
          .load = load_options(common_),
          .application = common_.application,
          .live = live_,
          .source = by_simulation_ ? commands::WhySource::Simulation : commands::WhySource::Plan,
          .version = version,
          .format = format_of(common_),
          .colour = colour_of(common_, surroundings_)};
    }
    if (chosen.front() == compare_) return diff_request(version);
    if (chosen.front() == explore_) return explore_request(version);
    return simulate_request(version);
  }

 private:
  void add_lint() {
    add_input(*lint_, common_);
    add_rule_choice(*lint_);
    add_fail_on(*lint_);
    lint_->add_flag("--changed{HEAD}", changed_,
                    "report only what touches files that changed in git since HEAD, or with "
                    "--changed=REF since the branch left REF");
    lint_->add_flag("--whole", whole_,
                    "look at all that is below the working directory and report only what touches "
                    "PATH");
    lint_->add_flag("--add-ignore{found when wavetank was adopted}", add_ignore_,
                    "write comments that suppress everything found; --add-ignore=REASON");
    lint_->add_flag("--fix", fix_, "write the fixes that are safe");
    lint_->add_flag("--diff", diff_, "print what --fix would change and write nothing");
    lint_->add_flag("--unsafe-fixes", unsafe_fixes_,
                    "with --fix or --diff: also the fixes to check yourself");
    lint_
        ->add_option("--format", formats_,
                     fmt::format("{}; FORMAT=FILE writes a file; repeatable", format_names()))
        ->allow_extra_args(false);
    lint_->add_option("-o,--output-file", output_file_,
                      "where the format without a file of its own is written");
    lint_->add_flag("--statistics", statistics_, "count findings by rule, do not list them");
    lint_->add_option("--max-findings", max_findings_,
                      "show only the gravest so many; the exit code counts all");
    lint_->add_flag("--exit-zero", exit_zero_, "exit with 0 in spite of findings");
    lint_->add_flag("-q,--quiet", quiet_, "print nothing, only exit");
  }

  // What decides what is found.
  void add_rule_choice(CLI::App& command) {
    command.add_option("--select", select_, "only these rules: codes, prefixes, families, names")
        ->allow_extra_args(false);
    command.add_option("--ignore", ignore_, "not these rules")->allow_extra_args(false);
    command.add_option("--rules", rules_paths_, "rules of your own: files or directories")
        ->allow_extra_args(false);
    command.add_option("--assume", assume_,
                       "what is known of the cluster: load-balancers=yes|no, "
                       "application-health=yes|no, "
                       "storage-binding=Immediate|WaitForFirstConsumer, crds=none|GROUP+GROUP, "
                       "longest-sync=SECONDS");
    command.add_option("--before", before_,
                       "a directory with the revision before, for rules about changes");
    command.add_option("--extend-select", extend_select_, "these rules beside those configured")
        ->allow_extra_args(false);
    command.add_option("--extend-ignore", extend_ignore_, "nor these, beside those configured")
        ->allow_extra_args(false);
    command
        .add_option("--severity", severity_, "grade a rule otherwise: HK018=warning; repeatable")
        ->allow_extra_args(false);
    command
        .add_option("--suppression-reasons", reasons_,
                    "which suppressions must say why: optional, for-errors, required")
        ->check(CLI::IsMember({"optional", "for-errors", "required"}));
    command.add_option("--baseline", baseline_file_,
                       "a file of findings that are known and not reported again");
    command.add_flag("--no-suppressions", no_suppressions_,
                     "report what comments and annotations suppress");
  }

  void add_fail_on(CLI::App& command) {
    command.add_option("--fail-on", fail_on_, "error, warning, info or never")
        ->check(CLI::IsMember({"error", "warning", "info", "never"}));
  }

  void add_baseline() {
    baseline_
        ->add_option("ACTION", baseline_action_,
                     "write: take what is found as known; prune: drop what is found no more; "
                     "show: list it (default)")
        ->type_name("{write,prune,show}");
    add_input(*baseline_, common_);
    add_rule_choice(*baseline_);
  }

  void add_plan() {
    add_input(*plan_, common_);
    add_format(*plan_, common_);
    plan_->add_option("--app", common_.application, "only the application of this name");
    plan_->add_flag("--explain-order", explain_order_, "say why each object stands where it does");
  }

  void add_diff() {
    compare_->add_option("OLD", diff_old_, "a git revision, a directory, or git:REV:PATH")
        ->required();
    compare_->add_option("NEW", diff_new_, "the same (default: the files as they are)");
    compare_->add_option("PATH", diff_path_, "what to compare of revisions and directories");
    add_render(*compare_, common_);
    add_settings(*compare_, common_);
    compare_->add_option("--app", common_.application, "only the application of this name");
    compare_->add_option("--format", common_.format, "text, json or markdown")
        ->check(CLI::IsMember({"text", "json", "markdown"}));
    compare_->add_flag("--prune", prune_,
                       "tell what pruning does, where nothing says that it is on");
    compare_->add_flag("--exit-code", exit_code_, "end with 1 when there are differences");
  }

  void add_why() {
    why_->add_option("OBJECT", why_object_,
                     "KIND/NAME, NAMESPACE/KIND/NAME or GROUP/KIND/NAMESPACE/NAME")
        ->required();
    add_input(*why_, common_);
    add_format(*why_, common_);
    why_->add_option("--app", common_.application, "only the application of this name");
    why_->add_option("--live", live_,
                     "where it stands in the cluster: what `kubectl get -o yaml` prints, with the "
                     "Application; repeatable")
        ->allow_extra_args(false);
    why_->add_flag("--simulate", by_simulation_,
                   "also tell what a first sync on an empty cluster makes of it");
  }

  void add_simulate() {
    add_input(*simulate_, common_);
    add_format(*simulate_, common_);
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
    simulate_
        ->add_option("--live", live_,
                     "start from the cluster as it is: what `kubectl get -o yaml` prints, "
                     "Applications among it; repeatable")
        ->allow_extra_args(false);
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

  void add_test() {
    test_->add_option("PATH", test_request_.paths,
                      "scenarios, or directories that hold some (default: scenarios)");
    test_->add_option("--filter", test_request_.filter, "only scenarios whose path holds this");
    test_->add_option("-j,--jobs", test_request_.jobs, "how many at once (default: all cores)")
        ->check(CLI::Range(1U, 1024U));
    test_->add_flag("--list", test_request_.only_lists, "name the scenarios, play none");
    test_->add_flag("--fail-fast", test_request_.stops_at_first, "stop at the first failure");
    test_->add_flag("--update", test_request_.updates, "write the golden traces anew");
    test_->add_flag("--check-determinism", test_request_.checks_determinism,
                    "play each scenario twice and compare");
    test_->add_flag("--coverage", test_request_.shows_coverage,
                    "say which rules and pitfalls the scenarios cover");
    test_->add_option("--format", test_format_, "text, json or junit")
        ->check(CLI::IsMember({"text", "json", "junit"}));
    test_->add_option("--color", common_.color, "auto, always or never")
        ->check(CLI::IsMember({"auto", "always", "never"}));
  }

  Invocation test_request() {
    commands::TestRequest request = test_request_;
    if (request.paths.empty()) request.paths.emplace_back("scenarios");
    if (test_format_ == "json") request.format = commands::TestFormat::Json;
    if (test_format_ == "junit") request.format = commands::TestFormat::Junit;
    request.colour = colour_of(common_, surroundings_);
    return request;
  }

  void add_explore() {
    add_input(*explore_, common_);
    add_format(*explore_, common_);
    explore_->add_option("--app", common_.application, "only the application of this name");
    explore_->add_option("--from", from_, "an upgrade, as in simulate");
    explore_->add_option("--to", to_, "the revision to upgrade to");
    explore_->add_flag("--prune", prune_, "delete what the revision no longer has");
    explore_->add_option("--replay", replay_,
                         "play a scenario that --write wrote, and tell its story");
    add_explore_flags(*explore_, explore_flags_);
  }

  Invocation explore_request(model::ArgocdVersion version) {
    Explore explore{.request = {},
                    .time_limit = {},
                    .from = from_,
                    .to = to_,
                    .config = config_choice(*explore_),
                    .replay = replay_};
    if (!replay_.empty() && !common_.paths.empty()) return Misuse{"--replay takes no PATH"};
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
    explore_flags_.fault_rates = split(explore_flags_.fault_rates);
    std::string error = read_explore_flags(explore_flags_, request, explore.time_limit);
    if (!error.empty()) return Misuse{std::move(error)};
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
        .config = config_choice(*app_.get_subcommands().front()),
        .load = load_options(common_),
        .lint = {.version = version, .select = split(select_), .ignore = split(ignore_)},
        .extend_select = split(extend_select_),
        .extend_ignore = split(extend_ignore_),
        .rule_paths = rules_paths_,
        .assume = assume_,
        .before = before_,
        .baseline = baseline_file_,
        .add_ignore = add_ignore_,
        .exit_zero = exit_zero_,
        .quiet = quiet_,
        .max_findings = max_findings_,
        .detail = statistics_ ? report::LintDetail::Statistics : report::LintDetail::Findings,
        .colour = colour_of(common_, surroundings_)};
    if (std::string error = add_targets(request); !error.empty()) return Misuse{std::move(error)};
    if (whole_ && !request.load.paths.empty()) {
      request.touching = request.load.paths;
      request.load.paths.insert(request.load.paths.begin(), ".");
    }
    request.changed_since = changed_;
    if (reasons_ == "optional") request.lint.reasons = lint::Reasons::Optional;
    if (reasons_ == "required") request.lint.reasons = lint::Reasons::Required;
    for (const std::string& word : split(severity_)) {
      const auto equals = std::min(word.find('='), word.size());
      const auto severity =
          commands::parse_severity(word.substr(std::min(equals + 1, word.size())));
      if (!severity) {
        return Misuse{
            fmt::format("--severity takes RULE=error, =warning or =info, not `{}`", word)};
      }
      request.lint.grades.push_back({.rule = word.substr(0, equals), .severity = *severity});
    }
    if (no_suppressions_) request.lint.suppressions = lint::Suppressions::Disregard;
    if (std::string error = add_fixes(request); !error.empty()) return Misuse{std::move(error)};
    if (std::string error = add_targets(request); !error.empty()) return Misuse{std::move(error)};
    if (fail_on_ == "warning") request.fail_on = source::Severity::Warning;
    if (fail_on_ == "info") request.fail_on = source::Severity::Info;
    if (fail_on_ == "never") request.fail_on = std::nullopt;
    return request;
  }

  Invocation diff_request(model::ArgocdVersion version) {
    Diff diff{.from = diff_old_, .to = diff_new_, .path = diff_path_};
    diff.request = {
        .config = config_choice(*compare_),
        .exclude = common_.exclude,
        .renderer = renderer_of(common_),
        .application = common_.application,
        .prune = prune_,
        .version = version,
        .format = common_.format == "json"       ? commands::DiffFormat::Json
                  : common_.format == "markdown" ? commands::DiffFormat::Markdown
                                                 : commands::DiffFormat::Text,
        .on_difference = exit_code_ ? commands::DiffExit::Findings : commands::DiffExit::Ok,
        .colour = colour_of(common_, surroundings_)};
    return diff;
  }

  [[nodiscard]] Invocation completions() {
    const Shell shell = shell_ == "bash" ? Shell::Bash : shell_ == "zsh" ? Shell::Zsh : Shell::Fish;
    const std::vector<std::string> rules = commands::rule_codes();
    std::vector<CommandShape> shapes;
    for (const CLI::App* command : app_.get_subcommands(nullptr)) {
      shapes.push_back(shape_of(*command, rules));
    }
    return Print{completion_script(shell, shapes)};
  }

  // What decides a setting is named by the flag or the variable.
  [[nodiscard]] commands::ConfigChoice config_choice(const CLI::App& command) const {
    commands::ConfigChoice choice{.file = common_.config};
    if (common_.no_config) choice.lookup = commands::ConfigLookup::None;
    for (const CLI::Option* option : command.get_options()) {
      if (option->count() == 0) continue;
      for (const std::string& name : option->get_lnames()) {
        const std::string flag = "--" + name;
        const bool is_written = std::any_of(
            arguments_.begin(), arguments_.end(),
            [&](const std::string& word) { return word == flag || word.starts_with(flag + "="); });
        choice.given[name] = is_written ? flag : variable_of(name);
      }
    }
    return choice;
  }

  Invocation config_request(model::ArgocdVersion version) {
    commands::ConfigRequest request;
    if (config_action_ == "schema") {
      request.action = commands::ConfigAction::Schema;
    } else if (config_action_ == "init") {
      request.action = commands::ConfigAction::Init;
    } else if (config_action_ != "show") {
      return Misuse{fmt::format("`config {}` is no action", config_action_)};
    }
    Invocation lint = lint_request(version);
    auto* wanted = std::get_if<commands::LintRequest>(&lint);
    if (wanted == nullptr) return lint;
    request.lint = std::move(*wanted);
    return request;
  }

  Invocation baseline_request(model::ArgocdVersion version) {
    commands::BaselineRequest request;
    if (baseline_action_ == "write") {
      request.action = commands::BaselineAction::Write;
    } else if (baseline_action_ == "prune") {
      request.action = commands::BaselineAction::Prune;
    } else if (baseline_action_ != "show") {
      return Misuse{fmt::format("`baseline {}` is no action", baseline_action_)};
    }
    Invocation lint = lint_request(version);
    auto* wanted = std::get_if<commands::LintRequest>(&lint);
    if (wanted == nullptr) return lint;
    request.lint = std::move(*wanted);
    return request;
  }

  // Returns an error text, or nothing.
  [[nodiscard]] std::string render_misuse() const {
    const auto time = base::parse_duration(common_.render_timeout);
    if (!time || time->count() <= 0) {
      return fmt::format("--render-timeout takes a duration, not `{}`", common_.render_timeout);
    }
    return "";
  }

  // Returns an error text, or nothing.
  std::string add_fixes(commands::LintRequest& request) const {
    if (fix_ && diff_) return "--fix writes and --diff does not: choose one";
    if (unsafe_fixes_ && !fix_ && !diff_) return "--unsafe-fixes needs --fix or --diff";
    const auto& paths = request.load.paths;
    const bool ignores = request.add_ignore.has_value();
    if ((fix_ || diff_ || ignores) && common_.render) {
      return "what --render gives is in no file, so nothing of it can be changed";
    }
    if (fix_ && ignores) return "--fix and --add-ignore are two ways to go: choose one";
    if (unsafe_fixes_ && ignores) return "--unsafe-fixes and --add-ignore: choose one";
    if ((fix_ || diff_ || ignores) && std::find(paths.begin(), paths.end(), "-") != paths.end()) {
      return "what is to be changed must be a file, and standard input is none";
    }
    if (fix_ || ignores) request.fix = commands::FixMode::Write;
    if (diff_) request.fix = commands::FixMode::Diff;
    if (unsafe_fixes_) request.fix_level = lint::FixLevel::Unsafe;
    return "";
  }

  // Returns an error text, or nothing.
  std::string add_targets(commands::LintRequest& request) const {
    return choose_formats(
        {.formats = formats_,
         .output_file = output_file_,
         .step_summary = surroundings_.step_summary,
         .server = surroundings_.server,
         .is_terminal = surroundings_.is_terminal,
         .standard_output = colour_of(common_, surroundings_),
         .files = common_.color == "always" ? report::Colour::On : report::Colour::Off},
        request);
  }

  Invocation simulate_request(model::ArgocdVersion version) {
    Simulate simulate;
    simulate.config = config_choice(*simulate_);
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
    request.live = live_;
    request.simulation.argocd.version = version;
    request.simulation.syncs = syncs_;
    request.simulation.seed = seed_;
    if (!until_.empty()) {
      const auto until = base::parse_duration(until_);
      if (!until) return Misuse{fmt::format("--until takes a duration, not `{}`", until_)};
      request.simulation.until = *until;
    }
    if (!expect_.empty()) {
      request.expected = sim::outcome_named(expect_);
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
  CLI::App* compare_ = nullptr;
  CLI::App* why_ = nullptr;
  CLI::App* simulate_ = nullptr;
  CLI::App* test_ = nullptr;
  CLI::App* scenario_ = nullptr;
  CLI::App* explore_ = nullptr;
  CLI::App* merge_ = nullptr;
  CLI::App* rules_ = nullptr;
  CLI::App* explain_ = nullptr;
  CLI::App* baseline_ = nullptr;
  CLI::App* config_ = nullptr;
  CLI::App* completions_ = nullptr;
  CLI::App* version_ = nullptr;
  std::vector<std::string> arguments_;
  Common common_;
  std::vector<std::string> select_;
  std::vector<std::string> ignore_;
  std::string fail_on_ = "error";
  std::string why_object_;
  bool by_simulation_ = false;
  std::string diff_old_;
  std::string diff_new_;
  std::string diff_path_ = ".";
  bool exit_code_ = false;
  bool fix_ = false;
  bool diff_ = false;
  bool unsafe_fixes_ = false;
  bool no_suppressions_ = false;
  std::optional<std::string> add_ignore_;
  std::string baseline_file_;
  std::vector<std::string> extend_select_;
  std::vector<std::string> extend_ignore_;
  std::vector<std::string> severity_;
  std::string reasons_;
  std::optional<std::string> changed_;
  bool whole_ = false;
  std::string config_action_ = "show";
  std::string shell_;
  std::string baseline_action_ = "show";
  std::vector<std::string> formats_;
  std::string output_file_;
  bool statistics_ = false;
  std::optional<std::size_t> max_findings_;
  bool exit_zero_ = false;
  bool quiet_ = false;
  bool explain_order_ = false;
  Faults faults_;
  ExploreFlags explore_flags_;
  std::string replay_;
  commands::MergeRequest merge_request_;
  unsigned syncs_ = 1;
  std::string from_;
  std::string to_;
  bool prune_ = false;
  std::string expect_;
  std::string until_;
  std::optional<std::uint64_t> seed_;
  std::string final_state_;
  std::vector<std::string> live_;
  commands::TestRequest test_request_{.jobs = 0};
  std::string test_format_ = "text";
  std::string scenario_action_;
  std::string scenario_path_;
  bool is_resolved_ = false;
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
