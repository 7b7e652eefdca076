// From the bytes of a file to UTF-8 text, or the reason why they are no text.
//
// A byte order mark decides: UTF-8 (it is dropped), UTF-16 little or big endian (converted).
// Without one the bytes must be UTF-8 already.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

namespace wavetank::source {

struct DecodeError {
  std::string reason;      // one clause: "byte 0xff is not valid UTF-8"
  std::size_t offset = 0;  // of the offending byte in the file
};

[[nodiscard]] tl::expected<std::string, DecodeError> decode_text(std::string bytes);

}  // namespace wavetank::source
