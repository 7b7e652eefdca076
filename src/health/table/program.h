// What the health table compiles to: expressions, steps and rows in flat arrays that point at each
// other by index. tablegen writes them from rules/data/health/*.yaml while building, judge.cc runs
// them; rules/README.md describes the language.
//
// An expression computes a value as Argo CD's interpreter of Lua would: looking into what is no
// table, comparing or joining what cannot be compared or joined, makes the whole check fail.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "model/version.h"

namespace wavetank::health::table {

using Index = std::uint16_t;
inline constexpr Index kNone = 0xffff;

enum class Op : std::uint8_t {
  Nil,
  True,
  False,
  Number,     // a: its index among the numbers
  Text,       // a: its index among the texts
  List,       // a new list of texts
  Object,     // the object that is judged
  Element,    // the element that the innermost loop has reached
  Position,   // the element's place in a list, from 1, or its key in a map
  Variable,   // a: its number
  Field,      // a: of what, b: text
  OptField,   // the same; nil of nil is nil
  Item,       // a: of what, b: place or key
  And,        // a, b
  Or,         // a, b
  Not,        // a
  Equal,      // a, b
  Less,       // a, b
  LessEqual,  // a, b
  Join,       // a: first operand, b: the rest
  Add,        // a, b
  Subtract,   // a, b
  Length,     // a
  Call,       // a: Function, b, c: arguments or kNone
};

enum class Function : std::uint8_t {
  ToNumber,    // tonumber(x)
  ToText,      // tostring(x)
  Type,        // type(x)
  IsEmpty,     // is the table empty?
  Count,       // length of a table, but not of a text
  StartsWith,  // does the text begin so?
  EndsWith,    // the same for its end
  Without,     // the text without every occurrence of another
  Mentions,    // does the text contain another, whatever its case?
  Whole,       // a number cut down to an integer, for printing
  Short,       // the first seven characters of a commit
  JoinList,    // the texts of a list, with a separator
  Word,        // the text or number itself; anything else fails
  ReadyOf,     // "1" of "1/2"
  TotalOf,     // "2" of "1/2"
  ByTime,      // conditions sorted by lastTransitionTime, those without one last
  Sum,         // of a field over a list
};

struct Expression {
  Op op = Op::Nil;
  Index a = kNone;
  Index b = kNone;
  Index c = kNone;
};

enum class StepKind : std::uint8_t {
  Draft,     // sets status or message of the verdict and goes on
  Answer,    // the same, and ends
  If,        // value: condition; body, otherwise
  ForList,   // value: list; body, for each element up to the first that is missing
  ForAll,    // the same for all values of a list or map
  Assign,    // variable := value
  Append,    // variable += value
  Break,     // leaves the innermost loop
  Continue,  // goes on with its next element
  Done,      // ends with the verdict as it is
};

// Steps from `begin` up to `end`.
struct Block {
  Index begin = 0;
  Index end = 0;
};

struct Step {
  StepKind kind = StepKind::Done;
  Index value = kNone;    // of Draft and Answer: a condition, kNone means always
  Index status = kNone;   // kNone leaves it as it is
  Index message = kNone;  // the same
  Index variable = kNone;
  bool is_strict = false;  // a loop over nil fails instead of doing nothing
  Block body;
  Block otherwise;
};

// One check. `group` and `kind` may contain one `*`.
struct Row {
  std::string_view group;
  std::string_view kind;
  model::ArgocdVersion since;   // this and later versions judge so,
  model::ArgocdVersion before;  // but not this one and later ones
  Block rules;
  std::string_view healthy;  // JSON; texts like "=7" stand for the value of expression 7
};

struct Program {
  std::span<const Expression> expressions;
  std::span<const std::string_view> texts;
  std::span<const double> numbers;
  std::span<const Step> steps;
  std::span<const Row> exact;      // sorted by group, kind and `since`
  std::span<const Row> wildcards;  // in the order in which they are tried
  Index variables = 0;             // the most that a row uses
};

// Written by tablegen.
[[nodiscard]] const Program& program();

}  // namespace wavetank::health::table
