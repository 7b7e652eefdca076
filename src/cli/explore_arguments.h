// The flags of `wavetank explore` that no other command has.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <string>
#include <vector>

#include "commands/explore.h"

namespace wavetank::cli {

// As they are written.
struct ExploreFlags {
  unsigned faults = 1;
  std::vector<std::string> only;
  std::vector<std::string> without;
  std::vector<std::string> properties;
  std::uint64_t states_max = explore::Limits{}.states_max;
  std::uint64_t depth_max = explore::Limits{}.depth_max;
  std::string memory_max = "2G";
  unsigned plays_max = explore::StudyOptions{}.plays_max;
  std::string sync_timeout;
  bool all_orders = false;
  std::string write_to;
};

void add_explore_flags(CLI::App& command, ExploreFlags& flags);

// Puts them into the request. Returns what is wrong with them, or nothing.
// REQUIRES: `flags.only` and the like hold one word each.
[[nodiscard]] std::string read_explore_flags(const ExploreFlags& flags,
                                             commands::ExploreRequest& request);

}  // namespace wavetank::cli
