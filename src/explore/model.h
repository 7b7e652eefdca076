// One sync of one application, compiled to small integers: what a compact World is about.
//
// Each object that the sync can touch is a slot: every target, every instance of a hook with a
// generated name, the generated Namespace, and what only the old revision has. A slot knows what
// writing it comes to, the lives it can lead, and which other slots it needs. All of that was
// recorded in the full cluster (recorder.h); nothing here reads YAML or JSON again.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "application/retry.h"
#include "base/interner.h"
#include "base/strong_id.h"
#include "base/time.h"
#include "cluster/behavior.h"
#include "explore/life.h"
#include "model/bundle.h"
#include "model/facts.h"
#include "model/version.h"
#include "sync/operation.h"
#include "sync/pass.h"

namespace wavetank::explore {

struct SlotTag;
using SlotId = base::StrongId<SlotTag>;
struct TaskTag;
using TaskId = base::StrongId<TaskTag>;  // index into Model::tasks

// What an object cannot do without. `any_of`: one of these suffices.
struct Need {
  enum class Of : std::uint8_t { Write, Run } of = Of::Run;
  enum class State : std::uint8_t { Exists, Well } state = State::Exists;
  std::vector<SlotId> any_of;
};

struct Slot {
  model::Key key;                                 // as the cluster stores it
  std::uint32_t target = UINT32_MAX;              // index into Model::targets; none: not in git
  const model::ObjectFacts* facts = nullptr;      // of the live object, by the manifest
  const model::ObjectFacts* old_facts = nullptr;  // … of the old revision; null: it has none
  bool is_hook = false;
  bool keeps_data = false;                         // claims, volumes, namespaces, definitions
  bool is_unchanged = false;                       // the old revision has it with the same content
  model::Scope scope = model::Scope::Unknown;      // by `definition`
  SlotId definition;                               // of its kind, if the application brings it
  base::Symbol unknown_kind = base::kEmptySymbol;  // what discovery says without `definition`
  base::Symbol uid;
  Course fresh;                   // written where nothing is
  WriteAnswer again;              // written over itself
  std::optional<Course> upgrade;  // written over the old revision's
  LifeId old_life;                // at rest, before the sync
  std::vector<Need> needs;
  std::vector<SlotId> holders;  // as long as one is there, a deleted object stays: a claim's pods
};

// An object in one phase: what the engine keeps a result of.
struct TaskFacts {
  SlotId slot;
  model::Key key;  // as the engine computes it
  model::Phase phase = model::Phase::Sync;
};

struct TaskKeyHash {
  std::size_t operator()(const TaskFacts& task) const {
    return model::hash(task.key) + static_cast<std::uint64_t>(task.phase);
  }
};
struct SameTaskKey {
  bool operator()(const TaskFacts& a, const TaskFacts& b) const {
    return a.key == b.key && a.phase == b.phase;
  }
};

struct ModelOptions {
  model::ArgocdVersion version = model::kNewestVersion;
  const model::Bundle* from = nullptr;  // the revision that the cluster runs before; null: empty
  std::vector<cluster::BehaviorRule> behaviors;  // how objects behave unless a fault strikes
  // Argo CD's limit for a whole operation; zero: none.
  base::Duration sync_timeout = base::Duration::zero();
};

struct Model {
  base::Interner interner;
  std::string application;
  sync::Operation operation;
  application::RetryStrategy retry;
  bool has_timeout = false;
  std::deque<model::ObjectFacts> facts;
  std::vector<sync::Target> targets;  // as the engine gets them; `check` is filled in at each pass
  std::vector<SlotId> target_slot;    // by target and phase: 4 * target + phase
  std::vector<Slot> slots;            // in the total order of keys
  std::vector<TaskFacts> tasks;
  std::unordered_map<TaskFacts, TaskId, TaskKeyHash, SameTaskKey> task_by_key;  // looked up only
  std::vector<Life> lives;
  std::optional<SlotId> generated_namespace;
  std::uint32_t recordings = 0;  // how often the full cluster was asked

  [[nodiscard]] const Slot& slot(SlotId id) const { return slots[id.index()]; }
  [[nodiscard]] const Life& life(LifeId id) const { return lives[id.index()]; }
  [[nodiscard]] SlotId slot_of(sync::TargetId target, model::Phase phase) const {
    return target_slot[model::kPhases.size() * target.index() + static_cast<std::size_t>(phase)];
  }
  // REQUIRES: the engine can have such a task.
  [[nodiscard]] TaskId task_of(const model::Key& key, model::Phase phase) const {
    return task_by_key.at({.slot = {}, .key = key, .phase = phase});
  }
  // Whether an attempt that fails is followed by another one.
  [[nodiscard]] bool may_retry(std::uint8_t retries) const {
    return retry.limit < 0 || retries < retry.limit;
  }
  // "Job/db-migration".
  [[nodiscard]] std::string name(SlotId id) const;
};

[[nodiscard]] std::unique_ptr<Model> compile(const model::Bundle& bundle,
                                             const ModelOptions& options);

}  // namespace wavetank::explore
