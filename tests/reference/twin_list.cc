// §1 and §2: from targets and live objects to the sorted list of tasks.

#include <algorithm>
#include <set>
#include <span>

#include "reference/twin_pass.h"
#include "sync/go_sort.h"

namespace wavetank::reference {

using model::Phase;
using sync::Discovery;
using sync::ResultStatus;
using sync::TaskState;

namespace {

// §1.3: metadata.name of a hook that has generateName only.
std::string generated_name(const std::string& prefix, const sync::Operation& operation,
                           Phase phase) {
  const std::string& revision = operation.revision;
  std::string rest = revision.size() < 8 ? revision : revision.substr(0, 7);
  rest += "-" + std::string(model::name(phase)) + "-" + std::to_string(operation.started_at);
  for (char& c : rest) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return prefix + rest;
}

// §2.1: PreSync -1, Sync 0, PostSync 1, SyncFail 2 (TS:16-21).
int phase_rank(Phase phase) {
  switch (phase) {
    case Phase::PreSync: return -1;
    case Phase::Sync: return 0;
    case Phase::PostSync: return 1;
    case Phase::SyncFail: return 2;
  }
  return 0;
}

// §2.2: the table, with its numbers.
int kind_rank(const std::string& kind) {
  static const std::map<std::string, int> kRanks{
      {"Namespace", -35},
      {"NetworkPolicy", -34},
      {"ResourceQuota", -33},
      {"LimitRange", -32},
      {"PodSecurityPolicy", -31},
      {"PodDisruptionBudget", -30},
      {"ServiceAccount", -29},
      {"Secret", -28},
      {"SecretList", -27},
      {"ConfigMap", -26},
      {"StorageClass", -25},
      {"PersistentVolume", -24},
      {"PersistentVolumeClaim", -23},
      {"CustomResourceDefinition", -22},
      {"ClusterRole", -21},
      {"ClusterRoleList", -20},
      {"ClusterRoleBinding", -19},
      {"ClusterRoleBindingList", -18},
      {"Role", -17},
      {"RoleList", -16},
      {"RoleBinding", -15},
      {"RoleBindingList", -14},
      {"Service", -13},
      {"DaemonSet", -12},
      {"Pod", -11},
      {"ReplicationController", -10},
      {"ReplicaSet", -9},
      {"Deployment", -8},
      {"HorizontalPodAutoscaler", -7},
      {"StatefulSet", -6},
      {"Job", -5},
      {"CronJob", -4},
      {"IngressClass", -3},
      {"Ingress", -2},
      {"APIService", -1},
  };
  const auto found = kRanks.find(kind);
  return found == kRanks.end() ? 0 : found->second;
}

// Go subtracts waves, and its integers wrap around (TS:91).
std::int64_t minus(std::int64_t a, std::int64_t b) {
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a) - static_cast<std::uint64_t>(b));
}

// §2.1 (TS:86-111): phase, wave, kind, name, and nothing else.
bool less(const Task& a, const Task& b) {
  if (phase_rank(a.phase) != phase_rank(b.phase)) return phase_rank(a.phase) < phase_rank(b.phase);
  if (const auto difference = minus(a.wave(), b.wave()); difference != 0) return difference < 0;
  if (kind_rank(a.kind) != kind_rank(b.kind)) return kind_rank(a.kind) < kind_rank(b.kind);
  return a.name < b.name;
}

// Measured §3.5: up to twelve tasks Go sorts by insertion, so that ties keep the order in which the
// list was built. Beyond that ties fall as Go's algorithm lets them, for which the twin has no
// opinion of its own: the engine's copy of it is held to Go's by tests/sync/go_sort_test.cc.
void sort_tasks(Tasks& tasks) {
  if (tasks.size() > 12) {
    sync::go_sort(std::span(tasks), [](const Task* a, const Task* b) { return less(*a, *b); });
    return;
  }
  for (std::size_t i = 1; i < tasks.size(); ++i) {
    for (std::size_t j = i; j > 0 && less(*tasks[j], *tasks[j - 1]); --j) {
      std::swap(tasks[j], tasks[j - 1]);
    }
  }
}

