#include "model/go_text.h"

#include <catch2/catch.hpp>

namespace wavetank::model {
namespace {

std::string duration(const std::string& text) {
  const auto parsed = parse_go_duration(text);
  return parsed ? std::to_string(*parsed) : parsed.error();
}

std::string integer(const std::string& text) {
  const auto parsed = parse_go_integer(text);
  return parsed ? std::to_string(*parsed) : parsed.error();
}

TEST_CASE("durations add up their parts, which may be fractions") {
  CHECK(duration("1h30m") == "5400000000000");
  CHECK(duration("1.5s") == "1500000000");
  CHECK(duration(".5s") == "500000000");
  CHECK(duration("-2ms") == "-2000000");
  CHECK(duration("1\xC2\xB5s") == "1000");
  CHECK(duration("0") == "0");
}

TEST_CASE("what is no duration is called so in Go's words") {
  CHECK(duration("") == "time: invalid duration \"\"");
  CHECK(duration("5") == "time: missing unit in duration \"5\"");
  CHECK(duration("1d") == "time: unknown unit \"d\" in duration \"1d\"");
  CHECK(duration("9223372036854775808ns") == "time: invalid duration \"9223372036854775808ns\"");
  CHECK(duration("1\xC3\xA9") == "time: unknown unit \"\\xc3\\xa9\" in duration \"1\\xc3\\xa9\"");
}

TEST_CASE("integers are read as by Go's Atoi") {
  CHECK(integer("+007") == "7");
  CHECK(integer("1_0") == "strconv.Atoi: parsing \"1_0\": invalid syntax");
  CHECK(integer("") == "strconv.Atoi: parsing \"\": invalid syntax");
  CHECK(integer("9223372036854775808") ==
        "strconv.Atoi: parsing \"9223372036854775808\": value out of range");
}

TEST_CASE("a number too long for 64 bits is out of range before its end is read") {
  CHECK(integer("99999999999999999999x") ==
        "strconv.Atoi: parsing \"99999999999999999999x\": value out of range");
  CHECK(integer("9223372036854775808x") ==
        "strconv.Atoi: parsing \"9223372036854775808x\": invalid syntax");
}

TEST_CASE("quoting keeps what can be printed and escapes the rest") {
  CHECK(go_quoted("a\"b\\") == "\"a\\\"b\\\\\"");
  CHECK(go_quoted("\n\x01\x7f") == "\"\\n\\x01\\x7f\"");
  CHECK(go_quoted("\xC3\xA9\xC2\xA0") == "\"\xC3\xA9\\u00a0\"");
  CHECK(go_quoted("\xFF") == "\"\\xff\"");
}

TEST_CASE("fields are separated by any white space of Unicode") {
  CHECK(go_fields(" a\tb\xC2\xA0\xE2\x80\x83"
                  "c ") == std::vector<std::string_view>{"a", "b", "c"});
  CHECK(go_fields("  ").empty());
}

}  // namespace
}  // namespace wavetank::model
