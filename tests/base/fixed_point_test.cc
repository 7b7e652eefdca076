// Against values reckoned with 40 digits elsewhere.
#include "base/fixed_point.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <limits>

namespace wavetank::base {
namespace {

constexpr Ceiling kNone{.most = std::numeric_limits<std::int64_t>::max()};

TEST_CASE("logarithms are right to the last place but one") {
  const auto differs_by = [](std::uint64_t value, Fixed expected) {
    return std::abs(natural_log(value) - expected);
  };
  CHECK(natural_log(1) == 0);
  CHECK(differs_by(2, 2'977'044'471) <= 2);
  CHECK(differs_by(3, 4'718'503'850) <= 2);
  CHECK(differs_by(10, 9'889'527'670) <= 2);
  CHECK(differs_by(1'000'000'000, 89'005'749'035) <= 2);
  CHECK(differs_by(std::numeric_limits<std::uint64_t>::max(), 190'530'846'196) <= 2);
}

TEST_CASE("powers of e are right to nine digits") {
  const auto exp = [](std::int64_t value, std::int64_t tenths) {
    return times_exp(value, kFixedOne * tenths / 10, kNone);
  };
  CHECK(exp(7, 0) == 7);
  CHECK(std::abs(exp(1'000'000'000, 10) - 2'718'281'828) <= 4);
  CHECK(std::abs(exp(1'000'000'000, -10) - 367'879'441) <= 1);
  CHECK(std::abs(exp(1'000'000'000'000, 105) - 36'315'502'674'246'638) <= 200'000'000);
  CHECK(exp(1'000'000'000, -200) == 2);
  CHECK(exp(1, -10'000) == 0);
  CHECK(exp(0, 10'000) == 0);
}

TEST_CASE("a power of e stops at its ceiling") {
  CHECK(times_exp(10, kFixedOne * 100, {.most = 77}) == 77);
  CHECK(times_exp(10, kFixedOne * 5, {.most = 77}) == 77);
  CHECK(times_exp(10, kFixedOne, {.most = 77}) == 27);
}

TEST_CASE("logarithms and powers of e never fall when their argument grows") {
  rc::prop("monotone", [](std::uint64_t value, std::int32_t power) {
    const std::uint64_t v = std::max<std::uint64_t>(1, value / 2);
    RC_ASSERT(natural_log(v) <= natural_log(v + 1));
    const Fixed p = Fixed{power} << 6U;
    RC_ASSERT(times_exp(1'000'000'007, p, kNone) <= times_exp(1'000'000'007, p + 1, kNone));
  });
}

TEST_CASE("a square root is the largest number whose square fits") {
  CHECK(square_root(0) == 0);
  rc::prop("root", [](std::uint64_t root, std::uint32_t more) {
    const Wide square = Wide{root} * root;
    RC_ASSERT(square_root(square) == root);
    RC_ASSERT(square_root(square + std::min<std::uint64_t>(more, root)) == root);
    if (root > 0) RC_ASSERT(square_root(square - 1) == root - 1);
  });
}

TEST_CASE("products and quotients keep their binary places and their signs") {
  CHECK(product(kFixedOne * 3 / 2, -kFixedOne * 5) == -kFixedOne * 15 / 2);
  CHECK(quotient(kFixedOne * 3, -kFixedOne * 2) == -kFixedOne * 3 / 2);
  CHECK(quotient(1, 3) == 1'431'655'765);
}

}  // namespace
}  // namespace wavetank::base
