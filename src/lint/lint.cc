#include "lint/lint.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "base/check.h"
#include "base/text_distance.h"
#include "lint/catalogue.h"
#include "lint/checks/checks.h"

namespace wavetank::lint {

namespace {

// A rule that names a check that is not here fails the build, and so does a check without a rule.
void run(CheckId check, const Context& context, Reporter& reporter) {
  switch (check) {
    case CheckId::AnnotationUnknownHookType: return checks::unknown_hook_type(context, reporter);
    case CheckId::AnnotationUnknownDeletePolicy:
      return checks::unknown_delete_policy(context, reporter);
    case CheckId::AnnotationNonStringValue: return checks::non_string_value(context, reporter);
    case CheckId::AnnotationMisspelled: return checks::misspelled_annotation(context, reporter);
    case CheckId::AnnotationOnPodTemplate:
      return checks::directive_on_pod_template(context, reporter);
    case CheckId::AnnotationAsLabel: return checks::directive_as_label(context, reporter);
    case CheckId::HookNamedNeverReruns: return checks::named_hook_never_reruns(context, reporter);
    case CheckId::HookDataBearingKind: return checks::data_bearing_kind(context, reporter);
    case CheckId::HookDeletedWhileUsed: return checks::deleted_while_used(context, reporter);
    case CheckId::HookMissingDeletePolicy: return checks::missing_delete_policy(context, reporter);
    case CheckId::HelmUpgradeOnInstall: return checks::upgrade_hook_on_install(context, reporter);
    case CheckId::HelmMixedHooks: return checks::mixed_hooks(context, reporter);
    case CheckId::JobWithoutDeadline: return checks::hook_job_without_deadline(context, reporter);
    case CheckId::JobRestartPolicy: return checks::restart_policy(context, reporter);
    case CheckId::OrderLaterPhase: return checks::hook_needs_later_phase(context, reporter);
    case CheckId::OrderLaterWave: return checks::dependency_in_later_wave(context, reporter);
    case CheckId::OrderWaveNotInteger: return checks::wave_not_integer(context, reporter);
    case CheckId::GateClaim: return checks::claim_gates_consumer(context, reporter);
    case CheckId::GateSuspended: return checks::suspended_gates_sync(context, reporter);
    case CheckId::OptionUnknown: return checks::unknown_sync_option(context, reporter);
    case CheckId::AcrossDuplicateKey: return checks::duplicate_key(context, reporter);
  }
  WAVETANK_CHECK(false);
}

bool names(std::string_view text, const Rule& rule) {
  return rule.code.starts_with(text) || rule.family == text || rule.slug == text;
}

bool is_selected(const Rule& rule, const LintOptions& options) {
  const auto any = [&](const std::vector<std::string>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const std::string& text) { return names(text, rule); });
  };
  return (options.select.empty() || any(options.select)) && !any(options.ignore);
}

auto order(const load::Project& project, const Finding& finding) {
  const source::Span& span = finding.diagnostic.primary.span;
  return std::tuple(project.sources.name(span.file), span.begin, span.end,
                    std::string_view(finding.diagnostic.code),
                    std::string_view(finding.diagnostic.message));
}

}  // namespace

std::vector<UnknownRule> unknown_rules(const LintOptions& options) {
  std::vector<std::string_view> known;
  for (const Rule& rule : catalogue()) {
    known.insert(known.end(), {rule.code, rule.slug, rule.family});
  }
  std::vector<UnknownRule> unknown;
  for (const auto* list : {&options.select, &options.ignore}) {
    for (const std::string& text : *list) {
      const bool is_known =
          !text.empty() && std::any_of(catalogue().begin(), catalogue().end(),
                                       [&](const Rule& rule) { return names(text, rule); });
      if (is_known) continue;
      unknown.push_back({.text = text, .suggestion = std::string(base::nearest(text, known))});
    }
  }
  return unknown;
}

std::vector<Finding> lint(const load::Project& project, const LintOptions& options) {
  std::vector<Finding> findings;
  for (const model::Bundle& bundle : project.bundles) {
    const Context context(project, bundle, options.version);
    for (const Rule& rule : catalogue()) {
      if (!is_selected(rule, options)) continue;
      Reporter reporter(rule, context, findings);
      run(rule.check, context, reporter);
    }
  }
  std::stable_sort(findings.begin(), findings.end(), [&](const Finding& a, const Finding& b) {
    return order(project, a) < order(project, b);
  });
  // A file of several applications is checked in each; what is found twice is said once.
  findings.erase(std::unique(findings.begin(), findings.end(),
                             [&](const Finding& a, const Finding& b) {
                               return order(project, a) == order(project, b);
                             }),
                 findings.end());
  return findings;
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