// Where waves are so far apart that their difference wraps around they compare in circles, and the
// order before the sort decides. Go hands out the map of resources from a random place on; up to
// eight go round in the order of the list: targets, then what is to be pruned (found by
// experiment).
void restore_list_order(Tasks& tasks) {
  const auto is_far = [](const Task* task) {
    constexpr std::int64_t kHalf = std::int64_t{1} << 62U;
    return task->wave() >= kHalf || task->wave() <= -kHalf;
  };
  if (std::none_of(tasks.begin(), tasks.end(), is_far)) return;
  const auto place = [](const Task* task) {
    if (task->is_prune()) return std::pair(1, *task->live);
    if (task->is_hook() || !task->target_index) return std::pair(2, std::size_t{0});
    return std::pair(0, *task->target_index);
  };
  std::stable_sort(tasks.begin(), tasks.end(),
                   [&](const Task* a, const Task* b) { return place(a) < place(b); });
}

bool is_core_namespace(const Task& task) { return task.group.empty() && task.kind == "Namespace"; }

// §2.3: what a task is a dependency as, if it is one, and what it refers to; empty for nothing.
struct Dependency {
  std::optional<std::string> provides;
  std::string refers_to;
};

Dependency by_namespace(const Task& task) {
  Dependency dependency{.provides = std::nullopt, .refers_to = task.name_space};
  if (is_core_namespace(task)) dependency.provides = task.name;
  return dependency;
}

// §2.3, one of the two passes (TS:143-178).
template <class DependencyOf>
void adjust_dependencies(Tasks& list, DependencyOf dependency_of) {
  std::map<std::string, std::size_t> first;
  for (std::size_t i = 0; i < list.size(); ++i) {
    Task* task = list[i];
    if (task->is_prune()) continue;
    const Dependency dependency = dependency_of(*task);
    if (dependency.provides) {
      const auto found = first.find(*dependency.provides);
      if (found == first.end()) continue;
      const std::size_t index = found->second;
      task->wave_override = list[index]->wave();
      task->phase = list[index]->phase;
      for (std::size_t j = i; j > index; --j) list[j] = list[j - 1];
      list[index] = task;
      for (auto& [key, stored] : first) {
        if (stored >= index) ++stored;
      }
    } else if (!dependency.refers_to.empty()) {
      first.emplace(dependency.refers_to, i);
    }
  }
}

}  // namespace

// §1.15: the steps by their numbers there.
TwinPass::BuiltList TwinPass::build_list() {
  pair_up();
  add_resource_tasks();                          // 1
  if (!settings().skip_hooks) add_hook_tasks();  // 2
  for (Task& task : tasks_) {                    // 3: §1.7, cluster-scoped objects included
    if (!task.is_prune() && task.name_space.empty()) task.name_space = destination_;
  }
  add_namespace_task();  // 4
  for (Task& task : tasks_) {
    if (!task.is_prune() && !task.live) task.live = find_live(task);  // 5
  }
  BuiltList list;
  list.valid = check_kinds();  // 6
  rewrite_prune_waves();       // 7
  for (Task& task : tasks_) list.tasks.push_back(&task);
  restore_list_order(list.tasks);
  sort_tasks(list.tasks);  // 8
  adjust_dependencies(list.tasks, by_namespace);
  adjust_dependencies(list.tasks, [&](const Task& task) {
    Dependency dependency{.provides = std::nullopt, .refers_to = task.group + "/" + task.kind};
    if (task.object->is_crd) {
      dependency.provides = text(task.object->crd_group) + "/" + text(task.object->crd_kind);
    }
    return dependency;
  });
  for (Task* task : list.tasks) {  // 9: by the phase after sorting
    const Record* record = find_record(*task);
    if (record == nullptr) continue;
    task->status = record->status;
    task->state = record->state;
    task->message = record->message;
  }
  return list;
}

// §1.0 step 7 (RC:33-63): of live objects with one uid those that git does not name go, until one
// is left. Which one Go leaves to chance; this walks the live objects in their order.
void TwinPass::drop_duplicates_by_uid(const std::vector<std::size_t>& plain,
                                      std::map<TextKey, std::size_t>& live_by_key) const {
  std::set<TextKey> in_git;
  for (const std::size_t target : plain) {
    in_git.insert(text_key(input_.targets[target].facts->key));
  }
  std::map<std::string, std::size_t> left;
  for (const auto& object : input_.live) ++left[text(object.uid)];
  for (const auto& object : input_.live) {
    const TextKey key = text_key(object.facts->key);
    std::size_t& copies = left[text(object.uid)];
    if (text(object.uid).empty() || copies < 2 || in_git.contains(key)) continue;
    live_by_key.erase(key);
    --copies;
  }
}

