// Runs the rules over applications.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "lint/assumptions.h"
#include "lint/finding.h"
#include "load/project.h"
#include "model/version.h"

namespace wavetank::lint {

struct Rule;

struct LintOptions {
  model::ArgocdVersion version = model::kNewestVersion;
  // Codes, code prefixes, families or slugs; an empty `select` means all rules that are on.
  std::vector<std::string> select;
  std::vector<std::string> ignore;
  Assumptions assumptions;
  // Rules of a user beside those of the catalogue; they outlive the findings.
  std::span<const Rule> own_rules;
  // The same project at the revision before, for rules about changes; null: not known.
  const load::Project* before = nullptr;
};

// An entry of `select` or `ignore` that names no rule, with the nearest valid name.
struct UnknownRule {
  std::string text;
  std::string suggestion;  // empty when nothing is near
};
[[nodiscard]] std::vector<UnknownRule> unknown_rules(const LintOptions& options);

// Findings of all applications, in order of file name, position, code.
[[nodiscard]] std::vector<Finding> lint(const load::Project& project, const LintOptions& options);

// What a rule says about itself; from its file under rules/.
struct RuleInfo {
  std::string_view code;
  std::string_view slug;
  std::string_view family;
  std::string_view summary;
  source::Severity severity = source::Severity::Error;
};
[[nodiscard]] std::vector<RuleInfo> rules();

}  // namespace wavetank::lint
