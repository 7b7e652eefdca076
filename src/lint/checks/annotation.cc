// AN: spelling and form of annotations.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text_distance.h"
#include "lint/checks.h"
#include "lint/checks/words.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

constexpr std::string_view kDomain = "argocd.argoproj.io/";
constexpr std::array<std::string_view, 7> kHookWords{
    "PreSync", "Sync", "PostSync", "SyncFail", "Skip", "PreDelete", "PostDelete"};
constexpr std::array<std::string_view, 3> kPolicyWords{"BeforeHookCreation", "HookSucceeded",
                                                       "HookFailed"};
constexpr std::array<std::string_view, 3> kHelmPolicyWords{"before-hook-creation", "hook-succeeded",
                                                           "hook-failed"};

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

Fix replace_word(const WordAt& word, std::string_view by) {
  const bool safe = same_but_for_spelling(word.text, by);
  return {.safety = safe ? FixSafety::Safe : FixSafety::Unsafe,
          .title = fmt::format("write `{}`", by),
          .edits = {{.span = word.span, .text = std::string(by)}}};
}

bool is_directive(std::string_view key) {
  if (key == model::kHelmHook || key == model::kHelmHookWeight ||
      key == model::kHelmHookDeletePolicy) {
    return true;
  }
  if (!key.starts_with(kDomain)) return false;
  const std::string_view name = key.substr(kDomain.size());
  const auto rows = data_table("annotations");
  const auto row =
      std::find_if(rows.begin(), rows.end(), [&](const DataRow& each) { return each.key == name; });
  return row != rows.end() && row->values.front() == "directive";
}

// The part behind the slash of a key whose domain is a slip of the finger, if Argo CD knows the
// part; else empty.
std::string_view name_in_near_domain(std::string_view key) {
  const auto slash = key.find('/');
  if (slash == std::string_view::npos || key.starts_with(kDomain)) return {};
  const std::string_view domain = key.substr(0, slash);
  constexpr std::string_view kRight = kDomain.substr(0, kDomain.size() - 1);
  const std::size_t length = std::max(domain.size(), kRight.size());
  if (length - std::min(domain.size(), kRight.size()) > 2) return {};
  if (base::text_distance(domain, kRight) > 2) return {};
  const std::string_view name = key.substr(slash + 1);
  const auto rows = data_table("annotations");
  const bool is_known =
      std::any_of(rows.begin(), rows.end(), [&](const DataRow& row) { return row.key == name; });
  return is_known ? name : std::string_view{};
}

}  // namespace

void unknown_hook_type(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* hook = resource.annotation(model::kHook);
    if (hook == nullptr || !hook->is_string) continue;
    const bool vanishes =
        resource.hook.is_ignored && !resource.hook.pre_delete && !resource.hook.post_delete;
    const auto words = words_of(*hook, context.project.sources);
    if (words.empty() && vanishes) {
      reporter.add({.resource = &resource,
                    .span = value_span(*hook),
                    .variant = "empty",
                    .values = {{"word", ""}, {"suggestion", ""}}});
    }
    for (const WordAt& word : words) {
      if (is_one_of(word.text, kHookWords) || is_placeholder(word.text)) continue;
      const std::string_view meant = meant_word(word.text, kHookWords);
      Report report{
          .resource = &resource,
          .span = word.span,
          .variant = vanishes ? "" : "partly",
          .values = {{"word", std::string(word.text)}, {"suggestion", suggestion(meant)}}};
      if (!vanishes) report.severity = Severity::Warning;
      if (!meant.empty()) report.fixes.push_back(replace_word(word, meant));
      reporter.add(std::move(report));
    }
  }
}

void unknown_delete_policy(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    for (const std::string_view key : {model::kHookDeletePolicy, model::kHelmHookDeletePolicy}) {
      const model::MetadataEntry* entry = resource.annotation(key);
      if (entry == nullptr || !entry->is_string) continue;
      if (!resource.hook.is_hook && !resource.hook.pre_delete && !resource.hook.post_delete &&
          !resource.hook.is_skip) {
        reporter.add({.resource = &resource,
                      .span = entry->key_span,
                      .variant = "no-hook",
                      .severity = Severity::Warning,
                      .values = {{"word", std::string(entry->value)}, {"suggestion", ""}}});
        continue;
      }
      const bool is_argo = key == model::kHookDeletePolicy;
      const auto valid = is_argo ? std::span<const std::string_view>(kPolicyWords)
                                 : std::span<const std::string_view>(kHelmPolicyWords);
      for (const WordAt& word : words_of(*entry, context.project.sources)) {
        if (std::find(valid.begin(), valid.end(), word.text) != valid.end()) continue;
        if (is_placeholder(word.text)) continue;
        const bool wants_to_keep = same_but_for_spelling(word.text, "never") ||
                                   same_but_for_spelling(word.text, "none") ||
                                   same_but_for_spelling(word.text, "keep");
        const std::string_view meant = wants_to_keep ? "" : meant_word(word.text, valid);
        Report report{
            .resource = &resource,
            .span = word.span,
            .variant = wants_to_keep                  ? "never"
                       : resource.policies.is_default ? ""
                                                      : "partly",
            .values = {{"word", std::string(word.text)}, {"suggestion", suggestion(meant)}}};
        if (!resource.policies.is_default) report.severity = Severity::Warning;
        if (!meant.empty()) report.fixes.push_back(replace_word(word, meant));
        reporter.add(std::move(report));
      }
    }
  }
}

