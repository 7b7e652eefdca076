// SARIF 2.1.0 as GitHub's code scanning takes it: paths from the root of the repository, a region
// for every result, fingerprints of our own, because lines move.

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/diagnostic_json.h"
#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/lint/rule_page.h"
#include "report/version.h"

namespace wavetank::report {

namespace {

using nlohmann::ordered_json;
using source::Diagnostic;
using source::Severity;

// GitHub: results of a run, and places of a result; what is beyond refuses the whole file.
constexpr std::size_t kResultsMax = 25'000;
constexpr std::size_t kRelatedMax = 1'000;

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::Error: return "error";
    case Severity::Warning: return "warning";
    case Severity::Info: return "note";
  }
  return "none";
}

// A message with "[…](…)" would be read as a link: section 3.11.6.
std::string message(std::string_view text) {
  if (text.find("](") == std::string_view::npos) return std::string(text);
  std::string out;
  for (const char c : text) {
    if (c == '[' || c == ']' || c == '\\') out += '\\';
    out += c;
  }
  return out;
}

class Writer {
 public:
  explicit Writer(const LintReport& report) : report_(report), sources_(report.project->sources) {}

  LintOutput write() {
    const auto shown = gravest_entries(report_.entries, kResultsMax);
    collect_rules(shown);
    ordered_json results = ordered_json::array();
    for (const LintEntry* entry : shown) results.push_back(result(*entry));
    for (const LintSuppressed& each : report_.suppressed) {
      if (results.size() < kResultsMax) results.push_back(suppressed_result(each));
    }
    LintOutput output;
    if (shown.size() < report_.entries.size()) {
      output.note =
          fmt::format("{} of {} findings are left out of the SARIF: GitHub takes {}",
                      report_.entries.size() - shown.size(), report_.entries.size(), kResultsMax);
    }
    output.text = json_text(
        {{"$schema", "https://json.schemastore.org/sarif-2.1.0.json"},
         {"version", "2.1.0"},
         {"runs",
          {{{"tool",
             {{"driver",
               {{"name", "wavetank"}, {"version", kVersion}, {"rules", std::move(rules_)}}}}},
            {"columnKind", "unicodeCodePoints"},
            {"invocations", {invocation(output.note)}},
            {"results", std::move(results)}}}}});
    return output;
  }

 private:
  void collect_rules(const std::vector<const LintEntry*>& shown) {
    std::map<std::string_view, const LintEntry*> by_code;
    for (const LintEntry* entry : shown) by_code.emplace(entry->diagnostic->code, entry);
    for (const LintSuppressed& each : report_.suppressed) {
      by_code.emplace(each.entry.diagnostic->code, &each.entry);
    }
    for (const auto& [code, entry] : by_code) {
      indices_[code] = rules_.size();
      const lint::Rule* rule = rule_of(report_, *entry);
      rules_.push_back(rule == nullptr ? input_rule(*entry->diagnostic) : described(*rule));
    }
  }

  static ordered_json input_rule(const Diagnostic& diagnostic) {
    std::string words = diagnostic.slug;
    std::replace(words.begin(), words.end(), '-', ' ');
    return {{"id", diagnostic.code},
            {"name", diagnostic.slug},
            {"shortDescription", {{"text", words}}},
            {"fullDescription", {{"text", "The input: " + words}}},
            {"help", {{"text", words}, {"markdown", words}}},
            {"defaultConfiguration", {{"level", level(diagnostic.severity)}}},
            {"properties", {{"tags", {"input"}}, {"precision", "very-high"}}}};
  }

  static ordered_json described(const lint::Rule& rule) {
    ordered_json json = {
        {"id", rule.code},
        {"name", rule.slug},
        {"shortDescription", {{"text", rule.summary}}},
        {"fullDescription", {{"text", rule.what}}},
        {"help",
         {{"text", fmt::format("{}\n\n{}", rule.what, rule.why)}, {"markdown", rule_page(rule)}}},
        {"defaultConfiguration", {{"level", level(rule.severity)}}},
        {"properties",
         {{"tags", {"argo-cd", rule.family}},
          {"precision", rule.confidence},
          {"problem.severity",
           rule.severity == Severity::Info ? "recommendation" : severity_word(rule.severity)}}}};
    const auto page =
        std::find_if(rule.references.begin(), rule.references.end(),
                     [](std::string_view reference) { return reference.starts_with("https://"); });
    if (page != rule.references.end()) json["helpUri"] = *page;
    return json;
  }

  [[nodiscard]] ordered_json artifact(std::string_view file) const {
    const std::string path = repository_path(report_, file);
    if (path.starts_with('/')) return {{"uri", "file://" + uri_escaped(path)}};
    return {{"uri", uri_escaped(path)}, {"uriBaseId", "%SRCROOT%"}};
  }

  [[nodiscard]] ordered_json region(source::Span span) const {
    const auto begin = sources_.begin(span);
    const auto end = sources_.end(span);
    return {{"startLine", begin.line},
            {"startColumn", begin.column},
            {"endLine", end.line},
            {"endColumn", end.column}};
  }

  [[nodiscard]] ordered_json location(source::Span span) const {
    return {{"physicalLocation",
             {{"artifactLocation", artifact(sources_.name(span.file))}, {"region", region(span)}}}};
  }

