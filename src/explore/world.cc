#include "explore/world.h"

#include <algorithm>
#include <cstring>

namespace wavetank::explore {

namespace {

// The finalising step of MurmurHash3 (Appleby, public domain): every bit changes every other.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ value >> 33U) * 0xFF51AFD7ED558CCDULL;
  value = (value ^ value >> 33U) * 0xC4CEB9FE1A85EC53ULL;
  return value ^ value >> 33U;
}

}  // namespace

World::World(const Model& model)
    : slots_(model.slots.size()), bytes_(kHeader + 2 * slots_ + model.tasks.size()) {
  for (std::size_t i = 0; i < slots_; ++i) {
    const Slot& slot = model.slots[i];
    if (slot.old_facts == nullptr) continue;
    const auto stages = model.life(slot.old_life).stages.size();
    set(SlotId::from(i), {.stage = static_cast<std::uint8_t>(stages), .old = !slot.is_unchanged});
  }
}

Fingerprint fingerprint(std::span<const std::uint8_t> bytes) {
  Fingerprint result{.high = 0x9E3779B97F4A7C15ULL, .low = 0x2545F4914F6CDD1DULL};
  std::size_t at = 0;
  const auto take = [&](std::uint64_t word) {
    result.high = mixed(result.high ^ word) + 0x9E3779B97F4A7C15ULL;
    result.low = mixed(result.low + word * 0xD6E8FEB86659FD93ULL) ^ (result.high >> 7U);
  };
  for (; at + 8 <= bytes.size(); at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at, 8);
    take(word);
  }
  std::uint64_t rest = bytes.size();
  for (; at < bytes.size(); ++at) rest = rest << 8U | bytes[at];
  take(rest);
  return result;
}

const Life& life_of(const Model& model, const Object& object, SlotId id) {
  const Slot& slot = model.slot(id);
  if (slot.old_facts != nullptr && (object.old || (slot.is_unchanged && !object.upgraded))) {
    return model.life(slot.old_life);
  }
  const Course& course = object.upgraded && slot.upgrade ? *slot.upgrade : slot.fresh;
  if (object.blocked) return model.life(course.blocked);
  return model.life(course.lives[static_cast<std::size_t>(object.fate)]);
}

Look look(const Model& model, const World& world, SlotId id) {
  const Object object = world.object(id);
  if (!object.present()) return {.present = false};
  Look result = life_of(model, object, id).stages[object.stage - 1U].look;
  if (!result.present) {
    // Its life has ended, and Argo CD's finalizer still holds it.
    const auto& stages = life_of(model, object, id).stages;
    if (object.stage >= 2) result = stages[object.stage - 2U].look;
    result.present = true;
    result.deleting = true;
  }
  result.deleting = result.deleting || object.deleting;
  if (result.deleting && !object.hook_finalizer) {
    result.health = health::Status::Progressing;  // "Pending deletion"
    result.health_failed = false;
  }
  return result;
}

bool may_go(const Model& model, const World& world, SlotId id) {
  const Object object = world.object(id);
  const auto& holders = model.slot(id).holders;
  return !object.hook_finalizer && !object.held && life_of(model, object, id).removal.has_value() &&
         std::none_of(holders.begin(), holders.end(), [&](SlotId holder) {
           const Object other = world.object(holder);
           return other.present() && !other.blocked;
         });
}

bool has_needs(const Model& model, const World& world, SlotId id, Need::Of of) {
  const auto& needs = model.slot(id).needs;
  return std::all_of(needs.begin(), needs.end(), [&](const Need& need) {
    if (need.of != of) return true;
    return std::any_of(need.any_of.begin(), need.any_of.end(), [&](SlotId other) {
      if (!world.is_present(other)) return false;
      return need.state == Need::State::Exists || look(model, world, other).is_well();
    });
  });
}

}  // namespace wavetank::explore
