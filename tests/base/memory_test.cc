// Arenas and the tables in them.

#include <rapidcheck.h>
#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <cstring>
#include <map>

#include "base/arena.h"
#include "base/id_table.h"

namespace wavetank::base {
namespace {

TEST_CASE("an arena gives the same memory again after a reset") {
  Arena arena;
  const auto first = arena.array<int>(100);
  std::memset(first.data(), 0xFF, first.size_bytes());
  const auto large = arena.array<int>(100'000);
  arena.reset();
  const auto again = arena.array<int>(100);
  CHECK(again.data() == first.data());
  CHECK(again[99] == 0);
  CHECK(arena.array<int>(100'000).data() == large.data());
}

TEST_CASE("an arena's arrays do not overlap, whatever their sizes") {
  rc::prop("arrays keep what is written into them", [](const std::vector<std::uint16_t>& sizes) {
    Arena arena;
    for (int round = 0; round < 2; ++round) {
      std::vector<std::span<std::uint16_t>> arrays;
      for (const std::uint16_t size : sizes) {
        arrays.push_back(arena.array<std::uint16_t>(size));
        for (auto& element : arrays.back()) element = static_cast<std::uint16_t>(arrays.size());
      }
      for (std::size_t i = 0; i < arrays.size(); ++i) {
        RC_ASSERT(arrays[i].size() == sizes[i]);
        for (const auto element : arrays[i]) RC_ASSERT(element == i + 1);
      }
      arena.reset();
    }
  });
}

TEST_CASE("a table finds the first index that was put under a key") {
  rc::prop("as a map does", [](const std::vector<std::uint8_t>& keys, std::uint8_t bits) {
    Arena arena;
    IdTable table(keys.size(), arena);
    std::map<std::uint8_t, std::uint32_t> expected;
    const auto hash = [&](std::uint8_t key) { return std::uint64_t{key} & bits; };
    for (std::uint32_t i = 0; i < keys.size(); ++i) {
      table.put(hash(keys[i]), i);
      expected.emplace(keys[i], i);
    }
    for (int key = 0; key < 256; ++key) {
      const auto wanted = static_cast<std::uint8_t>(key);
      const auto found = expected.find(wanted);
      RC_ASSERT(table.find(hash(wanted), [&](std::uint32_t i) { return keys[i] == wanted; }) ==
                (found == expected.end() ? IdTable::kNone : found->second));
    }
  });
}

TEST_CASE("a table that was never made finds nothing") {
  CHECK(IdTable().find(1, [](std::uint32_t) { return true; }) == IdTable::kNone);
}

}  // namespace
}  // namespace wavetank::base
