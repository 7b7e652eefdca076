// What the full simulator says of a way that the compact world has found.
//
// The compact world is an approximation that is checked, not trusted: what an exploration reports
// is played again by sim::simulate, with the same faults. What that does not confirm is reported as
// not confirmed, with what happened instead.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "explore/cut_sets.h"
#include "explore/ending.h"
#include "explore/fault.h"
#include "model/bundle.h"
#include "sim/simulate.h"

namespace wavetank::explore {

enum class Verdict : std::uint8_t {
  Confirmed,
  Different,  // the full simulator ends otherwise; perhaps it needs another order of events
  NotPlayed,  // there were more than should be played
};
// As in reports: "confirmed", "not confirmed", "not played".
[[nodiscard]] std::string_view name(Verdict verdict);

struct Truth {
  Verdict verdict = Verdict::NotPlayed;
  sim::Outcome outcome = sim::Outcome::Succeeded;  // of the full simulator, if it was played
  std::string reason;                              // why the sync did not succeed there
  sim::SimulationOptions options;                  // how it was played
  Ending ending;                                   // what was left there
};

// The model of an application as the full simulator would play it.
[[nodiscard]] std::unique_ptr<Model> compile_for(const model::Bundle& bundle,
                                                 const sim::SimulationOptions& usual);

// Lets a fault strike in a simulation. `after`: so many calls pass before; of calls only.
void disturb(const Model& model, const Strike& strike, std::uint32_t after, std::uint32_t times,
             sim::SimulationOptions& options);

// The faults of a way, each with the how-manieth time it strikes: strikes at one object follow one
// another from `first` on.
[[nodiscard]] FaultSet numbered(std::span<const Strike> strikes, std::uint8_t first = 1);

// `usual` with these faults.
[[nodiscard]] sim::SimulationOptions disturbed(const Model& model,
                                               const sim::SimulationOptions& usual,
                                               std::span<const Fault> faults);

// How a simulation ended, in the terms of the model.
[[nodiscard]] Ending ending_of(const Model& model, const sim::Simulation& simulation);

using IsIt = std::function<bool(const Ending&)>;
[[nodiscard]] Truth check(const model::Bundle& bundle, const Model& model,
                          const sim::SimulationOptions& usual, std::span<const Strike> strikes,
                          const IsIt& is_it);

}  // namespace wavetank::explore
