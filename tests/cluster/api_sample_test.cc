// A sample of what a real API server answered; `wavetank_conformance` plays all of it.
#include <catch2/catch.hpp>

#include "conformance/api_case.h"
#include "support/recorded.h"

namespace wavetank::cluster {
namespace {

void check(const char* file) {
  const auto cases = support::read_json_lines(support::in_repository(file));
  REQUIRE(cases.size() > 150);
  for (const auto& recorded : cases) {
    REQUIRE(conformance::is_api_case(recorded));
    const auto verdict = conformance::check_api_case(recorded);
    INFO(recorded.value("id", ""));
    CHECK(verdict.same_kind);
    CHECK(verdict.expected == verdict.actual);
  }
}

TEST_CASE("recorded writes get the recorded answers") { check("tests/data/api/sample.jsonl.gz"); }

TEST_CASE("controllers bring recorded clusters to where they were") {
  check("tests/data/api/controllers.jsonl.gz");
}

}  // namespace
}  // namespace wavetank::cluster
