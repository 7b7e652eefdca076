// From what was asked and what the configuration says to what is done: a flag or an environment
// variable decides, then the configuration, then the default.
#pragma once

#include <string>

#include "commands/config.h"
#include "commands/lint.h"

namespace wavetank::commands {

struct Configured {
  LintRequest request;
  Config config;
  std::string errors;  // not empty: the configuration cannot be used
};

[[nodiscard]] Configured configure(const base::FileSystem& files, const LintRequest& request);

// What every command takes from the configuration: the version and the files to leave out. The
// error text is empty when all is well.
struct Basics {
  model::ArgocdVersion version = model::kNewestVersion;
  std::vector<std::string> exclude;
  std::string errors;
};
[[nodiscard]] Basics configure_basics(const base::FileSystem& files, const ConfigChoice& choice,
                                      model::ArgocdVersion version,
                                      std::vector<std::string> exclude);

// Rules that the configuration names and that do not exist, one line for each.
[[nodiscard]] std::string unknown_rules_of(const Config& config, const lint::LintOptions& options);

enum class ConfigAction : std::uint8_t { Show, Schema, Init };

struct ConfigRequest {
  ConfigAction action = ConfigAction::Show;
  LintRequest lint;  // what flags and environment say
};

[[nodiscard]] Result run_config(Ports ports, const ConfigRequest& request);

}  // namespace wavetank::commands
