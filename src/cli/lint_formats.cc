#include "cli/lint_formats.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/text_distance.h"

namespace wavetank::cli {

namespace {

using commands::LintTarget;
using report::LintFormat;

// People at a terminal want text; a CI server has a format of its own.
LintFormat automatic(const FormatChoice& choice) {
  if (choice.is_terminal) return LintFormat::Full;
  switch (choice.server) {
    case CiServer::None: return LintFormat::Full;
    case CiServer::Github: return LintFormat::Github;
    case CiServer::Gitlab: return LintFormat::Gitlab;
  }
  return LintFormat::Full;
}

std::optional<LintFormat> format_of(std::string_view name, const FormatChoice& choice) {
  if (name == "auto") return automatic(choice);
  for (const report::FormatName& each : report::kLintFormats) {
    if (each.name == name) return each.format;
  }
  return std::nullopt;
}

std::string unknown_format(std::string_view name) {
  std::vector<std::string_view> names{"auto"};
  for (const report::FormatName& each : report::kLintFormats) names.push_back(each.name);
  const std::string_view near = base::nearest(name, names);
  return fmt::format(
      "`{}` is no format; {}", name,
      near.empty() ? "it is one of " + format_names() : fmt::format("did you mean `{}`?", near));
}

// Two reports in one place would be none. Returns an error text, or nothing.
std::string clash(const std::vector<LintTarget>& targets) {
  for (std::size_t i = 0; i < targets.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (targets[i].file != targets[j].file) continue;
      return targets[i].file.empty()
                 ? "two formats for standard output: write one to a file, --format FORMAT=FILE"
                 : fmt::format("two formats for the file `{}`", targets[i].file);
    }
  }
  return "";
}

bool counts_rules(LintFormat format) {
  return format == LintFormat::Full || format == LintFormat::Compact ||
         format == LintFormat::Grouped || format == LintFormat::Markdown ||
         format == LintFormat::Json || format == LintFormat::JsonLines;
}

}  // namespace

std::string format_names() {
  std::string names;
  for (const report::FormatName& each : report::kLintFormats) {
    if (each.name == "text") break;  // those behind it are other names
    names += fmt::format("{}, ", each.name);
  }
  return names + "auto";
}

std::string choose_formats(const FormatChoice& choice, commands::LintRequest& request) {
  std::vector<std::string> wanted = choice.formats;
  if (wanted.empty()) wanted.emplace_back("full");
  request.targets.clear();
  bool has_plain = false;
  for (const std::string& word : wanted) {
    const auto equals = word.find('=');
    const std::string name = word.substr(0, equals);
    const auto format = format_of(name, choice);
    if (!format) return unknown_format(name);
    LintTarget target{.format = *format, .colour = choice.files};
    if (equals == std::string::npos) {
      has_plain = true;
      target.file = choice.output_file;
      if (target.file.empty()) target.colour = choice.standard_output;
    } else {
      target.file = word.substr(equals + 1);
      if (target.file.empty()) return fmt::format("--format {} names no file", word);
    }
    if (request.detail == report::LintDetail::Statistics && !counts_rules(*format)) {
      return fmt::format("--statistics cannot be told in the format {}", name);
    }
    if (*format == LintFormat::Github) request.step_summary = choice.step_summary;
    request.targets.push_back(std::move(target));
  }
  if (!choice.output_file.empty() && !has_plain) {
    return "--output-file is for the format without a file, and there is none";
  }
  return clash(request.targets);
}

}  // namespace wavetank::cli
