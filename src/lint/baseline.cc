#include "lint/baseline.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <tuple>

#include "base/stable_hash.h"
#include "base/text_distance.h"
#include "yaml/typed.h"

namespace wavetank::lint {

namespace {

constexpr std::array<std::string_view, 4> kFields{"rule", "object", "fingerprint", "file"};

// Blanks and line breaks within the text may change.
std::string fingerprint_of(std::string_view text) {
  std::string words;
  bool gap = false;
  for (const char c : text) {
    if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
      gap = true;
      continue;
    }
    if (gap && !words.empty()) words += ' ';
    gap = false;
    words += c;
  }
  return fmt::format("{:016x}", base::stable_hash(words));
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

auto order(const BaselineEntry& entry) {
  return std::tie(entry.file, entry.object, entry.rule, entry.fingerprint);
}

// The span of a whole line.
source::Span line_span(source::FileId file, std::string_view text, std::uint32_t number) {
  std::size_t begin = 0;
  for (std::uint32_t line = 1; line < number; ++line) {
    begin = std::min(text.find('\n', begin), text.size() - 1) + 1;
  }
  const std::size_t end = std::min(text.find('\n', begin), text.size());
  const std::size_t first = std::min(text.find_first_not_of(" -", begin), end);
  return {.file = file,
          .begin = static_cast<std::uint32_t>(first),
          .end = static_cast<std::uint32_t>(end)};
}

tl::expected<BaselineEntry, BaselineError> read_entry(const yaml::Value& value) {
  BaselineEntry entry;
  if (value.kind != yaml::Value::Kind::Mapping) {
    return tl::unexpected(BaselineError{.line = value.line, .message = "an entry is a mapping"});
  }
  for (const auto& [key, field] : value.entries()) {
    if (key.text == "rule") {
      entry.rule = field.text;
    } else if (key.text == "object") {
      entry.object = field.text;
    } else if (key.text == "fingerprint") {
      entry.fingerprint = field.text;
    } else if (key.text == "file") {
      entry.file = field.text;
    } else {
      const std::string_view near = base::nearest(key.text, kFields);
      return tl::unexpected(BaselineError{
          .line = key.line,
          .message = fmt::format("unknown key `{}`{}", key.text,
                                 near.empty() ? "" : fmt::format("; did you mean `{}`?", near))});
    }
  }
  if (entry.rule.empty() || entry.fingerprint.empty()) {
    return tl::unexpected(
        BaselineError{.line = value.line, .message = "an entry has a rule and a fingerprint"});
  }
  return entry;
}

}  // namespace

BaselineEntry baseline_entry(const Finding& finding, const source::SourceMap& sources,
                             std::string file) {
  return {.rule = finding.diagnostic.code,
          .object = model::full_name(finding.object),
          .fingerprint = fingerprint_of(sources.text(finding.diagnostic.primary.span)),
          .file = std::move(file)};
}

tl::expected<std::vector<BaselineEntry>, BaselineError> read_baseline(source::FileId file,
                                                                      std::string_view text) {
  const auto value = yaml::read_value(text);
  if (!value) {
    return tl::unexpected(
        BaselineError{.line = value.error().line, .message = value.error().message});
  }
  const yaml::Value* version = value->find("version");
  if (version == nullptr || version->text != "1") {
    return tl::unexpected(BaselineError{.line = version == nullptr ? 1 : version->line,
                                        .message = "this is no baseline, version 1"});
  }
  std::vector<BaselineEntry> entries;
  const yaml::Value* findings = value->find("findings");
  if (findings == nullptr) return entries;
  for (const yaml::Value& item : findings->items) {
    auto entry = read_entry(item);
    if (!entry) return tl::unexpected(entry.error());
    entry->span = line_span(file, text, item.line);
    entries.push_back(std::move(*entry));
  }
  return entries;
}

std::string baseline_text(std::vector<BaselineEntry> entries) {
  std::sort(entries.begin(), entries.end(),
            [](const BaselineEntry& a, const BaselineEntry& b) { return order(a) < order(b); });
  std::string text =
      "# What wavetank found when it was adopted. Written by `wavetank baseline write`, and only\n"
      "# made shorter, by `wavetank baseline prune`.\nversion: 1\n";
  text += entries.empty() ? "findings: []\n" : "findings:\n";
  for (const BaselineEntry& entry : entries) {
    text += fmt::format("  - {{rule: {}, object: {}, fingerprint: \"{}\", file: {}}}\n", entry.rule,
                        quoted(entry.object), entry.fingerprint, quoted(entry.file));
  }
  return text;
}

}  // namespace wavetank::lint
