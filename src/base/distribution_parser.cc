// Reads the syntax of distributions. Every error points at the word it is about.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/distribution.h"
#include "base/text_distance.h"

namespace wavetank::base {

namespace {

template <typename T>
using Parsed = tl::expected<T, DistributionError>;

constexpr std::array<std::string_view, 9> kForms{"never",       "uniform",   "triangular",
                                                 "exponential", "lognormal", "weibull",
                                                 "empirical",   "mix",       "clamp"};
constexpr int kDeepest = 8;

struct Word {
  std::string_view text;
  std::size_t offset = 0;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

// Digits, a point, digits: in units of 10^-places. Nothing for anything else.
std::optional<std::uint64_t> parse_decimal(std::string_view text, int places) {
  constexpr std::uint64_t kMost = 1'000'000'000;
  std::uint64_t value = 0;
  int behind = -1;
  bool has_digit = false;
  for (const char c : text) {
    if (c == '.' && behind < 0) {
      behind = 0;
      continue;
    }
    if (c < '0' || c > '9' || behind == places || value > kMost * kMost) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(c - '0');
    has_digit = true;
    if (behind >= 0) ++behind;
  }
  if (!has_digit || behind == 0) return std::nullopt;
  for (int i = std::max(behind, 0); i < places; ++i) {
    if (value > kMost * kMost) return std::nullopt;
    value *= 10;
  }
  return value;
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Parsed<Distribution> parse() {
    auto distribution = parse_clamped(0);
    if (!distribution) return distribution;
    const Word rest = next();
    if (rest.offset == text_.size()) return distribution;
    const std::string_view what = rest.text.empty() ? text_.substr(rest.offset, 1) : rest.text;
    return error(rest.offset, fmt::format("`{}` stands behind the end of the distribution", what));
  }

 private:
  static tl::unexpected<DistributionError> error(std::size_t offset, std::string message) {
    return tl::unexpected(DistributionError{.message = std::move(message), .offset = offset});
  }

  void skip_spaces() {
    while (position_ < text_.size() && is_space(text_[position_])) ++position_;
  }
  // The word that comes next, without taking it; empty before a parenthesis and at the end.
  Word next() {
    skip_spaces();
    std::size_t end = position_;
    while (end < text_.size() && !is_space(text_[end]) && text_[end] != '(' && text_[end] != ')') {
      ++end;
    }
    return {.text = text_.substr(position_, end - position_), .offset = position_};
  }
  Word take() {
    const Word word = next();
    position_ += word.text.size();
    return word;
  }
  bool take_sign(char sign) {
    skip_spaces();
    if (position_ >= text_.size() || text_[position_] != sign) return false;
    ++position_;
    return true;
  }

  Parsed<Distribution> parse_clamped(int depth);
  Parsed<Distribution::Form> parse_form(int depth);
  Parsed<Distribution::Form> parse_call(const Word& name, int depth);
  Parsed<Distribution::Form> parse_mix(const Word& name, int depth);
  Parsed<Distribution::Form> parse_lognormal(const Word& name);
  Parsed<Distribution::Form> parse_weibull(const Word& name);
  Parsed<std::vector<Word>> words_of(const Word& name);
  Parsed<std::vector<Word>> values_of(const Word& name, std::vector<std::string_view> keys);
  Parsed<std::vector<Duration>> ascending(const Word& name, std::size_t count);
  Parsed<Duration> duration(const Word& word);

  std::string_view text_;
  std::size_t position_ = 0;
};

Parsed<Duration> Parser::duration(const Word& word) {
  const auto value = parse_duration(word.text);
  if (!value) return error(word.offset, fmt::format("`{}` is no duration such as 30s", word.text));
  if (*value > kLongestDraw) {
    return error(word.offset, fmt::format("`{}` is longer than ten years", word.text));
  }
  return *value;
}

// The words in the parentheses behind `name`, which are taken.
Parsed<std::vector<Word>> Parser::words_of(const Word& name) {
  std::vector<Word> words;
  while (true) {
    const Word word = take();
    if (!word.text.empty()) {
      if (word.text.find(',') != std::string_view::npos) {
        return error(word.offset,
                     fmt::format("`{}` has a comma, values are separated by spaces", word.text));
      }
      words.push_back(word);
      continue;
    }
    if (take_sign(')')) return words;
    return error(name.offset, fmt::format("`{}(` is not closed", name.text));
  }
}

// Durations of which none is shorter than the one before; 0: as many as there are, but one at
// least.
Parsed<std::vector<Duration>> Parser::ascending(const Word& name, std::size_t count) {
  const auto words = words_of(name);
  if (!words) return tl::unexpected(words.error());
  if (count != 0 && words->size() != count) {
    return error(name.offset,
                 fmt::format("`{}` takes {} durations, not {}", name.text, count, words->size()));
  }
  if (words->empty()) {
    return error(name.offset, fmt::format("`{}` takes one duration at least", name.text));
  }
  std::vector<Duration> values;
  for (const Word& word : *words) {
    const auto value = duration(word);
    if (!value) return tl::unexpected(value.error());
    if (count != 0 && !values.empty() && *value < values.back()) {
      return error(word.offset, fmt::format("`{}` is shorter than `{}` before it", word.text,
                                            (&word - 1)->text));
    }
    values.push_back(*value);
  }
  return values;
}

// The values of `key=value` words, in the order of `keys`; those that are not there are empty.
Parsed<std::vector<Word>> Parser::values_of(const Word& name, std::vector<std::string_view> keys) {
  const auto words = words_of(name);
  if (!words) return tl::unexpected(words.error());
  std::vector<Word> values(keys.size());
  for (const Word& word : *words) {
    const auto equals = word.text.find('=');
    const std::string_view key = word.text.substr(0, equals);
    const auto known = std::find(keys.begin(), keys.end(), key);
    if (equals == std::string_view::npos || known == keys.end()) {
      return error(word.offset, fmt::format("`{}` is none of the parameters of `{}`: {}=",
                                            word.text, name.text, fmt::join(keys, "=, ")));
    }
    Word& value = values[static_cast<std::size_t>(known - keys.begin())];
    if (!value.text.empty()) {
      return error(word.offset, fmt::format("`{}=` is given twice", key));
    }
    value = {.text = word.text.substr(equals + 1), .offset = word.offset + equals + 1};
    if (value.text.empty()) return error(word.offset, fmt::format("`{}=` has no value", key));
  }
  return values;
}

Parsed<Distribution::Form> Parser::parse_lognormal(const Word& name) {
  const auto values = values_of(name, {"p50", "p95", "p99"});
  if (!values) return tl::unexpected(values.error());
  const Word& p50 = values->at(0);
  const bool has_p95 = !values->at(1).text.empty();
  const bool has_p99 = !values->at(2).text.empty();
  if (p50.text.empty() || has_p95 == has_p99) {
    return error(name.offset, "`lognormal` takes p50= and one of p95= and p99=");
  }
  const auto median = duration(p50);
  if (!median) return tl::unexpected(median.error());
  const Word& word = values->at(has_p95 ? 1 : 2);
  const auto high = duration(word);
  if (!high) return tl::unexpected(high.error());
  if (*median == Duration::zero()) {
    return error(p50.offset, "the median of `lognormal` must be more than zero");
  }
  if (*high < *median) {
    return error(word.offset,
                 fmt::format("`{}` is shorter than the median `{}`", word.text, p50.text));
  }
  return lognormal(*median, has_p95 ? HighQuantile::P95 : HighQuantile::P99, *high);
}

Parsed<Distribution::Form> Parser::parse_weibull(const Word& name) {
  const auto values = values_of(name, {"shape", "scale"});
  if (!values) return tl::unexpected(values.error());
  const Word& shape = values->at(0);
  if (shape.text.empty() || values->at(1).text.empty()) {
    return error(name.offset, "`weibull` takes shape= and scale=");
  }
  // Beyond these the quantiles are all but one value, or all but nothing and for ever.
  constexpr int kPlaces = 6;
  constexpr std::uint64_t kUnit = 1'000'000;
  const auto number = parse_decimal(shape.text, kPlaces);
  if (!number || *number < kUnit / 20 || *number > 1'000 * kUnit) {
    return error(shape.offset, fmt::format("`{}` is no number from 0.05 to 1000", shape.text));
  }
  const auto scale = duration(values->at(1));
  if (!scale) return tl::unexpected(scale.error());
  return Distribution::Weibull{
      .shape = quotient(static_cast<std::int64_t>(*number), std::int64_t{kUnit}), .scale = *scale};
}

Parsed<Distribution::Form> Parser::parse_mix(const Word& name, int depth) {
  std::vector<Distribution> kinds;
  std::vector<std::uint32_t> weights;
  std::uint64_t sum = 0;
  while (true) {
    const Word word = take();
    if (word.text.empty()) {
      if (take_sign(')')) break;
      return error(name.offset, fmt::format("`{}(` is not closed", name.text));
    }
    const auto weight = parse_percentage(word.text);
    if (!weight) {
      return error(word.offset, fmt::format("`{}` is no percentage such as 90%", word.text));
    }
    auto kind = parse_clamped(depth + 1);
    if (!kind) return tl::unexpected(kind.error());
    weights.push_back(*weight);
    kinds.push_back(*std::move(kind));
    sum += *weight;
  }
  if (sum != kWhole) {
    return error(name.offset,
                 fmt::format("the parts of `mix` add up to {}, not to 100%", percentage_text(sum)));
  }
  shorten(weights);
  Distribution::Mix mix;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    mix.parts.push_back({.weight = weights[i], .distribution = std::move(kinds[i])});
  }
  std::stable_sort(mix.parts.begin(), mix.parts.end(),
                   [](const auto& a, const auto& b) { return a.weight > b.weight; });
  return mix;
}

// What stands behind "name(".
Parsed<Distribution::Form> Parser::parse_call(const Word& name, int depth) {
  if (name.text == "mix") return parse_mix(name, depth);
  if (name.text == "lognormal") return parse_lognormal(name);
  if (name.text == "weibull") return parse_weibull(name);
  if (name.text == "exponential") {
    const auto values = values_of(name, {"mean"});
    if (!values) return tl::unexpected(values.error());
    if (values->front().text.empty()) return error(name.offset, "`exponential` takes mean=");
    const auto mean = duration(values->front());
    if (!mean) return tl::unexpected(mean.error());
    return Distribution::Exponential{*mean};
  }
  const std::size_t count = name.text == "uniform" ? 2 : name.text == "triangular" ? 3 : 0;
  auto values = ascending(name, count);
  if (!values) return tl::unexpected(values.error());
  if (count == 2) return Distribution::Uniform{values->at(0), values->at(1)};
  if (count == 3) return Distribution::Triangular{values->at(0), values->at(1), values->at(2)};
  std::sort(values->begin(), values->end());
  return Distribution::Empirical{*std::move(values)};
}

Parsed<Distribution::Form> Parser::parse_form(int depth) {
  const Word word = take();
  if (word.text.empty()) return error(word.offset, "a duration or a distribution is expected");
  if (depth > kDeepest) return error(word.offset, "too many mixes in each other");
  const bool is_form = std::find(kForms.begin(), kForms.end(), word.text) != kForms.end();
  const bool is_call = word.text != "never" && word.text != "clamp";
  if (is_form && is_call) {
    if (take_sign('(')) return parse_call(word, depth);
    return error(word.offset, fmt::format("`{}` takes values in parentheses", word.text));
  }
  if (word.text == "never") return Distribution::Never{};
  if (word.text == "clamp") return error(word.offset, "`clamp` stands behind a distribution");
  const bool begins_as_number = word.text.front() >= '0' && word.text.front() <= '9';
  if (!begins_as_number) {
    const std::string_view near = nearest(word.text, kForms);
    return error(word.offset,
                 fmt::format("`{}` is no duration and no distribution{}", word.text,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
  const auto value = duration(word);
  if (!value) return tl::unexpected(value.error());
  return Distribution::Constant{*value};
}

Parsed<Distribution> Parser::parse_clamped(int depth) {
  auto form = parse_form(depth);
  if (!form) return tl::unexpected(form.error());
  if (next().text != "clamp") return Distribution(*std::move(form));
  const Word name = take();
  if (!take_sign('(')) return error(name.offset, "`clamp` takes values in parentheses");
  const auto bounds = ascending(name, 2);
  if (!bounds) return tl::unexpected(bounds.error());
  return Distribution(*std::move(form), {.min = bounds->at(0), .max = bounds->at(1)});
}

}  // namespace

std::optional<std::uint32_t> parse_percentage(std::string_view text) {
  if (!text.ends_with('%')) return std::nullopt;
  constexpr int kPlaces = 6;
  const auto value = parse_decimal(text.substr(0, text.size() - 1), kPlaces);
  if (!value || *value > kWhole) return std::nullopt;
  return static_cast<std::uint32_t>(*value);
}

std::string percentage_text(std::uint64_t value) {
  constexpr std::uint64_t kUnit = kWhole / 100;
  std::string text = fmt::format("{}.{:06}", value / kUnit, value % kUnit);
  while (text.ends_with('0')) text.pop_back();
  if (text.ends_with('.')) text.pop_back();
  return text + "%";
}

Parsed<Distribution> parse_distribution(std::string_view text) { return Parser(text).parse(); }

}  // namespace wavetank::base
