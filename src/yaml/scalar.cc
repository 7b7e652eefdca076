#include "yaml/scalar.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <limits>

namespace wavetank::yaml {

namespace {

constexpr std::string_view kTagPrefix = "tag:yaml.org,2002:";

template <std::size_t N>
bool is_one_of(std::string_view text, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

constexpr std::array<std::string_view, 11> kTrue{"y",    "Y",    "yes", "Yes", "YES", "true",
                                                 "True", "TRUE", "on",  "On",  "ON"};
constexpr std::array<std::string_view, 11> kFalse{"n",     "N",     "no",  "No",  "NO", "false",
                                                  "False", "FALSE", "off", "Off", "OFF"};
constexpr std::array<std::string_view, 5> kNull{"", "~", "null", "Null", "NULL"};
constexpr std::array<std::string_view, 3> kNan{".nan", ".NaN", ".NAN"};
constexpr std::array<std::string_view, 3> kInfinity{".inf", ".Inf", ".INF"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

std::string without_underscores(std::string_view text) {
  std::string plain;
  for (const char c : text) {
    if (c != '_') plain += c;
  }
  return plain;
}

std::size_t count_digits(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_digit(text[end])) ++end;
  return end - at;
}

// [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?
bool looks_like_float(std::string_view text) {
  std::size_t at = 0;
  if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
  const std::size_t whole = count_digits(text, at);
  at += whole;
  if (at < text.size() && text[at] == '.') {
    const std::size_t fraction = count_digits(text, ++at);
    if (whole == 0 && fraction == 0) return false;
    at += fraction;
  } else if (whole == 0) {
    return false;
  }
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    ++at;
    if (at < text.size() && (text[at] == '+' || text[at] == '-')) ++at;
    const std::size_t exponent = count_digits(text, at);
    if (exponent == 0) return false;
    at += exponent;
  }
  return at == text.size();
}

std::optional<double> parse_float(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc::result_out_of_range) {
    // Too small is zero for Go; too large is no number.
    const auto exponent = text.find_first_of("eE");
    const bool is_small = exponent != std::string_view::npos && text.substr(exponent + 1, 1) == "-";
    return is_small ? std::optional<double>(0.0) : std::nullopt;
  }
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

// Go's ParseInt and ParseUint with base 0: 0x, 0o, 0b, a leading 0 for octal, else decimal.
std::optional<Number> parse_integer(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  const bool had_sign_twice = !text.empty() && (text.front() == '+' || text.front() == '-');
  int base = 10;
  if (text.size() > 1 && text.front() == '0') {
    const char mark = text[1];
    if (mark == 'x' || mark == 'X') base = 16;
    if (mark == 'o' || mark == 'O') base = 8;
    if (mark == 'b' || mark == 'B') base = 2;
    if (base != 10) {
      text.remove_prefix(2);
    } else {
      base = 8;
      text.remove_prefix(1);
    }
  }
  if (text.empty() || had_sign_twice) return std::nullopt;
  std::uint64_t magnitude = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), magnitude, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (negative) {
    if (magnitude > kMax + 1) return std::nullopt;
    return Number(static_cast<std::int64_t>(0 - magnitude));
  }
  if (magnitude <= kMax) return Number(static_cast<std::int64_t>(magnitude));
  return Number(magnitude);
}

std::optional<double> special_float(std::string_view text) {
  if (is_one_of(text, kNan)) return std::numeric_limits<double>::quiet_NaN();
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (!is_one_of(text, kInfinity)) return std::nullopt;
  const double infinity = std::numeric_limits<double>::infinity();
  return negative ? -infinity : infinity;
}

ScalarType plain_type(std::string_view text) {
  if (is_one_of(text, kNull)) return ScalarType::Null;
  if (is_one_of(text, kTrue) || is_one_of(text, kFalse)) return ScalarType::Bool;
  const char first = text.front();
  if (!is_digit(first) && first != '+' && first != '-' && first != '.') return ScalarType::String;
  const auto value = number_value(text);
  if (!value) return ScalarType::String;
  return std::holds_alternative<double>(*value) ? ScalarType::Float : ScalarType::Int;
}

}  // namespace

std::optional<ScalarType> scalar_type(std::string_view text, std::string_view tag,
                                      ScalarStyle style) {
  if (tag.empty()) return style == ScalarStyle::Plain ? plain_type(text) : ScalarType::String;
  if (!tag.starts_with(kTagPrefix)) return ScalarType::String;
  const std::string_view name = tag.substr(kTagPrefix.size());
  const ScalarType written = plain_type(text);
  if (name == "int" || name == "bool" || name == "null") {
    const ScalarType wanted = name == "int"    ? ScalarType::Int
                              : name == "bool" ? ScalarType::Bool
                                               : ScalarType::Null;
    if (written != wanted) return std::nullopt;
    return wanted;
  }
  if (name == "float") {
    if (written != ScalarType::Int && written != ScalarType::Float) return std::nullopt;
    return ScalarType::Float;
  }
  return ScalarType::String;
}

bool bool_value(std::string_view text) { return is_one_of(text, kTrue); }

std::optional<Number> number_value(std::string_view text) {
  if (text.empty()) return std::nullopt;
  if (const auto special = special_float(text)) return Number(*special);
  if (text.front() == '.') {
    if (const auto value = parse_float(text)) return Number(*value);
    return std::nullopt;
  }
  const std::string plain = without_underscores(text);
  if (plain.empty()) return std::nullopt;
  if (auto value = parse_integer(plain)) return value;
  if (looks_like_float(plain)) {
    if (const auto value = parse_float(plain)) return Number(*value);
  }
  return std::nullopt;
}

std::optional<std::string> key_text(const Node& key) {
  switch (key.type) {
    case ScalarType::Null: return std::nullopt;
    case ScalarType::String: return std::string(key.text);
    case ScalarType::Bool: return bool_value(key.text) ? "true" : "false";
    case ScalarType::Int:
    case ScalarType::Float: break;
  }
  const auto value = number_value(key.text);
  WAVETANK_CHECK(value.has_value());
  if (const auto* integer = std::get_if<std::int64_t>(&*value)) return std::to_string(*integer);
  if (std::holds_alternative<std::uint64_t>(*value)) return std::nullopt;
  const double number = std::get<double>(*value);
  if (std::isnan(number)) return ".nan";
  if (std::isinf(number)) return number > 0 ? ".inf" : "-.inf";
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(),
                                 static_cast<float>(number), std::chars_format::general);
  return std::string(buffer.data(), end.ptr);
}

std::string format_number(double value) {
  std::array<char, 64> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value,
                                 std::chars_format::scientific);
  std::string text(buffer.data(), end.ptr);
  const double size = std::abs(value);
  if (size != 0 && (size < 1e-6 || size >= 1e21)) {
    // Go writes e-9 where C++ writes e-09.
    if (const auto at = text.find("e-0"); at != std::string::npos) text.erase(at + 2, 1);
    return text;
  }
  // The shortest digits that read back, with zeros up to the decimal point.
  const auto mark = text.find('e');
  const int exponent = std::stoi(text.substr(mark + 1));
  const std::string sign = text.front() == '-' ? "-" : "";
  std::string digits;
  for (const char c : text.substr(0, mark)) {
    if (is_digit(c)) digits += c;
  }
  if (exponent < 0) {
    return sign + "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
  }
  const auto whole = static_cast<std::size_t>(exponent) + 1;
  if (digits.size() <= whole) return sign + digits + std::string(whole - digits.size(), '0');
  return sign + digits.substr(0, whole) + "." + digits.substr(whole);
}

}  // namespace wavetank::yaml
