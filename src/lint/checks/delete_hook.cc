// DL: PreDelete and PostDelete hooks, and what deletion and pruning take away.

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "lint/checks/words.h"
#include "lint/edits.h"
#include "load/project.h"
#include "model/annotation.h"
#include "model/kinds.h"

namespace wavetank::lint::checks {

namespace {

using source::Severity;

bool is_kept_at_deletion(const model::Resource& resource) {
  return has_option(resource, "Delete=false") || has_option(resource, "Delete=confirm") ||
         (resource.annotation("helm.sh/resource-policy") != nullptr &&
          resource.annotation("helm.sh/resource-policy")->value == "keep");
}

bool is_delete_hook(const model::Resource& resource) {
  return resource.hook.pre_delete || resource.hook.post_delete;
}

// Names that Kubernetes itself gives to finalizers.
bool is_standard_finalizer(std::string_view name) {
  constexpr std::array<std::string_view, 3> kNames{"kubernetes", "orphan", "foregroundDeletion"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// The generator of an ApplicationSet that takes Applications away when a branch or file is gone;
// none otherwise.
yaml::NodeId ephemeral_generator(const model::Resource& set) {
  const yaml::Tree& tree = *set.tree;
  for (const yaml::NodeId generator : tree.items(set.find({"spec", "generators"}))) {
    if (const yaml::NodeId requests = tree.find(generator, "pullRequest"); requests.valid()) {
      return tree.entry(generator, "pullRequest")->key;
    }
    if (tree.find(generator, {"git", "files"}).valid()) return tree.entry(generator, "git")->key;
  }
  return {};
}

// The objects at a source path, in whichever application they were found.
const model::Resource* delete_hook_at(const Context& context, std::string_view path) {
  for (const model::Bundle& bundle : context.project.bundles) {
    if (bundle.directory != path && !bundle.directory.ends_with(fmt::format("/{}", path))) continue;
    for (const model::Resource& resource : bundle.resources) {
      if (is_delete_hook(resource)) return &resource;
    }
  }
  return nullptr;
}

}  // namespace

void postdelete_needs_app_resource(const Context& context, Reporter& reporter) {
  for (const model::Resource& user : context.bundle.resources) {
    if (!user.hook.post_delete) continue;
    for (const model::Reference& reference : context.references_of(user)) {
      if (reference.optional) continue;
      const model::Resource* used =
          context.find(reference.kind, reference.name, user.key.name_space);
      if (used == nullptr || used->hook.post_delete || is_kept_at_deletion(*used)) continue;
      reporter.add({.resource = &user,
                    .span = reference.span,
                    .values = {{"needed", model::short_name(used->key)}},
                    .related = {{.span = used->name_span,
                                 .text = "deleted with the application, before the hook"}}});
    }
  }
}

void postdelete_in_app_namespace(const Context& context, Reporter& reporter) {
  for (const model::Resource& hook : context.bundle.resources) {
    if (!hook.hook.post_delete || hook.key.name_space.empty()) continue;
    for (const model::Resource& home : context.bundle.resources) {
      if (!is_kind(home, "", "Namespace") || home.key.name != hook.key.name_space) continue;
      if (!is_plain(home) || is_kept_at_deletion(home)) continue;
      reporter.add({.resource = &hook,
                    .span = hook.name_span,
                    .values = {{"namespace", home.key.name}},
                    .related = {{.span = home.name_span,
                                 .text = "deleted with the application, before the hook"}}});
      break;
    }
  }
}

void multi_phase_delete_hook(const Context& context, Reporter& reporter) {
  if (model::behaves(context.version, model::Behavior::DeleteHooksInSync)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!is_delete_hook(resource) || !runs_in_sync(resource)) continue;
    reporter.add({.resource = &resource, .span = span_or_name(resource, hook_entry(resource))});
  }
}

void delete_hook_unsupported(const Context& context, Reporter& reporter) {
  if (model::behaves(context.version, model::Behavior::PreDeleteHooks)) return;
  for (const model::Resource& resource : context.bundle.resources) {
    if (!resource.hook.pre_delete) continue;
    reporter.add({.resource = &resource,
                  .span = span_or_name(resource, hook_entry(resource)),
                  .values = {{"version", model::to_string(context.version)}}});
  }
}

void delete_hook_on_ephemeral_application(const Context& context, Reporter& reporter) {
  for (const model::Resource& set : context.bundle.resources) {
    if (!is_kind(set, "argoproj.io", "ApplicationSet")) continue;
    const yaml::NodeId generator = ephemeral_generator(set);
    const std::string_view path = set.string({"spec", "template", "spec", "source", "path"});
    if (!generator.valid() || path.empty() || is_placeholder(path)) continue;
    const model::Resource* hook = delete_hook_at(context, path);
    if (hook == nullptr) continue;
    reporter.add({.resource = &set,
                  .span = set.tree->node(generator).span,
                  .values = {{"hook", model::short_name(hook->key)},
                             {"generator", std::string(set.tree->node(generator).text)}},
                  .related = {{.span = span_or_name(*hook, hook_entry(*hook)),
                               .text = "rendered once more at deletion"}}});
  }
}

void half_protected_data(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    if (row_of("data-bearing-kinds", resource.key) == nullptr || !is_plain(resource)) continue;
    const bool no_prune =
        has_option(resource, "Prune=false") || has_option(resource, "Prune=confirm");
    const bool no_delete = is_kept_at_deletion(resource) ||
                           resource.key.kind == "CustomResourceDefinition";  // never deleted
    if (no_prune == no_delete) continue;
    // Only the way out of git is left open: HM008 speaks of Helm's policy.
    if (!no_prune && !has_option(resource, "Delete=false")) continue;
    const std::string_view missing = no_prune ? "Delete=false" : "Prune=false";
    Report report{.resource = &resource,
                  .span = span_or_name(resource, resource.annotation(model::kSyncOptions)),
                  .variant = no_prune ? "" : "prune",
                  .values = {{"missing", std::string(missing)}}};
    if (auto edits = add_words({resource, context.project.sources}, model::kSyncOptions, missing)) {
      report.fixes.push_back({.safety = FixSafety::Safe,
                              .title = fmt::format("add {}", missing),
                              .edits = std::move(*edits)});
    }
    reporter.add(std::move(report));
  }
}

// Source: ValidateFinalizerName of Kubernetes; measured in conformance/ (finalizer).
void unqualified_finalizer(const Context& context, Reporter& reporter) {
  for (const model::Resource& resource : context.bundle.resources) {
    if (model::scope_of(resource.key.group, resource.key.kind) == model::Scope::Unknown) continue;
    if (resource.key.group == "argoproj.io") continue;  // custom resources, too
    const yaml::Tree& tree = *resource.tree;
    for (const yaml::NodeId item : tree.items(resource.find({"metadata", "finalizers"}))) {
      if (!tree.is_scalar(item)) continue;
      const std::string_view name = tree.node(item).text;
      if (name.find('/') != std::string_view::npos || is_standard_finalizer(name)) continue;
      if (is_placeholder(name)) continue;
      reporter.add({.resource = &resource,
                    .span = tree.node(item).span,
                    .values = {{"finalizer", std::string(name)}}});
    }
  }
}

}  // namespace wavetank::lint::checks
