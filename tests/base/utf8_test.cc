#include "base/utf8.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::base {
namespace {

TEST_CASE("a broken sequence is one invalid byte") {
  for (const char* text :
       {"\x80", "\xC3", "\xC0\x80", "\xE2\x82", "\xED\xA0\x80", "\xF5\x80\x80\x80"}) {
    CHECK(first_rune(text).is_invalid());
    CHECK(first_rune(text).width == 1);
  }
}

TEST_CASE("a written replacement character is valid") {
  CHECK_FALSE(first_rune("\xEF\xBF\xBD").is_invalid());
  CHECK_FALSE(first_rune("").is_invalid());
}

TEST_CASE("white space beyond ASCII is known") {
  CHECK(is_space(U'\u00A0'));
  CHECK(is_space(U'\u3000'));
  CHECK_FALSE(is_space(U'\u200B'));
}

TEST_CASE("a rune survives being encoded and read") {
  rc::prop("round trip", [] {
    const auto value = static_cast<char32_t>(*rc::gen::inRange(0, 0x110000));
    if (value >= 0xD800 && value <= 0xDFFF) return;
    const std::string text = encode(value) + "x";
    RC_ASSERT(first_rune(text).value == value);
    RC_ASSERT(first_rune(text).width + 1 == text.size());
    RC_ASSERT(count_runes(text) == 2U);
  });
}

}  // namespace
}  // namespace wavetank::base
