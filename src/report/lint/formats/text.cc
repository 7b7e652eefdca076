#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/diagnostic_text.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"

namespace wavetank::report {

namespace {

Ink ink_of(source::Severity severity) {
  switch (severity) {
    case source::Severity::Error: return Ink::Red;
    case source::Severity::Warning: return Ink::Yellow;
    case source::Severity::Info: return Ink::Blue;
  }
  return Ink::Plain;
}

// "x.yaml:7:44", or the path alone when there is no place in it.
std::string place_of(const LintReport& report, const source::Diagnostic& diagnostic) {
  if (!diagnostic.primary.span.valid()) {
    return diagnostic.subject.empty() ? "wavetank" : escaped(diagnostic.subject);
  }
  const source::SourceMap& sources = report.project->sources;
  const source::Position begin = sources.begin(diagnostic.primary.span);
  return fmt::format("{}:{}:{}", escaped(sources.name(diagnostic.primary.span.file)), begin.line,
                     begin.column);
}

std::string_view file_of(const LintReport& report, const source::Diagnostic& diagnostic) {
  if (!diagnostic.primary.span.valid()) return diagnostic.subject;
  return report.project->sources.name(diagnostic.primary.span.file);
}

// A workflow of GitHub takes a line that begins with two colons for a command.
std::string at_line_start(std::string text) { return text.starts_with("::") ? "./" + text : text; }

std::string closing(const LintReport& report) { return lint_summary(report) + "\n"; }

}  // namespace

std::string statistics_text(const LintReport& report) {
  std::string out;
  std::size_t width = 1;
  for (const auto& [code, number] : report.statistics) {
    width = std::max(width, std::to_string(number).size());
  }
  std::map<std::string_view, std::string_view> summaries;
  for (const auto rules : {lint::catalogue(), report.options.own_rules}) {
    for (const lint::Rule& rule : rules) summaries.emplace(rule.code, rule.summary);
  }
  for (const auto& [code, number] : report.statistics) {
    const auto summary = summaries.find(code);
    out += fmt::format("{:>{}}  {}", number, width, code);
    if (summary != summaries.end()) out += fmt::format("  {}", escaped(summary->second));
    out += '\n';
  }
  return out;
}

std::string full_text(const LintReport& report, Colour colour) {
  if (report.options.detail == LintDetail::Statistics) {
    return statistics_text(report) + closing(report);
  }
  std::string out;
  for (const LintEntry& entry : report.entries) {
    out += diagnostic_text(*entry.diagnostic, report.project->sources, colour);
    if (entry.finding != nullptr) {
      for (const lint::Fix& fix : entry.finding->fixes) {
        out += fmt::format("  {} {} {} ({})\n", paint("=", Ink::Blue, colour),
                           paint("fix:", Ink::Bold, colour), escaped(fix.title),
                           fix.safety == lint::FixSafety::Safe ? "safe" : "check it yourself");
      }
    }
    out += '\n';
  }
  return out + closing(report);
}

std::string compact_text(const LintReport& report, Colour colour) {
  if (report.options.detail == LintDetail::Statistics) {
    return statistics_text(report) + closing(report);
  }
  std::string out;
  for (const LintEntry& entry : report.entries) {
    const source::Diagnostic& diagnostic = *entry.diagnostic;
    const std::string head =
        fmt::format("{}[{}]", severity_word(diagnostic.severity), diagnostic.code);
    out +=
        fmt::format("{}: {} {}\n", at_line_start(place_of(report, diagnostic)),
                    paint(head, ink_of(diagnostic.severity), colour), escaped(diagnostic.message));
  }
  return out + closing(report);
}

std::string grouped_text(const LintReport& report, Colour colour) {
  if (report.options.detail == LintDetail::Statistics) {
    return statistics_text(report) + closing(report);
  }
  std::vector<std::string_view> files;  // in the order of their first finding
  std::map<std::string_view, std::vector<const source::Diagnostic*>> by_file;
  std::size_t width = 0;
  const auto place = [&](const source::Diagnostic& diagnostic) -> std::string {
    if (!diagnostic.primary.span.valid()) return "-";
    const auto begin = report.project->sources.begin(diagnostic.primary.span);
    return fmt::format("{}:{}", begin.line, begin.column);
  };
  for (const LintEntry& entry : report.entries) {
    const std::string_view file = file_of(report, *entry.diagnostic);
    if (by_file[file].empty()) files.push_back(file);
    by_file[file].push_back(entry.diagnostic);
    width = std::max(width, place(*entry.diagnostic).size());
  }
  std::string out;
  for (const std::string_view file : files) {
    const std::string name = at_line_start(escaped(file.empty() ? "wavetank" : file));
    out += paint(name, Ink::Bold, colour) + "\n";
    for (const source::Diagnostic* diagnostic : by_file[file]) {
      out += fmt::format("  {:>{}}  {}  {}  {}\n", place(*diagnostic), width,
                         paint(fmt::format("{:<7}", severity_word(diagnostic->severity)),
                               ink_of(diagnostic->severity), colour),
                         diagnostic->code, escaped(diagnostic->message));
    }
    out += '\n';
  }
  return out + closing(report);
}

}  // namespace wavetank::report
