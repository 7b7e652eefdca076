// Leaving out orders that cannot be told apart loses no ending.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

#include "explore/cut_sets.h"
#include "explore/drawn.h"
#include "explore/search.h"

namespace wavetank::explore {
namespace {

std::string summary(const Model& model, const Exploration& exploration) {
  std::string text;
  for (const FoundEnding& found : exploration.endings) {
    text += fmt::format("{} {}:", sim::name(found.ending.outcome), found.strikes.size());
    for (const Left& left : found.ending.left) {
      text += fmt::format(" {}{}={}", model.name(left.slot), left.deleting ? "(deleting)" : "",
                          left.health ? health::name(*left.health) : "-");
    }
    text += "\n";
  }
  return text;
}

TEST_CASE("a dull explorer, which leaves out no order, finds exactly the same endings") {
  rc::prop("same endings, each with as few faults", [] {
    const DrawnApplication drawn = draw_application(4);
    const load::Project project = drawn.load();
    const auto model = compile(project.bundles.front(), {});
    const auto faults = static_cast<std::uint8_t>(*rc::gen::inRange(0, 3));
    const Exploration quick = explore(*model, {.faults_max = faults});
    const Exploration dull = explore(*model, {.faults_max = faults, .orders = Orders::All});
    RC_ASSERT(quick.states <= dull.states);
    if (summary(*model, quick) != summary(*model, dull)) {
      std::string text = drawn.text();
      RC_FAIL(text + "\nquick:\n" + summary(*model, quick) + "\ndull:\n" + summary(*model, dull));
    }
  });
}

TEST_CASE("a complete exploration finds nothing more with a larger budget") {
  rc::prop("complete means complete", [] {
    const DrawnApplication drawn = draw_application(3);
    const load::Project project = drawn.load();
    const auto model = compile(project.bundles.front(), {});
    const auto faults = static_cast<std::uint8_t>(*rc::gen::inRange(0, 4));
    const Exploration found = explore(*model, {.faults_max = faults});
    if (found.coverage != Coverage::Complete) return;
    const auto more = static_cast<std::uint8_t>(faults + 1);
    RC_ASSERT(summary(*model, found) == summary(*model, explore(*model, {.faults_max = more})));
  });
}

TEST_CASE("minimal fault sets are the same whichever orders are left out") {
  rc::prop("same sets", [] {
    const DrawnApplication drawn = draw_application(4);
    const load::Project project = drawn.load();
    const auto model = compile(project.bundles.front(), {});
    const auto faults = static_cast<std::uint8_t>(*rc::gen::inRange(0, 3));
    const CutSets quick = find_cut_sets(*model, {.faults_max = faults});
    const CutSets dull = find_cut_sets(*model, {.faults_max = faults, .orders = Orders::All});
    for (const Property property : kProperties) {
      RC_ASSERT(quick.of(property) == dull.of(property));
    }
  });
}

TEST_CASE("no minimal fault set is part of another") {
  rc::prop("an antichain", [] {
    const DrawnApplication drawn = draw_application(4);
    const load::Project project = drawn.load();
    const auto model = compile(project.bundles.front(), {});
    const CutSets cuts = find_cut_sets(*model, {.faults_max = 2});
    const auto is_part = [](const StrikeSet& part, StrikeSet whole) {
      for (const Strike& strike : part) {
        const auto found = std::find(whole.begin(), whole.end(), strike);
        if (found == whole.end()) return false;
        whole.erase(found);
      }
      return true;
    };
    for (const auto& sets : cuts.sets) {
      for (const StrikeSet& a : sets) {
        RC_ASSERT(std::count_if(sets.begin(), sets.end(),
                                [&](const StrikeSet& b) { return is_part(b, a); }) == 1);
      }
    }
  });
}

}  // namespace
}  // namespace wavetank::explore
