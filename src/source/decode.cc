#include "source/decode.h"

#include <fmt/format.h>

#include <cstdint>

namespace wavetank::source {

namespace {

unsigned byte_at(std::string_view text, std::size_t i) {
  return static_cast<unsigned char>(text[i]);
}

// The length of the valid UTF-8 sequence at `i`; 0 when there is none.
std::size_t sequence_length(std::string_view text, std::size_t i) {
  const unsigned lead = byte_at(text, i);
  if (lead < 0x80) return 1;
  std::size_t length = 0;
  std::uint32_t value = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2;
    value = lead & 0x1FU;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3;
    value = lead & 0x0FU;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4;
    value = lead & 0x07U;
  }
  if (length == 0 || i + length > text.size()) return 0;
  for (std::size_t k = 1; k < length; ++k) {
    const unsigned next = byte_at(text, i + k);
    if ((next & 0xC0U) != 0x80U) return 0;
    value = (value << 6U) | (next & 0x3FU);
  }
  const bool is_overlong = (length == 3 && value < 0x800) || (length == 4 && value < 0x10000);
  const bool is_surrogate = value >= 0xD800 && value <= 0xDFFF;
  return is_overlong || is_surrogate || value > 0x10FFFF ? 0 : length;
}

void append_utf8(std::string& text, std::uint32_t value) {
  const auto add = [&](std::uint32_t byte) { text.push_back(static_cast<char>(byte)); };
  if (value < 0x80) {
    add(value);
  } else if (value < 0x800) {
    add(0xC0U | (value >> 6U));
    add(0x80U | (value & 0x3FU));
  } else if (value < 0x10000) {
    add(0xE0U | (value >> 12U));
    add(0x80U | ((value >> 6U) & 0x3FU));
    add(0x80U | (value & 0x3FU));
  } else {
    add(0xF0U | (value >> 18U));
    add(0x80U | ((value >> 12U) & 0x3FU));
    add(0x80U | ((value >> 6U) & 0x3FU));
    add(0x80U | (value & 0x3FU));
  }
}

enum class Order { Little, Big };

tl::expected<std::string, DecodeError> decode_utf16(std::string_view bytes, Order order) {
  std::string text;
  text.reserve(bytes.size());
  const auto unit = [&](std::size_t i) -> std::uint32_t {
    const unsigned first = byte_at(bytes, i);
    const unsigned second = byte_at(bytes, i + 1);
    return order == Order::Little ? first | (second << 8U) : (first << 8U) | second;
  };
  for (std::size_t i = 2; i < bytes.size(); i += 2) {
    if (i + 1 >= bytes.size()) {
      return tl::unexpected(DecodeError{.reason = "UTF-16 text ends in half a unit", .offset = i});
    }
    std::uint32_t value = unit(i);
    if (value >= 0xD800 && value <= 0xDFFF) {
      const bool is_pair =
          value < 0xDC00 && i + 3 < bytes.size() && unit(i + 2) >= 0xDC00 && unit(i + 2) <= 0xDFFF;
      if (!is_pair) {
        return tl::unexpected(
            DecodeError{.reason = "UTF-16 text holds a lone surrogate", .offset = i});
      }
      value = 0x10000 + ((value - 0xD800) << 10U) + (unit(i + 2) - 0xDC00);
      i += 2;
    }
    if (value == 0) {
      return tl::unexpected(DecodeError{.reason = "it holds a NUL character", .offset = i});
    }
    append_utf8(text, value);
  }
  return text;
}

}  // namespace

tl::expected<std::string, DecodeError> decode_text(std::string bytes) {
  const std::string_view view = bytes;
  if (view.starts_with("\xFF\xFE")) return decode_utf16(view, Order::Little);
  if (view.starts_with("\xFE\xFF")) return decode_utf16(view, Order::Big);
  if (view.starts_with("\xEF\xBB\xBF")) bytes.erase(0, 3);
  for (std::size_t i = 0; i < bytes.size();) {
    if (bytes[i] == '\0') {
      return tl::unexpected(DecodeError{.reason = "it holds a NUL byte", .offset = i});
    }
    const std::size_t length = sequence_length(bytes, i);
    if (length == 0) {
      return tl::unexpected(
          DecodeError{.reason = fmt::format("byte 0x{:02x} is not valid UTF-8", byte_at(bytes, i)),
                      .offset = i});
    }
    i += length;
  }
  return bytes;
}

}  // namespace wavetank::source
