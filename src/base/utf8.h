// UTF-8, rune by rune, as Go's utf8.DecodeRuneInString reads it: a byte that begins no valid
// sequence is a rune of its own, U+FFFD, one byte wide.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace wavetank::base {

struct Rune {
  char32_t value = U'\uFFFD';
  std::size_t width = 0;  // bytes; 0 at the end of the text

  // Whether the bytes are no UTF-8 (a written U+FFFD is valid and three bytes wide).
  [[nodiscard]] bool is_invalid() const { return value == U'\uFFFD' && width == 1; }
};

[[nodiscard]] Rune first_rune(std::string_view text);
[[nodiscard]] std::size_t count_runes(std::string_view text);
[[nodiscard]] std::string encode(char32_t rune);

// Unicode's white space, as Go's unicode.IsSpace.
[[nodiscard]] bool is_space(char32_t rune);

}  // namespace wavetank::base
