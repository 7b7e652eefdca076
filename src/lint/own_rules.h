// Rules of a user: files of the same form as ours, read when the program runs.
//
// They can only `match`, and their codes begin with an X, so that they never meet one of ours.
#pragma once

#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/catalogue.h"

namespace wavetank::lint {

struct OwnRuleError {
  std::string path;
  std::uint32_t line = 1;
  std::string message;
};

// Owns everything its rules point to.
class OwnRules {
 public:
  OwnRules() = default;
  OwnRules(const OwnRules&) = delete;
  OwnRules& operator=(const OwnRules&) = delete;
  OwnRules(OwnRules&&) = default;
  OwnRules& operator=(OwnRules&&) = default;

  // Reads the text of one rule file; whatever is wrong with it is appended to `errors`.
  void add(std::string_view path, std::string_view text, std::vector<OwnRuleError>& errors);
  [[nodiscard]] std::span<const Rule> rules() const { return rules_; }

 private:
  class Reader;

  // Deques keep what is in them in its place.
  std::deque<std::string> texts_;
  std::deque<std::vector<std::string_view>> lists_;
  std::deque<std::vector<Condition>> conditions_;
  std::deque<std::vector<Words>> words_;
  std::deque<std::vector<ExampleFile>> files_;
  std::deque<std::vector<Example>> examples_;
  std::vector<Rule> rules_;
};

// A rule file to begin with.
[[nodiscard]] std::string new_rule_text(std::string_view code, std::string_view slug);

}  // namespace wavetank::lint
