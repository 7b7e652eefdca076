#include "lint/report_builder.h"

#include <algorithm>

#include "base/check.h"

namespace wavetank::lint {

std::string filled(std::string_view text, const std::map<std::string, std::string>& values) {
  std::string result;
  while (true) {
    const auto open = text.find('{');
    result += text.substr(0, open);
    if (open == std::string_view::npos) return result;
    const auto close = text.find('}', open);
    WAVETANK_CHECK(close != std::string_view::npos);
    const auto found = values.find(std::string(text.substr(open + 1, close - open - 1)));
    WAVETANK_CHECK(found != values.end());
    result += found->second;
    text.remove_prefix(close + 1);
  }
}

void Reporter::add(Report report) {
  const auto words = std::find_if(rule_.words.begin(), rule_.words.end(), [&](const Words& each) {
    return each.variant == report.variant;
  });
  WAVETANK_CHECK(words != rule_.words.end());
  const Words& usual = rule_.words.front();
  const auto text = [&](std::string_view own, std::string_view otherwise) {
    return filled(own.empty() ? otherwise : own, report.values);
  };
  auto& values = report.values;
  values.emplace("object", model::short_name(report.resource->key));
  values.emplace("kind", report.resource->key.kind);
  values.emplace("name", report.resource->key.name);
  Finding finding;
  finding.diagnostic = {.severity = report.severity.value_or(rule_.severity),
                        .code = std::string(rule_.code),
                        .slug = std::string(rule_.slug),
                        .message = text(words->message, usual.message),
                        .subject = std::string(context_.project.sources.name(report.span.file)),
                        .primary = {.span = report.span, .text = text(words->label, usual.label)},
                        .related = std::move(report.related),
                        .plan = std::move(report.plan),
                        .consequence = text(words->consequence, usual.consequence),
                        .help = text(words->help, usual.help)};
  finding.confidence = rule_.confidence == "high"     ? Confidence::High
                       : rule_.confidence == "medium" ? Confidence::Medium
                                                      : Confidence::Low;
  finding.application = context_.bundle.name;
  finding.object = report.resource->key;
  finding.fixes = std::move(report.fixes);
  findings_.push_back(std::move(finding));
}

}  // namespace wavetank::lint
