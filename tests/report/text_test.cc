#include <catch2/catch.hpp>

#include "report/diagnostic_text.h"
#include "report/paint.h"
#include "report/sim/simulation_text.h"

namespace wavetank::report {
namespace {

using source::Diagnostic;
using source::SourceMap;

std::string frame_of(const std::string& text, std::string_view marked) {
  SourceMap sources;
  const auto file = sources.add("x.yaml", text);
  const auto begin = static_cast<std::uint32_t>(text.find(marked));
  const Diagnostic diagnostic{
      .code = "XX001",
      .slug = "slug",
      .message = "message",
      .primary = {.span = {.file = file,
                           .begin = begin,
                           .end = begin + static_cast<std::uint32_t>(marked.size())},
                  .text = "label"}};
  return diagnostic_text(diagnostic, sources, Colour::Off);
}

TEST_CASE("the underline stands below what is marked") {
  CHECK(frame_of("a: wrong\n", "wrong") ==
        "error[XX001] slug: message\n --> x.yaml:1:4\n  |\n1 | a: wrong\n  |    ^^^^^ label\n");
}

TEST_CASE("tabs, wide characters and CRLF do not move the underline") {
  CHECK(frame_of("a:\twrong\n", "wrong").find("1 | a: wrong\n  |    ^^^^^ label\n") !=
        std::string::npos);
  CHECK(frame_of("日本: wrong\r\n", "wrong").find("1 | 日本: wrong\n  |       ^^^^^ label\n") !=
        std::string::npos);
}

TEST_CASE("related places stand in the same frame, or in one of their own file") {
  SourceMap sources;
  const auto one = sources.add("one.yaml", "a: 1\nb: 2\n");
  const auto two = sources.add("two.yaml", "c: 3\n");
  Diagnostic diagnostic{
      .severity = source::Severity::Warning, .code = "XX001", .slug = "slug", .message = "message"};
  diagnostic.primary = {.span = {.file = one, .begin = 8, .end = 9}, .text = "here"};
  diagnostic.related = {{.span = {.file = one, .begin = 0, .end = 1}, .text = "because"},
                        {.span = {.file = two, .begin = 3, .end = 4}, .text = "and this"}};
  diagnostic.plan = {{.span = {}, .text = "step 1"}, {.span = {}, .text = "step 2"}};
  diagnostic.consequence = "it fails";
  diagnostic.help = "mend it";
  CHECK(diagnostic_text(diagnostic, sources, Colour::Off) ==
        "warning[XX001] slug: message\n"
        " --> one.yaml:2:4\n  |\n1 | a: 1\n  | - because\n2 | b: 2\n  |    ^ here\n"
        " --> two.yaml:1:4\n  |\n1 | c: 3\n  |    - and this\n"
        "  = plan: step 1\n  =       step 2\n  = Argo CD: it fails\n  = help: mend it\n");
}

TEST_CASE("lines that are left out of a frame leave an ellipsis without blanks behind it") {
  SourceMap sources;
  const auto file = sources.add("x.yaml", "a: 1\nb: 2\nc: 3\n");
  Diagnostic diagnostic{.code = "XX001", .slug = "slug", .message = "message"};
  diagnostic.primary = {.span = {.file = file, .begin = 13, .end = 14}, .text = "here"};
  diagnostic.related = {{.span = {.file = file, .begin = 0, .end = 1}, .text = "because"}};
  CHECK(diagnostic_text(diagnostic, sources, Colour::Off) ==
        "error[XX001] slug: message\n"
        " --> x.yaml:3:4\n  |\n1 | a: 1\n  | - because\n…\n3 | c: 3\n  |    ^ here\n");
}

TEST_CASE("a diagnostic without a place names its file") {
  const SourceMap sources;
  CHECK(diagnostic_text({.code = "IN008", .slug = "s", .message = "m", .subject = "gone"}, sources,
                        Colour::Off) == "error[IN008] s: m\n --> gone\n");
}

TEST_CASE("control and reordering characters are shown, never sent") {
  CHECK(escaped("a\x1b[31m\tb\x7f") == "a\\x1b[31m b\\x7f");
  CHECK(escaped("a\xE2\x80\xAE"
                "b") == "a\\u202eb");
  CHECK(escaped("ü日") == "ü日");
}

TEST_CASE("widths are those of a terminal") {
  CHECK(display_width("ab") == 2);
  CHECK(display_width("日本") == 4);
  CHECK(display_width("e\xCC\x81") == 1);
}

TEST_CASE("colours only when asked") {
  CHECK(paint("x", Ink::Red, Colour::Off) == "x");
  CHECK(paint("x", Ink::Red, Colour::On) == "\x1b[1;31mx\x1b[0m");
}

TEST_CASE("moments are short") {
  using namespace std::chrono_literals;
  CHECK(moment(base::Instant{} + 1500ms) == "1.5s");
  CHECK(moment(base::Instant{} + 64s) == "1m04.0s");
  CHECK(moment(base::Instant{} + 3h + 61s) == "3h01m01s");
}

}  // namespace
}  // namespace wavetank::report
