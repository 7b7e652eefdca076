// The language of the health table: what it compiles to, and which mistakes it names.
#include "health/tablegen/compiler.h"

#include <catch2/catch.hpp>

namespace wavetank::health::tablegen {
namespace {

std::string mistake_in(std::string_view rules) {
  Output output;
  Compiler compiler(output);
  compiler.rules(rules);
  if (compiler.mistakes().empty()) return "none";
  const Mistake& first = compiler.mistakes().front();
  return std::to_string(first.line) + ": " + first.message;
}

TEST_CASE("equal expressions are kept once") {
  Output output;
  Compiler compiler(output);
  const auto once = compiler.expression("status.phase = 'Ready'");
  const auto count = output.expressions.size();
  CHECK(compiler.expression("status.phase = 'Ready'") == once);
  CHECK(output.expressions.size() == count);
}

TEST_CASE("a pattern of a condition is its type and its status") {
  Output output;
  Compiler compiler(output);
  CHECK(compiler.expression("[Ready=True]") ==
        compiler.expression("@type = 'Ready' and @status = 'True'"));
  CHECK(compiler.expression("[A|B!=True]") ==
        compiler.expression("(@type = 'A' or @type = 'B') and @status != 'True'"));
}

TEST_CASE("a mistake is named with its line") {
  CHECK(mistake_in("for status?.conditions\n  [Ready=True] -> Healthy: @message\n") == "none");
  CHECK(mistake_in("# a comment\n-> Splendid\n") == "1: `Splendid` is no health status");
  CHECK(mistake_in("status.phase\n") == "0: `->`, `~>` or `:=` is missing before ``");
  CHECK(mistake_in("for status.conditions\n-> Healthy\n") ==
        "0: something must be nested below this line");
  CHECK(mistake_in("-> Healthy: 'open\n") == "0: the closing quote is missing");
  CHECK(mistake_in("shout(status) -> Healthy\n") == "0: there is no function `shout`");
  CHECK(mistake_in("-> Healthy\n    -> Healthy\n") == "1: this line is indented differently");
}

}  // namespace
}  // namespace wavetank::health::tablegen
