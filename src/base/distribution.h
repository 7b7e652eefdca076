// How long something takes when chance has a say: "lognormal(p50=20s p95=1m) clamp(5s 5m)".
//
// A draw is a pick of a Chooser. Choice 0 is the usual case: the median, and of a mix the median of
// its most likely part. Every other choice is a quantile. All is reckoned in whole numbers, so a
// seed draws the same nanoseconds on every machine.
//
//   30s                       always
//   never                     what waits for it waits for ever
//   uniform(a b)              evenly between
//   triangular(min mode max)  mostly about `mode`
//   exponential(mean=a)       what comes by at random
//   lognormal(p50=a p95=b)    usually `a`, one in twenty takes longer than `b`; or p99=
//   weibull(shape=k scale=a)  wears out (k > 1) or settles (k < 1)
//   empirical(a b c …)        as measured, straight lines between the values
//   mix(90% DIST 10% DIST …)  one of several kinds of cases
//   DIST clamp(a b)           no shorter than a, no longer than b; `never` stays never
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <variant>
#include <vector>

#include "base/chooser.h"
#include "base/fixed_point.h"
#include "base/time.h"

namespace wavetank::base {

// Longer is never drawn, so that many of them can be added.
constexpr Duration kLongestDraw = std::chrono::hours(24 * 365 * 10);

struct DistributionError {
  std::string message;
  std::size_t offset = 0;  // of the word it is about, in bytes from the start of the text
};

class Distribution {
 public:
  struct Constant {
    Duration value{};
  };
  struct Never {};
  struct Uniform {
    Duration min{};
    Duration max{};
  };
  struct Triangular {
    Duration min{};
    Duration mode{};
    Duration max{};
  };
  struct Exponential {
    Duration mean{};
  };
  struct Lognormal {
    Duration median{};
    Fixed sigma = 0;  // of the logarithm
  };
  struct Weibull {
    Fixed shape = kFixedOne;
    Duration scale{};
  };
  struct Empirical {
    std::vector<Duration> values;  // ascending, at least one
  };
  struct Part;
  struct Mix {
    std::vector<Part> parts;  // the most likely one first
  };
  using Form = std::variant<Constant, Never, Uniform, Triangular, Exponential, Lognormal, Weibull,
                            Empirical, Mix>;
  struct Bounds {
    Duration min{};
    Duration max = kLongestDraw;
  };

  explicit Distribution(Form form);
  Distribution(Form form, Bounds bounds);

  // Nothing: never.
  [[nodiscard]] std::optional<Duration> draw(const ChoiceId& id, Chooser& chooser) const;

  // What is always drawn: a plain duration. Nothing when chance has a say, or for `never`.
  [[nodiscard]] std::optional<Duration> constant() const;

 private:
  Form form_;
  Bounds bounds_;
};

struct Distribution::Part {
  std::uint32_t weight = 0;
  Distribution distribution;
};

// A lognormal distribution by its median and a high quantile. REQUIRES: 0 < median <= high.
enum class HighQuantile : std::uint8_t { P95, P99 };
[[nodiscard]] Distribution::Lognormal lognormal(Duration median, HighQuantile which, Duration high);

// The syntax above. REQUIRES nothing: whatever is wrong with the text is an error.
[[nodiscard]] tl::expected<Distribution, DistributionError> parse_distribution(
    std::string_view text);

// "97%", "0.25%" in millionths of a percent; nothing for anything else, and above 100 %.
[[nodiscard]] std::optional<std::uint32_t> parse_percentage(std::string_view text);
constexpr std::uint32_t kWhole = 100'000'000;
[[nodiscard]] std::string percentage_text(std::uint64_t value);

// Chances that belong together, in smallest whole numbers; they add up to what a Chooser is asked.
// REQUIRES: one of them is not zero.
void shorten(std::vector<std::uint32_t>& weights);

// Which of the weights is drawn. The first should be the largest: choice 0 falls to it.
// REQUIRES: their sum fits 32 bits and is not zero.
[[nodiscard]] std::size_t draw_weighted(const std::vector<std::uint32_t>& weights,
                                        const ChoiceId& id, Chooser& chooser);

}  // namespace wavetank::base
