// SO: sync options of resources and of Applications.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/words.h"
#include "lint/edits.h"
#include "model/annotation.h"
#include "yaml/json.h"

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

// Calls visit(resource, word, place) for each sync option that is written anywhere.
template <class Visit>
void for_each_option(const Context& context, const Visit& visit) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::MetadataEntry* options = resource.annotation(model::kSyncOptions);
    if (options != nullptr && options->is_string) {
      for (const WordAt& word : words_of(*options, context.project.sources)) {
        if (!is_placeholder(word.text)) visit(resource, word, Place::Resource);
      }
    }
    if (!is_kind(resource, "argoproj.io", "Application")) continue;
    for (const yaml::NodeId item :
         resource.tree->items(resource.find({"spec", "syncPolicy", "syncOptions"}))) {
      const yaml::Node& node = resource.tree->node(item);
      if (node.kind != yaml::NodeKind::Scalar || is_placeholder(node.text)) continue;
      visit(resource, WordAt{.text = node.text, .span = node.span}, Place::Application);
    }
  }
}

// Whether the application applies everything on the server's side.
bool is_server_side(const Context& context) {
  return context.bundle.settings.has_option("ServerSideApply=true");
}

std::string_view name_of_option(std::string_view option) {
  return option.substr(0, option.find('='));
}

// Where the words of one list contradict each other, the later one and what it contradicts.
std::optional<std::pair<WordAt, WordAt>> contradiction(const std::vector<WordAt>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      const bool same_name = name_of_option(words[i].text) == name_of_option(words[j].text);
      if (same_name && words[i].text != words[j].text &&
          words[i].text.find('=') != std::string_view::npos) {
        return std::pair(words[i], words[j]);
      }
    }
  }
  return std::nullopt;
}

// A name that kustomize has given a hash: its alphabet leaves out vowels and what looks alike.
// Source: kustomize, api/hasher (encode).
bool has_kustomize_hash(std::string_view name) {
  constexpr std::size_t kLength = 10;
  if (name.size() <= kLength + 1 || name[name.size() - kLength - 1] != '-') return false;
  const std::string_view tail = name.substr(name.size() - kLength);
  return tail.find_first_not_of("2456789bcdfghkmt") == std::string_view::npos;
}

// Two items of a list with the same keys, which a server-side apply refuses.
struct ListKeys {
  std::array<std::string_view, 2> keys;      // the second may be empty
  std::array<std::string_view, 2> defaults;  // for items without the key
};
std::optional<std::pair<yaml::NodeId, yaml::NodeId>> twins(const yaml::Tree& tree,
                                                           yaml::NodeId list, const ListKeys& by) {
  const auto items = tree.items(list);
  const auto value = [&](yaml::NodeId item, std::size_t i) {
    if (by.keys.at(i).empty()) return std::string_view{};
    const yaml::NodeId node = tree.find(item, by.keys.at(i));
    return tree.is_scalar(node) ? tree.node(node).text : by.defaults.at(i);
  };
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (value(items[i], 0).empty()) continue;
    for (std::size_t j = 0; j < i; ++j) {
      if (value(items[i], 0) == value(items[j], 0) && value(items[i], 1) == value(items[j], 1)) {
        return std::pair(items[i], items[j]);
      }
    }
  }
  return std::nullopt;
}

// The lists of an object whose items have keys, as far as twins are seen in practice.
std::optional<std::pair<yaml::NodeId, yaml::NodeId>> first_twins(const model::Resource& resource) {
  const yaml::Tree& tree = *resource.tree;
  if (is_kind(resource, "", "Service")) {
    return twins(tree, resource.find({"spec", "ports"}), {{"port", "protocol"}, {"", "TCP"}});
  }
  const yaml::NodeId spec = model::pod_spec_of(resource);
  for (const std::string_view list : {"initContainers", "containers"}) {
    const yaml::NodeId containers = tree.find(spec, list);
    if (auto found = twins(tree, containers, {{"name", ""}, {"", ""}})) return found;
    for (const yaml::NodeId container : tree.items(containers)) {
      if (auto found = twins(tree, tree.find(container, "env"), {{"name", ""}, {"", ""}})) {
        return found;
      }
      if (auto found =
              twins(tree, tree.find(container, "volumeMounts"), {{"mountPath", ""}, {"", ""}})) {
        return found;
      }
    }
  }
  return twins(tree, tree.find(spec, "volumes"), {{"name", ""}, {"", ""}});
}

