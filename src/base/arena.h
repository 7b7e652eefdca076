// Memory that is handed out piece by piece and taken back all at once.
//
// For what lives as long as one step of a loop: after the first steps the arena owns enough, and a
// step takes nothing from the heap. Nothing put here is destroyed, so only trivially destructible
// values may be.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <vector>

namespace wavetank::base {

class Arena {
 public:
  Arena() = default;
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Uninitialised memory, aligned for every fundamental type, valid until `reset`.
  [[nodiscard]] void* allocate(std::size_t size);

  // `count` value-initialised elements, valid until `reset`.
  template <class T>
  [[nodiscard]] std::span<T> array(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T> && alignof(T) <= kAlignment);
    // NOLINTNEXTLINE(bugprone-sizeof-expression): T may well be a pointer
    T* const first = static_cast<T*>(allocate(count * sizeof(T)));
    std::uninitialized_value_construct_n(first, count);
    return {first, count};
  }

  // Takes everything back and keeps the memory.
  void reset();

 private:
  static constexpr std::size_t kAlignment = alignof(std::max_align_t);

  struct Block {
    std::unique_ptr<std::byte[]> memory;
    std::size_t size = 0;
  };
  std::vector<Block> blocks_;
  std::size_t current_ = 0;  // index of the block in use
  std::size_t used_ = 0;     // bytes of it
};

}  // namespace wavetank::base
