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
    text += fmt::format("{}{} {}\n", model::short_name(object.key),
                        object.deleting ? " deleting" : "",
                        object.health ? health::name(object.health->status) : "-");
  }
  return text;
}

cluster::BehaviorRule rule_of(const Model& model, SlotId slot, cluster::Outcome outcome) {
  const model::ObjectKey key = model::resolve(model.slot(slot).key, model.interner);
  return {.kind = key.kind, .name = key.name, .behavior = {.outcome = outcome}};
}

TEST_CASE("a compact sync ends as a simulated one, whatever fails or hangs") {
  rc::prop("same outcome, same objects left, same health", [] {
    const DrawnApplication drawn = draw_application(6);
    const load::Project project = drawn.load();
    const model::Bundle& bundle = project.bundles.front();
    const auto model = compile(bundle, {});
    FaultSet faults;
    sim::SimulationOptions options;
    for (std::size_t i = 0; i < model->slots.size(); ++i) {
      const auto slot = SlotId::from(i);
      const int fate = *rc::gen::inRange(0, 5);
      if (fate > 1) continue;
      for (std::uint8_t life = 1; life < 5; ++life) {
        faults.push_back(
            {.slot = slot, .kind = fate == 0 ? FaultKind::Fail : FaultKind::Hang, .occurrence = life});
      }
      options.behaviors.push_back(
          rule_of(*model, slot, fate == 0 ? cluster::Outcome::Fail : cluster::Outcome::Hang));
    }
    Run run(*model);
    const std::string compact = summary(*model, ending_of(*model, run.play(faults)));
    const sim::Simulation full = sim::simulate(bundle, options);
    if (compact != summary(full)) {
      std::string text;
      for (const auto& manifest : drawn.manifests) text += "---\n" + manifest;
      for (const auto& rule : options.behaviors) {
        text += fmt::format("# {}/{} {}\n", rule.kind, rule.name, static_cast<int>(*rule.behavior.outcome));
      }
      RC_FAIL(text + "\ncompact:\n" + compact + "\nfull:\n" + summary(full) +
              sim::canonical_text(full.trace));
    }
  });
}

}  // namespace
}  // namespace wavetank::explore
