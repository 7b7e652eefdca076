#include "commands/test.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <optional>
#include <set>
#include <thread>

#include "commands/scenarios.h"
#include "lint/lint.h"
#include "report/diagnostic_json.h"
#include "report/sim/expectation_text.h"
#include "report/sim/test_report.h"
#include "sim/scenario/golden.h"

namespace wavetank::commands {

namespace {

// Directories below this are not searched: nobody nests scenarios deeper.
constexpr int kDeepest = 8;

void find_scenarios(const base::FileSystem& files, const std::string& path, int depth,
                    std::vector<std::string>& found) {
  if (auto file = sim::scenario_file(files, path)) {
    found.push_back(std::move(*file));
    return;
  }
  const auto entries = files.list(path);
  if (!entries || depth == kDeepest) return;
  for (const base::DirectoryEntry& entry : *entries) {
    const bool is_hidden = entry.name.starts_with('.');
    if (entry.kind == base::FileKind::Directory && !is_hidden) {
      find_scenarios(files, path + "/" + entry.name, depth + 1, found);
    }
  }
}

std::string golden_path(const std::string& file) {
  return file.substr(0, file.size() - std::string_view("scenario.yaml").size()) + "trace.txt";
}

// The first line in which two texts differ.
std::string first_difference(std::string_view wanted, std::string_view is) {
  std::size_t number = 1;
  while (true) {
    const auto a = wanted.substr(0, wanted.find('\n'));
    const auto b = is.substr(0, is.find('\n'));
    if (a != b) return fmt::format("line {}:\n      - {}\n      + {}", number, a, b);
    if (a.size() >= wanted.size() || b.size() >= is.size()) {
      return fmt::format("line {}: one of them ends", number + 1);
    }
    wanted.remove_prefix(a.size() + 1);
    is.remove_prefix(b.size() + 1);
    ++number;
  }
}

// Plays one scenario file, all its cells.
class Playing {
 public:
  Playing(const base::FileSystem& files, const TestRequest& request, std::string file)
      : files_(files), request_(request) {
    report_.file = std::move(file);
  }

  report::TestCase run() {
    const auto loaded = load_scenario(files_, report_.file);
    report_.name = report_.file;
    if (!loaded->errors.empty()) {
      report_.outcome = report::TestOutcome::Unusable;
      report_.details = loaded->errors;
      report_.is_input_problem = loaded->exit == ExitCode::Input;
      return std::move(report_);
    }
    if (!loaded->cells.front().name.empty()) report_.name = loaded->cells.front().name;
    report_.covers = loaded->cells.front().covers;
    std::string golden;
    for (std::size_t i = 0; i < loaded->cells.size(); ++i) {
      play_cell(loaded->cells[i], loaded->inputs[i], golden);
    }
    if (!was_given_up_) check_golden(golden);
    if (report_.outcome != report::TestOutcome::Passed) {
      report_.details += fmt::format("    replay: wavetank simulate {}\n", report_.file);
    }
    return std::move(report_);
  }

 private:
  void worsen(report::TestOutcome outcome) { report_.outcome = std::max(report_.outcome, outcome); }

  void play_cell(const sim::Scenario& cell, const sim::ScenarioInput& input, std::string& golden) {
    const sim::ScenarioResult result = sim::play(cell, input);
    std::string label;
    for (const auto& [name, value] : cell.cell) {
      label += fmt::format("{}{}={}", label.empty() ? "" : " ", name, value);
    }
    if (!label.empty()) golden += fmt::format("== {}\n", label);
    golden += sim::golden_text(result);
    ++report_.cells;
    was_given_up_ = was_given_up_ || result.rest == sim::Rest::Limit;
    if (request_.checks_determinism) check_determinism(cell, input, sim::golden_text(result));
    std::vector<sim::ExpectationReport> broken;
    for (const sim::ExpectationReport& each : result.expectations) {
      ++report_.expectations;
      if (each.verdict == sim::Verdict::Pass || each.is_warning) continue;
      broken.push_back(each);
      worsen(each.verdict == sim::Verdict::Inconclusive ? report::TestOutcome::Inconclusive
                                                        : report::TestOutcome::Failed);
    }
    if (broken.empty()) return;
    if (!label.empty()) report_.details += fmt::format("    with {}\n", label);
    report_.details += report::expectations_text(broken, report_.file, request_.colour);
  }

