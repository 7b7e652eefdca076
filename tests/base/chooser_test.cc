#include "base/chooser.h"

#include <catch2/catch.hpp>

namespace wavetank::base {
namespace {

using Words = std::array<std::uint32_t, 4>;

TEST_CASE("Philox gives the published answers") {
  CHECK(philox4x32({0, 0, 0, 0}, {0, 0}) == Words{0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8});
  constexpr std::uint32_t kOnes = 0xffffffff;
  CHECK(philox4x32({kOnes, kOnes, kOnes, kOnes}, {kOnes, kOnes}) ==
        Words{0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd});
  CHECK(philox4x32({0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344}, {0xa4093822, 0x299f31d0}) ==
        Words{0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1});
}

TEST_CASE("a seeded pick depends on what it is about, not on what was asked before") {
  SeededChooser first(7);
  SeededChooser second(7);
  (void)second.pick({.entity = "other", .purpose = "x"}, 1000);
  CHECK(first.pick({.entity = "job", .purpose = "x"}, 1000) ==
        second.pick({.entity = "job", .purpose = "x"}, 1000));
  CHECK(first.pick({.entity = "job", .purpose = "x"}, 1'000'000) !=
        first.pick({.entity = "job", .purpose = "y"}, 1'000'000));
}

TEST_CASE("picks stay below n") {
  SeededChooser chooser(1);
  for (std::uint32_t i = 0; i < 1000; ++i) {
    CHECK(chooser.pick({.entity = "e", .purpose = "p", .occurrence = i}, 7) < 7);
  }
  DefaultChooser usual;
  CHECK(usual.pick({.entity = "e", .purpose = "p"}, 7) == 0);
}

}  // namespace
}  // namespace wavetank::base
