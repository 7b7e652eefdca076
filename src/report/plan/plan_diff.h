// What differs between the plans of two revisions of one application, and what that changes in the
// order.
//
// Objects are matched by their keys; hooks with a generateName by its prefix, in their order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "report/plan/plan_view.h"

namespace wavetank::report {

enum class PlanChangeKind : std::uint8_t {
  Added,
  Removed,
  Moved,            // to another phase or wave, or from resource to hook and back
  NoLongerApplied,  // still there, but no longer part of a sync
  NowApplied,
  Policies,  // a hook's delete policies
  Options,   // its sync options
};
[[nodiscard]] std::string_view name(PlanChangeKind kind);

struct PlanChange {
  PlanChangeKind kind = PlanChangeKind::Added;
  model::ObjectKey object;
  std::string before;  // "PreSync, wave 0", or policies or options; empty: none
  std::string after;
  std::string note;  // what becomes of a removed object
};

// Objects that wait for others than before, alike for all of them.
struct OrderChange {
  std::vector<std::string> objects;
  std::vector<std::string> now;  // what they wait for in addition
  std::vector<std::string> no_longer;
};

enum class PlanPresence : std::uint8_t { Both, OnlyBefore, OnlyAfter };

struct PlanDiff {
  std::string application;
  PlanPresence presence = PlanPresence::Both;
  std::vector<PlanChange> changes;
  std::vector<OrderChange> order;

  [[nodiscard]] bool differs() const {
    return presence != PlanPresence::Both || !changes.empty() || !order.empty();
  }
};

enum class Pruning : std::uint8_t { Off, On };

// Null: there is no such application in the revision. REQUIRES: not both are null.
[[nodiscard]] PlanDiff diff_plans(const PlanView* before, const PlanView* after, Pruning pruning);

}  // namespace wavetank::report
