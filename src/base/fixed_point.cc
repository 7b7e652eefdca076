#include "base/fixed_point.h"

#include <bit>

#include "base/check.h"

namespace wavetank::base {

namespace {

// ln 2, rounded down, with as many binary places as the name says.
constexpr std::uint64_t kLn2Places62 = 3'196'577'161'300'663'914;
constexpr Fixed kLn2 = 2'977'044'471;

constexpr int kExpPlaces = 62;

// e to the power of a number in [0, ln 2), with 62 binary places: the series, until its terms
// vanish. Rounding down everywhere keeps it below 2 and monotone.
std::uint64_t exp_of_rest(Fixed rest) {
  const std::uint64_t x = static_cast<std::uint64_t>(rest) << (kExpPlaces - kFixedPlaces);
  std::uint64_t sum = std::uint64_t{1} << kExpPlaces;
  std::uint64_t term = sum;
  for (std::uint64_t i = 1; term != 0; ++i) {
    term = static_cast<std::uint64_t>((Wide{term} * x) >> kExpPlaces) / i;
    sum += term;
  }
  return sum;
}

}  // namespace

Fixed natural_log(std::uint64_t value) {
  WAVETANK_CHECK(value > 0);
  // The binary logarithm, digit by digit: squaring a number in [1, 2) doubles its logarithm.
  constexpr int kDigits = 40;
  const int zeros = std::countl_zero(value);
  std::uint64_t mantissa = value << static_cast<unsigned>(zeros);  // 63 binary places
  std::uint64_t digits = 0;
  for (int i = 0; i < kDigits; ++i) {
    const Wide square = (Wide{mantissa} * mantissa) >> 63U;
    const auto carry = static_cast<unsigned>(square >> 64U);
    mantissa = static_cast<std::uint64_t>(square >> carry);
    digits = digits << 1U | carry;
  }
  const std::uint64_t binary = static_cast<std::uint64_t>(63 - zeros) << unsigned{kDigits} | digits;
  return static_cast<Fixed>((Wide{binary} * kLn2Places62) >> (kDigits + 62 - kFixedPlaces));
}

std::int64_t times_exp(std::int64_t value, Fixed power, Ceiling ceiling) {
  WAVETANK_CHECK(value >= 0);
  WAVETANK_CHECK(ceiling.most >= 0);
  if (value == 0) return 0;
  // e^power is 2^doublings times e^rest.
  const std::int64_t doublings = power / kLn2 - (power % kLn2 < 0 ? 1 : 0);
  if (doublings >= kExpPlaces) return ceiling.most;
  if (doublings < -kExpPlaces) return 0;
  const Wide wide = Wide{static_cast<std::uint64_t>(value)} * exp_of_rest(power - doublings * kLn2);
  const auto shift = static_cast<unsigned>(kExpPlaces - doublings);  // 1 to 124
  const Wide result = (wide >> shift) + (wide >> (shift - 1) & 1U);
  const auto most = static_cast<std::uint64_t>(ceiling.most);
  return result > most ? ceiling.most : static_cast<std::int64_t>(result);
}

Fixed product(Fixed a, Fixed b) { return static_cast<Fixed>(SignedWide{a} * b / kFixedOne); }

Fixed quotient(Fixed a, Fixed b) {
  WAVETANK_CHECK(b != 0);
  return static_cast<Fixed>(SignedWide{a} * kFixedOne / b);
}

std::uint64_t square_root(Wide value) {
  std::uint64_t root = 0;
  for (std::uint64_t bit = std::uint64_t{1} << 63U; bit != 0; bit >>= 1U) {
    const std::uint64_t candidate = root | bit;
    if (Wide{candidate} * candidate <= value) root = candidate;
  }
  return root;
}

}  // namespace wavetank::base
