// Everything that `wavetank explore` finds out about one application.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "explore/cut_sets.h"
#include "explore/model.h"
#include "explore/search.h"
#include "explore/shard.h"
#include "explore/truth.h"

namespace wavetank::explore {

struct StudyOptions {
  SearchOptions search;
  // How the full simulator plays when no fault strikes. A sync that goes round for ever is played
  // to the horizon, hence the short one.
  sim::SimulationOptions usual{.until = std::chrono::hours(6)};
  std::vector<Property> properties{kProperties.begin(), kProperties.end()};
  std::uint32_t plays_max = 100;  // ways that are played in the full simulator
  // Of these plays, which take nearly all the time; every shard searches.
  Shard shard;
};

// A minimal fault set.
struct Cause {
  StrikeSet strikes;
  Truth truth;
};

struct PropertyReport {
  Property property = Property::SyncFails;
  std::vector<Cause> causes;  // empty: no set of up to so many faults leads there
};

struct EndingReport {
  FoundEnding found;
  Truth truth;
};

struct Study {
  std::string application;
  std::unique_ptr<Model> model;
  std::vector<PropertyReport> properties;
  std::vector<EndingReport> endings;  // by the number of faults
  Exploration exploration;            // its endings are moved to the above
  CutSets cut_sets;                   // so are its sets
  std::uint8_t faults_max = 0;
  FaultKinds kinds;
};

[[nodiscard]] Study study(const model::Bundle& bundle, const StudyOptions& options);

}  // namespace wavetank::explore
