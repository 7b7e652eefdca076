// A hash of text that is the same on every machine and in every run, unlike std::hash.
#pragma once

#include <cstdint>
#include <string_view>

namespace wavetank::base {

inline constexpr std::uint64_t kHashStart = 0xcbf29ce484222325U;

// FNV-1a, 64 bits. A start of one's own gives another hash, or goes on where one ended.
[[nodiscard]] constexpr std::uint64_t stable_hash(std::string_view text,
                                                  std::uint64_t start = kHashStart) {
  std::uint64_t state = start;
  for (const char c : text) {
    state = (state ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  }
  return state;
}

}  // namespace wavetank::base
