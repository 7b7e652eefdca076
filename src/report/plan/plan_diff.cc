#include "report/plan/plan_diff.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "model/annotation.h"
#include "report/plan/plan_waits.h"
#include "report/plan/plan_words.h"

namespace wavetank::report {

namespace {

// One object of a plan as far as it can differ.
struct Entry {
  model::ObjectKey key;
  std::vector<std::string> places;  // "PreSync, wave 0", of each task in order
  std::string left_out;             // why it has no task
  std::string policies;
  std::string options;
  bool is_hook = false;
  model::ResourceOptions facts;

  [[nodiscard]] std::string place() const { return fmt::format("{}", fmt::join(places, " and ")); }
};

// By key, and the how-manieth of it for generated names.
using Entries = std::map<std::pair<model::ObjectKey, std::size_t>, Entry>;

Entry entry_of(const model::Resource& resource) {
  Entry entry{.key = resource.key, .is_hook = resource.hook.is_hook};
  if (entry.key.name.empty()) entry.key.name = resource.generate_name;
  if (const auto* options = resource.annotation(model::kSyncOptions)) {
    entry.options = options->value;
  }
  return entry;
}

Entries entries_of(const PlanView& view) {
  std::vector<Entry> all;
  for (std::uint32_t target = 0; target < view.resources.size(); ++target) {
    Entry entry = entry_of(view.bundle->resources[view.resources[target]]);
    entry.facts = view.facts[target].options;
    if (entry.is_hook) entry.policies = deletion_words(view.facts[target].policies);
    for (const std::uint32_t task : view.plan.tasks_of(target)) {
      entry.places.push_back(task_place(view.plan.tasks[task]));
    }
    if (entry.places.empty()) {
      entry.left_out = left_out_words(view.bundle->resources[view.resources[target]].hook);
    }
    all.push_back(std::move(entry));
  }
  for (const std::size_t index : view.delete_hooks) {
    Entry entry = entry_of(view.bundle->resources[index]);
    entry.left_out = left_out_words(view.bundle->resources[index].hook);
    all.push_back(std::move(entry));
  }
  for (const sync::PlanTask& task : view.plan.tasks) {
    if (task.target != UINT32_MAX) continue;
    all.push_back({.key = model::resolve(task.key, *view.interner),
                   .places = {task_place(task)},
                   .options = ""});
  }
  Entries entries;
  std::map<model::ObjectKey, std::size_t> seen;
  for (Entry& entry : all) {
    const std::size_t ordinal = seen[entry.key]++;
    const model::ObjectKey key = entry.key;
    entries.emplace(std::pair(key, ordinal), std::move(entry));
  }
  return entries;
}

// What becomes of an object that the revision no longer has.
// Source: gitops-engine/pkg/sync/sync_context.go (getSyncTasks leaves hooks out; pruneObject).
std::string removal_words(const Entry& entry, Pruning pruning) {
  if (entry.is_hook) return "a hook is never pruned: what is left of it stays";
  if (pruning == Pruning::Off) return "stays in the cluster: pruning is off";
  if (entry.facts.prune_false) return "stays in the cluster: Prune=false";
  std::string words = entry.facts.prune_last ? "pruned, after everything else" : "pruned";
  if (entry.facts.prune_confirm) words += ", once somebody has confirmed it";
  return words;
}

void compare(const Entry& before, const Entry& after, std::vector<PlanChange>& changes) {
  const auto change = [&](PlanChangeKind kind, const std::string& old, const std::string& now) {
    changes.push_back({.kind = kind, .object = after.key, .before = old, .after = now, .note = ""});
  };
  if (before.places.empty() && !after.places.empty()) {
    change(PlanChangeKind::NowApplied, before.left_out, after.place());
  } else if (!before.places.empty() && after.places.empty()) {
    change(PlanChangeKind::NoLongerApplied, before.place(), after.left_out);
  } else if (before.places != after.places) {
    change(PlanChangeKind::Moved, before.place(), after.place());
  }
  if (before.is_hook && after.is_hook && before.policies != after.policies) {
    change(PlanChangeKind::Policies, before.policies, after.policies);
  }
  if (before.options != after.options) {
    change(PlanChangeKind::Options, before.options, after.options);
  }
}

std::vector<PlanChange> changes_of(const Entries& before, const Entries& after, Pruning pruning) {
  std::vector<PlanChange> changes;
  for (const auto& [id, entry] : after) {
    const auto old = before.find(id);
    if (old != before.end()) {
      compare(old->second, entry, changes);
      continue;
    }
    changes.push_back({.kind = PlanChangeKind::Added,
                       .object = entry.key,
                       .before = "",
                       .after = entry.places.empty() ? entry.left_out : entry.place(),
                       .note = ""});
  }
  for (const auto& [id, entry] : before) {
    if (after.contains(id)) continue;
    changes.push_back({.kind = PlanChangeKind::Removed,
                       .object = entry.key,
                       .before = entry.places.empty() ? entry.left_out : entry.place(),
                       .after = "",
                       .note = removal_words(entry, pruning)});
  }
  std::stable_sort(changes.begin(), changes.end(),
                   [](const PlanChange& a, const PlanChange& b) { return a.kind < b.kind; });
  return changes;
}

std::vector<std::string> only_in(const std::set<std::string>& here,
                                 const std::set<std::string>& there) {
  std::vector<std::string> result;
  std::set_difference(here.begin(), here.end(), there.begin(), there.end(),
                      std::back_inserter(result));
  return result;
}

std::vector<OrderChange> order_changes(const PlanView& before, const PlanView& after) {
  const Waits old_waits = waits_of(before);
  // Those that wait alike stand in one row.
  std::map<std::pair<std::vector<std::string>, std::vector<std::string>>, std::vector<std::string>>
      rows;
  for (const auto& [object, waits] : waits_of(after)) {
    const auto old = old_waits.find(object);
    if (old == old_waits.end()) continue;
    auto now = only_in(waits, old->second);
    auto no_longer = only_in(old->second, waits);
    if (now.empty() && no_longer.empty()) continue;
    rows[{std::move(now), std::move(no_longer)}].push_back(object);
  }
  std::vector<OrderChange> result;
  for (const auto& [difference, objects] : rows) {
    result.push_back({.objects = objects, .now = difference.first, .no_longer = difference.second});
  }
  std::sort(result.begin(), result.end(),
            [](const OrderChange& a, const OrderChange& b) { return a.objects < b.objects; });
  return result;
}

}  // namespace

std::string_view name(PlanChangeKind kind) {
  switch (kind) {
    case PlanChangeKind::Added: return "added";
    case PlanChangeKind::Removed: return "removed";
    case PlanChangeKind::Moved: return "moved";
    case PlanChangeKind::NoLongerApplied: return "left out";
    case PlanChangeKind::NowApplied: return "taken in";
    case PlanChangeKind::Policies: return "policies";
    case PlanChangeKind::Options: return "options";
  }
  return "";
}

PlanDiff diff_plans(const PlanView* before, const PlanView* after, Pruning pruning) {
  PlanDiff diff{.application = (after != nullptr ? after : before)->bundle->name};
  if (before == nullptr) diff.presence = PlanPresence::OnlyAfter;
  if (after == nullptr) diff.presence = PlanPresence::OnlyBefore;
  diff.changes = changes_of(before == nullptr ? Entries{} : entries_of(*before),
                            after == nullptr ? Entries{} : entries_of(*after), pruning);
  if (before != nullptr && after != nullptr) diff.order = order_changes(*before, *after);
  return diff;
}

}  // namespace wavetank::report
