// Which calls faults of the API strike.
#include "cluster/call_faults.h"

#include <catch2/catch.hpp>

namespace wavetank::cluster {
namespace {

const model::ObjectKey kJob{
    .group = "batch", .kind = "Job", .name_space = "default", .name = "migrate"};

std::string calls(CallFaults& faults, int count) {
  std::string story;
  for (int i = 0; i < count; ++i) {
    story += faults.strike(CallVerb::Apply, kJob).has_value() ? 'x' : '.';
  }
  return story;
}

TEST_CASE("a fault lets calls pass, strikes as often as it should, and is spent") {
  CallFaults faults;
  faults.add({.kind = "Job", .name = "*", .after = 1, .times = 2});
  CHECK(calls(faults, 5) == ".xx..");
  CHECK(faults.has_struck());
}

TEST_CASE("a call that one fault strikes counts for the others") {
  CallFaults faults;
  faults.add({.kind = "Job", .name = "migrate", .after = 0});
  faults.add({.kind = "Job", .name = "migrate", .after = 1});
  CHECK(calls(faults, 4) == "xx..");
}

TEST_CASE("two faults that are both ripe strike one after the other") {
  CallFaults faults;
  faults.add({.kind = "Job", .name = "migrate"});
  faults.add({.kind = "*", .name = "*"});
  CHECK(calls(faults, 3) == "xx.");
}

TEST_CASE("other kinds, names and verbs do not count") {
  CallFaults faults;
  faults.add({.kind = "Secret", .name = "*"});
  faults.add({.kind = "Job", .name = "other"});
  faults.add({.kind = "Job", .name = "*", .verbs = {CallVerb::Delete}});
  CHECK(calls(faults, 2) == "..");
  CHECK_FALSE(faults.has_struck());
}

}  // namespace
}  // namespace wavetank::cluster
