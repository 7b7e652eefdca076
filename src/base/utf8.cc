#include "base/utf8.h"

namespace wavetank::base {

namespace {

bool continues(std::string_view text, std::size_t at) {
  return at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;
}

}  // namespace

Rune first_rune(std::string_view text) {
  if (text.empty()) return {};
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) return {.value = lead, .width = 1};
  std::size_t width = 0;
  char32_t least = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    width = 2;
    least = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    width = 3;
    least = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    width = 4;
    least = 0x10000;
  }
  if (width == 0) return {.width = 1};
  char32_t value = lead & (0xFFU >> (width + 1));
  for (std::size_t i = 1; i < width; ++i) {
    if (!continues(text, i)) return {.width = 1};
    value = (value << 6U) | (static_cast<unsigned char>(text[i]) & 0x3FU);
  }
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  if (value < least || value > 0x10FFFF || is_surrogate) return {.width = 1};
  return {.value = value, .width = width};
}

std::size_t count_runes(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_rune(text).width);
  return count;
}

std::string encode(char32_t rune) {
  const auto tail = [&](unsigned shift) {
    return static_cast<char>(0x80U | ((rune >> shift) & 0x3FU));
  };
  if (rune < 0x80) return {static_cast<char>(rune)};
  if (rune < 0x800) return {static_cast<char>(0xC0U | (rune >> 6U)), tail(0)};
  if (rune < 0x10000) return {static_cast<char>(0xE0U | (rune >> 12U)), tail(6), tail(0)};
  return {static_cast<char>(0xF0U | (rune >> 18U)), tail(12), tail(6), tail(0)};
}

bool is_space(char32_t rune) {
  if (rune < 0x80) return rune == U' ' || (rune >= U'\t' && rune <= U'\r');
  return rune == 0x85 || rune == 0xA0 || rune == 0x1680 || (rune >= 0x2000 && rune <= 0x200A) ||
         rune == 0x2028 || rune == 0x2029 || rune == 0x202F || rune == 0x205F || rune == 0x3000;
}

}  // namespace wavetank::base
