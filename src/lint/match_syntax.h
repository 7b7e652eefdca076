// Reads the `match`, `at` and `fix` fields of a rule file.
//
// rulegen compiles what this returns into constants; rules of a user's configuration are read by it
// when the program runs. It knows YAML values and the names of facts and tests, nothing else.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lint/matcher.h"
#include "yaml/typed.h"

namespace wavetank::lint {

struct WrittenSubject {
  Fact fact = Fact::Kind;
  std::vector<std::string> path;
};

struct WrittenCondition {
  WrittenSubject subject;
  Test test = Test::Any;
  std::vector<std::string> values;
};

struct WrittenFix {
  FixKind kind = FixKind::None;
  bool is_safe = false;
  std::string key;
  std::string text;
  std::string title;
};

struct WrittenMatcher {
  std::vector<WrittenCondition> conditions;
  Place place = Place::Name;
  WrittenSubject at;
  std::string word;
  WrittenFix fix;
};

struct MatchError {
  std::uint32_t line = 0;
  std::string message;
};

// The matcher of a rule that has a `match` field. Everything that is wrong is appended to `errors`.
[[nodiscard]] WrittenMatcher read_matcher(const yaml::Value& rule, std::vector<MatchError>& errors);

// Whether a rule file may have the field.
[[nodiscard]] bool is_rule_field(std::string_view name);

// The names of enumerators, for generated code.
[[nodiscard]] std::string_view enumerator_of(Fact fact);
[[nodiscard]] std::string_view enumerator_of(Test test);
[[nodiscard]] std::string_view enumerator_of(Place place);
[[nodiscard]] std::string_view enumerator_of(FixKind kind);

}  // namespace wavetank::lint
