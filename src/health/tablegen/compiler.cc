#include "health/tablegen/compiler.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <utility>

namespace wavetank::health::tablegen {

using table::Block;
using table::Function;
using table::Index;
using table::kNone;
using table::Op;
using table::Step;
using table::StepKind;

namespace {

constexpr std::array<std::pair<std::string_view, Function>, 17> kFunctions{{
    {"number", Function::ToNumber},
    {"text", Function::ToText},
    {"type", Function::Type},
    {"is_empty", Function::IsEmpty},
    {"count", Function::Count},
    {"starts_with", Function::StartsWith},
    {"ends_with", Function::EndsWith},
    {"without", Function::Without},
    {"mentions", Function::Mentions},
    {"whole", Function::Whole},
    {"short", Function::Short},
    {"join", Function::JoinList},
    {"word", Function::Word},
    {"ready_of", Function::ReadyOf},
    {"total_of", Function::TotalOf},
    {"by_time", Function::ByTime},
    {"sum", Function::Sum},
}};

constexpr std::array<std::string_view, 6> kStatuses{"Healthy", "Suspended", "Progressing",
                                                    "Missing", "Degraded",  "Unknown"};

bool is_name_start(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool is_name(char c) {
  return is_name_start(c) || std::isdigit(static_cast<unsigned char>(c)) != 0;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

Index index_of(std::size_t value) { return static_cast<Index>(value); }

}  // namespace

// ---- lines ----

Block Compiler::rules(std::string_view text) {
  lines_.clear();
  variables_.clear();
  for (std::size_t number = 0; !text.empty(); ++number) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
    const std::string_view content = trimmed(line);
    if (content.empty() || content.starts_with("# ")) continue;
    lines_.push_back({.number = number, .indent = line.find_first_not_of(' '), .text = content});
  }
  std::size_t next = 0;
  const Block all = block(next, 0);
  if (next < lines_.size()) {
    line_ = lines_[next].number;
    fail("this line is indented differently");
  }
  out_.variables = std::max(out_.variables, index_of(variables_.size()));
  return all;
}

Index Compiler::expression(std::string_view text) {
  rest_ = text;
  const Index result = disjunction();
  if (!at_end()) fail(fmt::format("`{}` is left over", rest_));
  return result;
}

Block Compiler::block(std::size_t& next, std::size_t indent) {
  std::vector<Step> steps;
  while (next < lines_.size() && lines_[next].indent == indent) steps.push_back(step(next));
  return emit(steps);
}

Block Compiler::emit(const std::vector<Step>& steps) {
  const auto begin = out_.steps.size();
  out_.steps.insert(out_.steps.end(), steps.begin(), steps.end());
  return {.begin = index_of(begin), .end = index_of(out_.steps.size())};
}

// What belongs to a head line: the rest of it after a colon, or the lines below.
Block Compiler::body(std::size_t& next, const SourceLine& head) {
  if (accept(":") && !at_end()) {
    const std::vector<Step> steps{simple(std::exchange(rest_, {}))};
    return emit(steps);
  }
  if (!at_end()) fail(fmt::format("`{}` is left over", rest_));
  if (next >= lines_.size() || lines_[next].indent <= head.indent) {
    fail("something must be nested below this line");
    return {};
  }
  return block(next, lines_[next].indent);
}

Step Compiler::step(std::size_t& next) {
  const SourceLine head = lines_[next++];
  line_ = head.number;
  rest_ = head.text;
  Step result;
  if (accept_word("for") || accept_word("all")) {
    result.kind = head.text.starts_with("for") ? StepKind::ForList : StepKind::ForAll;
    result.is_strict = accept("!");
    result.value = disjunction();
    if (accept_word("as")) {
      expect("$");
      const Index named = variable(name());
      const Step keep{.kind = StepKind::Assign,
                      .value = add(Op::Element),
                      .variable = out_.expressions[named].a};
      const Block rest = body(next, head);
      // The element's name is assigned first; the steps of the body are moved behind that.
      std::vector<Step> steps{keep};
      for (Index i = rest.begin; i < rest.end; ++i) steps.push_back(out_.steps[i]);
      result.body = emit(steps);
    } else {
      result.body = body(next, head);
    }
    return result;
  }
  if (accept_word("if")) {
    result.kind = StepKind::If;
    result.value = disjunction();
    result.body = body(next, head);
    if (next < lines_.size() && lines_[next].indent == head.indent) {
      const SourceLine& other = lines_[next];
      line_ = other.number;
      if (other.text.starts_with("else if ")) {
        lines_[next].text.remove_prefix(std::string_view("else ").size());
        const std::vector<Step> chained{step(next)};
        result.otherwise = emit(chained);
      } else if (other.text.starts_with("else")) {
        const SourceLine else_head = lines_[next++];
        rest_ = else_head.text.substr(std::string_view("else").size());
        result.otherwise = body(next, else_head);
      }
    }
    return result;
  }
  return simple(rest_);
}

// A step that fits on one line.
Step Compiler::simple(std::string_view text) {
  rest_ = trimmed(text);
  Step result;
  if (accept_word("break")) return {.kind = StepKind::Break};
  if (accept_word("continue")) return {.kind = StepKind::Continue};
  if (accept_word("done")) return {.kind = StepKind::Done};
  const bool assigns = rest_.starts_with('$');
  const std::string_view start = rest_;
  if (assigns) {
    accept("$");
    const std::string_view target = name();
    const bool appends = accept("+=");
    if (appends || accept(":=")) {
      result.kind = appends ? StepKind::Append : StepKind::Assign;
      result.value = disjunction();
      result.variable = out_.expressions[variable(target)].a;
      if (!at_end()) fail(fmt::format("`{}` is left over", rest_));
      return result;
    }
    rest_ = start;
  }
  Index condition = kNone;
  skip_blanks();
  if (!rest_.starts_with("->") && !rest_.starts_with("~>")) condition = disjunction();
  if (accept("->")) return outcome(StepKind::Answer, condition);
  if (accept("~>")) return outcome(StepKind::Draft, condition);
  fail(fmt::format("`->`, `~>` or `:=` is missing before `{}`", rest_));
  return result;
}

Step Compiler::outcome(StepKind kind, Index condition) {
  Step result{.kind = kind, .value = condition};
  skip_blanks();
  if (rest_.starts_with("(")) {
    result.status = primary();
  } else if (!rest_.starts_with(":")) {
    const std::string_view word = name();
    if (std::find(kStatuses.begin(), kStatuses.end(), word) == kStatuses.end()) {
      fail(fmt::format("`{}` is no health status", word));
    }
    result.status = text(word);
  }
  if (accept(":")) result.message = disjunction();
  if (!at_end()) fail(fmt::format("`{}` is left over", rest_));
  return result;
}

// ---- expressions ----

Index Compiler::disjunction() {
  Index left = conjunction();
  while (accept_word("or")) left = add(Op::Or, left, conjunction());
  return left;
}

Index Compiler::conjunction() {
  Index left = negation();
  while (accept_word("and")) left = add(Op::And, left, negation());
  return left;
}

Index Compiler::negation() {
  if (accept_word("not")) return add(Op::Not, negation());
  return comparison();
}

Index Compiler::comparison() {
  const Index left = joined();
  skip_blanks();
  if (accept("!=")) return add(Op::Not, add(Op::Equal, left, joined()));
  if (accept("<=")) return add(Op::LessEqual, left, joined());
  if (accept(">=")) return add(Op::LessEqual, joined(), left);
  if (accept("=")) return add(Op::Equal, left, joined());
  if (accept("<")) return add(Op::Less, left, joined());
  if (accept(">")) return add(Op::Less, joined(), left);
  if (accept_word("in")) {
    expect("(");
    Index any = kNone;
    do {
      const Index equal = add(Op::Equal, left, joined());
      any = any == kNone ? equal : add(Op::Or, any, equal);
    } while (accept(","));
    expect(")");
    return any;
  }
  return left;
}

Index Compiler::joined() {
  const Index left = sum();
  if (!accept("..")) return left;
  return add(Op::Join, left, joined());
}

Index Compiler::sum() {
  Index left = unary();
  while (true) {
    skip_blanks();
    if (rest_.starts_with("+=") || rest_.starts_with("->")) return left;
    if (accept("+")) {
      left = add(Op::Add, left, unary());
    } else if (accept("-")) {
      left = add(Op::Subtract, left, unary());
    } else {
      return left;
    }
  }
}

Index Compiler::unary() {
  if (accept("#")) return add(Op::Length, unary());
  const Index value = postfix(primary());
  if (!accept("??")) return value;
  // `a ?? b` is b where a is nil, and only there; b must not be nil or false.
  const Index is_nil = add(Op::Equal, value, add(Op::Nil));
  return add(Op::Or, add(Op::And, is_nil, unary()), value);
}

Index Compiler::postfix(Index base) {
  while (true) {
    if (rest_.starts_with("..")) return base;
    if (rest_.starts_with("?.")) {
      rest_.remove_prefix(2);
      base = add(Op::OptField, base, out_.expressions[text(name())].a);
    } else if (rest_.starts_with(".")) {
      rest_.remove_prefix(1);
      base = field(base, name());
    } else if (rest_.starts_with("[")) {
      rest_.remove_prefix(1);
      base = add(Op::Item, base, disjunction());
      expect("]");
    } else {
      return base;
    }
  }
}

Index Compiler::primary() {
  skip_blanks();
  if (rest_.empty()) {
    fail("an expression is missing");
    return add(Op::Nil);
  }
  const char first = rest_.front();
  if (first == '\'') return quoted();
  if (first == '"') return string_template();
  if (first == '[') return condition_pattern();
  if (accept("(")) {
    const Index inner = disjunction();
    expect(")");
    return inner;
  }
  if (accept("@@")) return add(Op::Position);
  if (accept("@")) {
    const bool has_name = !rest_.empty() && is_name_start(rest_.front());
    return has_name ? field(add(Op::Element), name()) : add(Op::Element);
  }
  if (accept("$")) return variable(name());
  if (std::isdigit(static_cast<unsigned char>(first)) != 0) {
    const std::string digits(rest_.substr(0, rest_.find_first_not_of("0123456789")));
    rest_.remove_prefix(digits.size());
    return number(std::strtod(digits.c_str(), nullptr));
  }
  const std::string_view word = name();
  if (word == "nil") return add(Op::Nil);
  if (word == "true") return add(Op::True);
  if (word == "false") return add(Op::False);
  if (word == "obj") return add(Op::Object);
  if (rest_.starts_with("(")) return call(word);
  return field(add(Op::Object), word);
}

Index Compiler::call(std::string_view word) {
  const auto* const known = std::find_if(kFunctions.begin(), kFunctions.end(),
                                         [&](const auto& row) { return row.first == word; });
  if (known == kFunctions.end()) fail(fmt::format("there is no function `{}`", word));
  expect("(");
  const Index first = disjunction();
  const Index second = accept(",") ? disjunction() : kNone;
  expect(")");
  const auto function = known == kFunctions.end() ? Function::ToText : known->second;
  return add(Op::Call, static_cast<Index>(function), first, second);
}

// [Ready=True], [Ready|Synced], [=False], [Ready!=True]: type and status of the loop's element.
// [] is a new list.
Index Compiler::condition_pattern() {
  expect("[");
  if (accept("]")) return add(Op::List);
  const auto end = rest_.find(']');
  if (end == std::string_view::npos) {
    fail("`]` is missing");
    return add(Op::Nil);
  }
  std::string_view words = rest_.substr(0, end);
  rest_.remove_prefix(end + 1);
  const auto sign = words.find('=');
  const bool negated = sign != std::string_view::npos && sign > 0 && words[sign - 1] == '!';
  const std::string_view types = words.substr(0, negated ? sign - 1 : sign);
  Index result = kNone;
  if (!types.empty()) result = one_of(field(add(Op::Element), "type"), types);
  if (sign != std::string_view::npos) {
    Index status = one_of(field(add(Op::Element), "status"), words.substr(sign + 1));
    if (negated) status = add(Op::Not, status);
    result = result == kNone ? status : add(Op::And, result, status);
  }
  return result;
}

Index Compiler::one_of(Index value, std::string_view words) {
  Index any = kNone;
  while (true) {
    const auto bar = words.find('|');
    const Index equal = add(Op::Equal, value, text(words.substr(0, bar)));
    any = any == kNone ? equal : add(Op::Or, any, equal);
    if (bar == std::string_view::npos) return any;
    words.remove_prefix(bar + 1);
  }
}

Index Compiler::quoted() {
  const auto end = rest_.find('\'', 1);
  if (end == std::string_view::npos) {
    fail("the closing quote is missing");
    rest_ = {};
    return add(Op::Nil);
  }
  const Index result = text(rest_.substr(1, end - 1));
  rest_.remove_prefix(end + 1);
  return result;
}

// "plain {expression} plain": its parts joined; \n is a line break.
Index Compiler::string_template() {
  rest_.remove_prefix(1);
  std::vector<Index> parts;
  std::string plain;
  const auto flush = [&] {
    if (!plain.empty()) parts.push_back(text(plain));
    plain.clear();
  };
  while (!rest_.empty() && rest_.front() != '"') {
    const char c = rest_.front();
    rest_.remove_prefix(1);
    if (c == '{') {
      flush();
      parts.push_back(disjunction());
      expect("}");
    } else if (c == '\\' && !rest_.empty()) {
      plain += rest_.front() == 'n' ? '\n' : rest_.front();
      rest_.remove_prefix(1);
    } else {
      plain += c;
    }
  }
  flush();
  if (rest_.empty()) fail("the closing quote is missing");
  if (!rest_.empty()) rest_.remove_prefix(1);
  if (parts.empty()) return text("");
  Index result = parts.back();
  for (std::size_t i = parts.size() - 1; i > 0; --i) result = add(Op::Join, parts[i - 1], result);
  return result;
}

Index Compiler::variable(std::string_view word) {
  const auto [found, is_new] = variables_.emplace(std::string(word), index_of(variables_.size()));
  return add(Op::Variable, found->second);
}

// ---- pools ----

Index Compiler::add(Op op, Index a, Index b, Index c) {
  for (std::size_t i = 0; i < out_.expressions.size(); ++i) {
    const table::Expression& known = out_.expressions[i];
    if (known.op == op && known.a == a && known.b == b && known.c == c) return index_of(i);
  }
  out_.expressions.push_back({.op = op, .a = a, .b = b, .c = c});
  return index_of(out_.expressions.size() - 1);
}

Index Compiler::text(std::string_view value) {
  auto found = std::find(out_.texts.begin(), out_.texts.end(), value);
  if (found == out_.texts.end()) {
    out_.texts.emplace_back(value);
    found = out_.texts.end() - 1;
  }
  return add(Op::Text, index_of(static_cast<std::size_t>(found - out_.texts.begin())));
}

Index Compiler::number(double value) {
  auto found = std::find(out_.numbers.begin(), out_.numbers.end(), value);
  if (found == out_.numbers.end()) {
    out_.numbers.push_back(value);
    found = out_.numbers.end() - 1;
  }
  return add(Op::Number, index_of(static_cast<std::size_t>(found - out_.numbers.begin())));
}

Index Compiler::field(Index of, std::string_view word) {
  return add(Op::Field, of, out_.expressions[text(word)].a);
}

// ---- the cursor ----

void Compiler::skip_blanks() {
  while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
}

bool Compiler::at_end() {
  skip_blanks();
  return rest_.empty();
}

bool Compiler::accept(std::string_view token) {
  skip_blanks();
  if (!rest_.starts_with(token)) return false;
  rest_.remove_prefix(token.size());
  return true;
}

bool Compiler::accept_word(std::string_view word) {
  skip_blanks();
  if (!rest_.starts_with(word)) return false;
  if (rest_.size() > word.size() && is_name(rest_[word.size()])) return false;
  rest_.remove_prefix(word.size());
  return true;
}

std::string_view Compiler::name() {
  skip_blanks();
  std::size_t size = 0;
  while (size < rest_.size() && is_name(rest_[size])) ++size;
  const std::string_view word = rest_.substr(0, size);
  if (word.empty()) {
    fail(fmt::format("a name is missing before `{}`", rest_));
    rest_ = {};
  }
  rest_.remove_prefix(size);
  return word;
}

void Compiler::expect(std::string_view token) {
  if (!accept(token)) fail(fmt::format("`{}` is missing before `{}`", token, rest_));
}

void Compiler::fail(const std::string& message) {
  mistakes_.push_back({.line = line_, .message = message});
}

}  // namespace wavetank::health::tablegen
