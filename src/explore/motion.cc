#include "explore/motion.h"

namespace wavetank::explore {

namespace {

// An object that removes itself so soon may be gone before Argo CD, which gathers changes for five
// seconds and can be busy for longer, has seen how it ended.
constexpr base::Duration kSoon = std::chrono::seconds(30);

bool is_leaving(const Look& look) { return !look.present || look.deleting; }

}  // namespace

Step next_step(const Model& model, const World& world, SlotId id) {
  const Object object = world.object(id);
  if (!object.present()) return Step::None;
  const Life& life = life_of(model, object, id);
  if (object.deleting) return may_go(model, world, id) ? Step::Work : Step::None;
  if (object.blocked && has_needs(model, world, id, Need::Of::Run)) return Step::Work;
  if (object.stage == life.stages.size()) return Step::None;
  if (object.blocked) return Step::Late;
  const Stage& now = life.stages[object.stage - 1U];
  const Stage& next = life.stages[object.stage];
  const bool is_late =
      is_leaving(next.look) && !is_leaving(now.look) && next.since_write - now.since_write > kSoon;
  return is_late ? Step::Late : Step::Work;
}

void reach(const Model& model, World& world, SlotId id, std::uint8_t stage) {
  Object object = world.object(id);
  const Life& life = life_of(model, object, id);
  object.stage = stage;
  const bool has_ended = !life.stages[stage - 1U].look.present;
  if (has_ended && !object.hook_finalizer && !object.held) object = {};
  world.set(id, object);
}

void take_step(const Model& model, World& world, SlotId id) {
  Object object = world.object(id);
  if (object.deleting) {
    world.set(id, {});
    return;
  }
  if (object.blocked && has_needs(model, world, id, Need::Of::Run)) {
    object.blocked = false;
    object.stage = 1;
    world.set(id, object);
    return;
  }
  reach(model, world, id, static_cast<std::uint8_t>(object.stage + 1));
}

}  // namespace wavetank::explore
