// Running another program without a shell.
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <vector>

namespace wavetank::cli {

struct ProgramOutput {
  std::string out;
  std::string err;
  int status = -1;  // the exit code; -1 when a signal ended it
};

// Takes what the program prints; it reads nothing. The error says why it could not be run.
[[nodiscard]] tl::expected<ProgramOutput, std::string> run_program(
    std::vector<std::string> arguments);

// The first line of what git says is wrong, without its prefix.
[[nodiscard]] std::string git_message(const ProgramOutput& output);

}  // namespace wavetank::cli
