// JUnit as CI servers read it: a suite for each application, a case for each rule that found
// something in a file, and one for each file in which none did. That keeps pages of trends short.

#include <fmt/format.h>

#include <map>
#include <set>
#include <vector>

#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"

namespace wavetank::report {

namespace {

struct Case {
  std::string rule;
  source::Severity severity = source::Severity::Info;  // the gravest
  std::size_t count = 0;
  std::string text;  // a line for each finding
};

struct Suite {
  std::map<std::string, std::map<std::string, Case>> files;  // by code
};

void add(const LintReport& report, const LintEntry& entry, Suite& suite) {
  const source::SourceMap& sources = report.project->sources;
  const source::Diagnostic& diagnostic = *entry.diagnostic;
  const source::Span span = diagnostic.primary.span;
  const std::string file = repository_path(
      report, span.valid() ? sources.name(span.file) : std::string_view(diagnostic.subject));
  Case& found = suite.files[file][diagnostic.code];
  found.rule = fmt::format("{} {}", diagnostic.code, diagnostic.slug);
  found.severity = std::max(found.severity, diagnostic.severity);
  ++found.count;
  const auto begin = span.valid() ? sources.begin(span) : source::Position{};
  found.text += fmt::format("{}:{}:{}: {}: {}\n", file, begin.line, begin.column,
                            severity_word(diagnostic.severity), whole_message(diagnostic));
}

// A finding that does not make the run fail is told of in a case that passes.
std::string case_xml(const LintReport& report, const std::string& file, const Case& found) {
  const bool fails = report.options.fail_on && found.severity >= *report.options.fail_on;
  std::string out = fmt::format("    <testcase classname=\"{}\" name=\"{}\" time=\"0\">\n",
                                xml_escaped(file), xml_escaped(found.rule));
  if (fails) {
    out += fmt::format(
        "      <failure type=\"{}\" message=\"{}\">{}</failure>\n", severity_word(found.severity),
        xml_escaped(fmt::format("{}: {}", found.rule, counted(found.count, "finding", "findings"))),
        xml_escaped(found.text));
  } else {
    out += fmt::format("      <system-out>{}</system-out>\n", xml_escaped(found.text));
  }
  return out + "    </testcase>\n";
}

std::string suite_xml(const LintReport& report, const std::string& name, const Suite& suite) {
  std::string cases;
  std::size_t number = 0;
  std::size_t failures = 0;
  for (const auto& [file, found] : suite.files) {
    if (found.empty()) {
      cases += fmt::format("    <testcase classname=\"{}\" name=\"no findings\" time=\"0\"/>\n",
                           xml_escaped(file));
      ++number;
    }
    for (const auto& [code, each] : found) {
      cases += case_xml(report, file, each);
      ++number;
      if (report.options.fail_on && each.severity >= *report.options.fail_on) ++failures;
    }
  }
  return fmt::format(
      "  <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"0\" skipped=\"0\" "
      "time=\"0\">\n{}  </testsuite>\n",
      xml_escaped(name), number, failures, cases);
}

}  // namespace

std::string junit(const LintReport& report) {
  std::map<std::string, Suite> suites;
  for (const model::Bundle& bundle : report.project->bundles) {
    Suite& suite = suites[bundle.name];
    for (const model::Resource& resource : bundle.resources) {
      if (!resource.name_span.valid()) continue;
      suite.files[repository_path(report, report.project->sources.name(resource.name_span.file))];
    }
  }
  for (const LintEntry& entry : report.entries) {
    const bool is_input = entry.finding == nullptr;
    add(report, entry, suites[is_input ? "input" : entry.finding->application]);
  }
  std::string out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"wavetank\">\n";
  for (const auto& [name, suite] : suites) out += suite_xml(report, name, suite);
  return out + "</testsuites>\n";
}

}  // namespace wavetank::report
