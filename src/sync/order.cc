#include "sync/order.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "sync/go_sort.h"

namespace wavetank::sync {

namespace {

// Kinds in the order of a wave; every kind that is not named here comes after all of them.
constexpr std::array<std::string_view, 35> kKindOrder{
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
};

// Go compares waves by subtracting them, and its integers wrap around: such waves are in no order,
// and what becomes of them depends on the sort.
std::int64_t wrapped_difference(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

bool waves_can_be_subtracted(const std::vector<Task>& tasks) {
  constexpr std::int64_t kHalf = std::int64_t{1} << 62U;
  return std::all_of(tasks.begin(), tasks.end(),
                     [](const Task& task) { return task.wave > -kHalf && task.wave < kHalf; });
}

// Where waves compare in circles, the order before the sort matters. Argo CD has the objects in a
// map, which Go hands out from a random place on; up to eight objects it goes round in the order of
// the list: targets, then what is to be pruned.
void restore_list_order(std::vector<Task>& tasks) {
  const auto place = [](const Task& task) {
    const bool is_resource = !task.is_hook && (task.target.valid() || task.is_prune());
    if (!is_resource) return std::pair(2, std::size_t{0});
    if (task.is_prune()) return std::pair(1, task.live.index());
    return std::pair(0, task.target.index());
  };
  std::stable_sort(tasks.begin(), tasks.end(),
                   [&](const Task& a, const Task& b) { return place(a) < place(b); });
}

// What a task provides to others, or needs from them: a namespace's name, or a group and a kind.
using Dependency = std::pair<base::Symbol, base::Symbol>;

std::optional<Dependency> provided_namespace(const Task& task) {
  if (!task.object->is_namespace) return std::nullopt;
  return Dependency{task.key.name, base::kEmptySymbol};
}

std::optional<Dependency> needed_namespace(const Task& task) {
  if (task.key.name_space == base::kEmptySymbol) return std::nullopt;
  return Dependency{task.key.name_space, base::kEmptySymbol};
}

std::optional<Dependency> provided_kind(const Task& task) {
  if (!task.object->is_crd) return std::nullopt;
  return Dependency{task.object->crd_group, task.object->crd_kind};
}

std::optional<Dependency> needed_kind(const Task& task) {
  return Dependency{task.key.group, task.key.kind};
}

struct FirstUser {
  Dependency dependency;
  std::size_t index;
};

using DependencyOf = std::optional<Dependency> (*)(const Task&);

void move_before_users(std::vector<Task>& tasks, DependencyOf provided, DependencyOf needed) {
  const bool any = std::any_of(tasks.begin(), tasks.end(), [&](const Task& task) {
    return task.has_target && provided(task).has_value();
  });
  if (!any) return;
  std::vector<FirstUser> users;
  const auto find = [&](const Dependency& dependency) {
    return std::find_if(users.begin(), users.end(),
                        [&](const FirstUser& user) { return user.dependency == dependency; });
  };
  for (std::size_t i = 0; i < tasks.size(); ++i) {
    if (!tasks[i].has_target) continue;
    if (const auto dependency = provided(tasks[i])) {
      const auto user = find(*dependency);
      if (user == users.end()) continue;
      const std::size_t index = user->index;
      tasks[i].wave = tasks[index].wave;
      tasks[i].phase = tasks[index].phase;
      tasks[i].moved_for = tasks[index].id;
      std::rotate(tasks.begin() + static_cast<std::ptrdiff_t>(index),
                  tasks.begin() + static_cast<std::ptrdiff_t>(i),
                  tasks.begin() + static_cast<std::ptrdiff_t>(i) + 1);
      for (auto& other : users) {
        if (other.index >= index) ++other.index;
      }
    } else if (const auto need = needed(tasks[i]); need && find(*need) == users.end()) {
      users.push_back({.dependency = *need, .index = i});
    }
  }
}

}  // namespace

int kind_rank(std::string_view kind) {
  const auto* const found = std::find(kKindOrder.begin(), kKindOrder.end(), kind);
  return static_cast<int>(found - kKindOrder.begin()) - static_cast<int>(kKindOrder.size());
}

void sort_tasks(std::vector<Task>& tasks, const base::Interner& interner) {
  const auto comes_before = [&](const Task& a, const Task& b) {
    if (a.phase != b.phase) return a.phase < b.phase;
    if (a.wave != b.wave) return wrapped_difference(a.wave, b.wave) < 0;
    if (a.kind_rank != b.kind_rank) return a.kind_rank < b.kind_rank;
    return a.key.name != b.key.name && interner.text(a.key.name) < interner.text(b.key.name);
  };
  if (!waves_can_be_subtracted(tasks)) restore_list_order(tasks);
  go_sort(std::span(tasks), comes_before);
  move_before_users(tasks, provided_namespace, needed_namespace);
  move_before_users(tasks, provided_kind, needed_kind);
}

}  // namespace wavetank::sync
