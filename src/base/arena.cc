#include "base/arena.h"

#include <algorithm>

namespace wavetank::base {

void* Arena::allocate(std::size_t size) {
  constexpr std::size_t kSmallestBlock = std::size_t{1} << 14U;
  size = (size + kAlignment - 1) / kAlignment * kAlignment;
  while (current_ < blocks_.size()) {
    Block& block = blocks_[current_];
    if (size <= block.size - used_) {
      void* const memory = block.memory.get() + used_;
      used_ += size;
      return memory;
    }
    ++current_;
    used_ = 0;
  }
  const std::size_t last = blocks_.empty() ? 0 : blocks_.back().size;
  const std::size_t bytes = std::max({size, kSmallestBlock, 2 * last});
  blocks_.push_back({.memory = std::make_unique_for_overwrite<std::byte[]>(bytes), .size = bytes});
  used_ = size;
  return blocks_.back().memory.get();
}

void Arena::reset() {
  current_ = 0;
  used_ = 0;
}

}  // namespace wavetank::base
