#include "report/lint/lint_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "base/stable_hash.h"
#include "load/key_path.h"
#include "load/path.h"
#include "report/input_summary.h"
#include "report/lint/formats/formats.h"

namespace wavetank::report {

namespace {

// What a finding is about, without lines: the same while the text around it moves.
std::string identity(const load::KeyPaths& paths, const LintEntry& entry) {
  const source::Diagnostic& diagnostic = *entry.diagnostic;
  if (entry.finding == nullptr) {
    return fmt::format("{}\n{}\n{}", diagnostic.code, diagnostic.subject, diagnostic.message);
  }
  return fmt::format("{}\n{}\n{}\n{}", diagnostic.code, entry.finding->application,
                     model::full_name(entry.finding->object), paths.of(diagnostic.primary.span));
}

// Two findings of one identity are told apart by their order.
void add_fingerprints(const load::Project& project, std::vector<LintEntry>& entries) {
  const load::KeyPaths paths(project);
  std::map<std::string, std::size_t> seen;
  for (LintEntry& entry : entries) {
    const std::string about = identity(paths, entry);
    const std::size_t ordinal = seen[about]++;
    entry.fingerprint =
        fmt::format("{:016x}{:016x}", base::stable_hash(fmt::format("{}\n{}", about, ordinal)),
                    base::stable_hash(about, base::stable_hash(std::to_string(ordinal))));
  }
}

LintCounts count(const std::vector<LintEntry>& entries) {
  LintCounts counts;
  for (const LintEntry& entry : entries) {
    ++counts.by_severity.at(static_cast<std::size_t>(entry.diagnostic->severity));
    if (entry.finding != nullptr && !entry.finding->fixes.empty()) ++counts.fixable;
  }
  return counts;
}

std::vector<std::pair<std::string, std::size_t>> statistics(const std::vector<LintEntry>& entries) {
  std::map<std::string, std::size_t> by_code;
  for (const LintEntry& entry : entries) ++by_code[entry.diagnostic->code];
  std::vector<std::pair<std::string, std::size_t>> rows(by_code.begin(), by_code.end());
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  return rows;
}

}  // namespace

LintReport make_lint_report(const load::Project& project,
                            const std::vector<lint::Finding>& findings,
                            const LintReportOptions& options) {
  LintReport report{.project = &project, .options = options};
  std::vector<LintEntry> all;
  for (const auto& diagnostic : project.diagnostics) all.push_back({.diagnostic = &diagnostic});
  for (const lint::Finding& finding : findings) {
    all.push_back({.diagnostic = &finding.diagnostic, .finding = &finding});
  }
  for (const lint::Suppressed& each : options.suppressed) {
    all.push_back({.diagnostic = &each.finding.diagnostic, .finding = &each.finding});
  }
  add_fingerprints(project, all);
  const std::size_t reported = all.size() - options.suppressed.size();
  for (std::size_t i = reported; i < all.size(); ++i) {
    report.suppressed.push_back(
        {.entry = std::move(all[i]), .suppressed = &options.suppressed[i - reported]});
  }
  all.resize(reported);
  report.counts = count(all);
  report.statistics = statistics(all);
  const std::size_t limit = options.max_findings.value_or(all.size());
  for (const LintEntry* entry : gravest_entries(all, limit)) report.entries.push_back(*entry);
  report.left_out = all.size() - report.entries.size();
  return report;
}

std::vector<const LintEntry*> gravest_entries(const std::vector<LintEntry>& entries,
                                              std::size_t limit) {
  std::vector<const LintEntry*> chosen;
  for (const LintEntry& entry : entries) chosen.push_back(&entry);
  if (chosen.size() <= limit) return chosen;
  std::stable_sort(chosen.begin(), chosen.end(), [](const LintEntry* a, const LintEntry* b) {
    return a->diagnostic->severity > b->diagnostic->severity;
  });
  chosen.resize(limit);
  // They all are elements of one vector: their addresses are its order.
  std::sort(chosen.begin(), chosen.end());
  return chosen;
}

LintOutput lint_output(const LintReport& report, LintFormat format, Colour colour) {
  switch (format) {
    case LintFormat::Full: return {.text = full_text(report, colour)};
    case LintFormat::Compact: return {.text = compact_text(report, colour)};
    case LintFormat::Grouped: return {.text = grouped_text(report, colour)};
    case LintFormat::Json: return {.text = lint_json(report)};
    case LintFormat::JsonLines: return {.text = lint_json_lines(report)};
    case LintFormat::Sarif: return sarif(report);
    case LintFormat::Github: return github_commands(report);
    case LintFormat::Gitlab: return {.text = gitlab_code_quality(report)};
    case LintFormat::Junit: return {.text = junit(report)};
    case LintFormat::Checkstyle: return {.text = checkstyle(report)};
    case LintFormat::Rdjson: return {.text = rdjson(report)};
    case LintFormat::Markdown: return markdown(report, kCommentSize);
  }
  return {};
}

std::string lint_summary(const LintReport& report) {
  const LintCounts& counts = report.counts;
  std::string text =
      fmt::format("{}, {}, {}", counted(counts.of(source::Severity::Error), "error", "errors"),
                  counted(counts.of(source::Severity::Warning), "warning", "warnings"),
                  counted(counts.of(source::Severity::Info), "info", "infos"));
  if (counts.fixable > 0) text += fmt::format(" ({} with a fix)", counts.fixable);
  if (report.left_out > 0) text += fmt::format(", {} of them not shown", report.left_out);
  return fmt::format("{}; {}", text, input_summary(*report.project));
}

std::string repository_path(const LintReport& report, std::string_view path) {
  const LintPlace& place = report.options.place;
  const std::string here = load::normal(path);
  if (place.directory.empty() || place.repository.empty() || path.starts_with('<')) return here;
  const std::string absolute = load::join(place.directory, path);
  const std::string root = place.repository == "/" ? "/" : place.repository + "/";
  return absolute.starts_with(root) ? absolute.substr(root.size()) : here;
}

const lint::Rule* rule_of(const LintReport& report, const LintEntry& entry) {
  if (entry.finding == nullptr) return nullptr;
  for (const auto rules : {lint::catalogue(), report.options.own_rules}) {
    for (const lint::Rule& rule : rules) {
      if (rule.code == entry.diagnostic->code) return &rule;
    }
  }
  return nullptr;
}

std::string whole_message(const source::Diagnostic& diagnostic) {
  std::string text = escaped(diagnostic.message);
  if (!diagnostic.consequence.empty()) text += "\nArgo CD: " + escaped(diagnostic.consequence);
  if (!diagnostic.help.empty()) text += "\nHelp: " + escaped(diagnostic.help);
  return text;
}

}  // namespace wavetank::report
