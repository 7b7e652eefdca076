#include "sim/scenario/golden.h"

#include <fmt/format.h>

namespace wavetank::sim {

std::string golden_text(const ScenarioResult& result) {
  const Simulation& simulation = result.simulation;
  std::string text = canonical_text(simulation.trace);
  for (const SyncReport& sync : simulation.syncs) {
    text += fmt::format("{} sync {}: {}: {}\n", sync.application, sync.number, name(sync.outcome),
                        sync.reason);
  }
  for (const ObjectReport& object : simulation.objects) {
    text += fmt::format("object {} {}{}{}\n", model::short_name(object.key),
                        object.health ? health::name(object.health->status) : "present",
                        object.is_hook ? " (hook left behind)" : "",
                        object.deleting ? " (being deleted)" : "");
  }
  for (const auto& key : simulation.never_applied) {
    text += fmt::format("never applied {}\n", model::short_name(key));
  }
  for (const auto& finding : simulation.findings) {
    text += fmt::format("{} {}\n", finding.code, finding.message);
  }
  for (const ExpectationReport& each : result.expectations) {
    text += fmt::format("{} {}: {}\n", name(each.verdict), each.name, each.expected);
  }
  return text;
}

}  // namespace wavetank::sim
