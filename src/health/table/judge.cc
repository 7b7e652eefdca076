#include "health/table/judge.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/check.h"
#include "health/table/functions.h"
#include "health/table/value.h"

namespace wavetank::health::table {

using nlohmann::json;

namespace {

// How the run goes on after a step.
enum class Flow : std::uint8_t { Next, Break, Continue, End };

class Judge {
 public:
  explicit Judge(const json& object)
      : program_(program()), object_(object), variables_(program_.variables) {}

  Flow run(Block block);
  [[nodiscard]] Value evaluate(Index index);
  [[nodiscard]] Health verdict() const;

 private:
  Flow run(const Step& step);
  Flow loop(const Step& step);
  Flow loop_body(const Step& step, Value element, Value position);
  void append(const Step& step);
  Flow outcome(const Step& step);
  [[nodiscard]] Value binary(const Expression& expression);

  [[nodiscard]] std::string text(Index index) const { return std::string(program_.texts[index]); }

  const Program& program_;
  const json& object_;
  std::vector<Value> variables_;
  Value element_;
  Value position_;
  Value status_;
  Value message_;
  Failure failure_;
};

Value Judge::evaluate(Index index) {
  if (failure_.happened()) return {};
  const Expression& expression = program_.expressions[index];
  const auto& [op, a, b, c] = expression;
  switch (op) {
    case Op::Nil: return {};
    case Op::True: return true;
    case Op::False: return false;
    case Op::Number: return program_.numbers[a];
    case Op::Text: return text(a);
    case Op::List: return TextList{};
    case Op::Object: return value_of(object_);
    case Op::Element: return element_;
    case Op::Position: return position_;
    case Op::Variable: return variables_[a];
    case Op::Field: return field(evaluate(a), program_.texts[b], failure_);
    case Op::OptField: {
      const Value of = evaluate(a);
      return is_nil(of) ? Value() : field(of, program_.texts[b], failure_);
    }
    case Op::And: {
      Value left = evaluate(a);
      return is_true(left) ? evaluate(b) : left;
    }
    case Op::Or: {
      Value left = evaluate(a);
      return is_true(left) ? left : evaluate(b);
    }
    case Op::Not: return !is_true(evaluate(a));
    case Op::Length: return length(evaluate(a), failure_);
    case Op::Item:
    case Op::Equal:
    case Op::Less:
    case Op::LessEqual:
    case Op::Join:
    case Op::Add:
    case Op::Subtract: return binary(expression);
    case Op::Call: {
      const Value first = evaluate(b);
      const Value second = c == kNone ? Value() : evaluate(c);
      return call(static_cast<Function>(a), first, second, failure_);
    }
  }
  WAVETANK_CHECK(false);
}

Value Judge::binary(const Expression& expression) {
  const Value left = evaluate(expression.a);
  const Value right = evaluate(expression.b);
  if (failure_.happened()) return {};
  switch (expression.op) {
    case Op::Item: return item(left, right, failure_);
    case Op::Equal: return equal(left, right);
    case Op::Less: return less(left, right, failure_);
    case Op::LessEqual: return less_or_equal(left, right, failure_);
    case Op::Join: return join(left, right, failure_);
    case Op::Add: return operand(left, failure_) + operand(right, failure_);
    case Op::Subtract: return operand(left, failure_) - operand(right, failure_);
    case Op::Nil:
    case Op::True:
    case Op::False:
    case Op::Number:
    case Op::Text:
    case Op::List:
    case Op::Object:
    case Op::Element:
    case Op::Position:
    case Op::Variable:
    case Op::Field:
    case Op::OptField:
    case Op::And:
    case Op::Or:
    case Op::Not:
    case Op::Length:
    case Op::Call: break;
  }
  WAVETANK_CHECK(false);
}

Flow Judge::run(Block block) {
  for (Index i = block.begin; i < block.end; ++i) {
    const Flow flow = run(program_.steps[i]);
    if (failure_.happened()) return Flow::End;
    if (flow != Flow::Next) return flow;
  }
  return Flow::Next;
}

Flow Judge::run(const Step& step) {
  switch (step.kind) {
    case StepKind::Draft:
    case StepKind::Answer: return outcome(step);
    case StepKind::If: return run(is_true(evaluate(step.value)) ? step.body : step.otherwise);
    case StepKind::ForList:
    case StepKind::ForAll: return loop(step);
    case StepKind::Assign: variables_[step.variable] = evaluate(step.value); return Flow::Next;
    case StepKind::Append: append(step); return Flow::Next;
    case StepKind::Break: return Flow::Break;
    case StepKind::Continue: return Flow::Continue;
    case StepKind::Done: return Flow::End;
  }
  WAVETANK_CHECK(false);
}

Flow Judge::outcome(const Step& step) {
  if (step.value != kNone && !is_true(evaluate(step.value))) return Flow::Next;
  if (step.status != kNone) status_ = evaluate(step.status);
  if (step.message != kNone) message_ = evaluate(step.message);
  return step.kind == StepKind::Answer ? Flow::End : Flow::Next;
}

Flow Judge::loop_body(const Step& step, Value element, Value position) {
  element_ = std::move(element);
  position_ = std::move(position);
  const Flow flow = run(step.body);
  return flow == Flow::Continue ? Flow::Next : flow;
}

Flow Judge::loop(const Step& step) {
  const Value of = evaluate(step.value);
  if (failure_.happened() || (is_nil(of) && !step.is_strict)) return Flow::Next;
  if (!is_table(of)) {
    failure_.report("table expected, got " + std::string(type_name(of)));
    return Flow::End;
  }
  const Value outer_element = element_;
  const Value outer_position = position_;
  Flow flow = Flow::Next;
  if (const auto* const texts = std::get_if<TextList>(&of)) {
    for (std::size_t i = 0; i < texts->items.size() && flow == Flow::Next; ++i) {
      flow = loop_body(step, texts->items[i], static_cast<double>(i + 1));
    }
  }
  const auto all = elements(of);
  for (std::size_t i = 0; i < all.size() && flow == Flow::Next; ++i) {
    flow = loop_body(step, value_of(*all[i]), static_cast<double>(i + 1));
  }
  const auto* const table = std::get_if<const json*>(&of);
  if (step.kind == StepKind::ForAll && table != nullptr && (*table)->is_object()) {
    for (const auto& [key, element] : (*table)->items()) {
      if (element.is_null()) continue;
      flow = loop_body(step, value_of(element), key);
      if (flow != Flow::Next) break;
    }
  }
  element_ = outer_element;
  position_ = outer_position;
  return flow == Flow::Break ? Flow::Next : flow;
}

void Judge::append(const Step& step) {
  const Value value = evaluate(step.value);
  Value& variable = variables_[step.variable];
  if (!std::holds_alternative<TextList>(variable)) variable = TextList{};
  if (is_nil(value)) return;
  auto& list = std::get<TextList>(variable);
  const auto text = as_text(value);
  list.has_other = list.has_other || !text;
  list.items.push_back(text.value_or(""));
}

// What Argo CD makes of the table that a check returns (util/lua/lua.go, ExecuteHealthLua): an
// empty one, or a field of the wrong type, is a health without status; an unknown word is Unknown.
Health Judge::verdict() const {
  if (failure_.happened()) {
    return {.status = Status::Unknown, .message = failure_.message(), .is_error = true};
  }
  const bool is_empty = is_nil(status_) && is_nil(message_);
  const auto is_text_or_nil = [](const Value& value) {
    return is_nil(value) || std::holds_alternative<std::string>(value);
  };
  if (is_empty || !is_text_or_nil(status_) || !is_text_or_nil(message_)) {
    return {.status = Status::None};
  }
  const std::string word = is_nil(status_) ? std::string() : std::get<std::string>(status_);
  for (const Status status : {Status::Healthy, Status::Suspended, Status::Progressing,
                              Status::Missing, Status::Degraded, Status::Unknown}) {
    if (name(status) != word) continue;
    return {.status = status,
            .message = is_nil(message_) ? std::string() : std::get<std::string>(message_)};
  }
  return {.status = Status::Unknown, .message = "Lua returned an invalid health status"};
}

// Puts the values of expressions into an example; what is nil is left out.
void fill_in(json& value, Judge& judge) {
  if (value.is_object()) {
    for (auto entry = value.begin(); entry != value.end();) {
      fill_in(*entry, judge);
      entry = entry->is_null() ? value.erase(entry) : std::next(entry);
    }
  } else if (value.is_array()) {
    for (json& element : value) fill_in(element, judge);
  } else if (value.is_string() && value.get_ref<const std::string&>().starts_with('=')) {
    const std::string number = value.get<std::string>().substr(1);
    Index index = 0;
    std::from_chars(number.data(), number.data() + number.size(), index);
    const Value found = judge.evaluate(index);
    value = nullptr;
    if (const auto* const table = std::get_if<const json*>(&found)) value = **table;
    if (const auto* const text = std::get_if<std::string>(&found)) value = *text;
    if (const auto* const flag = std::get_if<bool>(&found)) value = *flag;
    if (const auto* const size = std::get_if<double>(&found)) {
      value = static_cast<std::int64_t>(*size);
    }
  }
}

}  // namespace

Health judge(const Row& row, const json& object) {
  Judge judge(object);
  judge.run(row.rules);
  return judge.verdict();
}

json healthy_status(const Row& row, const json& object) {
  if (row.healthy.empty()) return nullptr;
  json status = json::parse(row.healthy);
  Judge judge(object);
  fill_in(status, judge);
  return status;
}

}  // namespace wavetank::health::table
