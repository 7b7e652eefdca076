// Quantiles against values reckoned with 40 digits elsewhere; the syntax, word by word.
#include "base/distribution.h"

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::base {
namespace {

// Gives what it is told, one answer after another, and notes what it was asked.
class ScriptedChooser final : public Chooser {
 public:
  explicit ScriptedChooser(std::vector<std::uint32_t> answers) : answers_(std::move(answers)) {}
  std::uint32_t pick(const ChoiceId& id, std::uint32_t n) override {
    asked += fmt::format("{}<{} ", id.purpose, n);
    const std::uint32_t answer = next_ < answers_.size() ? answers_[next_++] : 0;
    return std::min(answer, n - 1);
  }
  std::string asked;

 private:
  std::vector<std::uint32_t> answers_;
  std::size_t next_ = 0;
};

Distribution read(std::string_view text) {
  auto parsed = parse_distribution(text);
  CAPTURE(text, parsed ? "" : parsed.error().message);
  REQUIRE(parsed.has_value());
  return *std::move(parsed);
}

// "5s" or "never", for these answers of the Chooser.
std::string drawn(std::string_view text, std::vector<std::uint32_t> answers = {}) {
  ScriptedChooser chooser(std::move(answers));
  const auto value = read(text).draw({.entity = "e", .purpose = "after"}, chooser);
  return value ? format_duration(*value) : "never";
}

std::int64_t nanoseconds(const Distribution& distribution, std::uint32_t k) {
  ScriptedChooser chooser({k});
  return distribution.draw({.entity = "e", .purpose = "after"}, chooser)->count();
}

// "offset: message" of what is wrong.
std::string error(std::string_view text) {
  const auto parsed = parse_distribution(text);
  if (parsed) return "none";
  return fmt::format("{}: {}", parsed.error().offset, parsed.error().message);
}

TEST_CASE("a plain duration is always drawn, without asking") {
  ScriptedChooser chooser({3});
  const Distribution distribution = read("1m30s");
  CHECK(distribution.draw({.entity = "e", .purpose = "after"}, chooser) ==
        Duration(std::chrono::seconds(90)));
  CHECK(chooser.asked.empty());
  CHECK(drawn("45") == "45s");
  CHECK(drawn(" 250ms ") == "0.25s");
}

TEST_CASE("never is a result of its own") { CHECK(drawn("never") == "never"); }

// The quantiles 1, 655, 16384, 32768, 49152, 64881 and 65535 of 65536.
void check_quantiles(std::string_view text, const std::array<std::int64_t, 7>& expected) {
  constexpr std::array<std::uint32_t, 7> kAt{1, 655, 16384, 32768, 49152, 64881, 65535};
  const Distribution distribution = read(text);
  CAPTURE(text);
  for (std::size_t i = 0; i < kAt.size(); ++i) {
    CAPTURE(kAt[i]);
    const std::int64_t off = std::abs(nanoseconds(distribution, kAt[i]) - expected[i]);
    CHECK(off <= expected[i] / 2'000 + 1);
  }
}

TEST_CASE("quantiles are those of mathematics, to one in two thousand") {
  check_quantiles("uniform(1s 3s)", {1'000'030'518, 1'019'989'014, 1'500'000'000, 2'000'000'000,
                                     2'500'000'000, 2'980'010'986, 2'999'969'482});
  check_quantiles("triangular(8s 15s 60s)",
                  {8'074'526'500, 9'907'354'316, 18'107'279'869, 25'794'737'247, 35'813'226'755,
                   55'163'974'153, 59'811'040'834});
  check_quantiles("exponential(mean=20s)", {305'178, 200'895'744, 5'753'641'449, 13'862'943'611,
                                            27'725'887'222, 92'114'393'066, 221'807'097'779});
  check_quantiles("lognormal(p50=20s p95=1m)",
                  {1'234'714'830, 4'228'326'361, 12'746'218'030, 20'000'000'000, 31'381'857'666,
                   94'600'077'158, 323'961'444'673});
  check_quantiles("lognormal(p50=12s p99=3m)",
                  {93'593'256, 799'808'038, 5'472'568'253, 12'000'000'000, 26'313'056'930,
                   180'043'201'742, 1'538'572'391'575});
  check_quantiles("weibull(shape=1.5 scale=1m)",
                  {36'911'937, 2'793'262'460, 26'147'275'902, 46'993'186'126, 74'597'033'093,
                   166'092'332'161, 298'388'132'370});
  check_quantiles("weibull(shape=0.5 scale=1m)",
                  {14, 6'053'865, 4'965'658'489, 28'827'180'835, 115'308'723'340, 1'272'759'211'501,
                   7'379'758'293'784});
}

TEST_CASE("measured values are joined by straight lines, in whatever order they are given") {
  CHECK(drawn("empirical(1s 2s 10s)") == "2s");
  CHECK(drawn("empirical(10s 1s 2s)", {49152}) == "6s");
  CHECK(drawn("empirical(1s 2s 10s)", {16384}) == "1.5s");
  CHECK(drawn("empirical(7s)", {60000}) == "7s");
}

TEST_CASE("choice 0 is the median") {
  CHECK(drawn("uniform(1s 3s)") == "2s");
  CHECK(drawn("lognormal(p50=20s p95=1m)") == "20s");
  CHECK(drawn("lognormal(p50=20s p99=1m)") == "20s");
  CHECK(drawn("triangular(0s 5s 10s)") == "5s");
}

TEST_CASE("a triangle may have its mode at an end, or no width") {
  CHECK(drawn("triangular(0s 0s 10s)", {49152}) == "5s");
  CHECK(drawn("triangular(0s 10s 10s)", {16384}) == "5s");
  CHECK(drawn("triangular(3s 3s 3s)", {16384}) == "3s");
}

TEST_CASE("clamp keeps what is drawn within its bounds, and never is never") {
  CHECK(drawn("lognormal(p50=20s p95=1m) clamp(5s 30s)", {1}) == "5s");
  CHECK(drawn("lognormal(p50=20s p95=1m) clamp(5s 30s)", {65535}) == "30s");
  CHECK(drawn("lognormal(p50=20s p95=1m) clamp(5s 30s)") == "20s");
  CHECK(drawn("2s clamp(5s 30s)") == "5s");
  CHECK(drawn("never clamp(5s 30s)") == "never");
}

TEST_CASE("of a mix the most likely part is the usual one, wherever it stands") {
  CHECK(drawn("mix(90% uniform(1s 3s) 10% never)") == "2s");
  CHECK(drawn("mix(10% never 90% uniform(1s 3s))") == "2s");
  CHECK(drawn("mix(50% 1s 50% 2s)") == "1s");
}

TEST_CASE("parts of a mix are drawn as often as they weigh") {
  CHECK(drawn("mix(90% 1s 10% never)", {8}) == "1s");
  CHECK(drawn("mix(90% 1s 10% never)", {9}) == "never");
  ScriptedChooser chooser({9, 49152});
  CHECK(read("mix(90% 1s 9.5% uniform(1s 3s) 0.5% never)")
            .draw({.entity = "e", .purpose = "after"}, chooser) ==
        Duration(std::chrono::seconds(1)));
  CHECK(chooser.asked == "after<200 ");
  CHECK(drawn("mix(90% 1s 9.5% uniform(1s 3s) 0.5% never)", {180, 49152}) == "2.5s");
  CHECK(drawn("mix(90% 1s 9.5% uniform(1s 3s) 0.5% never)", {199}) == "never");
}

TEST_CASE("mixes may hold mixes; each pick has a name of its own") {
  ScriptedChooser chooser({1, 1, 16384});
  const auto value = read("mix(50% 1s 50% mix(60% 2s 40% uniform(10s 20s) clamp(14s 15s)))")
                         .draw({.entity = "e", .purpose = "after"}, chooser);
  CHECK(value == Duration(std::chrono::seconds(2)));
  CHECK(chooser.asked == "after<2 after/part<5 ");
  CHECK(drawn("mix(50% 1s 50% mix(60% 2s 40% uniform(10s 20s) clamp(14s 15s)))", {1, 3, 1}) ==
        "14s");
  CHECK(drawn("mix(50% 1s 50% never) clamp(3s 4s)") == "3s");
}

TEST_CASE("nothing longer than ten years is drawn") {
  CHECK(drawn("lognormal(p50=87000h p95=87600h)", {65535}) == "87600h");
  CHECK(drawn("weibull(shape=0.05 scale=1h)", {65535}) == "87600h");
  CHECK(drawn("exponential(mean=87600h)", {65535}) == "87600h");
}

TEST_CASE("what is no distribution is told with its place") {
  CHECK(error("") == "0: a duration or a distribution is expected");
  CHECK(error("  ") == "2: a duration or a distribution is expected");
  CHECK(error("unifrom(1s 2s)") ==
        "0: `unifrom` is no duration and no distribution; did you mean `uniform`?");
  CHECK(error("soon") == "0: `soon` is no duration and no distribution");
  CHECK(error("5x") == "0: `5x` is no duration such as 30s");
  CHECK(error("90000h") == "0: `90000h` is longer than ten years");
  CHECK(error("uniform") == "0: `uniform` takes values in parentheses");
  CHECK(error("1s 2s") == "3: `2s` stands behind the end of the distribution");
  CHECK(error("never)") == "5: `)` stands behind the end of the distribution");
  CHECK(error("never(1s)") == "5: `(` stands behind the end of the distribution");
  CHECK(error("clamp(1s 2s)") == "0: `clamp` stands behind a distribution");
}

TEST_CASE("wrong values of a distribution are told with their place") {
  CHECK(error("uniform(1s)") == "0: `uniform` takes 2 durations, not 1");
  CHECK(error("triangular(1s 2s)") == "0: `triangular` takes 3 durations, not 2");
  CHECK(error("uniform(1s 2s") == "0: `uniform(` is not closed");
  CHECK(error("uniform(1s (2s)") == "0: `uniform(` is not closed");
  CHECK(error("uniform(1s, 2s)") == "8: `1s,` has a comma, values are separated by spaces");
  CHECK(error("uniform(3s 2s)") == "11: `2s` is shorter than `3s` before it");
  CHECK(error("triangular(1s 5s 2s)") == "17: `2s` is shorter than `5s` before it");
  CHECK(error("uniform(1s zwei)") == "11: `zwei` is no duration such as 30s");
  CHECK(error("empirical()") == "0: `empirical` takes one duration at least");
  CHECK(error("1s clamp(3s 2s)") == "12: `2s` is shorter than `3s` before it");
  CHECK(error("1s clamp") == "3: `clamp` takes values in parentheses");
  CHECK(error("1s clamp(1s)") == "3: `clamp` takes 2 durations, not 1");
}

TEST_CASE("wrong parameters of a distribution are told with their place") {
  CHECK(error("exponential(20s)") == "12: `20s` is none of the parameters of `exponential`: mean=");
  CHECK(error("exponential()") == "0: `exponential` takes mean=");
  CHECK(error("exponential(mean=)") == "12: `mean=` has no value");
  CHECK(error("exponential(mean=x)") == "17: `x` is no duration such as 30s");
  CHECK(error("lognormal(p50=1s)") == "0: `lognormal` takes p50= and one of p95= and p99=");
  CHECK(error("lognormal(p50=1s p95=2s p99=3s)") ==
        "0: `lognormal` takes p50= and one of p95= and p99=");
  CHECK(error("lognormal(p50=1s p90=2s)") ==
        "17: `p90=2s` is none of the parameters of `lognormal`: p50=, p95=, p99=");
  CHECK(error("lognormal(p50=1s p50=2s)") == "17: `p50=` is given twice");
  CHECK(error("lognormal(p50=0s p95=2s)") ==
        "14: the median of `lognormal` must be more than zero");
  CHECK(error("lognormal(p50=3s p95=2s)") == "21: `2s` is shorter than the median `3s`");
  CHECK(error("weibull(scale=1s)") == "0: `weibull` takes shape= and scale=");
  CHECK(error("weibull(shape=0 scale=1s)") == "14: `0` is no number from 0.05 to 1000");
  CHECK(error("weibull(shape=1e3 scale=1s)") == "14: `1e3` is no number from 0.05 to 1000");
  CHECK(error("weibull(shape=1 scale=soon)") == "22: `soon` is no duration such as 30s");
}

TEST_CASE("wrong mixes are told with their place") {
  CHECK(error("mix(90% 1s)") == "0: the parts of `mix` add up to 90%, not to 100%");
  CHECK(error("mix(99.5% 1s 0.75% 2s)") == "0: the parts of `mix` add up to 100.25%, not to 100%");
  CHECK(error("mix()") == "0: the parts of `mix` add up to 0%, not to 100%");
  CHECK(error("mix(90 1s 10% 2s)") == "4: `90` is no percentage such as 90%");
  CHECK(error("mix(101% 1s)") == "4: `101%` is no percentage such as 90%");
  CHECK(error("mix(90% 1s 10%)") == "14: a duration or a distribution is expected");
  CHECK(error("mix(90% 1s 10% uniform(2s 1s))") == "26: `1s` is shorter than `2s` before it");
  CHECK(error("mix(100% 1s") == "0: `mix(` is not closed");
  std::string deep = "1s";
  for (int i = 0; i < 8; ++i) deep = "mix(100% " + deep + ")";
  CHECK(error(deep) == "none");
  CHECK(error("mix(100% " + deep + ")") == "81: too many mixes in each other");
}

TEST_CASE("percentages have at most six decimal places") {
  CHECK(parse_percentage("97%") == 97'000'000);
  CHECK(parse_percentage("0.000001%") == 1);
  CHECK(parse_percentage("100%") == kWhole);
  for (const char* wrong : {"97", "%", "1.%", "0.0000001%", "-1%", "100.1%", "1.2.3%"}) {
    CHECK_FALSE(parse_percentage(wrong).has_value());
  }
}

std::string random_form() {
  const auto duration = [](int from, int to) { return *rc::gen::inRange(from, to); };
  const int a = duration(1, 100'000);
  const int b = a + duration(0, 1'000'000);
  const int c = b + duration(0, 1'000'000);
  switch (*rc::gen::inRange(0, 6)) {
    case 0: return fmt::format("uniform({}ms {}ms)", a, b);
    case 1: return fmt::format("triangular({}ms {}ms {}ms)", a, b, c);
    case 2: return fmt::format("exponential(mean={}ms)", a);
    case 3: return fmt::format("lognormal(p50={}ms p{}={}ms)", a, *rc::gen::element(95, 99), b);
    case 4: return fmt::format("weibull(shape={}.{} scale={}ms)", a % 9 + 1, b % 10, a);
    default: return fmt::format("empirical({}ms {}ms {}ms)", c, a, b);
  }
}

TEST_CASE("a higher quantile is never shorter") {
  rc::prop("monotone", [] {
    const std::string text = random_form();
    const Distribution distribution = *parse_distribution(text);
    const std::uint32_t k = *rc::gen::inRange<std::uint32_t>(1, 65'535);
    RC_LOG() << text << " at " << k;
    RC_ASSERT(nanoseconds(distribution, k) <= nanoseconds(distribution, k + 1));
  });
}

TEST_CASE("whatever the text, it is read or refused at a place within it") {
  rc::prop("no text breaks the parser", [] {
    std::string text;
    const int words = *rc::gen::inRange(0, 12);
    for (int i = 0; i < words; ++i) {
      text += *rc::gen::element<std::string>("mix", "(", ")", "100% ", "50% ", "1s ", "uniform",
                                             "never ", "clamp", "p50=", "lognormal", "weibull",
                                             "shape=", "9999999999999999999", ".", "=", "%", "\n",
                                             "empirical", "\x80");
    }
    const auto parsed = parse_distribution(text);
    if (parsed) {
      DefaultChooser chooser;
      (void)parsed->draw({}, chooser);
    } else {
      RC_ASSERT(parsed.error().offset <= text.size());
    }
  });
}

TEST_CASE("a seed draws the same nanoseconds on every machine") {
  const auto with_seed = [](std::string_view text, std::uint64_t seed) {
    SeededChooser chooser(seed);
    return read(text)
        .draw({.entity = "shop/batch/Job/shop/db", .purpose = "after"}, chooser)
        ->count();
  };
  std::string all;
  for (const char* text :
       {"uniform(1s 3s)", "triangular(8s 15s 60s)", "exponential(mean=20s)",
        "lognormal(p50=20s p95=1m)", "lognormal(p50=12s p99=3m)", "weibull(shape=1.5 scale=1m)",
        "empirical(1s 2s 10s 70s)", "mix(90% uniform(1s 2s) 10% exponential(mean=1h))"}) {
    for (const std::uint64_t seed : {1U, 2U, 42U}) all += fmt::format("{} ", with_seed(text, seed));
    all += "\n";
  }
  CHECK(all ==
        "2194061279 1377868652 2714294433 \n"
        "29292536686 16435178450 41716796980 \n"
        "18177894977 4188124989 38918813345 \n"
        "23566813911 11097433828 40807701122 \n"
        "15973389435 4298750989 41588098352 \n"
        "56298088123 21158149229 93519960165 \n"
        "8328735351 1566802978 44286499023 \n"
        "1751129150 1521362304 1603454589 \n");
}

}  // namespace
}  // namespace wavetank::base
