#include "explore/study.h"

#include <algorithm>

namespace wavetank::explore {

namespace {

// Plays what was found in the full simulator, as long as there is something left to play. What
// another shard plays counts as played.
class Witness {
 public:
  Witness(const model::Bundle& bundle, const StudyOptions& options, const Model& model)
      : bundle_(bundle), options_(options), model_(model) {}

  Truth ask(std::span<const Strike> strikes, const IsIt& is_it) {
    if (asked_ == options_.plays_max) return {};
    if (!options_.shard.has(asked_++)) return {};
    return check(bundle_, model_, options_.usual, strikes, is_it);
  }

 private:
  const model::Bundle& bundle_;
  const StudyOptions& options_;
  const Model& model_;
  std::uint32_t asked_ = 0;
};

}  // namespace

Study study(const model::Bundle& bundle, const StudyOptions& options) {
  Study study{.application = bundle.name,
              .faults_max = options.search.faults_max,
              .kinds = options.search.kinds};
  study.model = compile_for(bundle, options.usual);
  Model& model = *study.model;
  study.exploration = explore(model, options.search);
  study.cut_sets = find_cut_sets(model, options.search);
  Witness witness(bundle, options, model);
  for (FoundEnding& found : study.exploration.endings) study.endings.push_back({.found = found});
  study.exploration.endings.clear();
  std::stable_sort(study.endings.begin(), study.endings.end(),
                   [](const EndingReport& a, const EndingReport& b) {
                     return a.found.strikes.size() < b.found.strikes.size();
                   });
  for (const Property property : options.properties) {
    PropertyReport report{.property = property};
    for (const StrikeSet& set : study.cut_sets.of(property)) {
      report.causes.push_back({.strikes = set, .truth = witness.ask(set, [&](const Ending& ending) {
                                 return holds(property, model, ending);
                               })});
    }
    study.properties.push_back(std::move(report));
  }
  for (EndingReport& ending : study.endings) {
    ending.truth = witness.ask(ending.found.strikes,
                               [&](const Ending& played) { return played == ending.found.ending; });
  }
  return study;
}

}  // namespace wavetank::explore
