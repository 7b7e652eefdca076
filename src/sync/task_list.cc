#include "sync/task_list.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "model/kinds.h"
#include "sync/message.h"

namespace wavetank::sync {

namespace {

// Which live objects are copies: one object may be served by two API groups, and of live objects
// with one uid only those whose key is a target's stay, and at least one.
void drop_copies(std::span<const Target> targets, std::span<const LiveObject> live,
                 std::span<bool> dropped, base::Arena& memory) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const auto uid_hash = [](base::Symbol uid) { return uid.value * kOdd >> 32U; };
  base::IdTable first_by_uid(live.size(), memory);
  const std::span<std::uint32_t> copies = memory.array<std::uint32_t>(live.size());
  const auto first_with = [&](base::Symbol uid) {
    return first_by_uid.find(uid_hash(uid),
                             [&](std::uint32_t other) { return live[other].uid == uid; });
  };
  bool any = false;
  for (std::uint32_t i = 0; i < live.size(); ++i) {
    const base::Symbol uid = live[i].uid;
    if (!uid.valid() || uid == base::kEmptySymbol) continue;
    const std::uint32_t first = first_with(uid);
    if (first == base::IdTable::kNone) {
      first_by_uid.put(uid_hash(uid), i);
      copies[i] = 1;
    } else {
      ++copies[first];
      any = true;
    }
  }
  if (!any) return;
  base::IdTable target_keys(targets.size(), memory);
  for (std::uint32_t i = 0; i < targets.size(); ++i) {
    if (!targets[i].facts->hook.is_hook) target_keys.put(model::hash(targets[i].facts->key), i);
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    const std::uint32_t first = first_with(live[i].uid);
    if (first == base::IdTable::kNone || copies[first] < 2) continue;
    const model::Key& key = live[i].facts->key;
    const std::uint32_t target = target_keys.find(
        model::hash(key), [&](std::uint32_t other) { return targets[other].facts->key == key; });
    if (target != base::IdTable::kNone) continue;
    dropped[i] = true;
    --copies[first];
  }
}

model::Key with_namespace(model::Key key, base::Symbol name_space) {
  key.name_space = name_space;
  return key;
}

// Live objects by key, each to be taken once; of several with one key only the first is there.
class LiveByKey {
 public:
  LiveByKey(std::span<const LiveObject> live, base::Arena& memory)
      : live_(live), table_(live.size(), memory), is_there_(memory.array<bool>(live.size())) {}

  void add(std::uint32_t index) {
    const model::Key& key = live_[index].facts->key;
    if (find(key) != base::IdTable::kNone) return;
    table_.put(model::hash(key), index);
    is_there_[index] = true;
  }

  [[nodiscard]] bool is_there(std::size_t index) const { return is_there_[index]; }

  LiveId take(const model::Key& key) {
    const std::uint32_t index = find(key);
    if (index == base::IdTable::kNone || !is_there_[index]) return {};
    is_there_[index] = false;
    return LiveId::from(index);
  }

 private:
  [[nodiscard]] std::uint32_t find(const model::Key& key) const {
    return table_.find(model::hash(key),
                       [&](std::uint32_t other) { return live_[other].facts->key == key; });
  }

