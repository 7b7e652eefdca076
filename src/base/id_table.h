// A hash table from the hash of a key to the index of the element that has it, in an arena.
//
// It stores indices only; the caller compares keys. Entries are never visited in table order, so
// hashes decide nothing that a user can see.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>

#include "base/arena.h"
#include "base/check.h"

namespace wavetank::base {

class IdTable {
 public:
  static constexpr std::uint32_t kNone = UINT32_MAX;

  IdTable() = default;
  // An empty table with room for `capacity` entries, valid as long as what `memory` gave it.
  IdTable(std::size_t capacity, Arena& memory) : capacity_(capacity) {
    std::size_t size = 16;
    while (size < 2 * capacity) size *= 2;
    slots_ = memory.array<std::uint32_t>(size);
    std::fill(slots_.begin(), slots_.end(), kNone);
  }

  // The first index put under `hash` for which `is_same(index)` holds; kNone when there is none.
  template <class IsSame>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, IsSame is_same) const {
    if (slots_.empty()) return kNone;
    for (std::size_t slot = hash & mask(); slots_[slot] != kNone; slot = (slot + 1) & mask()) {
      if (is_same(slots_[slot])) return slots_[slot];
    }
    return kNone;
  }

  // REQUIRES: there is room.
  void put(std::uint64_t hash, std::uint32_t index) {
    WAVETANK_CHECK(count_ < capacity_);
    ++count_;
    std::size_t slot = hash & mask();
    while (slots_[slot] != kNone) slot = (slot + 1) & mask();
    slots_[slot] = index;
  }

 private:
  [[nodiscard]] std::size_t mask() const { return slots_.size() - 1; }

  std::span<std::uint32_t> slots_;
  std::size_t capacity_ = 0;
  std::size_t count_ = 0;
};

}  // namespace wavetank::base
