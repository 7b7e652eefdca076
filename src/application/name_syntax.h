// A name pattern as written: the first half of name_pattern.h.
//
// Source: github.com/gobwas/glob v0.2.3, syntax/lexer and syntax/ast.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::application {

struct Syntax {
  enum class Kind { Nothing, Sequence, Choice, Text, Any, Super, Single, List, Range };

  Kind kind = Kind::Sequence;
  std::string text;  // Text: itself; List: its characters
  bool is_negated = false;
  char32_t low = 0;  // Range: both ends belong to it
  char32_t high = 0;
  std::vector<Syntax> parts;  // Sequence: in order; Choice: the alternatives, each a Sequence

  friend bool operator==(const Syntax&, const Syntax&) = default;
};

// A Sequence; nothing when the pattern is malformed. A brace that is never closed ends with the
// pattern.
[[nodiscard]] std::optional<Syntax> parse_name_pattern(std::string_view pattern);

}  // namespace wavetank::application
