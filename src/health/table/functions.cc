#include "health/table/functions.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <utility>

#include "base/check.h"

namespace wavetank::health::table {

using nlohmann::json;

namespace {

// The argument of a function that wants a text; numbers will do.
std::string text_argument(const Value& value, Failure& failure) {
  if (auto text = as_text(value)) return *std::move(text);
  failure.report(fmt::format("string expected, got {}", type_name(value)));
  return {};
}

// A method of a text, called on something: only texts have methods.
const std::string* subject(const Value& value, Failure& failure) {
  const auto* const text = std::get_if<std::string>(&value);
  if (text == nullptr) {
    failure.report(fmt::format("attempt to call a method of a {} value", type_name(value)));
  }
  return text;
}

bool table_argument(const Value& value, Failure& failure) {
  if (is_table(value)) return true;
  failure.report(fmt::format("table expected, got {}", type_name(value)));
  return false;
}

bool is_empty(const Value& value, Failure& failure) {
  if (!table_argument(value, failure)) return true;
  if (const auto* const list = std::get_if<TextList>(&value)) return list->items.empty();
  const auto* const table = std::get_if<const json*>(&value);
  if (table == nullptr || (*table)->is_array()) return elements(value).empty();
  return std::all_of((*table)->begin(), (*table)->end(),
                     [](const json& element) { return element.is_null(); });
}

std::string without(std::string text, const std::string& part) {
  for (auto at = text.find(part); at != std::string::npos && !part.empty();
       at = text.find(part, at)) {
    text.erase(at, part.size());
  }
  return text;
}

std::string lower(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

// As getShortSha() of the promoter's checks: nothing stays nothing.
Value shortened(const Value& value, Failure& failure) {
  if (!is_true(value)) return std::string();
  const std::string text = text_argument(value, failure);
  return text.size() > 7 ? Value(text.substr(0, 7)) : value;
}

Value join_list(const Value& list, const Value& separator, Failure& failure) {
  std::vector<std::string> parts;
  bool has_other = false;
  if (const auto* const built = std::get_if<TextList>(&list)) {
    parts = built->items;
    has_other = built->has_other;
  } else if (table_argument(list, failure)) {
    for (const json* element : elements(list)) {
      const auto text = as_text(value_of(*element));
      has_other = has_other || !text;
      parts.push_back(text.value_or(""));
    }
  }
  if (has_other) failure.report("invalid value in table for concat");
  std::string result;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i > 0) result += as_text(separator).value_or("");
    result += parts[i];
  }
  return result;
}

struct Digits {
  std::string_view found;
  std::string_view rest;
};

// The first run of digits, which may be empty.
Digits leading_digits(std::string_view text) {
  const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
  return {.found = text.substr(0, end), .rest = text.substr(end)};
}

// The first place in a text where "digits/digits" stands.
std::pair<std::string, std::string> ratio(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const Digits first = leading_digits(text.substr(i));
    if (first.found.empty() || !first.rest.starts_with('/')) continue;
    const Digits second = leading_digits(first.rest.substr(1));
    if (!second.found.empty()) return {std::string(first.found), std::string(second.found)};
  }
  return {};
}

Value part_of_ratio(const Value& value, bool wants_total, Failure& failure) {
  const auto [ready, total] = ratio(text_argument(value, failure));
  if (total.empty()) return {};
  return wants_total ? total : ready;
}

// table.sort() of a short list is a stable insertion sort; what it compares may be refused.
Value by_time(const Value& value, Failure& failure) {
  if (!table_argument(value, failure)) return {};
  std::vector<const json*> all = elements(value);
  const auto is_before = [&](const json* left, const json* right) {
    const Value a = field(value_of(*left), "lastTransitionTime", failure);
    if (is_nil(a)) return false;
    const Value b = field(value_of(*right), "lastTransitionTime", failure);
    return is_nil(b) || less(a, b, failure);
  };
  for (std::size_t i = 1; i < all.size(); ++i) {
    for (std::size_t j = i; j > 0 && is_before(all[j], all[j - 1]); --j) {
      std::swap(all[j], all[j - 1]);
    }
  }
  return all;
}

// For examples only: it fails nowhere.
Value sum(const Value& list, const Value& name) {
  Failure ignored;
  double total = 0;
  for (const json* element : elements(list)) {
    const Value part = field(value_of(*element), std::get<std::string>(name), ignored);
    if (const auto* const number = std::get_if<double>(&part)) total += *number;
  }
  return total;
}

Value whole(const Value& value, Failure& failure) {
  if (const auto* const number = std::get_if<double>(&value)) {
    // What does not fit into an int64 becomes the smallest one, as on the machines of Argo CD.
    constexpr double kLimit = 9223372036854775808.0;
    return *number < kLimit ? std::trunc(std::max(*number, -kLimit)) : -kLimit;
  }
  return text_argument(value, failure);
}

}  // namespace

Value call(Function function, const Value& first, const Value& second, Failure& failure) {
  switch (function) {
    case Function::ToNumber: return to_number(first);
    case Function::ToText: {
      if (const auto* const flag = std::get_if<bool>(&first)) return *flag ? "true" : "false";
      return as_text(first).value_or(std::string(type_name(first)));
    }
    case Function::Type: return std::string(type_name(first));
    case Function::IsEmpty: return is_empty(first, failure);
    case Function::Count: return table_argument(first, failure) ? length(first, failure) : Value();
    case Function::StartsWith: {
      const std::string* text = subject(first, failure);
      return text != nullptr && text->starts_with(std::get<std::string>(second));
    }
    case Function::EndsWith:
      return text_argument(first, failure).ends_with(std::get<std::string>(second));
    case Function::Without: {
      const std::string* text = subject(first, failure);
      return text == nullptr ? Value() : without(*text, std::get<std::string>(second));
    }
    case Function::Mentions: {
      const std::string text = lower(text_argument(first, failure));
      return text.find(std::get<std::string>(second)) != std::string::npos;
    }
    case Function::Whole: return whole(first, failure);
    case Function::Short: return shortened(first, failure);
    case Function::JoinList: return join_list(first, second, failure);
    case Function::Word: return text_argument(first, failure);
    case Function::ReadyOf: return part_of_ratio(first, false, failure);
    case Function::TotalOf: return part_of_ratio(first, true, failure);
    case Function::ByTime: return by_time(first, failure);
    case Function::Sum: return sum(first, second);
  }
  WAVETANK_CHECK(false);
}

}  // namespace wavetank::health::table
