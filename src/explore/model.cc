#include "explore/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <span>
#include <string_view>
#include <utility>

#include "application/controller/application_spec.h"
#include "application/targets.h"
#include "cluster/cluster.h"
#include "explore/needs.h"
#include "explore/recorder.h"
#include "health/object_view.h"
#include "model/kinds.h"
#include "sim/application_object.h"
#include "sync/message.h"
#include "sync/task_list.h"

namespace wavetank::explore {

using nlohmann::json;

namespace {

// As in sim/simulate.cc: what stands in the names of generateName hooks.
constexpr std::int64_t kEpoch = 1'704'067'200;
constexpr const char* kRevision = "0000000";

constexpr std::array<std::string_view, 4> kKeepsData{"PersistentVolumeClaim", "PersistentVolume",
                                                     "Namespace", "CustomResourceDefinition"};

class Compiler {
 public:
  Compiler(const model::Bundle& bundle, const ModelOptions& options)
      : bundle_(bundle), options_(options), model_(std::make_unique<Model>()) {
    Model& model = *model_;
    model.application = bundle.name;
    model.operation = {.version = options.version,
                       .revision = kRevision,
                       .started_at = kEpoch,
                       .name_space = model.interner.intern(bundle.settings.destination_namespace),
                       .settings = application::settings_of(bundle.settings)};
    model.has_timeout = options.sync_timeout > base::Duration::zero();
    const json application = sim::application_object(bundle);
    const json& retry = health::at(application, "/spec/syncPolicy/retry");
    if (retry.is_object()) model.retry = application::read_retry(retry);
    targets_ = application::make_targets(bundle, model.interner, bundle.settings.name);
    add_targets();
    if (options.from != nullptr) {
      add_old(
          application::make_targets(*options.from, model.interner, options.from->settings.name));
    }
    add_generated_namespace();
  }

  std::unique_ptr<Model> run() {
    sort_slots();
    add_tasks();
    const sim::Furnished application{
        .targets = &targets_, .settings = &bundle_.settings, .version = options_.version};
    Recorder recorder(application, options_.behaviors, model_->operation, model_->interner);
    recorder_ = &recorder;
    candidates_ = find_candidates(subjects_);
    for (std::uint32_t i = 0; i < subjects_.size(); ++i) record(i);
    find_definitions();
    model_->recordings = recorder.count();
    return std::move(model_);
  }

 private:
  // What a slot is before it is one.
  struct Draft {
    Subject subject;
    std::optional<Subject> old;
    std::uint32_t target = UINT32_MAX;
    model::PhaseSet phases;  // of an instance of a hook with a generated name; else those of facts
    bool is_generated_namespace = false;
    bool is_new = true;  // it stands in the new revision
  };

  void add_targets();
  void add_old(application::Targets targets);
  void add_generated_namespace();
  void sort_slots();
  void add_tasks();
  void record(std::uint32_t index);
  [[nodiscard]] std::vector<const Subject*> others_of(std::uint32_t index) const;
  [[nodiscard]] Course course(Recorder::Play play, const std::vector<const Subject*>& blocked);
  void add_needs(std::uint32_t index, const Recorder::Play& whole,
                 std::vector<const Subject*>& blocked);
  [[nodiscard]] LifeId keep(const Life& life);
  void find_definitions();

