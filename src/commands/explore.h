// `wavetank explore`: what can go wrong at all, and how little does it take?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/lint.h"
#include "commands/simulate.h"
#include "explore/sample.h"
#include "explore/study.h"

namespace wavetank::commands {

struct ExploreRequest {
  load::LoadOptions load;
  std::optional<Revision> from;  // what the cluster runs before
  bool prune = false;            // delete what the new revision no longer has
  std::string application;       // empty: all
  explore::StudyOptions study;
  // The user says that none of the properties holds of any ending; else they are only reported.
  bool is_claim = false;
  // Where the ways to bad endings are written to as scenarios; empty: nowhere.
  std::string write_to;
  std::string spelt_from;  // how a scenario spells the revisions; empty: their paths
  std::string spelt_to;
  // Runs are drawn instead of searching; what `study` says of properties and the usual course holds
  // for them, too.
  std::optional<explore::SampleOptions> sample;
  std::optional<std::uint64_t> run;  // only this one of them is played, and its trace printed
  // Only a part is done and printed, for `merge`.
  std::optional<explore::Shard> shard;
  Format format = Format::Text;
  report::Colour colour = report::Colour::Off;
};

[[nodiscard]] Result run_explore(const base::FileSystem& files, const ExploreRequest& request,
                                 explore::Watch& watch);

}  // namespace wavetank::commands
