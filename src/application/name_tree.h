// The tests into which a name pattern is rewritten: the second half of name_pattern.h.
//
// A NameTest can say whether a whole text passes, and where in a text the first passing part begins
// and may end. Both answers follow the library, also where they disagree with each other.
// Source: github.com/gobwas/glob v0.2.3, compiler and match.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "application/name_syntax.h"

namespace wavetank::application {

struct NameTest {
  enum class Kind {
    Nothing,       // the empty text
    Text,          // `text`
    Super,         // everything
    Single,        // one rune
    List,          // one rune of `text`, or if negated none of it
    Range,         // one rune from `low` to `high`, or if negated none of these
    Min,           // at least `limit` runes
    Max,           // at most `limit` runes
    Lacks,         // `text` does not occur
    Contains,      // `text` occurs
    Prefix,        // begins with `text`
    Suffix,        // ends with `text`
    PrefixSuffix,  // begins with `text` and ends with `suffix`; the two may overlap
    EveryOf,       // all of `parts`
    AnyOf,         // one of `parts`
    Row,           // `parts` one after the other, each of a fixed length
    Around,        // `parts` is one test in the middle of `left` and `right`
  };

  Kind kind = Kind::Nothing;
  std::string text;
  std::string suffix;
  bool is_negated = false;
  char32_t low = 0;
  char32_t high = 0;
  std::size_t limit = 0;
  std::vector<NameTest> parts;
  std::vector<NameTest> left;              // none or one; none: nothing may be there
  std::vector<NameTest> right;             // none or one
  std::optional<std::size_t> length = {};  // in runes, where it is always the same
};

[[nodiscard]] NameTest build_test(const Syntax& syntax);
[[nodiscard]] bool passes(const NameTest& test, std::string_view name);

}  // namespace wavetank::application
