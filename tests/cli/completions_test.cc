// Completion scripts, asked by the shells themselves where they are installed.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {}
  [[nodiscard]] bool has(const std::string& program) const {
    const bool found = run("command -v " + program + " >/dev/null").code == 0;
    if (!found) WARN("skipped: there is no " << program);
    return found;
  }
};

// What bash offers for the last of some words; "--a=b" is three words to it.
std::string offered(const Workshop& workshop, const std::vector<std::string>& words) {
  std::string quoted;
  for (const std::string& word : words) quoted += fmt::format(" '{}'", word);
  const Ended ended = workshop.run(fmt::format(
      "wavetank completions bash > c.sh && bash -c '. ./c.sh; eval \"COMP_WORDS=($1)\"; "
      "COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _wavetank; echo \"${{COMPREPLY[*]}}\"' "
      "_ \"{}\"",
      quoted));
  std::string output = ended.output;
  while (output.ends_with('\n')) output.pop_back();
  return output;
}

TEST_CASE("bash offers commands, flags, values and actions") {
  const Workshop workshop;
  if (!workshop.has("bash")) return;
  CHECK(offered(workshop, {"wavetank", "li"}) == "lint");
  CHECK(offered(workshop, {"wavetank", "lint", "--unsafe"}) == "--unsafe-fixes");
  CHECK(offered(workshop, {"wavetank", "lint", "--fail-on", ""}) == "error warning info never");
  CHECK(offered(workshop, {"wavetank", "lint", "--fail-on", "=", "w"}) == "warning");
  CHECK(offered(workshop, {"wavetank", "lint", "--select", "HL00"}).starts_with("HL001 HL002 "));
  CHECK(offered(workshop, {"wavetank", "baseline", ""}) == "write prune show");
  CHECK(offered(workshop, {"wavetank", "baseline", "--exc"}) == "--exclude");
  CHECK(offered(workshop, {"wavetank", "explain", "SU00"}) == "SU001 SU002 SU003");
  CHECK(offered(workshop, {"wavetank", "completions", "f"}) == "fish");
  // Files, by the shell itself.
  CHECK(offered(workshop, {"wavetank", "lint", ""}).empty());
  CHECK(offered(workshop, {"wavetank", "lint", "--config", ""}).empty());
}

TEST_CASE("the flags that bash offers are those of --help") {
  const Workshop workshop;
  if (!workshop.has("bash")) return;
  for (const std::string command : {"lint", "plan", "simulate", "baseline", "config"}) {
    std::istringstream words(offered(workshop, {"wavetank", command, "--"}));
    const std::string help = workshop.run("wavetank " + command + " --help").output;
    std::size_t count = 0;
    for (std::string word; words >> word; ++count) {
      CAPTURE(command, word);
      CHECK(help.find(word) != std::string::npos);
    }
    CHECK(count > 5);
  }
}

TEST_CASE("every shell reads its script") {
  const Workshop workshop;
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    if (!workshop.has(shell)) continue;
    CAPTURE(shell);
    const Ended ended =
        workshop.run(fmt::format("wavetank completions {0} > c.{0} && {0} -n c.{0}", shell));
    CHECK(ended.code == 0);
    CHECK(ended.output.empty());
  }
  CHECK(workshop.run("wavetank completions tcsh").code == 2);
}

}  // namespace
