// What a run of scenarios came to: as text, JSON and JUnit's XML.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "report/paint.h"

namespace wavetank::report {

// From good to bad.
enum class TestOutcome : std::uint8_t { Passed, Inconclusive, Failed, Unusable };
[[nodiscard]] std::string_view name(TestOutcome outcome);

struct TestCase {
  std::string name;
  std::string file;
  TestOutcome outcome = TestOutcome::Passed;
  bool is_input_problem = false;  // of an unusable one: its manifests, not the scenario
  std::size_t cells = 0;
  std::size_t expectations = 0;
  std::vector<std::string> covers;
  std::string details;                                        // what is wrong, for people
  std::optional<std::pair<std::string, std::string>> update;  // a golden trace: path and text
};

struct TestSummary {
  std::vector<TestCase> cases;     // in order of their files
  std::size_t found = 0;           // more than `cases`, if the run stopped early
  std::vector<std::string> rules;  // the codes of all rules there are, in order
};

[[nodiscard]] std::string test_text(const TestSummary& summary, bool shows_coverage, Colour colour);
[[nodiscard]] nlohmann::ordered_json test_json(const TestSummary& summary);
[[nodiscard]] std::string test_junit(const TestSummary& summary);

}  // namespace wavetank::report