// §1.0 step 6: hooks and non-hooks, each non-hook with its live object, the rest alone.
void TwinPass::pair_up() {
  std::vector<std::size_t> plain;
  for (std::size_t i = 0; i < input_.targets.size(); ++i) {
    const model::HookFacts& hook = input_.targets[i].facts->hook;
    if (hook.is_ignored) continue;
    (hook.is_hook ? hooks_ : plain).push_back(i);
  }
  std::map<TextKey, std::size_t> live_by_key;
  for (std::size_t i = 0; i < input_.live.size(); ++i) {
    live_by_key[text_key(input_.live[i].facts->key)] = i;
  }
  drop_duplicates_by_uid(plain, live_by_key);

  for (const std::size_t i : plain) {
    const sync::Target& target = input_.targets[i];
    TextKey namespaced = text_key(target.facts->key);
    if (std::get<2>(namespaced).empty()) std::get<2>(namespaced) = destination_;
    TextKey clustered = namespaced;
    std::get<2>(clustered).clear();
    // RC:79-102: of an unknown kind the scope is unknown, so both are tried.
    std::vector<TextKey> tried;
    if (target.scope != model::Scope::Cluster) tried.push_back(namespaced);
    if (target.scope != model::Scope::Namespaced) tried.push_back(clustered);
    Pair pair{.target = i, .live = std::nullopt};
    TextKey key = text_key(target.facts->key);
    for (const TextKey& candidate : tried) {
      const auto found = live_by_key.find(candidate);
      if (found == live_by_key.end()) continue;
      pair.live = found->second;
      key = candidate;
      live_by_key.erase(found);
      break;
    }
    resources_[key] = pair;  // plain objects without a name share a key: the last one stays
  }
  for (const auto& [key, live] : live_by_key) {
    resources_[key] = {.target = std::nullopt, .live = live};
  }
}

Task& TwinPass::add_task(const model::ObjectFacts& object) {
  Task& task = tasks_.emplace_back();
  task.object = &object;
  std::tie(task.group, task.kind, task.name_space, task.name) = text_key(object.key);
  task.version = text(object.version);
  return task;
}

// §1.10, §1.14: non-hooks are always in Sync; a Skip object has no phase (PH:10-13).
void TwinPass::add_resource_tasks() {
  for (const auto& [key, pair] : resources_) {
    // Measured §3.7: the live object decides about the selection if there is one.
    const bool selected =
        pair.live ? input_.live[*pair.live].selected : input_.targets[*pair.target].selected;
    if (!selected) continue;
    const model::ObjectFacts& object =
        pair.target ? *input_.targets[*pair.target].facts : *input_.live[*pair.live].facts;
    if (object.hook.is_hook || object.hook.is_skip) continue;
    Task& task = add_task(object);
    task.live = pair.live;
    if (pair.target) {
      task.target = &object;
      task.target_index = pair.target;
      task.check = input_.targets[*pair.target].check;
    } else {
      task.check = input_.live[*pair.live].check;
    }
  }
}

void TwinPass::add_hook_tasks() {
  for (const std::size_t hook : hooks_) {
    const sync::Target& target = input_.targets[hook];
    for (const Phase phase : {Phase::PreSync, Phase::Sync, Phase::PostSync, Phase::SyncFail}) {
      if (!target.facts->hook.phases.has(phase)) continue;
      Task& task = add_task(*target.facts);
      task.target = target.facts;
      task.target_index = hook;
      task.check = target.check;
      task.phase = phase;
      if (task.name.empty()) {
        task.name = generated_name(text(target.facts->generate_name), *input_.operation, phase);
      }
    }
  }
}

