// Plays the examples of a rule: what is found in them, and what the fixes make of them.
//
// The tests hold every rule of ours to its examples with this, and `wavetank rules test` those of a
// user.
#pragma once

#include <map>
#include <set>
#include <string>

#include "lint/catalogue.h"
#include "lint/edits.h"

namespace wavetank::lint {

// "file:line: CODE", or "file:line:column: CODE" where a mark names a column.
using Marks = std::multiset<std::string>;

struct ExampleResult {
  std::string error;  // not empty: the example cannot be played, and why
  Marks expected;
  Marks found;
  std::map<std::string, std::string> fixed;        // the files after the fixes, without marks
  std::map<std::string, std::string> fixed_twice;  // … and after the fixes of that
};

// `others` are rules that are looked for beside those of the catalogue.
[[nodiscard]] ExampleResult play_example(const Rule& rule, const Example& example,
                                         std::span<const Rule> others);

// Whether an example is as it says: all marks found and nothing else, the fixes as written.
[[nodiscard]] std::string complaint(const Example& example, const ExampleResult& result);

}  // namespace wavetank::lint
