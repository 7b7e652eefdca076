#include "source/source_map.h"

#include <algorithm>

namespace wavetank::source {

FileId SourceMap::add(std::string name, std::string text) {
  WAVETANK_CHECK(text.size() < UINT32_MAX);
  const auto id = FileId::from(files_.size());
  files_.push_back({.name = std::move(name), .text = std::move(text), .line_starts = {}});
  return id;
}

std::string_view SourceMap::name(FileId file) const { return files_.at(file.index()).name; }

std::string_view SourceMap::text(FileId file) const { return files_.at(file.index()).text; }

std::string_view SourceMap::text(Span span) const {
  return text(span.file).substr(span.begin, span.end - span.begin);
}

const std::vector<std::uint32_t>& SourceMap::line_starts(FileId file) const {
  const File& entry = files_.at(file.index());
  if (entry.line_starts.empty()) {
    entry.line_starts.push_back(0);
    for (std::uint32_t i = 0; i < entry.text.size(); ++i) {
      if (entry.text[i] == '\n') entry.line_starts.push_back(i + 1);
    }
  }
  return entry.line_starts;
}

Position SourceMap::position(FileId file, std::uint32_t offset) const {
  const auto& starts = line_starts(file);
  const auto after = std::upper_bound(starts.begin(), starts.end(), offset);
  const std::uint32_t start = *(after - 1);
  const std::string_view before = text(file).substr(start, offset - start);
  const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;  // not a continuation byte
  });
  return {.line = static_cast<std::uint32_t>(after - starts.begin()),
          .column = static_cast<std::uint32_t>(characters) + 1};
}

std::string_view SourceMap::line(FileId file, std::uint32_t number) const {
  const auto& starts = line_starts(file);
  if (number == 0 || number > starts.size()) return {};
  const std::string_view whole = text(file);
  const std::size_t begin = starts[number - 1];
  const std::size_t end = number < starts.size() ? starts[number] - 1 : whole.size();
  std::string_view line = whole.substr(begin, end - begin);
  if (line.ends_with('\r')) line.remove_suffix(1);
  return line;
}

std::uint32_t SourceMap::line_count(FileId file) const {
  return static_cast<std::uint32_t>(line_starts(file).size());
}

}  // namespace wavetank::source
