// A sample of what a real API server answered; `wavetank_conformance` plays all of it.
#include <catch2/catch.hpp>

#include "conformance/api_case.h"
#include "support/recorded.h"

namespace wavetank::cluster {
namespace {

TEST_CASE("recorded writes get the recorded answers") {
  const auto cases =
      support::read_json_lines(support::in_repository("tests/data/api/sample.jsonl.gz"));
  REQUIRE(cases.size() > 300);
  for (const auto& recorded : cases) {
    REQUIRE(conformance::is_api_case(recorded));
    const auto verdict = conformance::check_api_case(recorded);
    INFO(recorded.value("id", ""));
    CHECK(verdict.same_kind);
    CHECK(verdict.expected == verdict.actual);
  }
}

}  // namespace
}  // namespace wavetank::cluster
