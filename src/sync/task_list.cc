#include "sync/task_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>

#include "sync/plan.h"

namespace wavetank::sync {

namespace {

struct KeyHash {
  std::size_t operator()(const model::Key& key) const {
    std::uint64_t hash = 0;
    for (const auto symbol : {key.group, key.kind, key.name_space, key.name}) {
      hash = (hash ^ symbol.value) * 0x9E3779B97F4A7C15ULL;
      hash ^= hash >> 29U;
    }
    return static_cast<std::size_t>(hash);
  }
};

using LiveByKey = std::unordered_map<model::Key, LiveId, KeyHash>;  // looked up, never iterated

// One object may be served by two API groups: of live objects with one uid only those whose key is
// a target's stay, and at least one.
std::vector<bool> duplicates_by_uid(std::span<const Target> targets,
                                    std::span<const LiveObject> live) {
  std::vector<bool> dropped(live.size(), false);
  std::unordered_map<std::uint32_t, std::uint32_t> copies;
  for (const auto& object : live) {
    if (object.uid.valid() && object.uid != base::kEmptySymbol) ++copies[object.uid.value];
  }
  if (copies.size() == live.size()) return dropped;
  std::unordered_map<model::Key, bool, KeyHash> target_keys;
  for (const auto& target : targets) {
    if (!target.facts->hook.is_hook) target_keys.emplace(target.facts->key, true);
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    const auto found = copies.find(live[i].uid.value);
    if (found == copies.end() || found->second < 2) continue;
    if (target_keys.contains(live[i].facts->key)) continue;
    dropped[i] = true;
    --found->second;
  }
  return dropped;
}

model::Key with_namespace(model::Key key, base::Symbol name_space) {
  key.name_space = name_space;
  return key;
}

LiveId take_live(LiveByKey& live, const Target& target, const Operation& operation) {
  const auto& key = target.facts->key;
  const auto name_space =
      key.name_space == base::kEmptySymbol ? operation.name_space : key.name_space;
  const auto take = [&](base::Symbol where) {
    const auto found = live.find(with_namespace(key, where));
    if (found == live.end()) return LiveId{};
    const LiveId id = found->second;
    live.erase(found);
    return id;
  };
  // The scope of an unknown kind is unknown, too: both ways are tried, or the object found later
  // would be pruned.
  if (target.scope != model::Scope::Cluster) {
    if (const LiveId id = take(name_space); id.valid()) return id;
  }
  if (target.scope != model::Scope::Namespaced) return take(base::kEmptySymbol);
  return {};
}

// Argo CD keeps what it compares in a map, so of several pairs with one key the last one counts:
// objects that have a generateName but are no hooks, and hence no name.
void keep_last_of_each_key(std::vector<Pair>& sorted) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (i + 1 < sorted.size() && sorted[i + 1].key == sorted[i].key) continue;
    sorted[kept++] = sorted[i];
  }
  sorted.resize(kept);
}

}  // namespace

Reconciliation reconcile(std::span<const Target> targets, std::span<const LiveObject> live,
                         const Operation& operation, const base::Interner& interner) {
  Reconciliation result;
  const std::vector<bool> dropped = duplicates_by_uid(targets, live);
  LiveByKey live_by_key;
  for (std::size_t i = 0; i < live.size(); ++i) {
    if (!dropped[i]) live_by_key.emplace(live[i].facts->key, LiveId::from(i));
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto& target = targets[i];
    const auto id = TargetId::from(i);
    if (target.facts->hook.is_ignored) continue;
    if (target.facts->hook.is_hook) {
      result.hooks.push_back(id);
      continue;
    }
    const LiveId match = take_live(live_by_key, target, operation);
    result.pairs.push_back(
        {.target = id,
         .live = match,
         .key = match.valid() ? live[match.index()].facts->key : target.facts->key,
         .selected = match.valid() ? live[match.index()].selected : target.selected});
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    const auto found = live_by_key.find(live[i].facts->key);
    if (found == live_by_key.end() || found->second != LiveId::from(i)) continue;
    result.pairs.push_back({.target = {},
                            .live = LiveId::from(i),
                            .key = live[i].facts->key,
                            .selected = live[i].selected});
  }
  std::stable_sort(result.pairs.begin(), result.pairs.end(), [&](const Pair& a, const Pair& b) {
    return model::less(a.key, b.key, interner);
  });
  keep_last_of_each_key(result.pairs);
  return result;
}

std::string generated_name(std::string_view prefix, const Operation& operation,
                           model::Phase phase) {
  constexpr std::size_t kShort = 7;
  std::string_view revision = operation.revision;
  if (revision.size() > kShort) revision = revision.substr(0, kShort);
  std::string suffix = fmt::format("{}-{}-{}", revision, model::name(phase), operation.started_at);
  for (char& c : suffix) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return fmt::format("{}{}", prefix, suffix);
}

