#include <fmt/format.h>

#include <map>

#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"

namespace wavetank::report {

std::string checkstyle(const LintReport& report) {
  const source::SourceMap& sources = report.project->sources;
  std::map<std::string, std::string> by_file;
  for (const LintEntry& entry : report.entries) {
    const source::Diagnostic& diagnostic = *entry.diagnostic;
    const source::Span span = diagnostic.primary.span;
    const std::string_view file =
        span.valid() ? sources.name(span.file) : std::string_view(diagnostic.subject);
    const auto begin = span.valid() ? sources.begin(span) : source::Position{};
    by_file[repository_path(report, file.empty() ? "." : file)] += fmt::format(
        "    <error line=\"{}\" column=\"{}\" severity=\"{}\" message=\"{}\" "
        "source=\"wavetank.{}.{}\"/>\n",
        begin.line, begin.column, severity_word(diagnostic.severity),
        xml_escaped(whole_message(diagnostic)), diagnostic.code, xml_escaped(diagnostic.slug));
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n";
  for (const auto& [file, errors] : by_file) {
    out += fmt::format("  <file name=\"{}\">\n{}  </file>\n", xml_escaped(file), errors);
  }
  return out + "</checkstyle>\n";
}

}  // namespace wavetank::report
