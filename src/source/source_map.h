// All texts that were read, by FileId, and the way from a byte offset to a line and a column.
//
// Texts are UTF-8: input in UTF-16, or with a byte order mark, is converted by `decode_text` first.
// Lines end at "\n" or "\r\n". Files are at most 4 GiB - 1 (offsets are 32 bits).
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "source/span.h"

namespace wavetank::source {

// Both count from 1. A column counts Unicode code points, as editors and compilers do.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend constexpr auto operator<=>(const Position&, const Position&) = default;
};

class SourceMap {
 public:
  // `name` is the path as the user wrote or would write it ("<stdin>" for standard input).
  FileId add(std::string name, std::string text);

  [[nodiscard]] std::size_t size() const { return files_.size(); }
  [[nodiscard]] std::string_view name(FileId file) const WAVETANK_LIFETIMEBOUND;
  [[nodiscard]] std::string_view text(FileId file) const WAVETANK_LIFETIMEBOUND;
  [[nodiscard]] std::string_view text(Span span) const WAVETANK_LIFETIMEBOUND;

  [[nodiscard]] Position begin(Span span) const { return position(span.file, span.begin); }
  [[nodiscard]] Position end(Span span) const { return position(span.file, span.end); }
  [[nodiscard]] Position position(FileId file, std::uint32_t offset) const;

  // The text of a line (from 1) without its line break; empty behind the last line.
  [[nodiscard]] std::string_view line(FileId file,
                                      std::uint32_t number) const WAVETANK_LIFETIMEBOUND;
  [[nodiscard]] std::uint32_t line_count(FileId file) const;

 private:
  struct File {
    std::string name;
    std::string text;
    mutable std::vector<std::uint32_t> line_starts;  // built when first asked for
  };

  [[nodiscard]] const std::vector<std::uint32_t>& line_starts(FileId file) const;

  std::deque<File> files_;
};

}  // namespace wavetank::source
