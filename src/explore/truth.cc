#include "explore/truth.h"

#include <algorithm>
#include <map>

#include "base/check.h"

namespace wavetank::explore {

namespace {

using cluster::CallVerb;

constexpr std::uint8_t kFirstMax = 3;

bool is_of_call(FaultKind kind) {
  return kind == FaultKind::WriteError || kind == FaultKind::RemoveError;
}

}  // namespace

std::string_view name(Verdict verdict) {
  switch (verdict) {
    case Verdict::Confirmed: return "confirmed";
    case Verdict::Different: return "not confirmed";
    case Verdict::NotPlayed: return "not played";
  }
  WAVETANK_CHECK(false);
}

FaultSet numbered(std::span<const Strike> strikes, std::uint8_t first) {
  FaultSet faults;
  for (const Strike& strike : strikes) {
    const auto before = std::count_if(faults.begin(), faults.end(), [&](const Fault& fault) {
      return fault.slot == strike.slot && fault.kind == strike.kind;
    });
    const int from = is_of_call(strike.kind) ? first : 1;
    faults.push_back({.slot = strike.slot,
                      .kind = strike.kind,
                      .occurrence = static_cast<std::uint8_t>(from + before)});
  }
  std::sort(faults.begin(), faults.end());
  return faults;
}

std::unique_ptr<Model> compile_for(const model::Bundle& bundle,
                                   const sim::SimulationOptions& usual) {
  return compile(bundle, {.version = usual.argocd.version,
                          .from = usual.from,
                          .behaviors = usual.behaviors,
                          .sync_timeout = usual.argocd.steps.sync_timeout});
}

void disturb(const Model& model, const Strike& strike, std::uint32_t after, std::uint32_t times,
             sim::SimulationOptions& options) {
  const model::ObjectKey key = model::resolve(model.slot(strike.slot).key, model.interner);
  const auto behave = [&](cluster::Behavior behavior) {
    options.behaviors.push_back(
        {.kind = key.kind, .name = key.name, .behavior = std::move(behavior)});
  };
  const auto fail = [&](std::vector<CallVerb> verbs) {
    options.faults.push_back({.kind = key.kind,
                              .name = key.name,
                              .verbs = std::move(verbs),
                              .after = after,
                              .times = times});
  };
  switch (strike.kind) {
    case FaultKind::Fail: return behave({.outcome = cluster::Outcome::Fail});
    case FaultKind::Hang: return behave({.outcome = cluster::Outcome::Hang});
    case FaultKind::WriteError:
      return fail({CallVerb::Apply, CallVerb::Create, CallVerb::Replace, CallVerb::Update});
    case FaultKind::RemoveError: return fail({CallVerb::Delete});
    case FaultKind::Stuck: return behave({.held = true});
  }
}

sim::SimulationOptions disturbed(const Model& model, const sim::SimulationOptions& usual,
                                 std::span<const Fault> faults) {
  sim::SimulationOptions options = usual;
  for (const Fault& fault : faults) {
    disturb(model, {.slot = fault.slot, .kind = fault.kind}, fault.occurrence - 1U, 1, options);
  }
  return options;
}

Ending ending_of(const Model& model, const sim::Simulation& simulation) {
  Ending ending{.outcome = simulation.last().outcome};
  std::map<model::ObjectKey, const sim::ObjectReport*> objects;
  for (const sim::ObjectReport& object : simulation.objects) objects[object.key] = &object;
  for (std::size_t i = 0; i < model.slots.size(); ++i) {
    const auto found = objects.find(model::resolve(model.slots[i].key, model.interner));
    if (found == objects.end()) continue;
    const sim::ObjectReport& object = *found->second;
    Left left{.slot = SlotId::from(i), .deleting = object.deleting};
    if (object.health) left.health = object.health->status;
    ending.left.push_back(left);
  }
  return ending;
}

Truth check(const model::Bundle& bundle, const Model& model, const sim::SimulationOptions& usual,
            std::span<const Strike> strikes, const IsIt& is_it) {
  Truth truth;
  const bool has_call = std::any_of(strikes.begin(), strikes.end(),
                                    [](const Strike& strike) { return is_of_call(strike.kind); });
  for (std::uint8_t first = 1; first <= (has_call ? kFirstMax : 1); ++first) {
    const sim::SimulationOptions options = disturbed(model, usual, numbered(strikes, first));
    const sim::Simulation simulation = sim::simulate(bundle, options);
    Ending ending = ending_of(model, simulation);
    const bool is_confirmed = is_it(ending);
    if (first > 1 && !is_confirmed) continue;
    truth.verdict = is_confirmed ? Verdict::Confirmed : Verdict::Different;
    truth.outcome = simulation.last().outcome;
    truth.reason = simulation.last().reason;
    truth.options = options;
    truth.ending = std::move(ending);
    if (is_confirmed) break;
  }
  return truth;
}

}  // namespace wavetank::explore
