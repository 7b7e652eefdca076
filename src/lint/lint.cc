#include "lint/lint.h"

#include <algorithm>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "base/check.h"
#include "base/glob.h"
#include "base/text_distance.h"
#include "lint/catalogue.h"
#include "lint/context.h"
#include "lint/report_builder.h"
#include "lint/suppression.h"
#include "load/path.h"
#include "load/rendered.h"

namespace wavetank::lint {

namespace {

void run(const Rule& rule, const Context& context, Reporter& reporter) {
  if (rule.check != nullptr) return rule.check(context, reporter);
  match(rule.matcher, context, reporter);
}

// The application of the same name at the revision before; null when there is none.
const model::Bundle* same_application(const load::Project* before, const model::Bundle& bundle) {
  if (before == nullptr) return nullptr;
  const auto found =
      std::find_if(before->bundles.begin(), before->bundles.end(), [&](const model::Bundle& each) {
        return each.name == bundle.name && each.is_application == bundle.is_application;
      });
  return found == before->bundles.end() ? nullptr : &*found;
}

// Its findings need to be compared with the revision before.
bool is_about_changes(const Rule& rule) {
  return std::any_of(rule.examples.begin(), rule.examples.end(), [](const Example& example) {
    return example.is_bad && !example.before.empty();
  });
}

auto order(const load::Project& project, const Finding& finding) {
  const source::Span& span = finding.diagnostic.primary.span;
  return std::tuple(project.sources.name(span.file), span.begin, span.end,
                    std::string_view(finding.diagnostic.code),
                    std::string_view(finding.diagnostic.message));
}

bool matches(const PathSettings& settings, std::string_view path) {
  return std::any_of(settings.globs.begin(), settings.globs.end(), [&](const std::string& glob) {
    const bool is_any_depth = glob.find('/') == std::string::npos;
    const std::string whole = is_any_depth ? "**/" + glob : glob;
    return base::glob_matches(glob, path) || base::glob_matches(whole, path) ||
           base::glob_matches(glob + "/**", path) || base::glob_matches(whole + "/**", path);
  });
}

// The settings of the file that holds a finding.
std::vector<const PathSettings*> settings_of(const load::Project& project,
                                             const LintOptions& options, const Finding& finding) {
  std::vector<const PathSettings*> result;
  const source::Span at = finding.diagnostic.primary.span;
  if (options.per_path.empty() || !at.valid()) return result;
  const std::string path =
      load::relative_to(options.per_path_base, options.here, project.sources.name(at.file));
  for (const PathSettings& each : options.per_path) {
    if (matches(each, path)) result.push_back(&each);
  }
  return result;
}

// The objects that kustomizations changed, by application.
std::set<std::pair<std::string, model::ObjectKey>> composed_objects(const load::Project& project) {
  std::set<const yaml::Tree*> trees;
  for (const yaml::Tree& tree : project.composed) trees.insert(&tree);
  std::set<std::pair<std::string, model::ObjectKey>> objects;
  if (trees.empty()) return objects;
  for (const model::Bundle& bundle : project.bundles) {
    for (const model::Resource& resource : bundle.resources) {
      if (trees.contains(resource.tree)) objects.insert({bundle.name, resource.key});
    }
  }
  return objects;
}

// Two names of one object, or two objects with one annotation: what is wrong is one thing.
bool same_place(const Finding& a, const Finding& b) {
  return a.diagnostic.code == b.diagnostic.code &&
         a.diagnostic.primary.span == b.diagnostic.primary.span;
}

void regrade(const load::Project& project, const LintOptions& options,
             std::vector<Finding>& findings) {
  if (options.grades.empty() && options.per_path.empty()) return;
  for (Finding& finding : findings) {
    const Rule* rule = rule_of(finding.diagnostic.code, options.own_rules);
    WAVETANK_CHECK(rule != nullptr);
    std::size_t longest = 0;
    const auto grade = [&](const std::vector<Grade>& grades) {
      for (const Grade& each : grades) {
        if (!names_rule(each.rule, *rule) || each.rule.size() < longest) continue;
        longest = each.rule.size();
        finding.diagnostic.severity = each.severity;
      }
    };
    grade(options.grades);
    // What is said of the path comes before what is said of all.
    longest = 0;
    for (const PathSettings* each : settings_of(project, options, finding)) grade(each->grades);
  }
}

void ignore_by_path(const load::Project& project, const LintOptions& options, Outcome& outcome) {
  if (options.per_path.empty()) return;
  std::vector<Finding> rest;
  for (Finding& finding : outcome.findings) {
    const Rule* rule = rule_of(finding.diagnostic.code, options.own_rules);
    WAVETANK_CHECK(rule != nullptr);
    const auto settings = settings_of(project, options, finding);
    const auto by = std::find_if(settings.begin(), settings.end(), [&](const auto* each) {
      return std::any_of(each->ignore.begin(), each->ignore.end(),
                         [&](const std::string& word) { return names_rule(word, *rule); });
    });
    if (by == settings.end()) {
      rest.push_back(std::move(finding));
    } else {
      outcome.suppressed.push_back(
          {.finding = std::move(finding), .by = SuppressedBy::Config, .reason = (*by)->reason});
    }
  }
  outcome.findings = std::move(rest);
}

}  // namespace

const Rule* rule_of(std::string_view code, std::span<const Rule> own) {
  for (const auto rules : {catalogue(), own}) {
    const auto found = std::find_if(rules.begin(), rules.end(),
                                    [&](const Rule& rule) { return rule.code == code; });
    if (found != rules.end()) return &*found;
  }
  return nullptr;
}

bool names_rule(std::string_view text, const Rule& rule) {
  return rule.code.starts_with(text) || rule.family == text || rule.slug == text;
}

bool is_selected(const Rule& rule, const LintOptions& options) {
  const auto any = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& text) { return names_rule(text, rule); });
  };
  return (options.select.empty() || any(options.select)) && !any(options.ignore);
}

