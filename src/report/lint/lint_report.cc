#include "report/lint/lint_report.h"

#include <fmt/format.h>

#include <array>

#include "report/diagnostic_json.h"
#include "report/diagnostic_text.h"
#include "report/input_summary.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;

struct Counts {
  std::array<std::size_t, 3> by_severity{};
  std::size_t fixable = 0;

  void add(source::Severity severity) { ++by_severity.at(static_cast<std::size_t>(severity)); }
  [[nodiscard]] std::size_t of(source::Severity severity) const {
    return by_severity.at(static_cast<std::size_t>(severity));
  }
};

Counts count(const load::Project& project, const std::vector<lint::Finding>& findings) {
  Counts counts;
  for (const auto& diagnostic : project.diagnostics) counts.add(diagnostic.severity);
  for (const lint::Finding& finding : findings) {
    counts.add(finding.diagnostic.severity);
    if (!finding.fixes.empty()) ++counts.fixable;
  }
  return counts;
}

std::string fix_line(const lint::Fix& fix) {
  return fmt::format("{} ({})", fix.title,
                     fix.safety == lint::FixSafety::Safe ? "safe" : "check it yourself");
}

std::string summary(const load::Project& project, const Counts& counts) {
  std::string text =
      fmt::format("{}, {}, {}", counted(counts.of(source::Severity::Error), "error", "errors"),
                  counted(counts.of(source::Severity::Warning), "warning", "warnings"),
                  counted(counts.of(source::Severity::Info), "info", "infos"));
  if (counts.fixable > 0) text += fmt::format(" ({} with a fix)", counts.fixable);
  return fmt::format("{}; {}\n", text, input_summary(project));
}

}  // namespace

std::string lint_text(const load::Project& project, const std::vector<lint::Finding>& findings,
                      Colour colour) {
  std::string out;
  for (const auto& diagnostic : project.diagnostics) {
    out += diagnostic_text(diagnostic, project.sources, colour) + "\n";
  }
  for (const lint::Finding& finding : findings) {
    out += diagnostic_text(finding.diagnostic, project.sources, colour);
    for (const lint::Fix& fix : finding.fixes) {
      out += fmt::format("  {} {} {}\n", paint("=", Ink::Blue, colour),
                         paint("fix:", Ink::Bold, colour), escaped(fix_line(fix)));
    }
    out += '\n';
  }
  return out + summary(project, count(project, findings));
}

std::string lint_json(const load::Project& project, const std::vector<lint::Finding>& findings) {
  const Counts counts = count(project, findings);
  ordered_json list = ordered_json::array();
  for (const auto& diagnostic : project.diagnostics) {
    list.push_back(diagnostic_json(diagnostic, project.sources));
  }
  for (const lint::Finding& finding : findings) {
    ordered_json json = diagnostic_json(finding.diagnostic, project.sources);
    json["application"] = finding.application;
    json["object"] = {{"group", finding.object.group},
                      {"kind", finding.object.kind},
                      {"namespace", finding.object.name_space},
                      {"name", finding.object.name}};
    ordered_json fixes = ordered_json::array();
    for (const lint::Fix& fix : finding.fixes) {
      ordered_json edits = ordered_json::array();
      for (const lint::Edit& edit : fix.edits) {
        edits.push_back({{"location", span_json(edit.span, project.sources)}, {"text", edit.text}});
      }
      fixes.push_back({{"title", fix.title},
                       {"safe", fix.safety == lint::FixSafety::Safe},
                       {"edits", std::move(edits)}});
    }
    json["fixes"] = std::move(fixes);
    list.push_back(std::move(json));
  }
  ordered_json out = {{"schemaVersion", 1},
                      {"summary",
                       {{"errors", counts.of(source::Severity::Error)},
                        {"warnings", counts.of(source::Severity::Warning)},
                        {"infos", counts.of(source::Severity::Info)},
                        {"fixable", counts.fixable}}},
                      {"findings", std::move(list)},
                      {"input", input_json(project)}};
  return json_text(out);
}

}  // namespace wavetank::report
