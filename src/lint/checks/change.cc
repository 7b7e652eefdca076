// HK and WV: what a change between two revisions does. Silent unless the revision before is known.

#include <fmt/format.h>

#include <algorithm>

#include "lint/checks.h"
#include "lint/checks/facts.h"
#include "yaml/json.h"

namespace wavetank::lint::checks {

namespace {

std::string content(const model::Resource& resource) {
  return yaml::canonical_json(*resource.tree, resource.root);
}

bool is_same(const model::Resource* a, const model::Resource* b) {
  if (a == nullptr || b == nullptr) return a == b;
  return content(*a) == content(*b);
}

// An object of another revision has no place in the files that are linted: point at what is there.
const model::Resource* anchor_of(const Context& context) {
  const auto& all = context.bundle.resources;
  return all.empty() ? nullptr : &all.front();
}

// Whether some plain object differs between the revisions: only then is the application OutOfSync.
bool plain_objects_changed(const Context& context) {
  const auto differs = [](const Context& one, const Context& other) {
    return std::any_of(one.bundle.resources.begin(), one.bundle.resources.end(),
                       [&](const model::Resource& resource) {
                         return is_plain(resource) && !is_same(&resource, other.find(resource.key));
                       });
  };
  return differs(context, *context.before) || differs(*context.before, context);
}

std::size_t steps_that_gate(const Context& context) {
  const auto& steps = context.plan().steps;
  return static_cast<std::size_t>(
      std::count_if(steps.begin(), steps.end(), [](const sync::PlanStep& step) {
        return step.phase != model::Phase::SyncFail && (step.gates_resources || step.gates_hooks);
      }));
}

}  // namespace

void hook_change_not_synced(const Context& context, Reporter& reporter) {
  if (context.before == nullptr || !context.bundle.settings.automated) return;
  const model::Resource* changed = nullptr;
  for (const model::Resource& resource : context.bundle.resources) {
    const bool is_new = runs_in_sync(resource) && !resource.key.name.empty() &&
                        !is_same(&resource, context.before->find(resource.key));
    if (is_new && changed == nullptr) changed = &resource;
  }
  if (changed == nullptr || plain_objects_changed(context)) return;
  reporter.add({.resource = changed,
                .span = span_or_name(*changed, hook_entry(*changed)),
                .values = {{"application", context.bundle.name}},
                .related = {{.span = context.bundle.settings.span, .text = "syncs by itself"}}});
}

void hook_removed_from_git(const Context& context, Reporter& reporter) {
  if (context.before == nullptr || anchor_of(context) == nullptr) return;
  for (const model::Resource& old : context.before->bundle.resources) {
    if (!runs_in_sync(old) || old.key.name.empty() || context.find(old.key) != nullptr) continue;
    // A hook that its policy has deleted leaves nothing behind.
    if (old.policies.hook_succeeded) continue;
    const model::Resource* anchor = anchor_of(context);
    reporter.add(
        {.resource = anchor,
         .span = anchor->name_span,
         .values = {{"hook", model::short_name(old.key)}, {"application", context.bundle.name}}});
  }
}

void conversion_to_hook(const Context& context, Reporter& reporter) {
  if (context.before == nullptr) return;
  for (const model::Resource& resource : context.bundle.resources) {
    const model::Resource* old =
        resource.key.name.empty() ? nullptr : context.before->find(resource.key);
    if (old == nullptr) continue;
    const bool was_hook = runs_in_sync(*old);
    const bool is_hook = runs_in_sync(resource);
    if (was_hook == is_hook || (!is_hook && !is_plain(resource))) continue;
    if (!was_hook && !is_plain(*old)) continue;
    reporter.add(
        {.resource = &resource,
         .span = is_hook ? span_or_name(resource, hook_entry(resource)) : resource.name_span,
         .variant = is_hook ? "" : "plain",
         .values = {{"policies", policies_text(resource.policies)}}});
  }
}

void sync_became_blocking(const Context& context, Reporter& reporter) {
  if (context.before == nullptr || !context.bundle.is_application) return;
  if (steps_that_gate(*context.before) > 0 || steps_that_gate(context) == 0) return;
  if (context.before->bundle.resources.empty()) return;
  // The object that Argo CD now waits for first.
  const model::Resource* first = nullptr;
  for (const model::Resource& resource : context.bundle.resources) {
    const auto task = task_of(context, resource);
    if (!task || !context.is_awaited(*task) || !context.has_health(resource)) continue;
    if (first == nullptr || *task < *task_of(context, *first)) first = &resource;
  }
  if (first == nullptr) return;
  reporter.add({.resource = first,
                .span = first->name_span,
                .values = {{"steps", std::to_string(context.plan().steps.size())}},
                .plan = {context.plan_line(*task_of(context, *first))}});
}

}  // namespace wavetank::lint::checks
