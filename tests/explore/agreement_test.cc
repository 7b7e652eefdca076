// The compact world ends as the full simulator does.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "explore/drawn.h"
#include "explore/run.h"
#include "sim/simulate.h"

namespace wavetank::explore {
namespace {

// What is left of an application, by words.
std::string summary(const Model& model, const Ending& ending) {
  std::string text = fmt::format("{}\n", sim::name(ending.outcome));
  for (const Left& left : ending.left) {
    text += fmt::format("{}{} {}\n", model.name(left.slot), left.deleting ? " deleting" : "",
                        left.health ? health::name(*left.health) : "-");
  }
  return text;
}

std::string summary(const sim::Simulation& simulation) {
  std::string text = fmt::format("{}\n", sim::name(simulation.last().outcome));
  for (const sim::ObjectReport& object : simulation.objects) {
    if (!object.is_target) continue;
    text +=
        fmt::format("{}{} {}\n", model::short_name(object.key), object.deleting ? " deleting" : "",
                    object.health ? health::name(object.health->status) : "-");
  }
  return text;
}

cluster::BehaviorRule rule_of(const Model& model, SlotId slot, cluster::Outcome outcome) {
  const model::ObjectKey key = model::resolve(model.slot(slot).key, model.interner);
  return {.kind = key.kind, .name = key.name, .behavior = {.outcome = outcome}};
}

cluster::CallFault call_fault(const Model& model, const Fault& fault) {
  using cluster::CallVerb;
  const model::ObjectKey key = model::resolve(model.slot(fault.slot).key, model.interner);
  cluster::CallFault result{.kind = key.kind, .name = key.name, .after = fault.occurrence - 1U};
  result.verbs = {CallVerb::Delete};
  if (fault.kind == FaultKind::WriteError) {
    result.verbs = {CallVerb::Apply, CallVerb::Create, CallVerb::Replace, CallVerb::Update};
  }
  return result;
}

TEST_CASE("a compact sync ends as a simulated one, whatever fails or hangs") {
  rc::prop("same outcome, same objects left, same health", [] {
    const DrawnApplication drawn = draw_application(6);
    const load::Project project = drawn.load();
    RC_ASSERT(project.bundles.size() == 1U);
    const model::Bundle& bundle = project.bundles.front();
    const auto model = compile(bundle, {});
    FaultSet faults;
    sim::SimulationOptions options;
    for (std::size_t i = 0; i < model->slots.size(); ++i) {
      const auto slot = SlotId::from(i);
      const int fate = *rc::gen::inRange(0, 5);
      if (fate > 1) continue;
      for (std::uint8_t life = 1; life < 5; ++life) {
        faults.push_back({.slot = slot,
                          .kind = fate == 0 ? FaultKind::Fail : FaultKind::Hang,
                          .occurrence = life});
      }
      options.behaviors.push_back(
          rule_of(*model, slot, fate == 0 ? cluster::Outcome::Fail : cluster::Outcome::Hang));
    }
    for (std::size_t i = 0; i < model->slots.size(); ++i) {
      const int error = *rc::gen::inRange(0, 8);
      if (error > 1) continue;
      const auto occurrence = static_cast<std::uint8_t>(*rc::gen::inRange(1, 3));
      const Fault fault{.slot = SlotId::from(i),
                        .kind = error == 0 ? FaultKind::WriteError : FaultKind::RemoveError,
                        .occurrence = occurrence};
      faults.push_back(fault);
      options.faults.push_back(call_fault(*model, fault));
    }
    Run run(*model);
    const std::string compact = summary(*model, ending_of(*model, run.play(faults)));
    const sim::Simulation full = sim::simulate(bundle, options);
    if (compact != summary(full)) {
      std::string text = drawn.text();
      for (const auto& rule : options.behaviors) {
        text += fmt::format("# {}/{} {}\n", rule.kind, rule.name,
                            static_cast<int>(*rule.behavior.outcome));
      }
      for (const auto& fault : faults) {
        text += fmt::format("# {} {}\n", name(fault.kind), describe(*model, fault));
      }
      RC_FAIL(text + "\ncompact:\n" + compact + "\nfull:\n" + summary(full) +
              sim::canonical_text(full.trace));
    }
  });
}

}  // namespace
}  // namespace wavetank::explore
