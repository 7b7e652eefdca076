#include "cluster/surroundings/surroundings.h"

#include <algorithm>

#include "base/text_distance.h"

namespace wavetank::cluster {

using model::ObjectKey;

namespace {

// Generated names match by what they begin with.
bool matches_name(const BehaviorRule& rule, const ObjectKey& key) {
  return rule.name == key.name || (rule.name.ends_with('-') && key.name.starts_with(rule.name));
}

void overwrite(Behavior& behavior, const Behavior& rule) {
  if (rule.outcome || !rule.chances.empty()) {
    behavior.outcome = rule.outcome;
    behavior.chances = rule.chances;
    behavior.cause = rule.cause;
  }
  if (rule.duration) behavior.duration = rule.duration;
  behavior.denied = behavior.denied || rule.denied;
  behavior.held = behavior.held || rule.held;
}

Behavior own_behavior(const std::vector<BehaviorRule>& rules, const ObjectKey& key) {
  Behavior behavior;
  for (const BehaviorRule& rule : rules) {
    if (rule.name == "*" && base::same_letters(rule.kind, key.kind))
      overwrite(behavior, rule.behavior);
  }
  for (const BehaviorRule& rule : rules) {
    if (rule.name != "*" && base::same_letters(rule.kind, key.kind) && matches_name(rule, key)) {
      overwrite(behavior, rule.behavior);
    }
  }
  return behavior;
}

}  // namespace

std::uint32_t Surroundings::occurrence(const ObjectKey& key, std::uint32_t time) const {
  const std::uint32_t incarnation = store_.incarnation(key);
  return (incarnation > 0 ? incarnation - 1 : 0) << 16U | (time & 0xFFFFU);
}

void Surroundings::draw_outcome(Conduct& conduct, const Behavior& behavior,
                                const ObjectKey& key) const {
  conduct.outcome = behavior.outcome;
  conduct.cause = behavior.cause;
  if (behavior.chances.empty()) return;
  std::vector<std::uint32_t> weights;
  for (const Chance& chance : behavior.chances) weights.push_back(chance.weight);
  const std::string entity = model::full_name(key);
  const Chance& drawn = behavior.chances[base::draw_weighted(
      weights, {.entity = entity, .purpose = "outcome", .occurrence = occurrence(key, 0)},
      chooser_)];
  conduct.outcome = drawn.outcome;
  conduct.cause = drawn.cause;
}

Conduct Surroundings::behavior_of(const ObjectKey& key) const {
  Behavior behavior = own_behavior(rules_, key);
  Conduct conduct;
  draw_outcome(conduct, behavior, key);
  const Entry* entry = store_.find(key);
  // A pod is at most three owners away from what the user wrote: CronJob, Job, pod.
  for (int i = 0; i < 3 && entry != nullptr && !entry->controller.kind.empty(); ++i) {
    const Behavior inherited = own_behavior(rules_, entry->controller);
    if (!conduct.outcome) draw_outcome(conduct, inherited, entry->controller);
    if (!behavior.duration) behavior.duration = inherited.duration;
    entry = store_.find(entry->controller);
  }
  if (behavior.duration) {
    const std::string entity = model::full_name(key);
    conduct.duration = behavior.duration->draw(
        {.entity = entity, .purpose = "after", .occurrence = occurrence(key, 0)}, chooser_);
    if (!conduct.duration) conduct.outcome = Outcome::Hang;
  }
  return conduct;
}

bool Surroundings::denies(const ObjectKey& key) const { return own_behavior(rules_, key).denied; }

bool Surroundings::holds(const ObjectKey& key) const { return own_behavior(rules_, key).held; }

base::Duration Surroundings::lapse(Lapse lapse, const ObjectKey& key, std::uint32_t time) const {
  return draw(lapse, model::full_name(key), occurrence(key, time), chooser_);
}

base::Duration Surroundings::pull(const ObjectKey& pod, const std::string& node,
                                  const std::string& image) const {
  // Six of ten images are there; choice 0 is one that is.
  const std::vector<std::uint32_t> weights{3, 2};
  const std::string place = node + " " + image;
  if (base::draw_weighted(weights, {.entity = place, .purpose = "image-cached"}, chooser_) == 0) {
    return base::Duration::zero();
  }
  return draw(Lapse::ImagePull, model::full_name(pod) + " " + image, occurrence(pod, 0), chooser_);
}

}  // namespace wavetank::cluster
