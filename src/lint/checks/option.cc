// SO: sync options of resources and of Applications.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/words.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

enum class Place : std::uint8_t { Resource, Application };

// What is wrong with one option, and what was meant; nothing when it is fine.
struct Verdict {
  std::string variant;
  std::string meant;
};

std::optional<Verdict> judge(std::string_view option, Place place) {
  const auto rows = data_table("sync-options");
  const std::string_view name = model::trim(option.substr(0, option.find('=')));
  std::vector<std::string_view> names;
  for (const DataRow& row : rows) names.push_back(row.key);
  const std::string_view known = meant_word(name, names);
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const DataRow& each) { return each.key == known; });
  if (row == rows.end()) return Verdict{.variant = "", .meant = ""};
  const auto values = row->values.subspan(1);
  const auto equals = option.find('=');
  std::string meant;
  if (equals == std::string_view::npos) {
    meant = fmt::format("{}={}", known, values.front());
  } else {
    const std::string_view written = model::trim(option.substr(equals + 1));
    const std::string_view value = meant_word(written, values);
    meant = fmt::format("{}={}", known, value.empty() ? values.front() : value);
  }
  if (meant != option) return Verdict{.variant = "", .meant = meant};
  const std::string_view where = row->values.front();
  if (place == Place::Resource && where == "application") {
    return Verdict{.variant = "application-only", .meant = ""};
  }
  if (place == Place::Application && where == "resource") {
    return Verdict{.variant = "resource-only", .meant = ""};
  }
  return std::nullopt;
}

void report(const model::Resource& resource, const WordAt& word, Place place, Reporter& reporter) {
  const auto verdict = judge(word.text, place);
  if (!verdict || is_placeholder(word.text)) return;
  Report finding{
      .resource = &resource,
      .span = word.span,
      .variant = verdict->variant,
      .values = {{"option", std::string(word.text)}, {"suggestion", suggestion(verdict->meant)}}};
  if (!verdict->variant.empty()) finding.severity = source::Severity::Warning;
  if (!verdict->meant.empty()) {
    finding.fixes.push_back({.safety = same_but_for_spelling(word.text, verdict->meant)
                                           ? FixSafety::Safe
                                           : FixSafety::Unsafe,
                             .title = fmt::format("write `{}`", verdict->meant),
                             .edits = {{.span = word.span, .text = verdict->meant}}});
  }
  reporter.add(std::move(finding));
}

}  // namespace

void unknown_sync_option(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* options = resource.annotation(model::kSyncOptions);
    if (options != nullptr && options->is_string) {
      for (const WordAt& word : words_of(*options, context.project.sources)) {
        report(resource, word, Place::Resource, reporter);
      }
    }
    if (resource.key.group != "argoproj.io" || resource.key.kind != "Application") continue;
    for (const yaml::NodeId item :
         resource.tree->items(resource.find({"spec", "syncPolicy", "syncOptions"}))) {
      const yaml::Node& node = resource.tree->node(item);
      if (node.kind != yaml::NodeKind::Scalar) continue;
      report(resource, {.text = node.text, .span = node.span}, Place::Application, reporter);
    }
  }
}

}  // namespace wavetank::lint::checks