// §1.8.
void TwinPass::add_namespace_task() {
  if (!settings().create_namespace || destination_.empty()) return;
  for (const auto& [key, pair] : resources_) {  // 1: hooks are not considered
    if (!pair.target) continue;
    const auto& [group, kind, name_space, name] = text_key(input_.targets[*pair.target].facts->key);
    if (group.empty() && kind == "Namespace" && name == destination_) return;
  }
  generated_namespace_.key = {.group = interner_.intern(""),
                              .kind = interner_.intern("Namespace"),
                              .name_space = interner_.intern(""),
                              .name = interner_.intern(destination_)};
  generated_namespace_.version = interner_.intern("v1");
  generated_namespace_.is_namespace = true;
  if (settings().has_managed_namespace_metadata) {
    generated_namespace_.wave = settings().managed_namespace_wave;
    generated_namespace_.options.server_side_apply = true;
  }
  Task& task = add_task(generated_namespace_);
  task.target = &generated_namespace_;
  task.check = input_.namespace_check;
  task.phase = Phase::PreSync;

  const sync::Answer answer = call_(request(sync::RequestKind::GetNamespace, task));  // 2
  if (answer.status == sync::AnswerStatus::NotFound) return;
  if (answer.status == sync::AnswerStatus::Ok) {  // 3
    if (!settings().has_managed_namespace_metadata) {
      tasks_.pop_back();
      return;
    }
    task.live = lives_.size();
    lives_.push_back(*answer.live);
    return;
  }
  // 5; measured §3.3: recorded at once.
  record(task, ResultStatus::SyncFailed, TaskState::Error,
         "namespace auto creation failed: " + text(answer.message));
}

// §1.7: the pair of a hook, or of a target without a live object. Appendix C: where Go leaves it to
// chance the exact namespace comes first, then cluster scope.
std::optional<std::size_t> TwinPass::find_live(const Task& task) const {
  const Pair* pair = find_pair(task);
  return pair == nullptr ? std::nullopt : pair->live;
}

const TwinPass::Pair* TwinPass::find_pair(const Task& task) const {
  for (const std::string& name_space : {task.name_space, std::string()}) {
    const auto found = resources_.find({task.group, task.kind, name_space, task.name});
    if (found != resources_.end()) return &found->second;
  }
  return nullptr;
}

// §1.9 step 2: whether this sync brings the definition of the task's kind.
bool TwinPass::sync_defines(const Task& task) const {
  const auto defines = [&](std::size_t target) {
    const model::ObjectFacts& facts = *input_.targets[target].facts;
    return facts.is_crd && text(facts.crd_group) == task.group && text(facts.crd_kind) == task.kind;
  };
  for (const auto& [key, pair] : resources_) {
    if (pair.target && defines(*pair.target)) return true;
  }
  return std::any_of(hooks_.begin(), hooks_.end(), defines);
}

// §1.9: discovery and permissions, of every task in building order.
bool TwinPass::check_kinds() {
  bool valid = true;
  for (Task& task : tasks_) {
    if (task.check.discovery == Discovery::Served) continue;
    const bool may_be_missing =
        settings().skip_dry_run_on_missing_resource ||
        (!task.is_prune() && task.target->options.skip_dry_run_on_missing_resource) ||
        sync_defines(task);
    if (task.check.discovery == Discovery::NotFound && may_be_missing) {
      task.skip_dry_run = true;
      continue;
    }
    record(task, ResultStatus::SyncFailed, TaskState::Pending, text(task.check.message));
    valid = false;
  }
  return valid;
}

// §1.10, the two rewritings.
void TwinPass::rewrite_prune_waves() {
  // 1: the distinct waves of prune tasks, swapped first for last.
  std::set<std::int64_t> distinct;
  for (const Task& task : tasks_) {
    if (task.is_prune()) distinct.insert(task.wave());
  }
  const std::vector<std::int64_t> waves(distinct.begin(), distinct.end());
  for (Task& task : tasks_) {
    if (!task.is_prune()) continue;
    for (std::size_t i = 0; i < waves.size(); ++i) {
      if (waves[i] != task.wave()) continue;
      task.wave_override = waves[waves.size() - 1 - i];
      break;
    }
  }
  // 2: PruneLast. Go's integers wrap around.
  std::int64_t last = 0;
  for (const Task& task : tasks_) {
    if (task.phase == Phase::Sync) last = std::max(last, task.wave());
  }
  last = minus(last, -1);
  for (Task& task : tasks_) {
    if (task.is_prune() && (settings().prune_last || task.object->options.prune_last)) {
      task.wave_override = last;
    }
  }
}

}  // namespace wavetank::reference
