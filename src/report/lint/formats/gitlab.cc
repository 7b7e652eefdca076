// GitLab's code quality report: https://docs.gitlab.com/ci/testing/code_quality/

#include "report/diagnostic_json.h"
#include "report/lint/formats/formats.h"

namespace wavetank::report {

namespace {

using source::Severity;

std::string_view grade(Severity severity) {
  switch (severity) {
    case Severity::Error: return "major";
    case Severity::Warning: return "minor";
    case Severity::Info: return "info";
  }
  return "";
}

}  // namespace

std::string gitlab_code_quality(const LintReport& report) {
  const source::SourceMap& sources = report.project->sources;
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const LintEntry& entry : report.entries) {
    const source::Diagnostic& diagnostic = *entry.diagnostic;
    const source::Span span = diagnostic.primary.span;
    const std::string_view file =
        span.valid() ? sources.name(span.file) : std::string_view(diagnostic.subject);
    nlohmann::ordered_json lines = {{"begin", 1}};
    if (span.valid()) {
      lines = {{"begin", sources.begin(span).line}, {"end", sources.end(span).line}};
    }
    // Findings of equal fingerprints collapse into one there; ours differ.
    list.push_back(
        {{"description", whole_message(diagnostic)},
         {"check_name", diagnostic.code + " " + diagnostic.slug},
         {"fingerprint", entry.fingerprint},
         {"severity", grade(diagnostic.severity)},
         {"location",
          {{"path", repository_path(report, file.empty() ? "." : file)}, {"lines", lines}}}});
  }
  return json_text(list);
}

}  // namespace wavetank::report
