#include "report/paint.h"

#include <fmt/format.h>

#include <array>

namespace wavetank::report {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

// East Asian wide characters and emoji, in rough but stable blocks.
constexpr std::array kWide{Range{0x1100, 0x115F},   Range{0x2E80, 0x303E},  Range{0x3041, 0x33FF},
                           Range{0x3400, 0x4DBF},   Range{0x4E00, 0x9FFF},  Range{0xA000, 0xA4CF},
                           Range{0xAC00, 0xD7A3},   Range{0xF900, 0xFAFF},  Range{0xFE30, 0xFE6F},
                           Range{0xFF00, 0xFF60},   Range{0xFFE0, 0xFFE6},  Range{0x1F300, 0x1F64F},
                           Range{0x1F900, 0x1F9FF}, Range{0x20000, 0x3FFFD}};
constexpr std::array kNoWidth{Range{0x300, 0x36F}, Range{0x200B, 0x200F}, Range{0xFE00, 0xFE0F}};
// Characters that change the direction of what follows them.
constexpr std::array kReordering{Range{0x202A, 0x202E}, Range{0x2066, 0x2069},
                                 Range{0x200E, 0x200F}};

template <std::size_t N>
bool within(const std::array<Range, N>& ranges, std::uint32_t value) {
  for (const Range& range : ranges) {
    if (range.first <= value && value <= range.last) return true;
  }
  return false;
}

// Decodes one character of valid UTF-8 and moves on; broken bytes count as themselves.
std::uint32_t next_character(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(at);
  const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  std::uint32_t value = lead;
  if (length > 1) value = lead & (0xFFU >> (length + 1));
  const std::size_t end = std::min(at + length, text.size());
  for (++at; at < end; ++at) value = (value << 6U) | (byte(at) & 0x3FU);
  return value;
}

}  // namespace

std::string paint(std::string_view text, Ink ink, Colour colour) {
  if (colour == Colour::Off || ink == Ink::Plain || text.empty()) return std::string(text);
  std::string_view code;
  switch (ink) {
    case Ink::Plain: break;
    case Ink::Bold: code = "1"; break;
    case Ink::Red: code = "1;31"; break;
    case Ink::Yellow: code = "1;33"; break;
    case Ink::Green: code = "32"; break;
    case Ink::Blue: code = "34"; break;
    case Ink::Dim: code = "2"; break;
  }
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string escaped(std::string_view text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = at;
    const std::uint32_t value = next_character(text, at);
    if (value == '\t') {
      result += ' ';
    } else if (value == '[' && result.ends_with("##")) {
      result += "\\x5b";  // "##[…]" anywhere in a line is a command to GitHub's runners
    } else if (value < 0x20 || value == 0x7F || (value >= 0x80 && value < 0xA0)) {
      result += fmt::format("\\x{:02x}", value);
    } else if (within(kReordering, value)) {
      result += fmt::format("\\u{:04x}", value);
    } else {
      result += text.substr(begin, at - begin);
    }
  }
  return result;
}

std::size_t display_width(std::string_view text) {
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) {
    const std::uint32_t value = next_character(text, at);
    if (within(kNoWidth, value)) continue;
    width += within(kWide, value) ? 2U : 1U;
  }
  return width;
}

std::string counted(std::size_t count, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", count, count == 1 ? singular : plural);
}

}  // namespace wavetank::report
