#include "sync/order.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "base/id_table.h"
#include "sync/go_sort.h"

namespace wavetank::sync {

namespace {

// Go compares waves by subtracting them, and its integers wrap around: such waves are in no order,
// and what becomes of them depends on the sort.
std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

bool waves_can_be_subtracted(std::span<const Task> tasks) {
  constexpr std::int64_t kHalf = std::int64_t{1} << 62U;
  return std::all_of(tasks.begin(), tasks.end(),
                     [](const Task& task) { return task.wave > -kHalf && task.wave < kHalf; });
}

// Where waves compare in circles, the order before the sort matters. Argo CD has the objects in a
// map, which Go hands out from a random place on; up to eight objects it goes round in the order of
// the list: targets, then what is to be pruned.
void restore_list_order(std::span<Task> tasks) {
  const auto place = [](const Task& task) {
    const bool is_resource = !task.is_hook && (task.target.valid() || task.is_prune());
    if (!is_resource) return std::pair(2, task.id.index());
    if (task.is_prune()) return std::pair(1, task.live.index());
    return std::pair(0, task.target.index());
  };
  std::sort(tasks.begin(), tasks.end(),
            [&](const Task& a, const Task& b) { return place(a) < place(b); });
}

// What a task provides to others, or needs from them: a namespace's name, or a group and a kind.
struct Dependency {
  base::Symbol first;
  base::Symbol second = base::kEmptySymbol;
  friend bool operator==(const Dependency&, const Dependency&) = default;
};

std::uint64_t hash(const Dependency& dependency) {
  constexpr std::uint64_t kOdd = 0x9E3779B97F4A7C15ULL;
  const std::uint64_t mixed =
      (std::uint64_t{dependency.first.value} << 32U | dependency.second.value) * kOdd;
  return mixed ^ mixed >> 32U;
}

std::optional<Dependency> provided_namespace(const Task& task) {
  if (!task.object->is_namespace) return std::nullopt;
  return Dependency{task.key.name};
}

std::optional<Dependency> needed_namespace(const Task& task) {
  if (task.key.name_space == base::kEmptySymbol) return std::nullopt;
  return Dependency{task.key.name_space};
}

std::optional<Dependency> provided_kind(const Task& task) {
  if (!task.object->is_crd) return std::nullopt;
  return Dependency{task.object->crd_group, task.object->crd_kind};
}

std::optional<Dependency> needed_kind(const Task& task) {
  return Dependency{task.key.group, task.key.kind};
}

using DependencyOf = std::optional<Dependency> (*)(const Task&);

constexpr std::uint32_t kNone = base::IdTable::kNone;

// The dependencies that go before one task, in the order in which they were met: a list through
// `next`. All numbers are places in the sorted list.
struct Mover {
  std::uint32_t first = kNone;
  std::uint32_t last = kNone;
  std::uint32_t next = kNone;
  bool moves = false;
};

// Gives every dependency behind its first user that user's phase and wave, and says who goes where.
bool find_moves(std::span<Task> tasks, DependencyOf provided, DependencyOf needed,
                std::span<Mover> movers, base::Arena& scratch) {
  base::IdTable users(tasks.size(), scratch);
  bool any = false;
  for (std::uint32_t i = 0; i < tasks.size(); ++i) {
    Task& task = tasks[i];
    if (!task.has_target) continue;
    const auto provides = provided(task);
    const auto dependency = provides ? provides : needed(task);
    if (!dependency) continue;
    const std::uint64_t hashed = hash(*dependency);
    const std::uint32_t user =
        users.find(hashed, [&](std::uint32_t other) { return needed(tasks[other]) == dependency; });
    if (!provides) {
      if (user == kNone) users.put(hashed, i);
      continue;
    }
    if (user == kNone) continue;
    task.wave = tasks[user].wave;
    task.phase = tasks[user].phase;
    task.moved_for = tasks[user].id;
    Mover& before = movers[user];
    (before.first == kNone ? before.first : movers[before.last].next) = i;
    before.last = i;
    movers[i].moves = true;
    any = true;
  }
  return any;
}

void move_before_users(std::span<Task> tasks, DependencyOf provided, DependencyOf needed,
                       base::Arena& scratch) {
  const bool any = std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) {
    return task.has_target && provided(task).has_value();
  });
  if (!any) return;
  const std::span<Mover> movers = scratch.array<Mover>(tasks.size());
  if (!find_moves(tasks, provided, needed, movers, scratch)) return;
  const std::span<Task> sorted = scratch.array<Task>(tasks.size());
  std::copy(tasks.begin(), tasks.end(), sorted.begin());
  std::size_t at = 0;
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    if (movers[i].moves) continue;
    for (std::uint32_t moved = movers[i].first; moved != kNone; moved = movers[moved].next) {
      tasks[at++] = sorted[moved];
    }
    tasks[at++] = sorted[i];
  }
}

}  // namespace

void sort_tasks(std::span<Task> tasks, const base::Interner& interner, base::Arena& scratch) {
  const auto comes_before = [&](const Task& a, const Task& b) {
    if (a.phase != b.phase) return a.phase < b.phase;
    if (a.wave != b.wave) return wrapped_difference(a.wave, b.wave) < 0;
    if (a.kind_rank != b.kind_rank) return a.kind_rank < b.kind_rank;
    return a.key.name != b.key.name && interner.text(a.key.name) < interner.text(b.key.name);
  };
  if (!waves_can_be_subtracted(tasks)) restore_list_order(tasks);
  go_sort(tasks, comes_before);
  move_before_users(tasks, provided_namespace, needed_namespace, scratch);
  move_before_users(tasks, provided_kind, needed_kind, scratch);
}

}  // namespace wavetank::sync
