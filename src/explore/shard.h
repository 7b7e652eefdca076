// One of several machines that share the work.
#pragma once

#include <cstdint>

namespace wavetank::explore {

// It does the pieces whose number leaves `index` when divided by `count`.
struct Shard {
  std::uint32_t index = 0;
  std::uint32_t count = 1;

  [[nodiscard]] bool has(std::uint64_t number) const { return number % count == index; }
  friend bool operator==(const Shard&, const Shard&) = default;
};

}  // namespace wavetank::explore
