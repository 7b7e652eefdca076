#include "explore/ending.h"

#include "base/check.h"
#include "explore/motion.h"

namespace wavetank::explore {

namespace {

// Takes all steps of this kind once, in the order of slots.
bool take_all(const Model& model, World& world, Step kind) {
  bool moved = false;
  for (std::size_t i = 0; i < model.slots.size(); ++i) {
    const auto id = SlotId::from(i);
    if (next_step(model, world, id) != kind) continue;
    take_step(model, world, id);
    moved = true;
  }
  return moved;
}

sim::Outcome outcome_of(const Model& model, const World& world) {
  switch (world.phase()) {
    case sync::OperationPhase::Succeeded: return sim::Outcome::Succeeded;
    case sync::OperationPhase::Failed: return sim::Outcome::Failed;
    case sync::OperationPhase::Error: return sim::Outcome::Error;
    case sync::OperationPhase::Running: break;
  }
  // Where something goes round for ever, nobody can say that the sync will not end.
  for (std::size_t i = 0; i < model.slots.size(); ++i) {
    const auto id = SlotId::from(i);
    const Object object = world.object(id);
    if (object.present() && life_of(model, object, id).is_restless) {
      return sim::Outcome::Inconclusive;
    }
  }
  return sim::Outcome::Stuck;
}

}  // namespace

void settle(const Model& model, World& world) {
  while (take_all(model, world, Step::Work) || take_all(model, world, Step::Late)) {
  }
}

Ending ending_of(const Model& model, const World& world) {
  Ending ending{.outcome = outcome_of(model, world)};
  for (std::size_t i = 0; i < model.slots.size(); ++i) {
    const auto id = SlotId::from(i);
    const Look seen = look(model, world, id);
    if (!seen.present) continue;
    ending.left.push_back({.slot = id, .deleting = seen.deleting, .health = seen.health});
  }
  return ending;
}

}  // namespace wavetank::explore
