// Every scenario of the repository holds what it expects, plays as its golden trace says, and plays
// the same again. `wavetank test scenarios --update` writes the traces anew.

#include <catch2/catch.hpp>

#include "commands/test.h"
#include "support/real_files.h"
#include "support/recorded.h"

namespace wavetank::commands {
namespace {

TEST_CASE("every scenario holds, as its golden trace says, twice in a row") {
  const support::RealFiles files;
  const Result result = run_test(
      files,
      {.paths = {support::in_repository("scenarios")}, .jobs = 2, .checks_determinism = true});
  CAPTURE(result.output, result.errors);
  CHECK(result.exit == ExitCode::Ok);
}

TEST_CASE("the number of threads changes nothing") {
  const support::RealFiles files;
  const std::string path = support::in_repository("scenarios");
  const auto one = run_test(files, {.paths = {path}, .jobs = 1, .format = TestFormat::Json});
  const auto many = run_test(files, {.paths = {path}, .jobs = 4, .format = TestFormat::Json});
  CHECK(one.output == many.output);
}

}  // namespace
}  // namespace wavetank::commands
