// Values as Argo CD's interpreter of Lua (gopher-lua) sees them, over objects that stay JSON.
//
// JSON null does not exist: in a map the key is absent, in a list the elements move up. Numbers are
// doubles. What Lua refuses is refused here, too: the operation reports it to `Failure`, the first
// report stays, and the value that comes back means nothing.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace wavetank::health::table {

// A list that a check has built. Only texts and numbers can be joined.
struct TextList {
  std::vector<std::string> items;
  bool has_other = false;
};

// A list or map of the object, by pointer: tables are equal only to themselves.
using Value = std::variant<std::monostate, bool, double, std::string, const nlohmann::json*,
                           TextList, std::vector<const nlohmann::json*>>;

class Failure {
 public:
  void report(std::string message) {
    if (!message_) message_ = std::move(message);
  }
  [[nodiscard]] bool happened() const { return message_.has_value(); }
  [[nodiscard]] const std::string& message() const { return *message_; }

 private:
  std::optional<std::string> message_;
};

[[nodiscard]] Value value_of(const nlohmann::json& json);
[[nodiscard]] bool is_nil(const Value& value);
[[nodiscard]] bool is_true(const Value& value);  // everything but nil and false
[[nodiscard]] bool is_table(const Value& value);
[[nodiscard]] std::string_view type_name(const Value& value);
[[nodiscard]] bool equal(const Value& left, const Value& right);

// A text or a number, as text. Nothing for other values.
[[nodiscard]] std::optional<std::string> as_text(const Value& value);
[[nodiscard]] std::string print(double number);
// As Lua's tonumber(): texts are read, with blanks around them and hexadecimal ones.
[[nodiscard]] Value to_number(const Value& value);

[[nodiscard]] Value field(const Value& of, std::string_view name, Failure& failure);
[[nodiscard]] Value item(const Value& of, const Value& key, Failure& failure);
[[nodiscard]] bool less(const Value& left, const Value& right, Failure& failure);
[[nodiscard]] bool less_or_equal(const Value& left, const Value& right, Failure& failure);
[[nodiscard]] Value length(const Value& of, Failure& failure);
[[nodiscard]] std::string join(const Value& left, const Value& right, Failure& failure);
// The operand of an addition; texts that look like numbers are numbers.
[[nodiscard]] double operand(const Value& value, Failure& failure);

// The elements of a list, without nulls; none of a map.
[[nodiscard]] std::vector<const nlohmann::json*> elements(const Value& of);

}  // namespace wavetank::health::table