bool is_judged(std::string_view word, const LintOptions& options, View view) {
  const auto lacks_something = [&](const Rule& rule) {
    if (!names_rule(word, rule)) return false;
    return !is_selected(rule, options) || (view == View::Part && rule.scope != "document") ||
           (options.before == nullptr && is_about_changes(rule));
  };
  const auto own = options.own_rules;
  return std::none_of(catalogue().begin(), catalogue().end(), lacks_something) &&
         std::none_of(own.begin(), own.end(), lacks_something);
}

std::vector<UnknownRule> unknown_rules(const LintOptions& options) {
  std::vector<std::string_view> known;
  for (const auto rules : {catalogue(), options.own_rules}) {
    for (const Rule& rule : rules) {
      known.insert(known.end(), {rule.code, rule.slug, rule.family});
    }
  }
  std::vector<UnknownRule> unknown;
  for (const auto* list : {&options.select, &options.ignore}) {
    for (const std::string& text : *list) {
      const auto is_among = [&](std::span<const Rule> rules) {
        return std::any_of(rules.begin(), rules.end(),
                           [&](const Rule& rule) { return names_rule(text, rule); });
      };
      const bool is_known = !text.empty() && (is_among(catalogue()) || is_among(options.own_rules));
      if (is_known) continue;
      unknown.push_back({.text = text, .suggestion = std::string(base::nearest(text, known))});
    }
  }
  return unknown;
}

Outcome lint_all(const load::Project& project, const LintOptions& options) {
  std::vector<Finding> findings;
  const Survey survey(project);
  const Surroundings surroundings{project, survey, options.version, options.assumptions};
  const std::optional<Survey> earlier_survey =
      options.before == nullptr ? std::nullopt : std::optional<Survey>(*options.before);
  for (const model::Bundle& bundle : project.bundles) {
    std::optional<Context> earlier;
    if (const model::Bundle* same = same_application(options.before, bundle)) {
      earlier.emplace(
          Surroundings{*options.before, *earlier_survey, options.version, options.assumptions},
          *same, nullptr);
    }
    const Context context(surroundings, bundle, earlier ? &*earlier : nullptr);
    for (const auto rules : {catalogue(), options.own_rules}) {
      for (const Rule& rule : rules) {
        if (!is_selected(rule, options)) continue;
        Reporter reporter(rule, context, findings);
        run(rule, context, reporter);
      }
    }
  }
  const std::set<std::pair<std::string, model::ObjectKey>> composed = composed_objects(project);
  const auto is_composed = [&](const Finding& finding) {
    return composed.contains({finding.application, finding.object});
  };
  // What a kustomization makes, or a tool rendered, stands in no file as it is, so nothing of it
  // can be fixed there.
  for (Finding& finding : findings) {
    const std::string_view file = project.sources.name(finding.diagnostic.primary.span.file);
    const bool is_rendered = load::path_of_rendered(file).size() != file.size();
    if (is_rendered || is_composed(finding)) finding.fixes.clear();
  }
  sort_findings(project, findings);
  // A file of several applications is checked in each; what is found twice is said once.
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [&](const Finding& a, const Finding& b) {
                               return order(project, a) == order(project, b) ||
                                      (same_place(a, b) && (is_composed(a) || is_composed(b)));
                             }),
                 findings.end());
  regrade(project, options, findings);
  if (options.suppressions == Suppressions::Disregard) return {.findings = std::move(findings)};
  Outcome outcome = apply_suppressions(project, std::move(findings), options);
  regrade(project, options, outcome.findings);
  ignore_by_path(project, options, outcome);
  return outcome;
}

std::vector<Finding> lint(const load::Project& project, const LintOptions& options) {
  return lint_all(project, options).findings;
}

void sort_findings(const load::Project& project, std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    return order(project, a) < order(project, b);
  });
}

std::vector<RuleInfo> rules() {
  std::vector<RuleInfo> infos;
  for (const Rule& rule : catalogue()) {
    infos.push_back({.code = rule.code,
                     .slug = rule.slug,
                     .family = rule.family,
                     .summary = rule.summary,
                     .severity = rule.severity});
  }
  return infos;
}

}  // namespace wavetank::lint
