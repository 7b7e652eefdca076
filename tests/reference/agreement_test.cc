// The engine and its dull twin agree on every pass of every application.

#include <fmt/format.h>
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <cstdlib>

#include "reference/agreement.h"
#include "support/engine/draw.h"

namespace wavetank::reference {
namespace {

using support::Application;
using support::Wildness;

void require_agreement(const Application& application, Count& count) {
  base::Interner interner;
  support::FactsCache cache(interner);
  if (const auto difference = disagreement(application, cache, count)) RC_FAIL(*difference);
}

TEST_CASE("the engine and its twin agree on what people write") {
  Count count;
  rc::prop("tame applications",
           [&] { require_agreement(*support::applications(Wildness::Tame), count); });
  fmt::print("agreed on {} drawn applications, {} passes, {} calls\n", count.applications,
             count.passes, count.calls);
}

TEST_CASE("the engine and its twin agree on what nobody would write") {
  Count count;
  rc::prop("wild applications",
           [&] { require_agreement(*support::applications(Wildness::Wild), count); });
  fmt::print("agreed on {} wild applications, {} passes, {} calls\n", count.applications,
             count.passes, count.calls);
}

}  // namespace
}  // namespace wavetank::reference
