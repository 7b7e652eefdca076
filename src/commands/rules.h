// `wavetank rules …` and `wavetank explain CODE`: what the linter knows, and rules of a user's own.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/file_system.h"
#include "commands/lint.h"
#include "lint/own_rules.h"

namespace wavetank::commands {

[[nodiscard]] Result list_rules();
[[nodiscard]] std::vector<std::string> rule_codes();
// The page of a rule, or what a term of Argo CD or an outcome means.
[[nodiscard]] Result explain_rule(std::string_view code_or_slug);
// The JSON Schema of rule files.
[[nodiscard]] Result rule_schema();
// A rule file to begin with; `name` is such as "X001-job-without-owner".
[[nodiscard]] Result new_rule(std::string_view name);
// Plays the examples of the rules in these files and directories; of ours, if there are none.
[[nodiscard]] Result test_rules(const base::FileSystem& files,
                                const std::vector<std::string>& paths);

struct ReadRules {
  lint::OwnRules rules;
  std::string errors;  // one line for each; empty when all could be read
};
// Rule files, and the files ending in .yaml or .yml of directories.
[[nodiscard]] ReadRules read_own_rules(const base::FileSystem& files,
                                       const std::vector<std::string>& paths);

}  // namespace wavetank::commands
