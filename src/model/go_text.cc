#include "model/go_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>

#include "base/utf8.h"
#include "model/hook.h"

namespace wavetank::model {

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

std::string escaped_bytes(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) result += fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
  return result;
}

// The quotes of errors about durations: everything but printable ASCII as bytes, except DEL.
// Source: time/format.go (quote).
std::string quoted_duration(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') result += '\\';
    const auto byte = static_cast<unsigned char>(c);
    result += byte < 0x20 || byte >= 0x80 ? escaped_bytes({&c, 1}) : std::string(1, c);
  }
  return result + '"';
}

struct Runes {
  char32_t first;
  char32_t last;
};

// Beyond ASCII, what Go calls unprintable: white space and what has no shape of its own, of the
// blocks that occur in texts, and the private areas.
constexpr std::array kUnprintable{
    Runes{0x80, 0xA0},     Runes{0xAD, 0xAD},     Runes{0x600, 0x605},      Runes{0x61C, 0x61C},
    Runes{0x1680, 0x1680}, Runes{0x180E, 0x180E}, Runes{0x2000, 0x200F},    Runes{0x2028, 0x202F},
    Runes{0x205F, 0x206F}, Runes{0x3000, 0x3000}, Runes{0xE000, 0xF8FF},    Runes{0xFEFF, 0xFEFF},
    Runes{0xFFF0, 0xFFFB}, Runes{0xFFFE, 0xFFFF}, Runes{0xE0000, 0x10FFFF},
};

bool is_printable(char32_t rune) {
  if (rune < 0x80) return rune >= 0x20 && rune < 0x7F;
  return std::none_of(kUnprintable.begin(), kUnprintable.end(), [&](const Runes& range) {
    return rune >= range.first && rune <= range.last;
  });
}

// A rune that is not printed as it is.
std::string escaped(char32_t rune) {
  switch (rune) {
    case U'\a': return "\\a";
    case U'\b': return "\\b";
    case U'\f': return "\\f";
    case U'\n': return "\\n";
    case U'\r': return "\\r";
    case U'\t': return "\\t";
    case U'\v': return "\\v";
    default: break;
  }
  const auto code = static_cast<std::uint32_t>(rune);
  if (rune < 0x20 || rune == 0x7F) return fmt::format("\\x{:02x}", code);
  return rune < 0x10000 ? fmt::format("\\u{:04x}", code) : fmt::format("\\U{:08x}", code);
}

}  // namespace

std::string go_quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const base::Rune rune = base::first_rune(text);
    if (rune.value == U'"' || rune.value == U'\\') result += '\\';
    if (rune.is_invalid()) {
      result += escaped_bytes(text.substr(0, 1));
    } else if (is_printable(rune.value)) {
      result += text.substr(0, rune.width);
    } else {
      result += escaped(rune.value);
    }
    text.remove_prefix(rune.width);
  }
  return result + '"';
}

std::vector<std::string_view> go_fields(std::string_view text) {
  std::vector<std::string_view> found;
  std::size_t begin = 0;
  for (std::size_t at = 0; at <= text.size();) {
    const base::Rune rune = base::first_rune(text.substr(at));
    if (rune.width == 0 || base::is_space(rune.value)) {
      if (at > begin) found.push_back(text.substr(begin, at - begin));
      begin = at + rune.width;
    }
    at += std::max<std::size_t>(rune.width, 1);
  }
  return found;
}

// A number that leaves 64 bits is out of range at that digit, whatever follows; one that only
// leaves the signed half is read to its end. Source: strconv/atoi.go.
tl::expected<std::int64_t, std::string> parse_go_integer(std::string_view text) {
  if (const auto value = parse_wave(text)) return *value;
  const auto error = [&](std::string_view what) {
    return tl::unexpected(fmt::format("strconv.Atoi: parsing {}: {}", go_quoted(text), what));
  };
  constexpr std::uint64_t kMost = std::numeric_limits<std::uint64_t>::max();
  std::string_view digits = text;
  if (digits.starts_with('-') || digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.empty()) return error("invalid syntax");
  std::uint64_t value = 0;
  for (const char c : digits) {
    if (!is_digit(c)) return error("invalid syntax");
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (kMost - digit) / 10) break;
    value = value * 10 + digit;
  }
  return error("value out of range");
}

tl::expected<std::int64_t, std::string> parse_go_duration(std::string_view text) {
  const auto invalid = [&] {
    return tl::unexpected(fmt::format("time: invalid duration {}", quoted_duration(text)));
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
      return tl::unexpected(
          fmt::format("time: missing unit in duration {}", quoted_duration(text)));
    }
    const std::string_view name = rest.substr(0, length);
    rest.remove_prefix(length);
    const Unit* unit = nullptr;
    for (const Unit& candidate : kUnits) {
      if (candidate.name == name) unit = &candidate;
    }
    if (unit == nullptr) {
      return tl::unexpected(fmt::format("time: unknown unit {} in duration {}",
                                        quoted_duration(name), quoted_duration(text)));
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

}  // namespace wavetank::model