void non_string_value(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    for (const model::MetadataEntry& entry : resource.annotations) {
      if (entry.is_string) continue;
      Report report{
          .resource = &resource,
          .span = value_span(entry),
          .values = {{"key", std::string(entry.key)}, {"value", std::string(entry.value)}}};
      if (!entry.value.empty()) {
        report.fixes.push_back(
            {.safety = FixSafety::Safe,
             .title = "quote it",
             .edits = {{.span = entry.value_span, .text = fmt::format("\"{}\"", entry.value)}}});
      }
      reporter.add(std::move(report));
    }
  }
}

void misspelled_annotation(const Context& context, Reporter& reporter) {
  const auto misspelled = data_table("misspelled-annotations");
  const auto known = data_table("annotations");
  std::vector<std::string_view> names;
  for (const DataRow& row : known) names.push_back(row.key);
  for (const model::Resource& resource : context.bundle.resources) {
    for (const model::MetadataEntry& entry : resource.annotations) {
      const auto row = std::find_if(misspelled.begin(), misspelled.end(),
                                    [&](const DataRow& each) { return each.key == entry.key; });
      if (row != misspelled.end()) {
        const std::string meant(row->values.front());
        Report report{.resource = &resource,
                      .span = entry.key_span,
                      .values = {{"key", std::string(entry.key)}, {"meant", meant}}};
        if (resource.annotation(meant) == nullptr) {
          report.fixes.push_back({.safety = FixSafety::Safe,
                                  .title = fmt::format("write `{}`", meant),
                                  .edits = {{.span = entry.key_span, .text = meant}}});
        }
        reporter.add(std::move(report));
        continue;
      }
      if (const std::string_view name = name_in_near_domain(entry.key); !name.empty()) {
        const std::string meant = fmt::format("{}{}", kDomain, name);
        Report report{.resource = &resource,
                      .span = entry.key_span,
                      .values = {{"key", std::string(entry.key)}, {"meant", meant}}};
        if (resource.annotation(meant) == nullptr) {
          report.fixes.push_back({.safety = FixSafety::Safe,
                                  .title = fmt::format("write `{}`", meant),
                                  .edits = {{.span = entry.key_span, .text = meant}}});
        }
        reporter.add(std::move(report));
        continue;
      }
      if (!entry.key.starts_with(kDomain)) continue;
      const std::string_view name = entry.key.substr(kDomain.size());
      if (std::find(names.begin(), names.end(), name) != names.end()) continue;
      const std::string_view meant = meant_word(name, names);
      reporter.add(
          {.resource = &resource,
           .span = entry.key_span,
           .variant = meant.empty() ? "unknown" : "near",
           .severity = Severity::Warning,
           .values = {{"key", std::string(entry.key)},
                      {"meant", meant.empty() ? "" : fmt::format("{}{}", kDomain, meant)}}});
    }
  }
}

void directive_on_pod_template(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const yaml::NodeId pod = model::pod_template_of(resource);
    if (!pod.valid() || pod == resource.root) continue;
    const yaml::Tree& tree = *resource.tree;
    for (const yaml::Entry& entry : tree.entries(tree.find(pod, {"metadata", "annotations"}))) {
      const yaml::Node& key = tree.node(entry.key);
      if (!is_directive(key.text)) continue;
      reporter.add(
          {.resource = &resource, .span = key.span, .values = {{"key", std::string(key.text)}}});
    }
  }
}

void directive_as_label(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    for (const model::MetadataEntry& label : resource.labels) {
      if (!is_directive(label.key)) continue;
      reporter.add({.resource = &resource,
                    .span = label.key_span,
                    .values = {{"key", std::string(label.key)}}});
    }
  }
}

}  // namespace wavetank::lint::checks
