// Annotations: https://docs.github.com/actions/reference/workflow-commands-for-github-actions

#include <fmt/format.h>

#include <array>

#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"

namespace wavetank::report {

namespace {

using source::Severity;

// GitHub drops what a step annotates beyond so many of each severity.
constexpr std::size_t kAnnotationsMax = 10;

std::string_view command(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Info: return "notice";
  }
  return "";
}

std::string annotation(const LintReport& report, const source::Diagnostic& diagnostic) {
  const source::SourceMap& sources = report.project->sources;
  const source::Span span = diagnostic.primary.span;
  std::string place;
  if (span.valid()) {
    const auto begin = sources.begin(span);
    const auto end = sources.end(span);
    place = fmt::format("file={},line={},endLine={},",
                        workflow_property(repository_path(report, sources.name(span.file))),
                        begin.line, end.line);
    // Columns mean something within one line only.
    if (begin.line == end.line) {
      place += fmt::format("col={},endColumn={},", begin.column, end.column);
    }
  } else if (!diagnostic.subject.empty()) {
    place = fmt::format("file={},", workflow_property(repository_path(report, diagnostic.subject)));
  }
  const std::string title = fmt::format("{} {}", diagnostic.code, diagnostic.slug);
  return fmt::format("::{} {}title={}::{}\n", command(diagnostic.severity), place,
                     workflow_property(title), workflow_text(whole_message(diagnostic)));
}

// What GitHub would drop: for the log, which has room. The line begins with blanks, so it is no
// command whatever a file is called.
std::string log_line(const LintReport& report, const source::Diagnostic& diagnostic) {
  const source::SourceMap& sources = report.project->sources;
  const source::Span span = diagnostic.primary.span;
  std::string place(diagnostic.subject);
  if (span.valid()) {
    const auto begin = sources.begin(span);
    place = fmt::format("{}:{}:{}", sources.name(span.file), begin.line, begin.column);
  }
  return fmt::format("- {}: {}[{}] {}\n", escaped(place), severity_word(diagnostic.severity),
                     diagnostic.code, escaped(diagnostic.message));
}

}  // namespace

LintOutput github_commands(const LintReport& report) {
  LintOutput output;
  std::array<std::size_t, 3> used{};
  std::string dropped;
  std::size_t dropped_count = 0;
  // By severity, the gravest first: a job shows fifty annotations of all its steps.
  for (const Severity severity : {Severity::Error, Severity::Warning, Severity::Info}) {
    for (const LintEntry& entry : report.entries) {
      if (entry.diagnostic->severity != severity) continue;
      if (used.at(static_cast<std::size_t>(severity))++ < kAnnotationsMax) {
        output.text += annotation(report, *entry.diagnostic);
      } else {
        dropped += log_line(report, *entry.diagnostic);
        ++dropped_count;
      }
    }
  }
  if (dropped_count > 0) {
    output.note = fmt::format(
        "{} not annotated, because GitHub shows {} of each severity: they are in the log",
        counted(dropped_count, "finding is", "findings are"), kAnnotationsMax);
    output.text += dropped;
  }
  output.text += lint_summary(report) + "\n";
  return output;
}

}  // namespace wavetank::report
