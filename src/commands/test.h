// `wavetank test`: plays scenarios and reports like a test runner.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "commands/lint.h"

namespace wavetank::commands {

enum class TestFormat : std::uint8_t { Text, Json, Junit };

struct TestRequest {
  std::vector<std::string> paths;  // directories that hold scenarios, or scenarios
  std::string filter;              // only those whose name or file holds it
  std::uint32_t jobs = 1;          // at once
  bool only_lists = false;
  bool stops_at_first = false;      // failure
  bool updates = false;             // golden traces
  bool checks_determinism = false;  // plays each one twice
  bool shows_coverage = false;
  // Told of each scenario that was played, from any thread: how many have been, and of how many.
  std::function<void(std::size_t done, std::size_t total)> progress;
  TestFormat format = TestFormat::Text;
  report::Colour colour = report::Colour::Off;
};

// Golden traces to write are among the files of the result.
[[nodiscard]] Result run_test(const base::FileSystem& files, const TestRequest& request);

}  // namespace wavetank::commands
