// Compiles the rules of one row, as text, into expressions and steps of a growing program.
//
// Equal expressions are kept once. Mistakes are collected with the line they are in.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "health/table/program.h"

namespace wavetank::health::tablegen {

struct Mistake {
  std::size_t line = 0;  // from 0, within the text
  std::string message;
};

// The arrays of a program that is being written.
struct Output {
  std::vector<table::Expression> expressions;
  std::vector<std::string> texts;
  std::vector<double> numbers;
  std::vector<table::Step> steps;
  table::Index variables = 0;
};

class Compiler {
 public:
  explicit Compiler(Output& output) : out_(output) {}

  // The rules of a row; their variables are their own.
  table::Block rules(std::string_view text);
  // One expression that needs no loop and no variables.
  table::Index expression(std::string_view text);

  [[nodiscard]] const std::vector<Mistake>& mistakes() const { return mistakes_; }

 private:
  struct SourceLine {
    std::size_t number = 0;
    std::size_t indent = 0;
    std::string_view text;
  };

  // Lines of one depth and what is nested below them.
  table::Block block(std::size_t& next, std::size_t indent);
  table::Step step(std::size_t& next);
  table::Step simple(std::string_view text);
  table::Step outcome(table::StepKind kind, table::Index condition);
  table::Block body(std::size_t& next, const SourceLine& head);
  table::Block emit(const std::vector<table::Step>& steps);

  // Expressions, from the loosest operator to the tightest.
  table::Index disjunction();
  table::Index conjunction();
  table::Index negation();
  table::Index comparison();
  table::Index joined();
  table::Index sum();
  table::Index unary();
  table::Index postfix(table::Index base);
  table::Index primary();
  table::Index call(std::string_view name);
  table::Index condition_pattern();
  table::Index one_of(table::Index value, std::string_view words);
  table::Index quoted();
  table::Index string_template();
  table::Index variable(std::string_view name);

  table::Index add(table::Op op, table::Index a = table::kNone, table::Index b = table::kNone,
                   table::Index c = table::kNone);
  table::Index text(std::string_view value);
  table::Index number(double value);
  table::Index field(table::Index of, std::string_view name);

  // The cursor within one line.
  void skip_blanks();
  bool accept(std::string_view token);
  bool accept_word(std::string_view word);
  [[nodiscard]] bool at_end();
  std::string_view name();
  void expect(std::string_view token);
  void fail(const std::string& message);

  Output& out_;
  std::vector<Mistake> mistakes_;
  std::vector<SourceLine> lines_;
  std::map<std::string, table::Index, std::less<>> variables_;
  std::string_view rest_;
  std::size_t line_ = 0;
};

}  // namespace wavetank::health::tablegen