// Aliases make a short text long.
bool has_alias(const yaml::Tree& tree) {
  for (std::size_t i = 0; i < tree.size(); ++i) {
    if (tree.node(yaml::NodeId::from(i)).kind == yaml::NodeKind::Alias) return true;
  }
  return false;
}

}  // namespace

void unknown_sync_option(const Context& context, Reporter& reporter) {
  for_each_option(context, [&](const model::Resource& resource, const WordAt& word, Place place) {
    const auto verdict = judge(word.text, place);
    if (!verdict || !verdict->variant.empty()) return;
    Report finding{
        .resource = &resource,
        .span = word.span,
        .values = {{"option", std::string(word.text)}, {"suggestion", suggestion(verdict->meant)}}};
    if (!verdict->meant.empty()) {
      finding.fixes.push_back({.safety = same_but_for_spelling(word.text, verdict->meant)
                                             ? FixSafety::Safe
                                             : FixSafety::Unsafe,
                               .title = fmt::format("write `{}`", verdict->meant),
                               .edits = {{.span = word.span, .text = verdict->meant}}});
    }
    reporter.add(std::move(finding));
  });
}

void sync_option_wrong_scope(const Context& context, Reporter& reporter) {
  for_each_option(context, [&](const model::Resource& resource, const WordAt& word, Place place) {
    const auto verdict = judge(word.text, place);
    if (!verdict || verdict->variant.empty()) return;
    reporter.add({.resource = &resource,
                  .span = word.span,
                  .variant = verdict->variant == "application-only" ? "" : verdict->variant,
                  .values = {{"option", std::string(word.text)}}});
  });
}

// Source: kubectl's apply, which refuses the pair; argo-cd#29624.
void force_with_server_side_apply(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::ResourceOptions options = options_of(resource);
    const bool is_applied_there =
        !options.no_server_side_apply && (options.server_side_apply || is_server_side(context));
    // Replace comes before both.
    if (!options.force || options.replace || !is_applied_there) continue;
    if (context.bundle.settings.has_option("Replace=true")) continue;
    Report report{.resource = &resource,
                  .span = span_or_name(resource, resource.annotation(model::kSyncOptions)),
                  .variant = options.server_side_apply ? "" : "application"};
    for (const model::SpannedText& option : context.bundle.settings.sync_options) {
      if (options.server_side_apply || option.text != "ServerSideApply=true") continue;
      report.related.push_back({.span = option.span, .text = "for every object"});
    }
    reporter.add(std::move(report));
  }
}

void replace_on_service_or_claim(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_service = is_kind(resource, "", "Service");
    const bool is_claim =
        is_kind(resource, "", "PersistentVolumeClaim") || is_kind(resource, "", "PersistentVolume");
    const model::ResourceOptions options = options_of(resource);
    if ((!is_service && !is_claim) || !options.replace) continue;
    // A Service whose address is written down can be replaced.
    if (is_service && !resource.string({"spec", "clusterIP"}).empty() && !options.force) continue;
    Report report{
        .resource = &resource,
        .span = span_or_name(resource, resource.annotation(model::kSyncOptions)),
        .variant = options.force ? (is_claim ? "lost" : "outage") : (is_claim ? "claim" : "")};
    if (options.force) report.severity = source::Severity::Error;
    reporter.add(std::move(report));
  }
}

void contradicting_options(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    std::vector<WordAt> words;
    if (const auto* options = resource.annotation(model::kSyncOptions)) {
      words = words_of(*options, context.project.sources);
    }
    auto found = contradiction(words);
    if (!found && is_kind(resource, "argoproj.io", "Application")) {
      words.clear();
      const yaml::Tree& tree = *resource.tree;
      for (const yaml::NodeId item :
           tree.items(resource.find({"spec", "syncPolicy", "syncOptions"}))) {
        if (tree.is_scalar(item)) {
          words.push_back({.text = tree.node(item).text, .span = tree.node(item).span});
        }
      }
      found = contradiction(words);
    }
    if (!found) continue;
    const auto& [later, earlier] = *found;
    const bool first_counts = name_of_option(later.text) != "ServerSideApply";
    reporter.add(
        {.resource = &resource,
         .span = later.span,
         .values = {{"option", std::string(later.text)},
                    {"other", std::string(earlier.text)},
                    {"winner", first_counts ? std::string(earlier.text) : "ServerSideApply=false"}},
         .related = {{.span = earlier.span, .text = "says otherwise"}}});
  }
}