LiveId find_live(const Reconciliation& pairs, const model::Key& key,
                 const base::Interner& interner) {
  const auto find = [&](base::Symbol name_space) -> const Pair* {
    const model::Key wanted = with_namespace(key, name_space);
    const auto found = std::lower_bound(pairs.pairs.begin(), pairs.pairs.end(), wanted,
                                        [&](const Pair& pair, const model::Key& other) {
                                          return model::less(pair.key, other, interner);
                                        });
    return found != pairs.pairs.end() && found->key == wanted ? &*found : nullptr;
  };
  const Pair* pair = find(key.name_space);
  if (pair == nullptr) pair = find(base::kEmptySymbol);
  return pair == nullptr ? LiveId{} : pair->live;
}

std::vector<Task> build_tasks(const Reconciliation& pairs, std::span<const Target> targets,
                              std::span<const LiveObject> live, const Operation& operation,
                              base::Interner& interner) {
  std::vector<Task> tasks;
  tasks.reserve(pairs.pairs.size() + pairs.hooks.size());
  const auto add = [&](Task task) {
    task.id = TaskId::from(tasks.size());
    task.wave = task.object->wave;
    task.kind_rank = kind_rank(interner.text(task.key.kind));
    tasks.push_back(task);
  };
  for (const auto& pair : pairs.pairs) {
    const bool has_target = pair.target.valid();
    const auto& object =
        has_target ? *targets[pair.target.index()].facts : *live[pair.live.index()].facts;
    if (!pair.selected || object.hook.is_hook || object.hook.is_skip) continue;
    add({.object = &object,
         .target = pair.target,
         .live = pair.live,
         .has_target = has_target,
         .key = object.key,
         .check = has_target ? targets[pair.target.index()].check : live[pair.live.index()].check,
         .phase = model::Phase::Sync,
         .is_modified = !has_target || targets[pair.target.index()].modified});
  }
  for (const auto hook : operation.settings.skip_hooks ? std::vector<TargetId>{} : pairs.hooks) {
    const auto& target = targets[hook.index()];
    for (const model::Phase phase : model::kPhases) {
      if (!target.facts->hook.phases.has(phase)) continue;
      Task task{.object = target.facts,
                .target = hook,
                .has_target = true,
                .key = target.facts->key,
                .check = target.check,
                .phase = phase,
                .is_hook = true};
      if (task.key.name == base::kEmptySymbol) {
        task.key.name = interner.intern(
            generated_name(interner.text(target.facts->generate_name), operation, phase));
      }
      add(task);
    }
  }
  // Cluster-scoped objects get the destination namespace as well, in their results and in the
  // order of namespaces; Argo CD does so to keep kubectl from choosing one.
  for (Task& task : tasks) {
    if (task.has_target && task.key.name_space == base::kEmptySymbol) {
      task.key.name_space = operation.name_space;
    }
  }
  return tasks;
}

bool needs_generated_namespace(const Reconciliation& pairs, std::span<const Target> targets,
                               const Operation& operation) {
  if (!operation.settings.create_namespace) return false;
  if (operation.name_space == base::kEmptySymbol) return false;
  return std::none_of(pairs.pairs.begin(), pairs.pairs.end(), [&](const Pair& pair) {
    if (!pair.target.valid()) return false;
    const auto& facts = *targets[pair.target.index()].facts;
    return facts.is_namespace && facts.key.name == operation.name_space;
  });
}

model::ObjectFacts generated_namespace_facts(const Operation& operation, base::Interner& interner) {
  model::ObjectFacts facts;
  facts.key = {.group = base::kEmptySymbol,
               .kind = interner.intern("Namespace"),
               .name_space = base::kEmptySymbol,
               .name = operation.name_space};
  facts.version = interner.intern("v1");
  facts.generate_name = base::kEmptySymbol;
  facts.is_namespace = true;
  if (operation.settings.has_managed_namespace_metadata) {
    facts.wave = operation.settings.managed_namespace_wave;
    facts.options.server_side_apply = true;
  }
  return facts;
}

void rewrite_prune_waves(std::vector<Task>& tasks, std::span<const LiveObject> live,
                         const Settings& settings) {
  std::vector<std::int64_t> waves;
  for (const Task& task : tasks) {
    if (task.is_prune()) waves.push_back(task.wave);
  }
  if (waves.empty()) return;
  std::sort(waves.begin(), waves.end());
  waves.erase(std::unique(waves.begin(), waves.end()), waves.end());
  for (Task& task : tasks) {
    if (!task.is_prune()) continue;
    const auto at = std::lower_bound(waves.begin(), waves.end(), task.wave) - waves.begin();
    task.wave = waves[waves.size() - 1 - static_cast<std::size_t>(at)];
  }
  std::int64_t last = 0;
  for (const Task& task : tasks) {
    if (task.phase == model::Phase::Sync) last = std::max(last, task.wave);
  }
  // Go's integers wrap around; so does this.
  const auto behind = static_cast<std::int64_t>(static_cast<std::uint64_t>(last) + 1);
  for (Task& task : tasks) {
    if (!task.is_prune()) continue;
    if (settings.prune_last || live[task.live.index()].facts->options.prune_last) {
      task.wave = behind;
    }
  }
}

}  // namespace wavetank::sync
