#include "base/chooser.h"

#include "base/check.h"
#include "base/stable_hash.h"

namespace wavetank::base {

namespace {

std::uint32_t low(std::uint64_t value) { return static_cast<std::uint32_t>(value); }
std::uint32_t high(std::uint64_t value) { return static_cast<std::uint32_t>(value >> 32U); }

}  // namespace

std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                        std::array<std::uint32_t, 2> key) {
  constexpr int kRounds = 10;
  for (int round = 0; round < kRounds; ++round) {
    const std::uint64_t first = std::uint64_t{0xD2511F53U} * counter[0];
    const std::uint64_t second = std::uint64_t{0xCD9E8D57U} * counter[2];
    counter = {high(second) ^ counter[1] ^ key[0], low(second), high(first) ^ counter[3] ^ key[1],
               low(first)};
    key[0] += 0x9E3779B9U;
    key[1] += 0xBB67AE85U;
  }
  return counter;
}

std::uint32_t DefaultChooser::pick(const ChoiceId&, std::uint32_t n) {
  WAVETANK_CHECK(n > 0);
  return 0;
}

std::uint32_t SeededChooser::pick(const ChoiceId& id, std::uint32_t n) {
  WAVETANK_CHECK(n > 0);
  const std::uint64_t entity = stable_hash(id.entity);
  const auto draw =
      philox4x32({low(entity), high(entity), low(stable_hash(id.purpose)), id.occurrence},
                 {low(seed_), high(seed_)});
  // Multiplying a 64-bit draw by n and keeping the high part is even to within n / 2^64.
  const std::uint64_t wide = (std::uint64_t{draw[0]} << 32U) | draw[1];
  const std::uint64_t scaled = (wide >> 32U) * n + ((std::uint64_t{low(wide)} * n) >> 32U);
  return high(scaled);
}

}  // namespace wavetank::base
