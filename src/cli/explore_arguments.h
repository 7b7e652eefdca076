// The flags of `wavetank explore` that no other command has.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
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
  std::optional<std::uint64_t> sample;
  std::optional<std::uint64_t> run;
  std::uint64_t seed = explore::SampleOptions{}.seed;
  unsigned jobs = 0;
  std::vector<std::string> fault_rates;
  std::string confidence = "95%";
  std::string width;
  std::string time_limit;
  std::string shard;
};

void add_explore_flags(CLI::App& command, ExploreFlags& flags);

// Puts them into the request, and the limit of real time into `time_limit`. Returns what is wrong
// with them, or nothing. REQUIRES: `flags.only` and the like hold one word each.
[[nodiscard]] std::string read_explore_flags(const ExploreFlags& flags,
                                             commands::ExploreRequest& request,
                                             std::optional<base::Duration>& time_limit);

}  // namespace wavetank::cli
