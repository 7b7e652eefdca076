#include "base/time.h"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace wavetank::base {

namespace {

struct Unit {
  std::string_view suffix;
  std::int64_t nanoseconds;
};

// Longer suffixes first: "ms" is not "m" followed by "s".
constexpr std::array kUnits{
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"ms", 1'000'000},
    Unit{"h", 3'600'000'000'000},
    Unit{"m", 60'000'000'000},
    Unit{"s", 1'000'000'000},
};

constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads digits; nothing when there are none or too many.
std::optional<std::int64_t> take_number(std::string_view& text) {
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  std::int64_t value = 0;
  while (!text.empty() && is_digit(text.front())) {
    const std::int64_t digit = text.front() - '0';
    if (value > (kMax - digit) / 10) return std::nullopt;
    value = value * 10 + digit;
    text.remove_prefix(1);
  }
  return value;
}

// The digits behind a decimal point, if there is one.
std::string_view take_fraction(std::string_view& text) {
  if (!text.starts_with('.')) return {};
  text.remove_prefix(1);
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

}  // namespace

std::optional<Duration> parse_duration(std::string_view text) {
  std::string_view rest = text;
  if (const auto seconds = take_number(rest); seconds && rest.empty()) {
    if (*seconds > kMax / 1'000'000'000) return std::nullopt;
    return Duration(*seconds * 1'000'000'000);
  }
  rest = text;
  std::int64_t total = 0;
  do {
    const auto whole = take_number(rest);
    if (!whole) return std::nullopt;
    const std::string_view digits = take_fraction(rest);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (unit == nullptr && rest.starts_with(candidate.suffix)) unit = &candidate;
    }
    if (unit == nullptr || *whole > kMax / unit->nanoseconds) return std::nullopt;
    rest.remove_prefix(unit->suffix.size());
    std::int64_t part = *whole * unit->nanoseconds;
    std::int64_t scale = unit->nanoseconds;
    for (const char digit : digits) {
      scale /= 10;
      part += (digit - '0') * scale;
    }
    if (part < 0 || total > kMax - part) return std::nullopt;
    total += part;
  } while (!rest.empty());
  return Duration(total);
}

std::string format_duration(Duration duration) {
  std::int64_t left = duration.count();
  if (left < 0) return "-" + format_duration(-duration);
  std::string text;
  for (const Unit& unit : {kUnits[3], kUnits[4]}) {
    if (left < unit.nanoseconds) continue;
    text += fmt::format("{}{}", left / unit.nanoseconds, unit.suffix);
    left %= unit.nanoseconds;
  }
  if (left == 0) return text.empty() ? "0s" : text;
  std::string fraction = fmt::format("{:09}", left % 1'000'000'000);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  text += fmt::format("{}{}{}s", left / 1'000'000'000, fraction.empty() ? "" : ".", fraction);
  return text;
}

}  // namespace wavetank::base