  // Code scanning shows only what has a place: the first line stands for a whole file.
  [[nodiscard]] ordered_json primary(const LintEntry& entry) const {
    const Diagnostic& diagnostic = *entry.diagnostic;
    ordered_json json;
    if (diagnostic.primary.span.valid()) {
      json = location(diagnostic.primary.span);
    } else {
      json = {
          {"physicalLocation",
           {{"artifactLocation", artifact(diagnostic.subject.empty() ? "." : diagnostic.subject)},
            {"region", {{"startLine", 1}}}}}};
    }
    if (entry.finding != nullptr) {
      json["logicalLocations"] = {{{"name", model::short_name(entry.finding->object)},
                                   {"fullyQualifiedName", model::full_name(entry.finding->object)},
                                   {"kind", "resource"}}};
    }
    return json;
  }

  [[nodiscard]] ordered_json result(const LintEntry& entry) const {
    const Diagnostic& diagnostic = *entry.diagnostic;
    ordered_json json = {{"ruleId", diagnostic.code},
                         {"ruleIndex", indices_.at(diagnostic.code)},
                         {"level", level(diagnostic.severity)},
                         {"message", {{"text", message(whole_message(diagnostic))}}},
                         {"locations", {primary(entry)}},
                         {"partialFingerprints", {{"wavetank/v1", entry.fingerprint}}}};
    ordered_json related = ordered_json::array();
    for (const source::Label& label : diagnostic.related) {
      if (!label.span.valid() || related.size() == kRelatedMax) continue;
      ordered_json place = {{"id", related.size() + 1}};
      place.update(location(label.span));
      if (!label.text.empty()) place["message"] = {{"text", message(escaped(label.text))}};
      related.push_back(std::move(place));
    }
    if (!related.empty()) json["relatedLocations"] = std::move(related);
    if (!diagnostic.plan.empty()) json["codeFlows"] = {code_flow(entry)};
    if (entry.finding == nullptr) return json;
    if (!entry.finding->fixes.empty()) json["fixes"] = fixes(*entry.finding);
    json["properties"] = {{"application", entry.finding->application}};
    return json;
  }

  [[nodiscard]] ordered_json suppressed_result(const LintSuppressed& each) const {
    ordered_json json = result(each.entry);
    const bool by_config = each.suppressed->by == lint::SuppressedBy::Config;
    ordered_json suppression = {{"kind", by_config ? "external" : "inSource"}};
    if (!each.suppressed->reason.empty()) suppression["justification"] = each.suppressed->reason;
    json["suppressions"] = {std::move(suppression)};
    return json;
  }

  // The steps of the plan in their order; GitHub shows them one below the other.
  [[nodiscard]] ordered_json code_flow(const LintEntry& entry) const {
    ordered_json steps = ordered_json::array();
    for (const source::Label& step : entry.diagnostic->plan) {
      ordered_json place = step.span.valid() ? location(step.span) : primary(entry);
      place["message"] = {{"text", message(escaped(step.text))}};
      steps.push_back({{"location", std::move(place)}});
    }
    return {{"message", {{"text", "the steps of the plan"}}},
            {"threadFlows", {{{"locations", std::move(steps)}}}}};
  }

  [[nodiscard]] ordered_json fixes(const lint::Finding& finding) const {
    ordered_json list = ordered_json::array();
    for (const lint::Fix& fix : finding.fixes) {
      std::map<source::FileId, ordered_json> by_file;
      for (const lint::Edit& edit : fix.edits) {
        by_file.try_emplace(edit.span.file, ordered_json::array())
            .first->second.push_back(
                {{"deletedRegion", region(edit.span)}, {"insertedContent", {{"text", edit.text}}}});
      }
      ordered_json changes = ordered_json::array();
      for (auto& [file, replacements] : by_file) {
        changes.push_back({{"artifactLocation", artifact(sources_.name(file))},
                           {"replacements", std::move(replacements)}});
      }
      list.push_back({{"description", {{"text", message(escaped(fix.title))}}},
                      {"artifactChanges", std::move(changes)}});
    }
    return list;
  }

  // What could not be read is also told apart from results: the run itself was not whole.
  [[nodiscard]] ordered_json invocation(const std::string& note) const {
    ordered_json notifications = ordered_json::array();
    bool successful = true;
    for (const LintEntry& entry : report_.entries) {
      if (entry.finding != nullptr) continue;
      if (entry.diagnostic->severity == Severity::Error) successful = false;
      notifications.push_back({{"descriptor", {{"id", entry.diagnostic->code}}},
                               {"level", level(entry.diagnostic->severity)},
                               {"message", {{"text", message(escaped(entry.diagnostic->message))}}},
                               {"locations", {primary(entry)}}});
    }
    const auto say = [&](const std::string& text) {
      notifications.push_back({{"level", "warning"}, {"message", {{"text", text}}}});
    };
    if (!note.empty()) say(note);
    if (report_.left_out > 0) {
      say(fmt::format("{} findings are not shown, as --max-findings says", report_.left_out));
    }
    ordered_json json = {{"executionSuccessful", successful}};
    if (!notifications.empty()) json["toolExecutionNotifications"] = std::move(notifications);
    return json;
  }

  const LintReport& report_;
  const source::SourceMap& sources_;
  ordered_json rules_ = ordered_json::array();
  std::map<std::string_view, std::size_t> indices_;
};

}  // namespace

LintOutput sarif(const LintReport& report) { return Writer(report).write(); }

}  // namespace wavetank::report
