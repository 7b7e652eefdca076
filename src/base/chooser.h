// The only source of chance: every nondeterministic decision is a `pick`.
//
// A Chooser may be seeded (a run), scripted (a replay), enumerating (an exploration) or fed with
// bytes (a fuzzer). Choice 0 is always the default: nothing bad, declared order, the median.
// Seeded picks are keyed by what they are about, never by when they are asked, so an unrelated
// resource cannot change another one's luck. The same question may be asked again, and has the same
// answer then: nobody needs to remember what was drawn.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace wavetank::base {

// What a decision is about: "shop/batch/Job/shop/db-migration", "duration", the how-manieth.
struct ChoiceId {
  std::string_view entity;
  std::string_view purpose;
  std::uint32_t occurrence = 0;
};

class Chooser {
 public:
  virtual ~Chooser() = default;
  // A number in [0, n). REQUIRES: n > 0.
  [[nodiscard]] virtual std::uint32_t pick(const ChoiceId& id, std::uint32_t n) = 0;
};

// Always the default.
class DefaultChooser final : public Chooser {
 public:
  [[nodiscard]] std::uint32_t pick(const ChoiceId& id, std::uint32_t n) override;
};

// Philox4x32-10 keyed by the seed, counting by entity, purpose and occurrence.
class SeededChooser final : public Chooser {
 public:
  explicit SeededChooser(std::uint64_t seed) : seed_(seed) {}
  [[nodiscard]] std::uint32_t pick(const ChoiceId& id, std::uint32_t n) override;

 private:
  std::uint64_t seed_;
};

// The generator of Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (2011).
[[nodiscard]] std::array<std::uint32_t, 4> philox4x32(std::array<std::uint32_t, 4> counter,
                                                      std::array<std::uint32_t, 2> key);

}  // namespace wavetank::base
