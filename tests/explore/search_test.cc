// Leaving out orders that cannot be told apart loses no ending.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>

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

}  // namespace
}  // namespace wavetank::explore
