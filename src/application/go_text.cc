#include "application/go_text.h"

#include <fmt/format.h>

#include <array>
#include <limits>

namespace wavetank::application {

namespace {

struct Unit {
  std::string_view name;
  std::uint64_t nanoseconds;
};

constexpr std::array kUnits{
    Unit{"ns", 1},
    Unit{"us", 1'000},
    Unit{"\xC2\xB5s", 1'000},  // the micro sign
    Unit{"\xCE\xBCs", 1'000},  // the Greek letter mu
    Unit{"ms", 1'000'000},
    Unit{"s", 1'000'000'000},
    Unit{"m", 60'000'000'000},
    Unit{"h", 3'600'000'000'000},
};

constexpr std::uint64_t kLimit = std::uint64_t{1} << 63U;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The leading digits as a number; nothing when it exceeds 2^63.
std::optional<std::uint64_t> take_integer(std::string_view& text) {
  std::uint64_t value = 0;
  while (!text.empty() && is_digit(text.front())) {
    if (value > kLimit / 10) return std::nullopt;
    value = value * 10 + static_cast<std::uint64_t>(text.front() - '0');
    if (value > kLimit) return std::nullopt;
    text.remove_prefix(1);
  }
  return value;
}

struct Fraction {
  std::uint64_t value = 0;
  double scale = 1;
};

// The digits behind a point; those that no longer fit count for nothing.
Fraction take_fraction(std::string_view& text) {
  Fraction result;
  bool overflow = false;
  while (!text.empty() && is_digit(text.front())) {
    const auto digit = static_cast<std::uint64_t>(text.front() - '0');
    text.remove_prefix(1);
    if (overflow) continue;
    if (result.value > (kLimit - 1) / 10 || result.value * 10 + digit > kLimit) {
      overflow = true;
      continue;
    }
    result.value = result.value * 10 + digit;
    result.scale *= 10;
  }
  return result;
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      result += '\\';
      result += c;
    } else if (byte < 0x20 || byte >= 0x7F) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + '"';
}

tl::expected<std::int64_t, std::string> parse_go_duration(std::string_view text) {
  const auto invalid = [&] {
    return tl::unexpected(fmt::format("time: invalid duration {}", go_quoted(text)));
  };
  std::string_view rest = text;
  const bool negative = rest.starts_with('-');
  if (negative || rest.starts_with('+')) rest.remove_prefix(1);
  if (rest == "0") return 0;
  if (rest.empty()) return invalid();
  std::uint64_t total = 0;
  while (!rest.empty()) {
    if (rest.front() != '.' && !is_digit(rest.front())) return invalid();
    const std::size_t before = rest.size();
    const auto whole = take_integer(rest);
    if (!whole) return invalid();
    bool has_digits = rest.size() != before;
    Fraction fraction;
    if (rest.starts_with('.')) {
      rest.remove_prefix(1);
      const std::size_t behind_point = rest.size();
      fraction = take_fraction(rest);
      has_digits = has_digits || rest.size() != behind_point;
    }
    if (!has_digits) return invalid();
    std::size_t length = 0;
    while (length < rest.size() && rest[length] != '.' && !is_digit(rest[length])) ++length;
    if (length == 0) {
      return tl::unexpected(fmt::format("time: missing unit in duration {}", go_quoted(text)));
    }
    const std::string_view name = rest.substr(0, length);
    rest.remove_prefix(length);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == name) unit = &candidate;
    }
    if (unit == nullptr) {
      return tl::unexpected(
          fmt::format("time: unknown unit {} in duration {}", go_quoted(name), go_quoted(text)));
    }
    if (*whole > kLimit / unit->nanoseconds) return invalid();
    std::uint64_t part = *whole * unit->nanoseconds;
    if (fraction.value > 0) {
      part += static_cast<std::uint64_t>(static_cast<double>(fraction.value) *
                                         (static_cast<double>(unit->nanoseconds) / fraction.scale));
      if (part > kLimit) return invalid();
    }
    total += part;
    if (total > kLimit) return invalid();
  }
  if (negative) return static_cast<std::int64_t>(-total);
  if (total > kLimit - 1) return invalid();
  return static_cast<std::int64_t>(total);
}

}  // namespace wavetank::application
