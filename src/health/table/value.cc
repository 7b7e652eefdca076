#include "health/table/value.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <utility>

namespace wavetank::health::table {

using nlohmann::json;

namespace {

// The first integers beyond the range of int64.
constexpr double kIntegerLimit = 9223372036854775808.0;

bool is_integer(double number) {
  return number >= -kIntegerLimit && number < kIntegerLimit && std::trunc(number) == number;
}

const json* table_of(const Value& value) {
  const auto* const table = std::get_if<const json*>(&value);
  return table == nullptr ? nullptr : *table;
}

std::string_view without_blanks(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\n";
  const auto begin = text.find_first_not_of(kBlanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlanks) - begin + 1);
}

// A whole text as an integer, with an optional sign.
std::optional<double> read_integer(std::string_view text, int base) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return static_cast<double>(number);
}

std::optional<double> read_float(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return number;
}

bool is_hexadecimal(std::string_view text) {
  return text.size() > 1 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
}

}  // namespace

Value value_of(const json& value) {
  if (value.is_null()) return {};
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>();
  if (value.is_string()) return value.get<std::string>();
  return &value;
}

bool is_nil(const Value& value) { return std::holds_alternative<std::monostate>(value); }

bool is_true(const Value& value) {
  const auto* const flag = std::get_if<bool>(&value);
  return flag == nullptr ? !is_nil(value) : *flag;
}

bool is_table(const Value& value) { return type_name(value) == "table"; }

std::string_view type_name(const Value& value) {
  constexpr std::array<std::string_view, 7> kNames{"nil",   "boolean", "number", "string",
                                                   "table", "table",   "table"};
  return kNames.at(value.index());
}

bool equal(const Value& left, const Value& right) {
  if (left.index() != right.index()) return false;
  if (std::holds_alternative<bool>(left)) return std::get<bool>(left) == std::get<bool>(right);
  if (std::holds_alternative<double>(left)) {
    return std::get<double>(left) == std::get<double>(right);
  }
  if (std::holds_alternative<std::string>(left)) {
    return std::get<std::string>(left) == std::get<std::string>(right);
  }
  if (table_of(left) != nullptr) return table_of(left) == table_of(right);
  return is_nil(left);
}

std::string print(double number) {
  if (is_integer(number)) return fmt::format("{}", static_cast<std::int64_t>(number));
  // Go prints other numbers with the fewest digits that tell them apart, and with an exponent from
  // a million on and below a ten thousandth.
  const double size = std::fabs(number);
  const bool has_exponent = size >= 1e6 || size < 1e-4;
  std::array<char, 64> buffer{};
  const auto written =
      std::to_chars(buffer.data(), buffer.data() + buffer.size(), number,
                    has_exponent ? std::chars_format::scientific : std::chars_format::fixed);
  return {buffer.data(), written.ptr};
}

std::optional<std::string> as_text(const Value& value) {
  if (const auto* const text = std::get_if<std::string>(&value)) return *text;
  if (const auto* const number = std::get_if<double>(&value)) return print(*number);
  return std::nullopt;
}

Value to_number(const Value& value) {
  if (std::holds_alternative<double>(value)) return value;
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) return {};
  const std::string_view digits = without_blanks(*text);
  std::optional<double> number;
  if (digits.find('.') != std::string_view::npos) {
    number = read_float(digits);
  } else if (is_hexadecimal(digits)) {
    number = read_integer(digits.substr(2), 16);
  } else {
    number = read_integer(digits, 10);
  }
  return number ? Value(*number) : Value();
}

Value field(const Value& of, std::string_view name, Failure& failure) {
  // Texts have the functions of the string library as fields, whose names no check asks for.
  if (std::holds_alternative<std::string>(of)) return {};
  if (!is_table(of)) {
    failure.report(
        fmt::format("attempt to index a non-table object({}) with key '{}'", type_name(of), name));
    return {};
  }
  const json* const table = table_of(of);
  if (table == nullptr || !table->is_object()) return {};
  const auto found = table->find(std::string(name));
  return found == table->end() ? Value() : value_of(*found);
}

Value item(const Value& of, const Value& key, Failure& failure) {
  if (const auto* const name = std::get_if<std::string>(&key)) return field(of, *name, failure);
  const auto* const place = std::get_if<double>(&key);
  if (place == nullptr || std::holds_alternative<std::string>(of) || !is_table(of)) {
    return field(of, as_text(key).value_or(std::string(type_name(key))), failure);
  }
  const auto all = elements(of);
  const bool is_inside =
      is_integer(*place) && *place >= 1 && *place <= static_cast<double>(all.size());
  return is_inside ? value_of(*all[static_cast<std::size_t>(*place) - 1]) : Value();
}

namespace {

bool can_compare(const Value& left, const Value& right, Failure& failure) {
  const bool numbers =
      std::holds_alternative<double>(left) && std::holds_alternative<double>(right);
  const bool texts =
      std::holds_alternative<std::string>(left) && std::holds_alternative<std::string>(right);
  if (numbers || texts) return true;
  failure.report(fmt::format("attempt to compare {} with {}", type_name(left), type_name(right)));
  return false;
}

}  // namespace

bool less(const Value& left, const Value& right, Failure& failure) {
  if (!can_compare(left, right, failure)) return false;
  if (const auto* const number = std::get_if<double>(&left)) {
    return *number < std::get<double>(right);
  }
  return std::get<std::string>(left) < std::get<std::string>(right);
}

bool less_or_equal(const Value& left, const Value& right, Failure& failure) {
  if (!can_compare(left, right, failure)) return false;
  if (const auto* const number = std::get_if<double>(&left)) {
    return *number <= std::get<double>(right);
  }
  return std::get<std::string>(left) <= std::get<std::string>(right);
}

Value length(const Value& of, Failure& failure) {
  if (const auto* const text = std::get_if<std::string>(&of)) {
    return static_cast<double>(text->size());
  }
  if (const auto* const list = std::get_if<TextList>(&of)) {
    return static_cast<double>(list->items.size());
  }
  if (!is_table(of)) {
    failure.report(fmt::format("__len undefined for a {}", type_name(of)));
    return {};
  }
  return static_cast<double>(elements(of).size());
}

std::string join(const Value& left, const Value& right, Failure& failure) {
  const auto first = as_text(left);
  const auto second = as_text(right);
  if (first && second) return *first + *second;
  failure.report(fmt::format("cannot perform concat operation between {} and {}", type_name(left),
                             type_name(right)));
  return {};
}

double operand(const Value& value, Failure& failure) {
  if (const auto* const number = std::get_if<double>(&value)) return *number;
  if (const auto* const text = std::get_if<std::string>(&value)) {
    const std::string_view digits = without_blanks(*text);
    const auto number =
        is_hexadecimal(digits) ? read_integer(digits.substr(2), 16) : read_float(digits);
    if (number) return *number;
  }
  failure.report(fmt::format("cannot perform arithmetic on a {}", type_name(value)));
  return 0;
}

std::vector<const json*> elements(const Value& of) {
  if (const auto* const list = std::get_if<std::vector<const json*>>(&of)) return *list;
  std::vector<const json*> all;
  const json* const table = table_of(of);
  if (table == nullptr || !table->is_array()) return all;
  for (const json& element : *table) {
    if (!element.is_null()) all.push_back(&element);
  }
  return all;
}

}  // namespace wavetank::health::table
