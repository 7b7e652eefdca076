#include "sim/never_applied.h"

#include <algorithm>

namespace wavetank::sim {

namespace {

bool is_applied(const Event& event, const model::ObjectKey& key, std::string_view prefix) {
  const bool is_named =
      key.name.empty() ? event.object.name.starts_with(prefix) : event.object.name == key.name;
  return event.kind == EventKind::Applied && event.object.kind == key.kind &&
         event.object.group == key.group && is_named;
}

}  // namespace

void add_never_applied(const application::Targets& targets, const Trace& trace, World& world,
                       std::vector<model::ObjectKey>& out) {
  const base::Interner& interner = world.interner();
  for (const application::TargetObject& target : targets.objects) {
    if (target.facts.hook.is_skip || target.facts.hook.is_ignored) continue;
    if (world.cluster().get(target.facts.key) != nullptr) continue;
    model::ObjectKey key = model::resolve(target.facts.key, interner);
    const std::string_view prefix = interner.text(target.facts.generate_name);
    const bool was_applied = std::any_of(trace.begin(), trace.end(), [&](const Event& event) {
      return is_applied(event, key, prefix);
    });
    if (!was_applied) out.push_back(std::move(key));
  }
}

}  // namespace wavetank::sim
