// Running another program without a shell.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::cli {

struct ProgramOutput {
  std::string out;
  std::string err;
  int status = -1;  // the exit code; -1 when a signal ended it
};

// What a program gets and what it may take.
struct ProgramLimits {
  std::string input;                              // what it reads
  std::optional<std::chrono::milliseconds> time;  // then it is ended, with all that it started
  std::size_t output = SIZE_MAX;                  // bytes it may print; with more it is ended
};

// Takes what the program prints. The error says why it could not be run, or why it was ended.
[[nodiscard]] tl::expected<ProgramOutput, std::string> run_program(
    std::vector<std::string> arguments, const ProgramLimits& limits = {});

// Whether a program of this name can be found where programs are looked for.
[[nodiscard]] bool is_installed(const std::string& name);

// The first line of what git says is wrong, without its prefix.
[[nodiscard]] std::string git_message(const ProgramOutput& output);

}  // namespace wavetank::cli
