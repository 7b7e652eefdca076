// Logarithms, powers of e and square roots in whole numbers.
//
// Libraries of mathematics differ in their last digits from machine to machine; these differ
// nowhere. Each function is monotone: a larger argument never gives a smaller result.
#pragma once

#include <cstdint>

namespace wavetank::base {

// A number with 32 binary places: 1 is 2^32.
using Fixed = std::int64_t;
constexpr int kFixedPlaces = 32;
constexpr Fixed kFixedOne = Fixed{1} << kFixedPlaces;

// What needs more than 64 bits on the way.
__extension__ using Wide = unsigned __int128;
__extension__ using SignedWide = __int128;

// The natural logarithm of a whole number, exact to three units of the last place. Of a Fixed x
// it is `natural_log(x)` less `natural_log(kFixedOne)`. REQUIRES: value > 0.
[[nodiscard]] Fixed natural_log(std::uint64_t value);

// `value` times e to the `power`, rounded; not more than `most`. REQUIRES: value and most >= 0.
struct Ceiling {
  std::int64_t most;
};
[[nodiscard]] std::int64_t times_exp(std::int64_t value, Fixed power, Ceiling ceiling);

// Rounded towards zero. REQUIRES: the result fits; b != 0 of a quotient.
[[nodiscard]] Fixed product(Fixed a, Fixed b);
[[nodiscard]] Fixed quotient(Fixed a, Fixed b);

// The largest whole number whose square is not more than `value`.
[[nodiscard]] std::uint64_t square_root(Wide value);

}  // namespace wavetank::base