  void check_determinism(const sim::Scenario& cell, const sim::ScenarioInput& input,
                         const std::string& first) {
    const std::string second = sim::golden_text(sim::play(cell, input));
    if (first == second) return;
    worsen(report::TestOutcome::Failed);
    report_.details +=
        fmt::format("    two runs differ, first at {}\n", first_difference(first, second));
  }

  // A golden trace is kept beside the scenario, or is not.
  void check_golden(const std::string& golden) {
    const std::string path = golden_path(report_.file);
    const auto kept = files_.read(path);
    if (request_.updates) {
      if (!kept || *kept != golden) report_.update = {path, golden};
      return;
    }
    if (!kept || *kept == golden) return;
    worsen(report::TestOutcome::Failed);
    report_.details += fmt::format("    {} differs at {}\n    --update writes it anew\n", path,
                                   first_difference(*kept, golden));
  }

  const base::FileSystem& files_;
  const TestRequest& request_;
  report::TestCase report_;
  bool was_given_up_ = false;  // a cell reached its limit of steps: its trace is cut off
};

std::vector<report::TestCase> play_all(const base::FileSystem& files, const TestRequest& request,
                                       const std::vector<std::string>& scenarios) {
  std::vector<std::optional<report::TestCase>> results(scenarios.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> stops{false};
  std::atomic<std::size_t> done{0};
  const auto work = [&] {
    while (!stops) {
      const std::size_t index = next++;
      if (index >= scenarios.size()) return;
      results[index] = Playing(files, request, scenarios[index]).run();
      const bool is_good = results[index]->outcome == report::TestOutcome::Passed;
      if (!is_good && request.stops_at_first) stops = true;
      if (request.progress) request.progress(++done, scenarios.size());
    }
  };
  {
    std::vector<std::jthread> threads;
    const std::size_t jobs = std::min<std::size_t>(request.jobs, scenarios.size());
    for (std::size_t i = 1; i < jobs; ++i) threads.emplace_back(work);
    work();
  }
  std::vector<report::TestCase> cases;
  // What others have played meanwhile depends on the threads; what came before has been played by
  // all means.
  for (auto& result : results) {
    if (!result) continue;
    cases.push_back(std::move(*result));
    if (request.stops_at_first && cases.back().outcome != report::TestOutcome::Passed) break;
  }
  return cases;
}

ExitCode exit_of(const report::TestCase& test) {
  switch (test.outcome) {
    case report::TestOutcome::Passed: return ExitCode::Ok;
    case report::TestOutcome::Inconclusive: return ExitCode::Inconclusive;
    case report::TestOutcome::Failed: return ExitCode::Findings;
    case report::TestOutcome::Unusable:
      return test.is_input_problem ? ExitCode::Input : ExitCode::Usage;
  }
  return ExitCode::Internal;
}

}  // namespace

Result run_test(const base::FileSystem& files, const TestRequest& request) {
  Result result;
  std::vector<std::string> scenarios;
  for (const std::string& path : request.paths) {
    if (files.kind(path) == base::FileKind::Missing) {
      result.errors += fmt::format("wavetank: {}: no such path\n", path);
      result.exit = ExitCode::Input;
      return result;
    }
    find_scenarios(files, path, 0, scenarios);
  }
  std::sort(scenarios.begin(), scenarios.end());
  scenarios.erase(std::unique(scenarios.begin(), scenarios.end()), scenarios.end());
  std::erase_if(scenarios, [&](const std::string& file) {
    return file.find(request.filter) == std::string::npos;
  });
  if (scenarios.empty()) {
    result.errors = "wavetank: no scenario was found\n";
    result.exit = ExitCode::Input;
    return result;
  }
  if (request.only_lists) {
    for (const std::string& file : scenarios) result.output += file + "\n";
    return result;
  }
  std::vector<report::TestCase> cases = play_all(files, request, scenarios);
  for (report::TestCase& test : cases) {
    result.exit = gravest({result.exit, exit_of(test)});
    if (!test.update) continue;
    result.errors += fmt::format("wavetank: {} is written anew\n", test.update->first);
    result.files.push_back({.path = test.update->first, .text = test.update->second});
  }
  report::TestSummary summary{.cases = std::move(cases), .found = scenarios.size()};
  for (const lint::RuleInfo& rule : lint::rules()) summary.rules.emplace_back(rule.code);
  switch (request.format) {
    case TestFormat::Text:
      result.output = report::test_text(summary, request.shows_coverage, request.colour);
      break;
    case TestFormat::Json: result.output = report::json_text(report::test_json(summary)); break;
    case TestFormat::Junit: result.output = report::test_junit(summary); break;
  }
  return result;
}

}  // namespace wavetank::commands
