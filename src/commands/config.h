// `.wavetank.yaml`: what holds for a whole repository.
//
// The nearest one counts, from the working directory upwards to the root of the repository. Paths
// in it are relative to its directory.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/file_system.h"

namespace wavetank::commands {

struct Config {
  std::string path;                // empty: there is none
  std::vector<std::string> rules;  // rule files and directories of them
  std::string assume;              // see lint/assumptions.h
};

struct ReadConfig {
  Config config;
  std::string errors;  // one line for each
};

[[nodiscard]] ReadConfig read_config(const base::FileSystem& files);

}  // namespace wavetank::commands
