#include "commands/config.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/text_distance.h"
#include "load/path.h"
#include "yaml/typed.h"

namespace wavetank::commands {

namespace {

using Kind = yaml::Value::Kind;

constexpr std::array<std::string_view, 3> kSeverities{"error", "warning", "info"};
constexpr std::array<std::string_view, 4> kFailOn{"error", "warning", "info", "never"};
constexpr std::array<std::string_view, 3> kReasons{"optional", "for-errors", "required"};
constexpr std::array<std::string_view, 4> kPathKeys{"paths", "ignore", "severity", "reason"};

constexpr std::array kSettings{
    Setting{.key = "argocd-version",
            .kind = SettingKind::Text,
            .otherwise = "3.6",
            .meaning = "the Argo CD to imitate",
            .example = "\"3.4\""},
    Setting{.key = "assume",
            .kind = SettingKind::Text,
            .otherwise = "",
            .meaning = "what is known of the cluster",
            .example = "load-balancers=no,storage-binding=WaitForFirstConsumer"},
    Setting{.key = "baseline",
            .kind = SettingKind::Path,
            .otherwise = "",
            .meaning = "findings that are known and not reported again",
            .example = ".wavetank-baseline.yaml"},
    Setting{.key = "exclude",
            .kind = SettingKind::List,
            .otherwise = "",
            .meaning = "globs of files to leave out",
            .example = "[vendor/**]"},
    Setting{.key = "fail-on",
            .kind = SettingKind::Choice,
            .choices = kFailOn,
            .otherwise = "error",
            .meaning = "the least severity that ends with 1",
            .example = "warning"},
    Setting{.key = "ignore",
            .kind = SettingKind::List,
            .otherwise = "",
            .meaning = "rules that are off: codes, prefixes, families, names",
            .example = "[HL007]"},
    Setting{.key = "per-path",
            .kind = SettingKind::PerPath,
            .otherwise = "",
            .meaning = "other severities, or rules that are silent, below some paths",
            .example = "[{paths: [legacy], ignore: [HK], reason: it goes away}]"},
    Setting{.key = "rules",
            .kind = SettingKind::Paths,
            .otherwise = "",
            .meaning = "rules of your own: files or directories",
            .example = "[policy]"},
    Setting{.key = "select",
            .kind = SettingKind::List,
            .otherwise = "",
            .meaning = "only these rules",
            .example = "[AN, HK]"},
    Setting{.key = "severity",
            .kind = SettingKind::Severities,
            .otherwise = "",
            .meaning = "rules that are graded otherwise",
            .example = "{HK018: warning}"},
    Setting{.key = "suppression-reasons",
            .kind = SettingKind::Choice,
            .choices = kReasons,
            .otherwise = "for-errors",
            .meaning = "which suppressions must say why",
            .example = "required"},
};

// The nearest configuration; empty when there is none.
std::string find_config(const base::FileSystem& files) {
  const auto start = files.canonical(".");
  if (!start) return "";
  std::string relative = ".";
  for (std::string at = *start;; at = load::parent_of(at), relative = load::join(relative, "..")) {
    const std::string path = load::join(relative, kConfigName);
    if (files.kind(path) == base::FileKind::File) return path;
    const bool is_root = files.kind(load::join(relative, ".git")) != base::FileKind::Missing;
    if (is_root || at == "/" || at == "." || load::parent_of(at) == at) return "";
  }
}

std::string meant(std::string_view word, std::span<const std::string_view> known) {
  const std::string_view near = base::nearest(word, known);
  return near.empty() ? "" : fmt::format("; did you mean `{}`?", near);
}

std::string listed(std::span<const std::string_view> words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

class Reader {
 public:
  explicit Reader(ReadConfig& result) : result_(result), config_(result.config) {}

  void read(const yaml::Value& value) {
    if (value.kind == Kind::Null) return;
    if (value.kind != Kind::Mapping) return fail(value.line, "a configuration is a mapping");
    std::vector<std::string_view> keys;
    for (const Setting& setting : kSettings) keys.push_back(setting.key);
    for (const auto& [key, field] : value.entries()) {
      const std::string& name = key.text;
      const auto setting = std::find_if(kSettings.begin(), kSettings.end(),
                                        [&](const Setting& each) { return each.key == name; });
      if (setting == kSettings.end()) {
        fail(key.line, fmt::format("unknown key `{}`{}", key.text, meant(key.text, keys)));
      } else if (!config_.lines.try_emplace(key.text, key.line).second) {
        fail(key.line, fmt::format("the key `{}` stands here twice", key.text));
      } else {
        read_setting(*setting, field);
      }
    }
  }

 private:
  void fail(std::uint32_t line, std::string_view message) {
    result_.errors += fmt::format("{}:{}: error: {}\n", config_.path, line, message);
  }

  void read_setting(const Setting& setting, const yaml::Value& value) {
    auto& words = config_.words[std::string(setting.key)];
    switch (setting.kind) {
      case SettingKind::Text:
      case SettingKind::Path: words = one_word(setting.key, value); break;
      case SettingKind::Choice:
        words = one_word(setting.key, value);
        if (!words.empty()) check_choice(setting.key, words.front(), setting.choices);
        break;
      case SettingKind::List:
      case SettingKind::Paths: words = list(setting.key, value); break;
      case SettingKind::Severities: config_.severity = grades(value); break;
      case SettingKind::PerPath:
        if (value.kind != Kind::Sequence) return fail(value.line, "`per-path` is a list");
        for (const yaml::Value& item : value.items) read_path(item);
        break;
    }
    if (setting.kind != SettingKind::Path && setting.kind != SettingKind::Paths) return;
    for (ConfigWord& word : words) {
      word.text = load::join(load::parent_of(config_.path), word.text);
    }
  }

  std::vector<ConfigWord> one_word(std::string_view key, const yaml::Value& value) {
    if (value.kind == Kind::Scalar) return {{.text = value.text, .line = value.line}};
    if (value.kind != Kind::Null) fail(value.line, fmt::format("`{}` is one word", key));
    return {};
  }

  std::vector<ConfigWord> list(std::string_view key, const yaml::Value& value) {
    if (value.kind == Kind::Null) return {};
    if (value.kind == Kind::Scalar) return {{.text = value.text, .line = value.line}};
    std::vector<ConfigWord> words;
    if (value.kind != Kind::Sequence) fail(value.line, fmt::format("`{}` is a list", key));
    if (value.kind != Kind::Sequence) return words;
    for (const yaml::Value& item : value.items) {
      if (item.kind != Kind::Scalar) fail(item.line, fmt::format("`{}` is a list of words", key));
      words.push_back({.text = item.text, .line = item.line});
    }
    return words;
  }

  void check_choice(std::string_view key, const ConfigWord& word,
                    std::span<const std::string_view> choices) {
    if (std::find(choices.begin(), choices.end(), word.text) != choices.end()) return;
    fail(word.line, fmt::format("`{}` is one of {}, not `{}`", key, listed(choices), word.text));
  }

  std::vector<GradeWord> grades(const yaml::Value& value) {
    std::vector<GradeWord> result;
    if (value.kind != Kind::Mapping && value.kind != Kind::Null) {
      fail(value.line, "`severity` is a mapping of rules to severities");
      return result;
    }
    for (const auto& [rule, grade] : value.entries()) {
      const auto severity = parse_severity(grade.text);
      if (!severity) check_choice("severity", {grade.text, grade.line}, kSeverities);
      if (!severity) continue;
      result.push_back({.rule = {.text = rule.text, .line = rule.line}, .severity = *severity});
    }
    return result;
  }

  void read_path(const yaml::Value& value) {
    if (value.kind != Kind::Mapping) return fail(value.line, "an item of `per-path` is a mapping");
    PathConfig path;
    for (const auto& [key, field] : value.entries()) {
      if (key.text == "paths") {
        for (ConfigWord& word : list("paths", field)) path.paths.push_back(std::move(word.text));
      } else if (key.text == "ignore") {
        path.ignore = list("ignore", field);
      } else if (key.text == "severity") {
        path.severity = grades(field);
      } else if (key.text == "reason") {
        path.reason = field.text;
      } else {
        fail(key.line, fmt::format("unknown key `{}`{}", key.text, meant(key.text, kPathKeys)));
      }
    }
    if (path.paths.empty()) fail(value.line, "an item of `per-path` needs `paths`");
    config_.per_path.push_back(std::move(path));
  }

  ReadConfig& result_;
  Config& config_;
};

}  // namespace

std::span<const Setting> settings() { return kSettings; }

const std::vector<ConfigWord>* Config::find(std::string_view key) const {
  const auto found = words.find(key);
  return found == words.end() ? nullptr : &found->second;
}

std::optional<source::Severity> parse_severity(std::string_view text) {
  if (text == "error") return source::Severity::Error;
  if (text == "warning") return source::Severity::Warning;
  if (text == "info") return source::Severity::Info;
  return std::nullopt;
}

std::string_view severity_name(source::Severity severity) {
  switch (severity) {
    case source::Severity::Error: return "error";
    case source::Severity::Warning: return "warning";
    case source::Severity::Info: return "info";
  }
  return "";
}

ReadConfig read_config(const base::FileSystem& files, const ConfigChoice& choice) {
  ReadConfig result;
  if (choice.lookup == ConfigLookup::None) return result;
  result.config.path = choice.file.empty() ? find_config(files) : choice.file;
  if (result.config.path.empty()) return result;
  const auto text = files.read(result.config.path);
  if (!text) {
    result.errors = fmt::format("wavetank: cannot read the configuration {}: {}\n",
                                result.config.path, text.error().reason);
    return result;
  }
  const auto value = yaml::read_value(*text);
  if (!value) {
    result.errors = fmt::format("{}:{}: error: {}\n", result.config.path, value.error().line,
                                value.error().message);
    return result;
  }
  Reader(result).read(*value);
  return result;
}

std::string config_schema() {
  using nlohmann::ordered_json;
  const ordered_json words = {
      {"anyOf", {{{"type", "string"}}, {{"type", "array"}, {"items", {{"type", "string"}}}}}}};
  const ordered_json grades = {{"type", "object"},
                               {"additionalProperties", {{"enum", kSeverities}}}};
  ordered_json properties = ordered_json::object();
  for (const Setting& setting : kSettings) {
    ordered_json schema;
    switch (setting.kind) {
      case SettingKind::Text: schema = {{"type", {"string", "number"}}}; break;
      case SettingKind::Path: schema = {{"type", "string"}}; break;
      case SettingKind::Choice:
        schema = {
            {"enum", std::vector<std::string>(setting.choices.begin(), setting.choices.end())}};
        break;
      case SettingKind::List:
      case SettingKind::Paths: schema = words; break;
      case SettingKind::Severities: schema = grades; break;
      case SettingKind::PerPath:
        schema = {{"type", "array"},
                  {"items",
                   {{"type", "object"},
                    {"additionalProperties", false},
                    {"required", {"paths"}},
                    {"properties",
                     {{"paths", words},
                      {"ignore", words},
                      {"severity", grades},
                      {"reason", {{"type", "string"}}}}}}}};
        break;
    }
    schema["description"] = setting.meaning;
    properties[std::string(setting.key)] = std::move(schema);
  }
  const ordered_json schema = {{"$schema", "https://json-schema.org/draft/2020-12/schema"},
                               {"title", "wavetank configuration (.wavetank.yaml)"},
                               {"type", "object"},
                               {"additionalProperties", false},
                               {"properties", std::move(properties)}};
  return schema.dump(2) + "\n";
}

std::string new_config() {
  std::string text =
      "# What holds for wavetank in this repository. `wavetank config show` prints what is in\n"
      "# force and where it comes from. Paths are relative to this file.\n";
  for (const Setting& setting : kSettings) {
    text += fmt::format("\n# {}\n# {}: {}\n", setting.meaning, setting.key, setting.example);
  }
  return text;
}

}  // namespace wavetank::commands
