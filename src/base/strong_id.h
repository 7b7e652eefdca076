// Indices that cannot be mixed up: a 32-bit number with a type of its own.
//
// A default-constructed id is "none". Ids are values: compare, hash and store them freely.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>

namespace wavetank::base {

template <class Tag>
struct StrongId {
  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::uint32_t value = kNone;

  [[nodiscard]] static constexpr StrongId from(std::size_t index) {
    return StrongId{static_cast<std::uint32_t>(index)};
  }
  [[nodiscard]] constexpr bool valid() const { return value != kNone; }
  // REQUIRES: valid().
  [[nodiscard]] constexpr std::size_t index() const { return value; }

  // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
  friend constexpr auto operator<=>(StrongId, StrongId) = default;
};

}  // namespace wavetank::base