  const model::Bundle& bundle_;
  const ModelOptions& options_;
  std::unique_ptr<Model> model_;
  application::Targets targets_;
  std::vector<Draft> drafts_;
  std::vector<Subject> subjects_;  // of the slots, after sorting
  std::vector<std::vector<Candidate>> candidates_;
  Recorder* recorder_ = nullptr;
  std::map<const Life*, LifeId> kept_;  // by place: recordings are shared
};

void Compiler::add_targets() {
  Model& model = *model_;
  for (const application::TargetObject& target : targets_.objects) {
    const auto index = static_cast<std::uint32_t>(model.targets.size());
    model.facts.push_back(target.facts);
    const model::ObjectFacts& facts = model.facts.back();
    model.targets.push_back({.facts = &facts});
    const bool is_named_later =
        facts.hook.is_hook && facts.key.name == base::kEmptySymbol && !facts.hook.phases.empty();
    if (!is_named_later) {
      drafts_.push_back({.subject = make_subject(target.manifest, model.interner),
                         .target = index,
                         .phases = model::phases_of(facts.hook)});
      continue;
    }
    for (const model::Phase phase : model::kPhases) {
      if (!facts.hook.phases.has(phase)) continue;
      json manifest = target.manifest;
      const base::Symbol name = sync::generated_name(model.interner.text(facts.generate_name),
                                                     model.operation, phase, model.interner);
      manifest["metadata"]["name"] = std::string(model.interner.text(name));
      Draft draft{.subject = make_subject(std::move(manifest), model.interner), .target = index};
      draft.phases.add(phase);
      drafts_.push_back(std::move(draft));
    }
  }
}

void Compiler::add_old(application::Targets targets) {
  for (application::TargetObject& target : targets.objects) {
    // Hooks of the old revision had their time.
    if (target.facts.hook.is_hook || target.facts.hook.is_skip) continue;
    Subject old = make_subject(std::move(target.manifest), model_->interner);
    const auto same = std::find_if(drafts_.begin(), drafts_.end(), [&](const Draft& draft) {
      return draft.subject.key == old.key;
    });
    if (same != drafts_.end()) {
      same->old = std::move(old);
    } else {
      drafts_.push_back({.subject = old, .old = old, .is_new = false});
    }
  }
}

void Compiler::add_generated_namespace() {
  const sync::Operation& operation = model_->operation;
  if (!operation.settings.create_namespace || operation.name_space == base::kEmptySymbol) return;
  const auto is_it = [&](const sync::Target& target) {
    return target.facts->is_namespace && !target.facts->hook.is_hook &&
           target.facts->key.name == operation.name_space;
  };
  if (std::any_of(model_->targets.begin(), model_->targets.end(), is_it)) return;
  json manifest = {{"apiVersion", "v1"},
                   {"kind", "Namespace"},
                   {"metadata", {{"name", model_->interner.text(operation.name_space)}}}};
  drafts_.push_back({.subject = make_subject(std::move(manifest), model_->interner),
                     .is_generated_namespace = true});
  if (options_.from != nullptr) drafts_.back().old = drafts_.back().subject;
}

void Compiler::sort_slots() {
  Model& model = *model_;
  std::stable_sort(drafts_.begin(), drafts_.end(),
                   [](const Draft& a, const Draft& b) { return a.subject.key < b.subject.key; });
  model.target_slot.resize(model::kPhases.size() * model.targets.size());
  for (Draft& draft : drafts_) {
    const auto id = SlotId::from(model.slots.size());
    model.facts.push_back(draft.subject.facts);
    Slot slot{.key = draft.subject.facts.key,
              .target = draft.target,
              .facts = &model.facts.back(),
              .is_hook = draft.subject.is_hook,
              .keeps_data = std::find(kKeepsData.begin(), kKeepsData.end(),
                                      draft.subject.key.kind) != kKeepsData.end(),
              .uid = model.interner.intern(fmt::format("slot-{}", id.index()))};
    if (draft.old) {
      model.facts.push_back(draft.old->facts);
      slot.old_facts = &model.facts.back();
      slot.is_unchanged = draft.old->manifest == draft.subject.manifest;
    }
    if (draft.is_generated_namespace) model.generated_namespace = id;
    if (draft.target != UINT32_MAX) {
      SlotId* const slots = &model.target_slot[model::kPhases.size() * draft.target];
      const bool is_instance = model.targets[draft.target].facts->key.name == base::kEmptySymbol;
      for (const model::Phase phase : model::kPhases) {
        SlotId& place = slots[static_cast<std::size_t>(phase)];
        if (!place.valid() || !is_instance || draft.phases.has(phase)) place = id;
      }
    }
    model.slots.push_back(std::move(slot));
    subjects_.push_back(draft.subject);
  }
}

// Every result that the engine can have of a slot. Namespaces and definitions move to the phase of
// their first user (sync/order.h).
void Compiler::add_tasks() {
  Model& model = *model_;
  for (std::size_t i = 0; i < drafts_.size(); ++i) {
    const Draft& draft = drafts_[i];
    const model::ObjectFacts& facts = draft.subject.facts;
    const bool moves = !facts.hook.is_hook && (facts.is_namespace || facts.is_crd);
    model::Key key = facts.key;
    const bool is_target = draft.target != UINT32_MAX;
    if (is_target && key.name_space == base::kEmptySymbol) {
      key.name_space = model.operation.name_space;
    }
    const auto add = [&](const model::Key& name, model::Phase phase) {
      const TaskFacts task{.slot = SlotId::from(i), .key = name, .phase = phase};
      if (model.task_by_key.emplace(task, TaskId::from(model.tasks.size())).second) {
        model.tasks.push_back(task);
      }
    };
    for (const model::Phase phase : model::kPhases) {
      const bool has_task = is_target ? draft.phases.has(phase) : phase == model::Phase::Sync;
      if (has_task || moves) add(key, phase);
    }
  }
}

// Whether nobody could tell one from the other but by how long it takes.
bool lives_alike(const Life& a, const Life& b) {
  return std::equal(a.stages.begin(), a.stages.end(), b.stages.begin(), b.stages.end(),
                    [](const Stage& x, const Stage& y) { return x.look.acts_like(y.look); });
}

LifeId Compiler::keep(const Life& life) {
  const auto [place, is_new] = kept_.emplace(&life, LifeId::from(model_->lives.size()));
  if (is_new) model_->lives.push_back(life);
  return place->second;
}

// What must be there for the object to get along, and what that needs in turn, in writing order.
std::vector<const Subject*> Compiler::others_of(std::uint32_t index) const {
  std::set<std::uint32_t> seen{index};
  std::vector<std::uint32_t> open{index};
  std::vector<std::uint32_t> found;
  while (!open.empty()) {
    const std::uint32_t next = open.back();
    open.pop_back();
    for (const Candidate& candidate : candidates_[next]) {
      for (const std::uint32_t other : candidate.any_of) {
        if (!seen.insert(other).second) continue;
        found.push_back(other);
        open.push_back(other);
        if (candidate.is_consumer) break;  // one is enough
      }
    }
  }
  std::sort(found.begin(), found.end(), [&](std::uint32_t a, std::uint32_t b) {
    const int rank_a = subjects_[a].facts.kind_rank;
    const int rank_b = subjects_[b].facts.kind_rank;
    return rank_a != rank_b ? rank_a < rank_b : a < b;
  });
  std::vector<const Subject*> others;
  for (const std::uint32_t other : found) others.push_back(&subjects_[other]);
  return others;
}

Course Compiler::course(Recorder::Play play, const std::vector<const Subject*>& blocked) {
  Course course;
  for (const Fate fate : kFates) {
    play.fate = fate;
    const Recording& recording = recorder_->record(play);
    if (fate == Fate::Succeed) course.answer = recording.answer;
    LifeId& life = course.lives[static_cast<std::size_t>(fate)];
    life = keep(recording.life);
    // The same path in other words is no other fate.
    const Life& usual = model_->life(course.lives[0]);
    const bool ends_alike = recording.life.removal.has_value() == usual.removal.has_value();
    if (ends_alike && lives_alike(recording.life, usual)) life = course.lives[0];
  }
  if (blocked.size() != play.others.size()) {
    play.fate = Fate::Succeed;
    play.others = blocked;
    course.blocked = keep(recorder_->record(play).life);
  }
  return course;
}

// Leaves out each candidate in turn: where that makes a difference, it is needed.
void Compiler::add_needs(std::uint32_t index, const Recorder::Play& whole,
                         std::vector<const Subject*>& blocked) {
  const Recording usual = recorder_->record(whole);
  for (const Candidate& candidate : candidates_[index]) {
    Recorder::Play without = whole;
    std::erase_if(without.others, [&](const Subject* other) {
      return std::any_of(candidate.any_of.begin(), candidate.any_of.end(),
                         [&](std::uint32_t each) { return &subjects_[each] == other; });
    });
    const Recording& lacking = recorder_->record(without);
    Need need;
    for (const std::uint32_t each : candidate.any_of) need.any_of.push_back(SlotId::from(each));
    if (!usual.life.removal && lacking.life.removal) {
      auto& holders = model_->slots[index].holders;
      holders.insert(holders.end(), need.any_of.begin(), need.any_of.end());
    }
    if (lacking.answer.is_refused != usual.answer.is_refused) {
      need.of = Need::Of::Write;
    } else if (lives_alike(lacking.life, usual.life)) {
      continue;
    } else {
      std::erase_if(blocked, [&](const Subject* other) {
        return std::find(without.others.begin(), without.others.end(), other) ==
               without.others.end();
      });
    }
    if (!candidate.is_consumer) {
      Recorder::Play hanging = whole;
      hanging.hanging = &subjects_[candidate.any_of.front()];
      const Recording& waiting = recorder_->record(hanging);
      if (waiting.answer.is_refused != usual.answer.is_refused ||
          !lives_alike(waiting.life, usual.life)) {
        need.state = Need::State::Well;
      }
    }
    model_->slots[index].needs.push_back(std::move(need));
  }
}

void Compiler::record(std::uint32_t index) {
  const Draft& draft = drafts_[index];
  Recorder::Play play{.subject = &subjects_[index], .others = others_of(index)};
  std::vector<const Subject*> blocked = play.others;
  add_needs(index, play, blocked);
  Slot& slot = model_->slots[index];
  // With holders around nothing would show how long the removal takes once they are gone.
  const auto drop_holders = [&](std::vector<const Subject*>& others) {
    std::erase_if(others, [&](const Subject* other) {
      const SlotId id = SlotId::from(static_cast<std::size_t>(other - subjects_.data()));
      return std::find(slot.holders.begin(), slot.holders.end(), id) != slot.holders.end();
    });
  };
  if (slot.needs.empty()) {
    drop_holders(play.others);
    drop_holders(blocked);
  }
  slot.fresh = course(play, blocked);
  slot.again = recorder_->record(play).again;
  if (!draft.old) return;
  Recorder::Play before = play;
  before.subject = &*draft.old;
  slot.old_life = keep(recorder_->record(before).life);
  if (slot.is_unchanged || !draft.is_new) return;
  play.before = &*draft.old;
  slot.upgrade = course(play, play.others);
}

// Kinds that the application itself defines are unknown until then.
void Compiler::find_definitions() {
  Model& model = *model_;
  base::DefaultChooser chooser;
  const cluster::Cluster empty(model.interner, chooser);
  std::map<std::pair<base::Symbol, base::Symbol>, SlotId> definitions;
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const model::ObjectFacts& facts = subjects_[i].facts;
    if (facts.is_crd) definitions[{facts.crd_group, facts.crd_kind}] = SlotId::from(i);
  }
  for (std::size_t i = 0; i < subjects_.size(); ++i) {
    const auto& [group, kind, name_space, name] = subjects_[i].key;
    Slot& slot = model.slots[i];
    if (slot.target != UINT32_MAX) {
      model.targets[slot.target].scope = model::scope_of(group, kind);
      if (!definitions.contains({slot.key.group, slot.key.kind}) &&
          model.targets[slot.target].scope == model::Scope::Unknown) {
        model.targets[slot.target].scope = model::Scope::Namespaced;
      }
    }
    const auto found = definitions.find({slot.key.group, slot.key.kind});
    if (found == definitions.end() || model::scope_of(group, kind) != model::Scope::Unknown) {
      continue;
    }
    slot.definition = found->second;
    const json& definition = subjects_[found->second.index()].manifest;
    slot.scope = health::text(definition, "/spec/scope") == "Cluster" ? model::Scope::Cluster
                                                                      : model::Scope::Namespaced;
    const auto lookup = empty.lookup(group, kind);
    std::string message = lookup.message;
    if (lookup.is_group_failure) {
      const std::string_view version = model.interner.text(subjects_[i].facts.version);
      message =
          sync::discovery_error(options_.version, fmt::format("{}/{}", group, version), message);
    }
    slot.unknown_kind = model.interner.intern(message);
  }
}

}  // namespace

std::string Model::name(SlotId id) const {
  return model::short_name(model::resolve(slot(id).key, interner));
}

std::unique_ptr<Model> compile(const model::Bundle& bundle, const ModelOptions& options) {
  return Compiler(bundle, options).run();
}

}  // namespace wavetank::explore
