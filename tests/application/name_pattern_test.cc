#include "application/name_pattern.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <string>

namespace wavetank::application {
namespace {

TEST_CASE("a pattern without special characters matches itself only") {
  CHECK(matches_name("shop", "shop"));
  CHECK_FALSE(matches_name("shop", "Shop"));
  CHECK_FALSE(matches_name("shop", "shop2"));
}

TEST_CASE("stars and question marks cross slashes and dots") {
  CHECK(matches_name("https://*", "https://10.0.0.1:6443"));
  CHECK(matches_name("a?b", "a/b"));
  CHECK(matches_name("**", ""));
}

TEST_CASE("brackets name characters, a range or their opposite") {
  CHECK(matches_name("[ab]", "b"));
  CHECK(matches_name("[a-c]x", "bx"));
  CHECK(matches_name("[!a-c]x", "dx"));
  CHECK_FALSE(matches_name("[!ab]x", "ax"));
  // Not a negation.
  CHECK(matches_name("[^a]", "^"));
}

TEST_CASE("braces name alternatives and may be nested or left open") {
  CHECK(matches_name("{web,shop}-prod", "shop-prod"));
  CHECK(matches_name("{a,{b,c}d}", "cd"));
  CHECK(matches_name("{a,b", "b"));
  CHECK(matches_name("a}", "a}"));
}

TEST_CASE("a backslash takes the next character as it is") {
  CHECK(matches_name("\\*", "*"));
  CHECK_FALSE(matches_name("\\*", "x"));
}

TEST_CASE("a malformed pattern matches nothing") {
  for (const char* pattern : {"[", "[a", "[]", "[!]", "[c-a]", "[a-"}) {
    CHECK_FALSE(matches_name(pattern, pattern));
  }
}

TEST_CASE("the beginning and the end of a text around a star may overlap, as in Argo CD") {
  CHECK(matches_name("web-*-web", "web-web"));
  CHECK(matches_name("a*a", "a"));
}

TEST_CASE("one unknown character may be missing if it is the whole pattern, as in Argo CD") {
  CHECK(matches_name("?", ""));
  CHECK(matches_name("[!a]", ""));
  CHECK_FALSE(matches_name("?*", ""));
}

TEST_CASE("two equal negated lists exclude their characters as one text only, as in Argo CD") {
  CHECK(matches_name("[!ab][!ab]", "ba"));
  CHECK_FALSE(matches_name("[!ab][!ab]", "ab"));
}

TEST_CASE("a text of ordinary characters matches itself and itself between stars") {
  rc::prop("literal", [] {
    const auto letters = rc::gen::elementOf(std::string("abcxyz-./:09"));
    const auto name = *rc::gen::container<std::string>(letters);
    const auto before = *rc::gen::container<std::string>(letters);
    const auto after = *rc::gen::container<std::string>(letters);
    RC_ASSERT(matches_name(name, name));
    RC_ASSERT(matches_name("*" + name + "*", before + name + after));
    RC_ASSERT(matches_name(name + "*", name + after));
    RC_ASSERT(matches_name("*" + name, before + name));
  });
}

}  // namespace
}  // namespace wavetank::application
