#include "report/sim/test_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/check.h"
#include "report/escape.h"

namespace wavetank::report {

namespace {

Ink ink_of(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::Passed: return Ink::Green;
    case TestOutcome::Inconclusive: return Ink::Yellow;
    case TestOutcome::Failed:
    case TestOutcome::Unusable: return Ink::Red;
  }
  WAVETANK_CHECK(false);
}

std::size_t count(const TestSummary& summary, TestOutcome outcome) {
  return static_cast<std::size_t>(
      std::count_if(summary.cases.begin(), summary.cases.end(),
                    [&](const TestCase& test) { return test.outcome == outcome; }));
}

// What scenarios say that they cover, and how often.
std::map<std::string, std::size_t> covered(const TestSummary& summary) {
  std::map<std::string, std::size_t> result;
  for (const TestCase& test : summary.cases) {
    for (const std::string& what : test.covers) ++result[what];
  }
  return result;
}

std::vector<std::string> not_covered(const TestSummary& summary) {
  const auto all = covered(summary);
  std::vector<std::string> result;
  for (const std::string& rule : summary.rules) {
    if (!all.contains(rule)) result.push_back(rule);
  }
  return result;
}

std::string coverage(const TestSummary& summary) {
  std::string text = "covered:";
  for (const auto& [what, times] : covered(summary)) {
    text += " " + escaped(what) + (times == 1 ? "" : fmt::format(" ({}x)", times));
  }
  text += '\n';
  if (!summary.rules.empty()) {
    const auto missing = not_covered(summary);
    text += fmt::format("{} of {} rules are covered", summary.rules.size() - missing.size(),
                        summary.rules.size());
    if (!missing.empty()) text += fmt::format("; not {}", fmt::join(missing, " "));
    text += '\n';
  }
  return text;
}

}  // namespace

std::string_view name(TestOutcome outcome) {
  switch (outcome) {
    case TestOutcome::Passed: return "passed";
    case TestOutcome::Inconclusive: return "inconclusive";
    case TestOutcome::Failed: return "failed";
    case TestOutcome::Unusable: return "unusable";
  }
  WAVETANK_CHECK(false);
}

std::string test_text(const TestSummary& summary, bool shows_coverage, Colour colour) {
  std::string text;
  for (const TestCase& test : summary.cases) {
    const std::string cells = test.cells > 1 ? fmt::format(", {} cells", test.cells) : "";
    text += fmt::format(
        "{} {} ({} expectation{}{})\n",
        paint(fmt::format("{:<12}", name(test.outcome)), ink_of(test.outcome), colour),
        escaped(test.name), test.expectations, test.expectations == 1 ? "" : "s", cells);
    text += test.details;
  }
  if (shows_coverage) text += coverage(summary);
  text += fmt::format("{} scenario{}", summary.found, summary.found == 1 ? "" : "s");
  for (const TestOutcome outcome : {TestOutcome::Passed, TestOutcome::Failed,
                                    TestOutcome::Inconclusive, TestOutcome::Unusable}) {
    const std::size_t number = count(summary, outcome);
    if (number > 0) text += fmt::format(", {} {}", number, name(outcome));
  }
  if (summary.cases.size() < summary.found) {
    text += fmt::format(", {} not played", summary.found - summary.cases.size());
  }
  return text + "\n";
}

nlohmann::ordered_json test_json(const TestSummary& summary) {
  nlohmann::ordered_json cases = nlohmann::ordered_json::array();
  for (const TestCase& test : summary.cases) {
    cases.push_back({{"name", test.name},
                     {"file", test.file},
                     {"outcome", name(test.outcome)},
                     {"cells", test.cells},
                     {"expectations", test.expectations},
                     {"covers", test.covers},
                     {"details", test.details}});
  }
  return {{"schemaVersion", 1},
          {"found", summary.found},
          {"played", summary.cases.size()},
          {"passed", count(summary, TestOutcome::Passed)},
          {"failed", count(summary, TestOutcome::Failed)},
          {"inconclusive", count(summary, TestOutcome::Inconclusive)},
          {"unusable", count(summary, TestOutcome::Unusable)},
          {"covered", covered(summary)},
          {"rulesNotCovered", not_covered(summary)},
          {"scenarios", std::move(cases)}};
}

std::string test_junit(const TestSummary& summary) {
  const std::size_t errors =
      count(summary, TestOutcome::Unusable) + count(summary, TestOutcome::Inconclusive);
  std::string text = fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
      "<testsuite name=\"wavetank\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
      summary.found, count(summary, TestOutcome::Failed), errors,
      summary.found - summary.cases.size());
  for (const TestCase& test : summary.cases) {
    text += fmt::format("<testcase name=\"{}\" classname=\"{}\" file=\"{}\"",
                        xml_escaped(test.name), "scenario", xml_escaped(test.file));
    if (test.outcome == TestOutcome::Passed) {
      text += "/>\n";
      continue;
    }
    const char* element = test.outcome == TestOutcome::Failed ? "failure" : "error";
    text += fmt::format(">\n<{0} message=\"{1}\">{2}</{0}>\n</testcase>\n", element,
                        name(test.outcome), xml_escaped(test.details));
  }
  return text + "</testsuite>\n</testsuites>\n";
}

}  // namespace wavetank::report
