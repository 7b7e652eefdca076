// Durations, globs, near words.

#include <array>
#include <catch2/catch.hpp>

#include "base/glob.h"
#include "base/interner.h"
#include "base/text_distance.h"
#include "base/time.h"

namespace wavetank::base {
namespace {

std::string read(std::string_view text) {
  const auto duration = parse_duration(text);
  return duration ? format_duration(*duration) : "refused";
}

TEST_CASE("durations are read as Go reads them, a bare number is seconds") {
  CHECK(read("30s") == "30s");
  CHECK(read("90") == "1m30s");
  CHECK(read("1h2m3s") == "1h2m3s");
  CHECK(read("1.5h") == "1h30m");
  CHECK(read("250ms") == "0.25s");
  CHECK(read("0") == "0s");
}

TEST_CASE("what is no duration is refused") {
  for (const char* text : {"", "s", "-1s", "1x", "1s ", "1 s", "99999999999h", "1.5"}) {
    CAPTURE(text);
    CHECK(read(text) == "refused");
  }
}

TEST_CASE("a star stays within a path part, two cross them") {
  CHECK(glob_matches("*.yaml", "a.yaml"));
  CHECK_FALSE(glob_matches("*.yaml", "a/b.yaml"));
  CHECK(glob_matches("**/*.yaml", "a/b/c.yaml"));
  CHECK(glob_matches("**/c.yaml", "c.yaml"));
  CHECK(glob_matches("a/**", "a/b/c"));
  CHECK(glob_matches("a/**/c", "a/c"));
}

TEST_CASE("classes, alternatives and escapes") {
  CHECK(glob_matches("[a-c]x", "bx"));
  CHECK_FALSE(glob_matches("[!a-c]x", "bx"));
  CHECK(glob_matches("{app,db}-*.yml", "db-1.yml"));
  CHECK(glob_matches("a\\*b", "a*b"));
  CHECK_FALSE(glob_matches("a\\*b", "axb"));
  CHECK_FALSE(glob_matches("[a", "a"));
}

TEST_CASE("a pattern of many stars is no trap") {
  const std::string stars(60, '*');
  CHECK_FALSE(glob_matches("*a*a*a*a*a*a*a*a*a*a*b", std::string(200, 'a')));
  CHECK(glob_matches(stars, std::string(200, 'a')));
}

TEST_CASE("distance counts swaps as one, letters without case") {
  CHECK(text_distance("PreSync", "presync") == 0);
  CHECK(text_distance("PreSnyc", "PreSync") == 1);
  CHECK(text_distance("", "abc") == 3);
}

TEST_CASE("the nearest word is found, a far one is none") {
  constexpr std::array<std::string_view, 3> kWords{"PreSync", "PostSync", "SyncFail"};
  CHECK(nearest("PostSnc", kWords) == "PostSync");
  CHECK(nearest("banana", kWords).empty());
}

TEST_CASE("a symbol stands for one text, the empty one is known") {
  Interner interner;
  const Symbol a = interner.intern("a");
  CHECK(interner.intern("a") == a);
  CHECK(interner.intern("b") != a);
  CHECK(interner.text(a) == "a");
  CHECK(interner.text(kEmptySymbol).empty());
}

}  // namespace
}  // namespace wavetank::base
