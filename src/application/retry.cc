#include "application/retry.h"

#include <cmath>
#include <limits>

#include "model/go_text.h"

namespace wavetank::application {

namespace {

constexpr std::int64_t kSecond = 1'000'000'000;

// A bare number counts seconds; it may run over.
tl::expected<std::int64_t, std::string> parse_duration(const std::string& text) {
  if (const auto seconds = model::parse_go_integer(text)) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(*seconds) *
                                     static_cast<std::uint64_t>(kSecond));
  }
  if (const auto duration = model::parse_go_duration(text)) return *duration;
  return tl::unexpected("unable to parse " + text + " as a duration");
}

// Go's math.Pow for whole numbers. It multiplies fractions and adds up exponents apart, which
// rounds differently from the C library's, and the last nanosecond depends on it.
double go_power(double base, std::int64_t exponent) {
  constexpr int kExponentMax = 1 << 12;
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  const auto as_double = static_cast<double>(exponent);
  if (exponent == 0 || base == 1) return 1;
  if (exponent == 1) return base;
  if (base == 0) return exponent < 0 ? kInfinity : 0;
  // The largest exponents round up to 2^63.
  if (std::abs(as_double) >= 0x1p63) {
    if (base == -1) return 1;
    return exponent > 0 ? kInfinity : 0;
  }
  double result = 1;
  int result_exponent = 0;
  int square_exponent = 0;
  double square = std::frexp(base, &square_exponent);
  for (auto rest = static_cast<std::int64_t>(std::abs(as_double)); rest != 0; rest >>= 1) {
    if (square_exponent < -kExponentMax || square_exponent > kExponentMax) {
      result_exponent += square_exponent;
      break;
    }
    if ((rest & 1) == 1) {
      result *= square;
      result_exponent += square_exponent;
    }
    square *= square;
    square_exponent *= 2;
    if (square < 0.5) {
      square += square;
      --square_exponent;
    }
  }
  if (exponent < 0) {
    result = 1 / result;
    result_exponent = -result_exponent;
  }
  return std::ldexp(result, result_exponent);
}

// Go's math.Min: what is no number wins.
double go_minimum(double a, double b) {
  if (std::isnan(a) || std::isnan(b)) return std::numeric_limits<double>::quiet_NaN();
  return a < b ? a : b;
}

}  // namespace

tl::expected<std::optional<std::int64_t>, std::string> retry_wait(const RetryStrategy& strategy,
                                                                  std::int64_t retries) {
  std::int64_t duration = 5 * kSecond;
  std::int64_t max_duration = 180 * kSecond;
  std::int64_t factor = 2;
  if (strategy.backoff) {
    if (!strategy.backoff->duration.empty()) {
      const auto parsed = parse_duration(strategy.backoff->duration);
      if (!parsed) return tl::unexpected(parsed.error());
      duration = *parsed;
    }
    if (!strategy.backoff->max_duration.empty()) {
      const auto parsed = parse_duration(strategy.backoff->max_duration);
      if (!parsed) return tl::unexpected(parsed.error());
      max_duration = *parsed;
    }
    factor = strategy.backoff->factor.value_or(factor);
  }
  double wait = static_cast<double>(duration) * go_power(static_cast<double>(factor), retries);
  if (max_duration > 0) wait = go_minimum(static_cast<double>(max_duration), wait);
  const bool fits = wait > -0x1p63 && wait < 0x1p63;  // false for what is no number
  return fits ? std::optional(static_cast<std::int64_t>(wait)) : std::nullopt;
}

}  // namespace wavetank::application
