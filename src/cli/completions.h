// Completion scripts for shells, written from the shape of the command line; see arguments.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace wavetank::cli {

enum class Shell : std::uint8_t { Bash, Zsh, Fish };

// What may follow a flag, or stand on its own.
enum class Argument : std::uint8_t { None, Words, Files };

struct FlagShape {
  std::string name;    // without dashes
  std::string letter;  // empty: none
  std::string meaning;
  Argument argument = Argument::None;
  std::vector<std::string> words;
};

struct CommandShape {
  std::string name;
  std::string meaning;
  std::vector<FlagShape> flags;
  Argument argument = Argument::Files;  // what it is about
  std::vector<std::string> words;
};

[[nodiscard]] std::string completion_script(Shell shell, const std::vector<CommandShape>& commands);

}  // namespace wavetank::cli
