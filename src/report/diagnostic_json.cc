#include "report/diagnostic_json.h"

namespace wavetank::report {

using nlohmann::ordered_json;

namespace {

std::string_view word(source::Severity severity) {
  switch (severity) {
    case source::Severity::Error: return "error";
    case source::Severity::Warning: return "warning";
    case source::Severity::Info: return "info";
  }
  return "";
}

}  // namespace

ordered_json span_json(source::Span span, const source::SourceMap& sources) {
  if (!span.valid()) return nullptr;
  const source::Position begin = sources.begin(span);
  const source::Position end = sources.end(span);
  return {{"file", sources.name(span.file)},
          {"line", begin.line},
          {"column", begin.column},
          {"endLine", end.line},
          {"endColumn", end.column}};
}

ordered_json diagnostic_json(const source::Diagnostic& diagnostic,
                             const source::SourceMap& sources) {
  ordered_json related = ordered_json::array();
  for (const source::Label& label : diagnostic.related) {
    related.push_back({{"location", span_json(label.span, sources)}, {"label", label.text}});
  }
  ordered_json plan = ordered_json::array();
  for (const source::Label& step : diagnostic.plan) plan.push_back(step.text);
  return {{"code", diagnostic.code},
          {"slug", diagnostic.slug},
          {"severity", word(diagnostic.severity)},
          {"message", diagnostic.message},
          {"path", diagnostic.subject},
          {"location", span_json(diagnostic.primary.span, sources)},
          {"label", diagnostic.primary.text},
          {"related", std::move(related)},
          {"plan", std::move(plan)},
          {"consequence", diagnostic.consequence},
          {"help", diagnostic.help}};
}

std::string json_text(const ordered_json& value) {
  return value.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace wavetank::report
