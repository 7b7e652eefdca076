#include "model/version.h"

#include <catch2/catch.hpp>
#include <string>

namespace wavetank::model {
namespace {

std::string parsed(std::string_view text) {
  const auto version = parse_version(text);
  return version ? to_string(*version) : "refused";
}

TEST_CASE("versions are read with or without v and patch") {
  CHECK(parsed("3.4") == "3.4");
  CHECK(parsed("v3.6") == "3.6");
  CHECK(parsed("3.4.7") == "3.4");
  CHECK(parsed("2.14") == "2.14");
}

TEST_CASE("versions that are not modelled are refused") {
  for (const char* text :
       {"2.13", "2.15", "3.7", "4.0", "3", "", "three", "3.4.", "3.4.x", "3.4.7.1"}) {
    CAPTURE(text);
    CHECK(parsed(text) == "refused");
  }
}

TEST_CASE("a behaviour begins with its version and stays") {
  CHECK_FALSE(behaves({2, 14}, Behavior::HookFinalizer));
  CHECK(behaves({3, 0}, Behavior::HookFinalizer));
  CHECK(behaves(kNewestVersion, Behavior::HookFinalizer));
}

TEST_CASE("every behaviour names where it is described") {
  for (auto behavior = Behavior::HookFinalizer; behavior <= Behavior::PreDeleteHooks;
       behavior = static_cast<Behavior>(static_cast<int>(behavior) + 1)) {
    CHECK_FALSE(source_of(behavior).empty());
  }
}

}  // namespace
}  // namespace wavetank::model
