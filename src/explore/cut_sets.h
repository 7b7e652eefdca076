// Minimal fault sets: how little it takes for something bad to be possible.
//
// A set is minimal when no part of it suffices. All sets up to a size are found, whatever the order
// of events, smallest first: a set is looked at only if no part of it is known to suffice, and a
// fault is added only where it can strike. So a set that is missing from the result leads nowhere
// bad, and an empty result says that no set up to this size does.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "explore/ending.h"
#include "explore/fault.h"
#include "explore/search.h"

namespace wavetank::explore {

// What nobody wants of an ending.
enum class Property : std::uint8_t {
  SyncFails,    // the operation does not succeed: it fails, or never ends
  SyncHangs,    // it never ends
  HookLeft,     // a hook's object is still there
  Degraded,     // the sync succeeded, and something of the application is Degraded
  DataDeleted,  // a claim, volume, namespace or definition that was there before is gone or going
};
inline constexpr std::array kProperties{Property::SyncFails, Property::SyncHangs,
                                        Property::HookLeft, Property::Degraded,
                                        Property::DataDeleted};
// As on the command line: "sync-fails", "sync-hangs", "hook-left", "degraded", "data-deleted".
[[nodiscard]] std::string_view name(Property property);
[[nodiscard]] bool holds(Property property, const Model& model, const Ending& ending);

// Sorted; a fault that has to strike twice stands there twice.
using StrikeSet = std::vector<Strike>;

struct CutSets {
  std::array<std::vector<StrikeSet>, kProperties.size()> sets;  // by size, then likelihood
  Coverage coverage = Coverage::CompleteUpToBudget;
  std::uint64_t states = 0;
  std::uint64_t sets_tried = 0;

  [[nodiscard]] const std::vector<StrikeSet>& of(Property property) const {
    return sets[static_cast<std::size_t>(property)];
  }
};

[[nodiscard]] CutSets find_cut_sets(Model& model, const SearchOptions& options);

}  // namespace wavetank::explore
