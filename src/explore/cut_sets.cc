#include "explore/cut_sets.h"

#include <algorithm>
#include <map>
#include <optional>

#include "base/check.h"
#include "explore/stack.h"
#include "explore/visited.h"

namespace wavetank::explore {

std::string_view name(Property property) {
  switch (property) {
    case Property::SyncFails: return "sync-fails";
    case Property::SyncHangs: return "sync-hangs";
    case Property::HookLeft: return "hook-left";
    case Property::Degraded: return "degraded";
    case Property::DataDeleted: return "data-deleted";
  }
  WAVETANK_CHECK(false);
}

namespace {

bool lost_data(const Model& model, const Ending& ending) {
  for (std::size_t i = 0; i < model.slots.size(); ++i) {
    const Slot& slot = model.slots[i];
    if (!slot.keeps_data || slot.old_facts == nullptr) continue;
    const bool is_there = std::any_of(
        ending.left.begin(), ending.left.end(),
        [&](const Left& left) { return left.slot == SlotId::from(i) && !left.deleting; });
    if (!is_there) return true;
  }
  return false;
}

}  // namespace

bool holds(Property property, const Model& model, const Ending& ending) {
  const bool succeeded = ending.outcome == sim::Outcome::Succeeded;
  const auto any_left = [&](auto predicate) {
    return std::any_of(ending.left.begin(), ending.left.end(), predicate);
  };
  switch (property) {
    case Property::SyncFails: return !succeeded;
    case Property::SyncHangs:
      return ending.outcome == sim::Outcome::Stuck || ending.outcome == sim::Outcome::Inconclusive;
    case Property::HookLeft:
      return any_left([&](const Left& left) { return model.slot(left.slot).is_hook; });
    case Property::Degraded:
      return succeeded && any_left([&](const Left& left) {
               return !model.slot(left.slot).is_hook && left.health == health::Status::Degraded;
             });
    case Property::DataDeleted: return lost_data(model, ending);
  }
  WAVETANK_CHECK(false);
}

namespace {

bool less(const Strike& a, const Strike& b) {
  return a.slot != b.slot ? a.slot < b.slot : a.kind < b.kind;
}

bool contains(const StrikeSet& whole, const StrikeSet& part) {
  return std::includes(whole.begin(), whole.end(), part.begin(), part.end(), less);
}

// Kinds of faults from the likeliest on: workloads fail more often than API servers do.
int rarity(const StrikeSet& set) {
  int sum = 0;
  for (const Strike& strike : set) sum += static_cast<int>(strike.kind);
  return sum;
}

class CutSearch {
 public:
  CutSearch(Model& model, const SearchOptions& options)
      : model_(model), options_(options), moves_(model, options.orders, options.kinds) {
    layers_.resize(options.faults_max + 1U);
    (void)id_of({});
  }

  CutSets run() {
    World world(model_);
    layers_.front().push(world, {.set = 0});
    for (std::size_t layer = 0; layer < layers_.size() && !stopped_; ++layer) {
      while (!layers_[layer].empty() && !stopped_) {
        const Waiting waiting = layers_[layer].pop(world);
        visit(world, waiting.set, layer);
      }
    }
    return finish();
  }

 private:
  struct Waiting {
    std::uint32_t set = 0;
  };

  std::uint32_t id_of(const StrikeSet& set) {
    const auto [place, is_new] = ids_.emplace(set, static_cast<std::uint32_t>(sets_.size()));
    if (is_new) sets_.push_back(&place->first);
    return place->second;
  }
  // Whether a part of the set, or all of it, is known to suffice.
  [[nodiscard]] bool is_covered(const StrikeSet& set, Property property) const {
    const auto& known = found_.of(property);
    return std::any_of(known.begin(), known.end(),
                       [&](const StrikeSet& part) { return contains(set, part); });
  }
  [[nodiscard]] bool is_pointless(const StrikeSet& set) const {
    return std::all_of(kProperties.begin(), kProperties.end(),
                       [&](Property property) { return is_covered(set, property); });
  }
  void visit(const World& world, std::uint32_t set, std::size_t layer);
  void end(const World& world, const StrikeSet& set);
  CutSets finish();

  struct LessStrikes {
    bool operator()(const StrikeSet& a, const StrikeSet& b) const {
      return std::lexicographical_compare(a.begin(), a.end(), b.begin(), b.end(), less);
    }
  };

  Model& model_;
  const SearchOptions& options_;
  Moves moves_;
  Visited visited_;
  std::vector<Stack<Waiting>> layers_;  // by the size of the sets
  std::map<StrikeSet, std::uint32_t, LessStrikes> ids_;
  std::vector<const StrikeSet*> sets_;
  CutSets found_;
  StrikeSet scratch_;
  bool could_strike_more_ = false;
  std::optional<Coverage> stopped_;
};

void CutSearch::visit(const World& world, std::uint32_t set, std::size_t layer) {
  const StrikeSet& strikes = *sets_[set];
  Fingerprint key = fingerprint(world.bytes());
  key.low ^= (set + 1) * 0x9E3779B97F4A7C15ULL;
  if (is_pointless(strikes) || !visited_.insert(key, {}, UINT32_MAX).is_new) return;
  if (visited_.size() > options_.limits.states_max) stopped_ = Coverage::States;
  if (visited_.bytes() > options_.limits.memory_max) stopped_ = Coverage::Memory;
  if (stopped_) return;
  const std::size_t budget = options_.faults_max - layer;
  const auto moves = moves_.from(world, budget);
  could_strike_more_ = could_strike_more_ || moves_.could_strike();
  if (moves.empty()) {
    end(world, strikes);
    return;
  }
  for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
    std::uint32_t next = set;
    if (!move->strikes.empty()) {
      scratch_ = strikes;
      scratch_.insert(scratch_.end(), move->strikes.begin(), move->strikes.end());
      std::sort(scratch_.begin(), scratch_.end(), less);
      if (is_pointless(scratch_)) continue;
      next = id_of(scratch_);
    }
    layers_[layer + move->strikes.size()].push(move->world, {.set = next});
  }
}

void CutSearch::end(const World& world, const StrikeSet& set) {
  World rest = world;
  settle(model_, rest);
  const Ending ending = ending_of(model_, rest);
  for (const Property property : kProperties) {
    if (!holds(property, model_, ending) || is_covered(set, property)) continue;
    found_.sets[static_cast<std::size_t>(property)].push_back(set);
  }
}

CutSets CutSearch::finish() {
  found_.states = visited_.size();
  found_.sets_tried = sets_.size();
  found_.coverage =
      stopped_.value_or(could_strike_more_ ? Coverage::CompleteUpToBudget : Coverage::Complete);
  for (auto& sets : found_.sets) {
    std::sort(sets.begin(), sets.end(), [](const StrikeSet& a, const StrikeSet& b) {
      if (a.size() != b.size()) return a.size() < b.size();
      if (rarity(a) != rarity(b)) return rarity(a) < rarity(b);
      return LessStrikes()(a, b);
    });
  }
  return std::move(found_);
}

}  // namespace

CutSets find_cut_sets(Model& model, const SearchOptions& options) {
  return CutSearch(model, options).run();
}

}  // namespace wavetank::explore
