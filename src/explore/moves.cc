#include "explore/moves.h"

#include <algorithm>

namespace wavetank::explore {

Moves::Moves(Model& model, Orders orders, FaultKinds kinds)
    : model_(model), orders_(orders), kinds_(kinds), player_(model), tasks_of_(model.slots.size()) {
  for (std::size_t i = 0; i < model.tasks.size(); ++i) {
    tasks_of_[model.tasks[i].slot.index()].push_back(TaskId::from(i));
  }
  for (const Slot& slot : model.slots) {
    const auto is_hook = [&](SlotId other) { return model.slot(other).is_hook; };
    needs_hook_.push_back(std::any_of(slot.needs.begin(), slot.needs.end(), [&](const Need& need) {
      return need.of == Need::Of::Run &&
             std::any_of(need.any_of.begin(), need.any_of.end(), is_hook);
    }));
  }
  // Tasks of targets never vanish, so several groups of them stay several (sync/pass.cc, D).
  const model::ObjectFacts* first = nullptr;
  model::Phase first_phase = model::Phase::Sync;
  for (const sync::Target& target : model.targets) {
    for (const model::Phase phase : model::kPhases) {
      if (!model::phases_of(target.facts->hook).has(phase)) continue;
      if (first == nullptr) {
        first = target.facts;
        first_phase = phase;
      }
      has_several_groups_ =
          has_several_groups_ || phase != first_phase || target.facts->wave != first->wave;
    }
  }
}

bool Moves::strikes(SlotId slot, FaultKind kind) {
  if (!kinds_.has(kind)) return false;
  const std::size_t point = points_.size();
  points_.push_back({.strike = {.slot = slot, .kind = kind}});
  return std::find(script_.begin(), script_.end(), point) != script_.end();
}

bool Moves::fails(Call call, SlotId slot) {
  switch (call) {
    case Call::Write: return strikes(slot, FaultKind::WriteError);
    case Call::Remove: return strikes(slot, FaultKind::RemoveError);
  }
  WAVETANK_CHECK(false);
}

bool Moves::holds(SlotId slot) { return strikes(slot, FaultKind::Stuck); }

// Which fate it is makes no difference to the pass in which the life begins.
Fate Moves::fate(SlotId slot) {
  begun_.push_back(slot);
  return Fate::Succeed;
}

Move& Moves::add(const World& world) {
  if (count_ == moves_.size()) moves_.push_back({.world = world});
  Move& move = moves_[count_++];
  move.world.assign(world.bytes());
  move.strikes.clear();
  move.kind = Move::Kind::Step;
  return move;
}

std::span<const Move> Moves::from(const World& before, std::size_t budget) {
  count_ = 0;
  could_strike_ = false;
  if (before.has_ended(model_)) return {};
  World world = before;
  if (orders_ == Orders::Barriers) take_unseen_steps(world);
  const bool has_moved = !(world == before);
  const bool has_work = add_steps(world, Step::Work);
  if (before.phase() != sync::OperationPhase::Running) {
    // The attempt is over; the next one comes when Argo CD has waited for long enough.
    const bool is_counted = model_.retry.limit >= 0;
    add(world).world.retry(is_counted ? World::Counted::Yes : World::Counted::No);
    return std::span(moves_).first(count_);
  }
  const bool is_new = add_passes(world, budget);
  // Deadlines pass when everything else has come to rest.
  if (!has_work && !is_new && !add_steps(world, Step::Late) && model_.has_timeout) {
    add_timeout(world);
  }
  if (count_ == 0 && has_moved) add(world);
  return std::span(moves_).first(count_);
}

void Moves::take_unseen_steps(World& world) {
  for (bool moved = true; moved;) {
    moved = false;
    for (std::size_t i = 0; i < model_.slots.size(); ++i) {
      const auto slot = SlotId::from(i);
      while (next_step(model_, world, slot) == Step::Work && is_unseen(world, slot)) {
        take_step(model_, world, slot);
        moved = true;
      }
    }
  }
}

// Whether the engine waits for the object until it has completed, whatever else happens.
bool Moves::is_awaited(const World& world, SlotId slot) const {
  if (!has_several_groups_ && !model_.slot(slot).is_hook) return false;
  return look(model_, world, slot).is_under_way();
}

// Whether no pass could tell whether the next step was taken before it or after it, but by notes
// that lead to the same end.
bool Moves::is_unseen(const World& world, SlotId slot) const {
  const Object object = world.object(slot);
  const auto& tasks = tasks_of_[slot.index()];
  if (object.deleting) {
    // An old hook is deleted anew at every pass until it is gone, and each call can fail.
    return !kinds_.has(FaultKind::RemoveError) ||
           std::none_of(tasks.begin(), tasks.end(), [&](TaskId task) {
             return world.memory(task).state == sync::TaskState::Pending;
           });
  }
  // A step is another one before and after a pass that deletes what the object needs.
  if (needs_hook_[slot.index()]) return false;
  const Life& life = life_of(model_, object, slot);
  const Look& now = life.stages[object.stage - 1U].look;
  if (object.blocked) {  // what it lacked has come
    Object released = object;
    released.blocked = false;
    return now.acts_like(life_of(model_, released, slot).stages.front().look);
  }
  const Look& next = life.stages[object.stage].look;
  if (!next.present || next.deleting) return false;
  const bool is_watched = std::any_of(tasks.begin(), tasks.end(), [&](TaskId task) {
    return world.memory(task).state == sync::TaskState::Running;
  });
  if (!is_watched) return true;
  if (!is_awaited(world, slot)) return false;
  // Under way, and then done for good.
  return next.is_under_way() || object.stage + 1U == life.stages.size() ||
         !life.stages[object.stage + 1U].look.present;
}

bool Moves::add_steps(const World& world, Step kind) {
  const std::size_t before = count_;
  for (std::size_t i = 0; i < model_.slots.size(); ++i) {
    const auto slot = SlotId::from(i);
    if (next_step(model_, world, slot) != kind) continue;
    take_step(model_, add(world).world, slot);
  }
  return count_ != before;
}

// Adds every pass that changes anything: the undisturbed one, and those in which calls fail.
// Returns whether the undisturbed one does.
bool Moves::add_passes(const World& world, std::size_t budget) {
  bool is_new = false;
  script_.clear();
  while (true) {
    points_.clear();
    begun_.clear();
    Move& move = add(world);
    move.kind = Move::Kind::Pass;
    player_.pass(move.world, *this);
    for (const std::size_t point : script_) move.strikes.push_back(points_[point].strike);
    const std::size_t spent = script_.size();
    could_strike_ = could_strike_ || spent + left_to_strike() > budget;
    if (spent == 0) is_new = !(move.world == world);
    if (move.world == world) {
      --count_;
    } else if (spent < budget && !begun_.empty()) {
      const Move usual = move;
      add_fates(usual, 0, budget - spent);
    }
    point_counts_.resize(spent + 1);
    point_counts_[spent] = points_.size();
    if (!next_script(budget)) break;
  }
  return is_new;
}

// The time limit of the operation is over.
void Moves::add_timeout(const World& world) {
  points_.clear();
  script_.clear();
  begun_.clear();
  World& ended = add(world).world;
  player_.pass(ended, *this, Player::Mode::Terminate);
  ended.set_terminated();
}

// How many faults could strike in the pass just played beside those of the script.
std::size_t Moves::left_to_strike() const {
  const std::size_t next = script_.empty() ? 0 : script_.back() + 1;
  const auto fates = std::count_if(begun_.begin(), begun_.end(), [&](SlotId slot) {
    const Slot& facts = model_.slot(slot);
    const auto differ = [](const Course& course) {
      return course.lives[1] != course.lives[0] || course.lives[2] != course.lives[0];
    };
    const bool may_differ = differ(facts.fresh) || (facts.upgrade && differ(*facts.upgrade));
    return may_differ && (kinds_.has(FaultKind::Fail) || kinds_.has(FaultKind::Hang));
  });
  return points_.size() - std::min(next, points_.size()) + static_cast<std::size_t>(fates);
}

// The next script in the order of an odometer with at most `budget` digits. How far a digit goes
// depends on those before it.
bool Moves::next_script(std::size_t budget) {
  const std::size_t next = script_.empty() ? 0 : script_.back() + 1;
  if (script_.size() < budget && next < point_counts_[script_.size()]) {
    script_.push_back(next);
    return true;
  }
  while (!script_.empty() && script_.back() + 1 >= point_counts_[script_.size() - 1]) {
    script_.pop_back();
  }
  if (script_.empty()) return false;
  ++script_.back();
  return true;
}

// Adds `move` with other fates of the lives that began in it.
void Moves::add_fates(const Move& move, std::size_t first, std::size_t budget) {
  for (std::size_t i = first; i < begun_.size(); ++i) {
    const SlotId slot = begun_[i];
    const Object object = move.world.object(slot);
    if (!object.present()) continue;
    const Slot& facts = model_.slot(slot);
    const Course& course = object.upgraded && facts.upgrade ? *facts.upgrade : facts.fresh;
    for (const Fate fate : {Fate::Fail, Fate::Hang}) {
      const FaultKind kind = fate == Fate::Fail ? FaultKind::Fail : FaultKind::Hang;
      const LifeId life = course.lives[static_cast<std::size_t>(fate)];
      if (!kinds_.has(kind) || life == course.lives[0]) continue;
      Move& other = add(move.world);
      other.kind = Move::Kind::Pass;
      other.strikes = move.strikes;
      other.strikes.push_back({.slot = slot, .kind = kind});
      Object changed = object;
      changed.fate = fate;
      other.world.set(slot, changed);
      if (budget > 1) {
        const Move copy = other;
        add_fates(copy, i + 1, budget - 1);
      }
    }
  }
}

}  // namespace wavetank::explore
