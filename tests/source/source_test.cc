#include <catch2/catch.hpp>

#include "source/decode.h"
#include "source/source_map.h"

namespace wavetank::source {
namespace {

TEST_CASE("positions count lines and characters from one") {
  SourceMap sources;
  const FileId file = sources.add("x", "ab\nü日x\r\nlast");
  CHECK(sources.position(file, 0) == Position{1, 1});
  CHECK(sources.position(file, 3) == Position{2, 1});
  CHECK(sources.position(file, 8) == Position{2, 3});  // behind two characters of five bytes
  CHECK(sources.line(file, 2) == "ü日x");
  CHECK(sources.line(file, 3) == "last");
  CHECK(sources.line(file, 4).empty());
  CHECK(sources.line_count(file) == 3);
}

TEST_CASE("byte order marks decide the encoding") {
  CHECK(decode_text("\xEF\xBB\xBFx").value() == "x");
  CHECK(decode_text(std::string("\xFF\xFE"
                                "a\0\xAC\x20",
                                6))
            .value() == "a€");
  CHECK(decode_text(std::string("\xFE\xFF\0a\xD8\x3D\xDE\x00", 8)).value() == "a😀");
  CHECK(decode_text("plain").value() == "plain");
}

TEST_CASE("what is no text is placed") {
  CHECK(decode_text(std::string("ab\0c", 4)).error().offset == 2);
  CHECK(decode_text("ab\xC0\x80").error().offset == 2);     // overlong
  CHECK(decode_text("\xED\xA0\x80").error().offset == 0);   // a surrogate
  CHECK(decode_text("a\xF0\x9F\x98").error().offset == 1);  // cut off
  CHECK(decode_text(std::string("\xFF\xFE\0\xD8", 4)).error().offset == 2);
  CHECK(decode_text(std::string("\xFF\xFE"
                                "a",
                                3))
            .error()
            .offset == 2);
}

}  // namespace
}  // namespace wavetank::source
