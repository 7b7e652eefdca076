#include "cluster/surroundings/surroundings.h"

#include <algorithm>

namespace wavetank::cluster {

using model::ObjectKey;

namespace {

bool same_letters(std::string_view a, std::string_view b) {
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

// Generated names match by what they begin with.
bool matches_name(const BehaviorRule& rule, const ObjectKey& key) {
  return rule.name == key.name || (rule.name.ends_with('-') && key.name.starts_with(rule.name));
}

void overwrite(Behavior& behavior, const Behavior& rule) {
  if (rule.outcome) behavior.outcome = rule.outcome;
  if (rule.cause) behavior.cause = rule.cause;
  if (rule.duration) behavior.duration = rule.duration;
  behavior.denied = behavior.denied || rule.denied;
}

Behavior own_behavior(const std::vector<BehaviorRule>& rules, const ObjectKey& key) {
  Behavior behavior;
  for (const BehaviorRule& rule : rules) {
    if (rule.name == "*" && same_letters(rule.kind, key.kind)) overwrite(behavior, rule.behavior);
  }
  for (const BehaviorRule& rule : rules) {
    if (rule.name != "*" && same_letters(rule.kind, key.kind) && matches_name(rule, key)) {
      overwrite(behavior, rule.behavior);
    }
  }
  return behavior;
}

}  // namespace

Behavior Surroundings::behavior_of(const ObjectKey& key) const {
  Behavior behavior = own_behavior(rules_, key);
  const Entry* entry = store_.find(key);
  // A pod is at most three owners away from what the user wrote: CronJob, Job, pod.
  for (int i = 0; i < 3 && entry != nullptr && !entry->controller.kind.empty(); ++i) {
    const Behavior inherited = own_behavior(rules_, entry->controller);
    if (!behavior.outcome) {
      behavior.outcome = inherited.outcome;
      behavior.cause = inherited.cause;
    }
    if (!behavior.duration) behavior.duration = inherited.duration;
    entry = store_.find(entry->controller);
  }
  return behavior;
}

}  // namespace wavetank::cluster
