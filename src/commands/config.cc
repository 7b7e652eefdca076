#include "commands/config.h"

#include <fmt/format.h>

#include <array>

#include "base/text_distance.h"
#include "load/path.h"
#include "yaml/typed.h"

namespace wavetank::commands {

namespace {

constexpr std::string_view kName = ".wavetank.yaml";
constexpr std::array<std::string_view, 2> kKeys{"rules", "assume"};

// The nearest configuration; empty when there is none.
std::string find_config(const base::FileSystem& files) {
  const auto start = files.canonical(".");
  if (!start) return "";
  std::string relative = ".";
  for (std::string at = *start;; at = load::parent_of(at), relative = load::join(relative, "..")) {
    const std::string path = load::join(relative, kName);
    if (files.kind(path) == base::FileKind::File) return path;
    const bool is_root = files.kind(load::join(relative, ".git")) != base::FileKind::Missing;
    if (is_root || at == "/" || at == "." || load::parent_of(at) == at) return "";
  }
}

}  // namespace

ReadConfig read_config(const base::FileSystem& files) {
  ReadConfig result;
  result.config.path = find_config(files);
  if (result.config.path.empty()) return result;
  const auto fail = [&](std::uint32_t line, std::string_view message) {
    result.errors += fmt::format("{}:{}: error: {}\n", result.config.path, line, message);
  };
  const auto text = files.read(result.config.path);
  if (!text) {
    fail(1, text.error().reason);
    return result;
  }
  const auto value = yaml::read_value(*text);
  if (!value) {
    fail(value.error().line, value.error().message);
    return result;
  }
  for (const auto& [key, field] : value->entries()) {
    if (key.text == "rules") {
      for (const yaml::Value& item : field.items) {
        result.config.rules.push_back(load::join(load::parent_of(result.config.path), item.text));
      }
    } else if (key.text == "assume") {
      result.config.assume = field.text;
    } else {
      const std::string_view near = base::nearest(key.text, kKeys);
      fail(key.line, fmt::format("unknown key `{}`{}", key.text,
                                 near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
  }
  return result;
}

}  // namespace wavetank::commands
