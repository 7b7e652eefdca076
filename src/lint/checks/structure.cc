// AN and SO: the shape of the YAML, and what the API server lacks before a first sync.

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/edits.h"
#include "model/annotation.h"

namespace wavetank::lint::checks {

namespace {

// Visits a node and all below it that stand in the document itself, aliases left out.
template <class Visit>
void for_each_mapping(const yaml::Tree& tree, yaml::NodeId root, const Visit& visit) {
  std::vector<yaml::NodeId> open{root};
  while (!open.empty()) {
    const yaml::NodeId node = open.back();
    open.pop_back();
    if (tree.node(node).kind == yaml::NodeKind::Mapping) visit(node);
    for (yaml::NodeId child = tree.node(node).first_child; child.valid();
         child = tree.node(child).next) {
      if (tree.node(child).child_count > 0) open.push_back(child);
    }
  }
}

bool same_text(const source::SourceMap& sources, source::Span a, source::Span b) {
  return sources.text(a) == sources.text(b);
}

// Groups that belong to Kubernetes, to Argo CD, or to a platform that brings them.
bool is_built_in_group(std::string_view group) {
  if (group.find('.') == std::string_view::npos || group.ends_with(".k8s.io")) return true;
  const auto rows = data_table("preinstalled-groups");
  return std::any_of(rows.begin(), rows.end(),
                     [&](const DataRow& row) { return row.key == group; });
}

bool skips_dry_run(const Context& context, const model::Resource& resource) {
  return options_of(resource).skip_dry_run_on_missing_resource ||
         context.bundle.settings.has_option("SkipDryRunOnMissingResource=true");
}

// Whether a name holds a word with nothing but its ends or hyphens around it.
bool holds(std::string_view name, std::string_view word) {
  for (auto at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
    const auto end = at + word.size();
    const bool begins = at == 0 || name[at - 1] == '-';
    if (begins && (end == name.size() || name[end] == '-')) return true;
  }
  return false;
}

// Whether the name of an installer says that it brings a group.
bool is_named_for(std::string_view name, std::string_view group) {
  const auto rows = data_table("operator-groups");
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const DataRow& each) { return each.key == group; });
  if (row != rows.end()) {
    return std::any_of(row->values.begin(), row->values.end(),
                       [&](std::string_view word) { return holds(name, word); });
  }
  while (!group.empty()) {
    const auto end = std::min(group.find('.'), group.size());
    const std::string_view part = group.substr(0, end);
    // The last parts are those of an organisation: short, or common to many groups.
    if (part.size() >= 5 && part != "operator" && holds(name, part)) return true;
    group.remove_prefix(std::min(end + 1, group.size()));
  }
  return false;
}

bool is_common_group(std::string_view group) {
  const auto rows = data_table("operator-groups");
  return std::any_of(rows.begin(), rows.end(),
                     [&](const DataRow& each) { return each.key == group; });
}

// What in this application may bring custom resources of a group; null when nothing does.
const model::Resource* installer_of(const Context& context, std::string_view group) {
  const model::Resource* found = nullptr;
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_subscription = is_kind(resource, "operators.coreos.com", "Subscription");
    const bool is_release = is_kind(resource, "argoproj.io", "Application") ||
                            is_kind(resource, "helm.toolkit.fluxcd.io", "HelmRelease") ||
                            is_kind(resource, "helm.cattle.io", "HelmChart");
    if (!is_subscription && !is_release) continue;
    if (is_named_for(resource.key.name, group)) return &resource;
    if (!is_subscription) continue;
    if (is_named_for(resource.string({"spec", "name"}), group)) return &resource;
    // A kind that nobody else is known to bring belongs to the operator beside it.
    if (!is_common_group(group)) found = &resource;
  }
  return found;
}

}  // namespace

void duplicate_mapping_key(const Context& context, Reporter& reporter) {
  const auto& sources = context.project.sources;
  for (const model::Resource& resource : context.bundle.resources) {
    const yaml::Tree& tree = *resource.tree;
    for_each_mapping(tree, resource.root, [&](yaml::NodeId map) {
      std::vector<std::pair<std::string_view, yaml::NodeId>> keys;
      for (yaml::NodeId key = tree.node(map).first_child; key.valid();) {
        const yaml::NodeId value = tree.node(key).next;
        const yaml::Node& node = tree.node(key);
        if (node.kind == yaml::NodeKind::Scalar && !yaml::is_merge_key(node)) {
          keys.emplace_back(node.text, key);
        }
        key = tree.node(value).next;
      }
      std::stable_sort(keys.begin(), keys.end(),
                       [](const auto& a, const auto& b) { return a.first < b.first; });
      for (std::size_t i = 1; i < keys.size(); ++i) {
        if (keys[i].first != keys[i - 1].first) continue;
        const yaml::Node& lost = tree.node(keys[i - 1].second);
        const yaml::Node& kept = tree.node(keys[i].second);
        Report report{.resource = &resource,
                      .span = lost.span,
                      .values = {{"key", std::string(lost.text)}},
                      .related = {{.span = kept.span, .text = "this one counts"}}};
        if (same_text(sources, tree.node(lost.next).span, tree.node(kept.next).span)) {
          report.severity = source::Severity::Info;
        }
        reporter.add(std::move(report));
      }
    });
  }
}

void missing_skip_dry_run(const Context& context, Reporter& reporter) {
  if (!context.bundle.is_application) return;
  std::set<std::string_view> defined;
  for (const model::Resource& resource : context.bundle.resources) {
    if (resource.key.kind == "CustomResourceDefinition") {
      defined.insert(resource.string({"spec", "group"}));
    }
  }
  const auto& served = context.assumptions.served_groups;
  std::set<std::string_view> said;  // what is only possible is said once for each group
  for (const model::Resource& resource : context.bundle.resources) {
    const std::string& group = resource.key.group;
    if (context.tasks_of(resource).empty() || is_built_in_group(group)) continue;
    if (defined.contains(group) || skips_dry_run(context, resource)) continue;
    if (served && std::find(served->begin(), served->end(), group) != served->end()) continue;
    const model::Resource* installer = installer_of(context, group);
    const bool is_guess = installer == nullptr && !served;
    if (is_guess && (is_common_group(group) || context.survey.defines_group(group))) continue;
    if (is_guess && !said.insert(group).second) continue;
    Report report{.resource = &resource, .span = resource.kind_span, .values = {{"group", group}}};
    if (served) report.severity = source::Severity::Error;
    if (is_guess) report.severity = source::Severity::Info;
    if (installer != nullptr) {
      report.variant = "installer";
      report.values["installer"] = model::short_name(installer->key);
      report.related.push_back(
          {.span = installer->name_span, .text = "brings the kind, but in the same sync"});
    }
    if (auto edits = add_words({resource, context.project.sources}, model::kSyncOptions,
                               "SkipDryRunOnMissingResource=true")) {
      report.fixes.push_back({.safety = FixSafety::Safe,
                              .title = "let the dry run pass it over",
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

}  // namespace wavetank::lint::checks
