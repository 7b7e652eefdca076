// Reviewdog's diagnostic format; its columns count bytes of UTF-8.
// https://github.com/reviewdog/reviewdog/tree/master/proto/rdf

#include "report/diagnostic_json.h"
#include "report/lint/formats/formats.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;
using source::Severity;

std::string_view grade(Severity severity) {
  switch (severity) {
    case Severity::Error: return "ERROR";
    case Severity::Warning: return "WARNING";
    case Severity::Info: return "INFO";
  }
  return "";
}

ordered_json place(const source::SourceMap& sources, source::FileId file, std::uint32_t offset) {
  const auto position = sources.position(file, offset);
  const std::string_view line = sources.line(file, position.line);
  const auto line_begin = static_cast<std::size_t>(line.data() - sources.text(file).data());
  return {{"line", position.line}, {"column", offset - line_begin + 1}};
}

ordered_json range(const source::SourceMap& sources, source::Span span) {
  return {{"start", place(sources, span.file, span.begin)},
          {"end", place(sources, span.file, span.end)}};
}

ordered_json location(const LintReport& report, source::Span span) {
  const source::SourceMap& sources = report.project->sources;
  return {{"path", repository_path(report, sources.name(span.file))},
          {"range", range(sources, span)}};
}

// Only what changes the file itself can be suggested there, and only one edit at a time.
ordered_json suggestions(const LintReport& report, const LintEntry& entry) {
  ordered_json list = ordered_json::array();
  if (entry.finding == nullptr) return list;
  for (const lint::Fix& fix : entry.finding->fixes) {
    if (fix.edits.size() != 1) continue;
    const lint::Edit& edit = fix.edits.front();
    if (edit.span.file != entry.diagnostic->primary.span.file) continue;
    list.push_back({{"range", range(report.project->sources, edit.span)}, {"text", edit.text}});
  }
  return list;
}

}  // namespace

std::string rdjson(const LintReport& report) {
  ordered_json list = ordered_json::array();
  for (const LintEntry& entry : report.entries) {
    const source::Diagnostic& diagnostic = *entry.diagnostic;
    ordered_json json = {{"message", whole_message(diagnostic)}};
    if (diagnostic.primary.span.valid()) {
      json["location"] = location(report, diagnostic.primary.span);
    } else {
      const std::string file = diagnostic.subject.empty() ? "." : diagnostic.subject;
      json["location"] = {{"path", repository_path(report, file)}};
    }
    json["severity"] = grade(diagnostic.severity);
    json["code"] = {{"value", diagnostic.code}};
    if (auto suggested = suggestions(report, entry); !suggested.empty()) {
      json["suggestions"] = std::move(suggested);
    }
    ordered_json related = ordered_json::array();
    for (const source::Label& label : diagnostic.related) {
      if (!label.span.valid()) continue;
      related.push_back({{"message", label.text}, {"location", location(report, label.span)}});
    }
    if (!related.empty()) json["related_locations"] = std::move(related);
    list.push_back(std::move(json));
  }
  return json_text({{"source", {{"name", "wavetank"}}}, {"diagnostics", std::move(list)}});
}

}  // namespace wavetank::report
