// `.wavetank.yaml`: what holds for a whole repository.
//
// The nearest one counts, from the working directory upwards to the root of the repository. Paths
// in it are relative to its directory. A flag comes before an environment variable, which comes
// before the configuration. One table (`settings`) names every key; the schema, the starting file
// and `config show` are made of it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "source/diagnostic.h"

namespace wavetank::commands {

enum class ConfigLookup : std::uint8_t { Search, None };

// What the command line says of the configuration.
struct ConfigChoice {
  ConfigLookup lookup = ConfigLookup::Search;
  std::string file;                          // this one; empty: search
  std::map<std::string, std::string> given;  // keys that are decided already, and by what
};

enum class SettingKind : std::uint8_t { Text, Path, List, Paths, Choice, Severities, PerPath };

struct Setting {
  std::string_view key;
  SettingKind kind;
  std::span<const std::string_view> choices;  // of a Choice
  std::string_view otherwise;                 // the value without it, as it would be written
  std::string_view meaning;                   // one line
  std::string_view example;                   // for the starting file
};
[[nodiscard]] std::span<const Setting> settings();

struct ConfigWord {
  std::string text;
  std::uint32_t line = 0;
};

struct GradeWord {
  ConfigWord rule;
  source::Severity severity = source::Severity::Error;
};

struct PathConfig {
  std::vector<std::string> paths;
  std::vector<ConfigWord> ignore;
  std::vector<GradeWord> severity;
  std::string reason;
};

struct Config {
  std::string path;  // empty: there is none
  // Of Text, Path and Choice keys one word; paths are as seen from the working directory.
  std::map<std::string, std::vector<ConfigWord>, std::less<>> words;
  std::vector<GradeWord> severity;
  std::vector<PathConfig> per_path;
  std::map<std::string, std::uint32_t, std::less<>> lines;  // of the keys

  [[nodiscard]] const std::vector<ConfigWord>* find(std::string_view key) const;
};

struct ReadConfig {
  Config config;
  std::string errors;  // one line for each
};

[[nodiscard]] ReadConfig read_config(const base::FileSystem& files, const ConfigChoice& choice);

[[nodiscard]] std::optional<source::Severity> parse_severity(std::string_view text);
[[nodiscard]] std::string_view severity_name(source::Severity severity);

// The JSON Schema of the configuration.
[[nodiscard]] std::string config_schema();
// A configuration to begin with: every key, as a comment.
[[nodiscard]] std::string new_config();

inline constexpr std::string_view kConfigName = ".wavetank.yaml";

}  // namespace wavetank::commands
