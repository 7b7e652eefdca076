// Runs the rules over applications.
#pragma once

#include <cstdint>
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

// Which suppressions must say why.
enum class Reasons : std::uint8_t { Optional, ForErrors, Required };
enum class Suppressions : std::uint8_t { Heed, Disregard };

// A rule (code, prefix, family or slug) that is graded otherwise; the longest word counts.
struct Grade {
  std::string rule;
  source::Severity severity = source::Severity::Error;
};

// What holds below some paths. A glob without a slash matches at any depth, and one that matches a
// directory all that is in it.
struct PathSettings {
  std::vector<std::string> globs;
  std::vector<std::string> ignore;
  std::vector<Grade> grades;
  std::string reason;
};

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
  Suppressions suppressions = Suppressions::Heed;
  Reasons reasons = Reasons::ForErrors;
  std::vector<Grade> grades;
  std::vector<PathSettings> per_path;  // the globs are seen from `per_path_base`
  std::string here;                    // absolute: what the names of files are seen from
  std::string per_path_base;           // absolute
};

// The rule of this code; null when there is none.
[[nodiscard]] const Rule* rule_of(std::string_view code, std::span<const Rule> own);
// Whether a code, prefix, family or slug means this rule.
[[nodiscard]] bool names_rule(std::string_view text, const Rule& rule);
[[nodiscard]] bool is_selected(const Rule& rule, const LintOptions& options);

// Whether a file is looked at with all that may belong to it.
enum class View : std::uint8_t { Whole, Part };
// Whether all rules of a code, prefix, family or slug had what they need to find something: only
// then does it mean anything that they did not.
[[nodiscard]] bool is_judged(std::string_view word, const LintOptions& options, View view);

// An entry of `select` or `ignore` that names no rule, with the nearest valid name.
struct UnknownRule {
  std::string text;
  std::string suggestion;  // empty when nothing is near
};
[[nodiscard]] std::vector<UnknownRule> unknown_rules(const LintOptions& options);

enum class SuppressedBy : std::uint8_t { Comment, FileComment, Annotation, Config };

struct Suppressed {
  Finding finding;
  SuppressedBy by = SuppressedBy::Comment;
  std::string reason;
};

struct Outcome {
  std::vector<Finding> findings;  // in order of file name, position, code
  std::vector<Suppressed> suppressed;
};

// Findings of all applications; see lint/suppression.h for what is suppressed.
[[nodiscard]] Outcome lint_all(const load::Project& project, const LintOptions& options);
// Those that are not suppressed.
[[nodiscard]] std::vector<Finding> lint(const load::Project& project, const LintOptions& options);

// Puts findings in the order of an Outcome.
void sort_findings(const load::Project& project, std::vector<Finding>& findings);

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