// Source: kubectl keeps the whole object in an annotation, of which the API server allows 262144
// bytes together.
void large_object(const Context& context, Reporter& reporter) {
  constexpr std::size_t kLimit = 262'144;
  for (const model::Resource& resource : context.bundle.resources) {
    const std::string_view text = context.project.sources.text(resource.span);
    const bool may_be_aliased =
        text.find('*') != std::string_view::npos && has_alias(*resource.tree);
    if (text.size() < kLimit / 2 && !may_be_aliased) continue;
    const model::ResourceOptions options = options_of(resource);
    if (options.replace || options.server_side_apply || !is_plain(resource)) continue;
    const auto& application = context.bundle.settings;
    const bool by_application = is_server_side(context) || application.has_option("Replace=true");
    if (by_application && !options.no_server_side_apply) continue;
    const std::size_t size = yaml::canonical_json(*resource.tree, resource.root).size();
    if (size < kLimit) continue;
    Report report{.resource = &resource,
                  .span = resource.name_span,
                  .values = {{"size", std::to_string(size)}}};
    if (auto edits = add_words({resource, context.project.sources}, model::kSyncOptions,
                               "ServerSideApply=true")) {
      report.fixes.push_back({.safety = FixSafety::Safe,
                              .title = "apply it on the server's side",
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

// Source: gitops-engine/pkg/sync/common/types.go; these two are defined and asked for nowhere.
void option_without_effect(const Context& context, Reporter& reporter) {
  const bool replaces_all = context.bundle.settings.has_option("Replace=true");
  for_each_option(context, [&](const model::Resource& resource, const WordAt& word, Place place) {
    const bool is_unread = word.text == "Replace=false" || word.text == "ApplyOutOfSyncOnly=false";
    const bool loses = place == Place::Resource && word.text == "ServerSideApply=true" &&
                       options_of(resource).replace;
    if (!is_unread && !loses) return;
    const bool is_opt_out =
        word.text == "Replace=false" && place == Place::Resource && replaces_all;
    Report report{.resource = &resource,
                  .span = word.span,
                  .variant = is_opt_out ? "opt-out"
                             : loses    ? "replaced"
                                        : "",
                  .values = {{"option", std::string(word.text)}}};
    if (is_opt_out) report.severity = source::Severity::Warning;
    if (place == Place::Resource && !is_opt_out) {
      if (auto edits =
              remove_words({resource, context.project.sources}, model::kSyncOptions, word.text)) {
        report.fixes.push_back({.safety = FixSafety::Safe,
                                .title = fmt::format("drop {}", word.text),
                                .edits = std::move(*edits)});
      }
    }
    reporter.add(std::move(report));
  });
}

void hashed_config_without_prune_last(const Context& context, Reporter& reporter) {
  const model::ApplicationSettings& application = context.bundle.settings;
  if (!application.automated || !application.prune) return;
  if (application.has_option("PruneLast=true")) return;
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_config = is_kind(resource, "", "ConfigMap") || is_kind(resource, "", "Secret");
    if (!is_config || !has_kustomize_hash(resource.key.name)) continue;
    if (options_of(resource).prune_last) continue;
    const auto users = std::count_if(
        context.bundle.resources.begin(), context.bundle.resources.end(), [&](const auto& user) {
          const auto& references = context.references_of(user);
          return is_plain(user) &&
                 std::any_of(references.begin(), references.end(), [&](const auto& reference) {
                   return reference.name == resource.key.name;
                 });
        });
    if (users == 0) continue;
    reporter.add({.resource = &resource,
                  .span = resource.name_span,
                  .related = {{.span = application.span, .text = "prunes by itself"}}});
    return;  // once per application
  }
}

void duplicate_list_keys(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    const model::ResourceOptions options = options_of(resource);
    const bool is_applied_there =
        !options.no_server_side_apply && (options.server_side_apply || is_server_side(context));
    if (!is_applied_there || options.replace) continue;
    const auto found = first_twins(resource);
    if (!found) continue;
    const yaml::Tree& tree = *resource.tree;
    const auto start_of = [&](yaml::NodeId item) {
      const auto entries = tree.entries(item);
      return entries.empty() ? tree.node(item).span : tree.node(entries.front().value).span;
    };
    reporter.add({.resource = &resource,
                  .span = start_of(found->first),
                  .related = {{.span = start_of(found->second), .text = "the same key"}}});
  }
}

}  // namespace wavetank::lint::checks