  std::span<const LiveObject> live_;
  base::IdTable table_;
  std::span<bool> is_there_;
};

LiveId take_live(LiveByKey& live, const Target& target, const Operation& operation) {
  const auto& key = target.facts->key;
  const auto name_space =
      key.name_space == base::kEmptySymbol ? operation.name_space : key.name_space;
  // The scope of an unknown kind is unknown, too: both ways are tried, or the object found later
  // would be pruned.
  if (target.scope != model::Scope::Cluster) {
    if (const LiveId id = live.take(with_namespace(key, name_space)); id.valid()) return id;
  }
  if (target.scope == model::Scope::Namespaced) return {};
  return live.take(with_namespace(key, base::kEmptySymbol));
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

void Reconciliation::build(std::span<const Target> targets, std::span<const LiveObject> live,
                           const Operation& operation, const base::Interner& interner,
                           base::Arena& memory) {
  pairs_.clear();
  hooks_.clear();
  const std::span<bool> dropped = memory.array<bool>(live.size());
  drop_copies(targets, live, dropped, memory);
  LiveByKey live_by_key(live, memory);
  for (std::uint32_t i = 0; i < live.size(); ++i) {
    if (!dropped[i]) live_by_key.add(i);
  }
  for (std::size_t i = 0; i < targets.size(); ++i) {
    const auto& target = targets[i];
    const auto id = TargetId::from(i);
    if (target.facts->hook.is_ignored) continue;
    if (target.facts->hook.is_hook) {
      hooks_.push_back(id);
      continue;
    }
    const LiveId match = take_live(live_by_key, target, operation);
    pairs_.push_back({.target = id,
                      .live = match,
                      .key = match.valid() ? live[match.index()].facts->key : target.facts->key,
                      .selected = match.valid() ? live[match.index()].selected : target.selected});
  }
  for (std::size_t i = 0; i < live.size(); ++i) {
    if (!live_by_key.is_there(i)) continue;
    pairs_.push_back({.target = {},
                      .live = LiveId::from(i),
                      .key = live[i].facts->key,
                      .selected = live[i].selected});
  }
  std::sort(pairs_.begin(), pairs_.end(), [&](const Pair& a, const Pair& b) {
    return a.key == b.key ? a.target < b.target : model::less(a.key, b.key, interner);
  });
  keep_last_of_each_key(pairs_);
  pair_by_key_ = base::IdTable(pairs_.size(), memory);
  for (std::uint32_t i = 0; i < pairs_.size(); ++i) {
    pair_by_key_.put(model::hash(pairs_[i].key), i);
  }
}

LiveId Reconciliation::find_live(const model::Key& key) const {
  for (const base::Symbol name_space : {key.name_space, base::kEmptySymbol}) {
    const model::Key wanted = with_namespace(key, name_space);
    const std::uint32_t pair = pair_by_key_.find(
        model::hash(wanted), [&](std::uint32_t other) { return pairs_[other].key == wanted; });
    if (pair != base::IdTable::kNone) return pairs_[pair].live;
  }
  return {};
}

base::Symbol generated_name(std::string_view prefix, const Operation& operation, model::Phase phase,
                            base::Interner& interner) {
  constexpr std::size_t kShort = 7;
  std::string_view revision = operation.revision;
  if (revision.size() > kShort) revision = revision.substr(0, kShort);
  Text text;
  text.append(prefix);
  const std::size_t suffix = text.size();
  fmt::format_to(std::back_inserter(text), "{}-{}-{}", revision, model::name(phase),
                 operation.started_at);
  for (std::size_t i = suffix; i < text.size(); ++i) {
    if (text[i] >= 'A' && text[i] <= 'Z') text[i] = static_cast<char>(text[i] - 'A' + 'a');
  }
  return intern(text, interner);
}

void build_tasks(const Reconciliation& pairs, std::span<const Target> targets,
                 std::span<const LiveObject> live, const Operation& operation,
                 base::Interner& interner, std::vector<Task>& tasks) {
  tasks.clear();
  const auto add = [&](Task task) {
    task.id = TaskId::from(tasks.size());
    task.wave = task.object->wave;
    task.kind_rank = task.object->kind_rank;
    tasks.push_back(task);
  };
  for (const auto& pair : pairs.pairs()) {
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
  const auto hooks = operation.settings.skip_hooks ? std::span<const TargetId>{} : pairs.hooks();
  for (const auto hook : hooks) {
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
        task.key.name =
            generated_name(interner.text(target.facts->generate_name), operation, phase, interner);
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
}

bool needs_generated_namespace(const Reconciliation& pairs, std::span<const Target> targets,
                               const Operation& operation) {
  if (!operation.settings.create_namespace) return false;
  if (operation.name_space == base::kEmptySymbol) return false;
  return std::none_of(pairs.pairs().begin(), pairs.pairs().end(), [&](const Pair& pair) {
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
  facts.kind_rank = model::kind_rank("Namespace");
  facts.version = interner.intern("v1");
  facts.generate_name = base::kEmptySymbol;
  facts.is_namespace = true;
  if (operation.settings.has_managed_namespace_metadata) {
    facts.wave = operation.settings.managed_namespace_wave;
    facts.options.server_side_apply = true;
  }
  return facts;
}

Task generated_namespace_task(const model::ObjectFacts& facts, TaskId id) {
  return {.id = id,
          .object = &facts,
          .has_target = true,
          .key = facts.key,
          .phase = model::Phase::PreSync,
          .wave = facts.wave,
          .kind_rank = facts.kind_rank};
}

void rewrite_prune_waves(std::span<Task> tasks, std::span<const LiveObject> live,
                         const Settings& settings, base::Arena& scratch) {
  std::span<std::int64_t> waves = scratch.array<std::int64_t>(tasks.size());
  std::size_t count = 0;
  for (const Task& task : tasks) {
    if (task.is_prune()) waves[count++] = task.wave;
  }
  if (count == 0) return;
  waves = waves.first(count);
  std::sort(waves.begin(), waves.end());
  waves = {waves.begin(), std::unique(waves.begin(), waves.end())};
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
