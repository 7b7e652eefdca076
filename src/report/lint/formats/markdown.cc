#include <fmt/format.h>

#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"

namespace wavetank::report {

namespace {

std::string row(const LintReport& report, const source::Diagnostic& diagnostic) {
  const source::SourceMap& sources = report.project->sources;
  const source::Span span = diagnostic.primary.span;
  std::string where = markdown_escaped(repository_path(report, diagnostic.subject));
  if (span.valid()) {
    const auto begin = sources.begin(span);
    where =
        fmt::format("{}:{}:{}", markdown_escaped(repository_path(report, sources.name(span.file))),
                    begin.line, begin.column);
  }
  std::string text = markdown_escaped(diagnostic.message);
  if (!diagnostic.consequence.empty()) {
    text += fmt::format("<br>Argo CD: {}", markdown_escaped(diagnostic.consequence));
  }
  if (!diagnostic.help.empty()) {
    text += fmt::format("<br>**Help:** {}", markdown_escaped(diagnostic.help));
  }
  return fmt::format("| {} | {} {} | {} | {} |\n", severity_word(diagnostic.severity),
                     diagnostic.code, markdown_escaped(diagnostic.slug), where, text);
}

std::string statistics_table(const LintReport& report) {
  std::string out = "\n| findings | rule |\n|---:|---|\n";
  for (const auto& [code, number] : report.statistics) {
    out += fmt::format("| {} | {} |\n", number, code);
  }
  return out;
}

}  // namespace

LintOutput markdown(const LintReport& report, std::size_t size_max) {
  LintOutput output;
  output.text = fmt::format("**wavetank lint**: {}\n", markdown_escaped(lint_summary(report)));
  if (report.entries.empty()) return output;
  if (report.options.detail == LintDetail::Statistics) {
    output.text += statistics_table(report);
    return output;
  }
  output.text += "\n| | rule | where | what |\n|---|---|---|---|\n";
  std::size_t cut = 0;
  // The gravest first: they are what must fit.
  for (const auto severity :
       {source::Severity::Error, source::Severity::Warning, source::Severity::Info}) {
    for (const LintEntry& entry : report.entries) {
      if (entry.diagnostic->severity != severity) continue;
      const std::string line = row(report, *entry.diagnostic);
      if (cut > 0 || output.text.size() + line.size() > size_max) {
        ++cut;
      } else {
        output.text += line;
      }
    }
  }
  if (cut > 0) {
    output.note = fmt::format("{} left out of the Markdown: there is no room for more",
                              counted(cut, "finding is", "findings are"));
    output.text += fmt::format("\n{}.\n", output.note);
  }
  return output;
}

}  // namespace wavetank::report
