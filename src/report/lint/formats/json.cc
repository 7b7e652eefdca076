#include "report/diagnostic_json.h"
#include "report/input_summary.h"
#include "report/lint/formats/formats.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;

ordered_json fixes_json(const LintReport& report, const lint::Finding& finding) {
  ordered_json fixes = ordered_json::array();
  for (const lint::Fix& fix : finding.fixes) {
    ordered_json edits = ordered_json::array();
    for (const lint::Edit& edit : fix.edits) {
      edits.push_back(
          {{"location", span_json(edit.span, report.project->sources)}, {"text", edit.text}});
    }
    fixes.push_back({{"title", fix.title},
                     {"safe", fix.safety == lint::FixSafety::Safe},
                     {"edits", std::move(edits)}});
  }
  return fixes;
}

ordered_json entry_json(const LintReport& report, const LintEntry& entry) {
  ordered_json json = diagnostic_json(*entry.diagnostic, report.project->sources);
  json["fingerprint"] = entry.fingerprint;
  if (entry.finding == nullptr) return json;
  const lint::Finding& finding = *entry.finding;
  json["application"] = finding.application;
  json["object"] = {{"group", finding.object.group},
                    {"kind", finding.object.kind},
                    {"namespace", finding.object.name_space},
                    {"name", finding.object.name}};
  json["fixes"] = fixes_json(report, finding);
  return json;
}

ordered_json summary_json(const LintReport& report) {
  ordered_json statistics = ordered_json::object();
  for (const auto& [code, number] : report.statistics) statistics[code] = number;
  return {{"errors", report.counts.of(source::Severity::Error)},
          {"warnings", report.counts.of(source::Severity::Warning)},
          {"infos", report.counts.of(source::Severity::Info)},
          {"fixable", report.counts.fixable},
          {"notShown", report.left_out},
          {"byRule", std::move(statistics)}};
}

std::string line_text(const ordered_json& value) {
  return value.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace

std::string lint_json(const LintReport& report) {
  ordered_json list = ordered_json::array();
  for (const LintEntry& entry : report.entries) list.push_back(entry_json(report, entry));
  return json_text({{"schemaVersion", 1},
                    {"summary", summary_json(report)},
                    {"findings", std::move(list)},
                    {"input", input_json(*report.project)}});
}

std::string lint_json_lines(const LintReport& report) {
  std::string out;
  for (const LintEntry& entry : report.entries) {
    ordered_json line = {{"schemaVersion", 1}, {"type", "finding"}};
    line.update(entry_json(report, entry));
    out += line_text(line);
  }
  return out + line_text({{"schemaVersion", 1},
                          {"type", "summary"},
                          {"summary", summary_json(report)},
                          {"input", input_json(*report.project)}});
}

}  // namespace wavetank::report
