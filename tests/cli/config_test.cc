// The configuration as a user meets it: found, shown, overruled.

#include <catch2/catch.hpp>
#include <string>

#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {
    file("a/cm.yaml",
         "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n"
         "    argocd.argoproj.io/sync-waves: \"1\"\n");
  }
};

TEST_CASE("the environment comes before the configuration, a flag before both") {
  Workshop workshop;
  workshop.file(".wavetank.yaml", "severity: {AN004: warning}\nfail-on: warning\n");
  CHECK(workshop.run("wavetank lint a").code == 1);
  CHECK(workshop.run("WAVETANK_FAIL_ON=error wavetank lint a").code == 0);
  CHECK(workshop.run("WAVETANK_FAIL_ON=error wavetank lint a --fail-on info").code == 1);
  CHECK(workshop.run("WAVETANK_FAIL_ON=sometimes wavetank lint a").code == 2);
  CHECK(workshop.run("wavetank lint a --no-config --severity AN=warning").code == 0);
  CHECK(workshop.run("wavetank lint a --severity AN=bad").code == 2);
  const Ended shown = workshop.run("cd a; WAVETANK_FAIL_ON=error wavetank config --ignore HL");
  CHECK(shown.says("configuration: ../.wavetank.yaml\n"));
  CHECK(shown.says("  WAVETANK_FAIL_ON\n"));
  CHECK(shown.says("  --ignore\n"));
  CHECK(shown.says("  ../.wavetank.yaml:1\n"));
}

TEST_CASE("a configuration above the root of the repository does not count") {
  Workshop workshop;
  workshop.file(".wavetank.yaml", "ignore: [AN]\n").file("a/.git/HEAD", "ref: refs/heads/main\n");
  CHECK(workshop.run("cd a && wavetank lint").code == 1);
  CHECK(workshop.run("wavetank lint").code == 0);
}

TEST_CASE("plan and simulate take version and excluded files from it, and refuse a broken one") {
  Workshop workshop;
  workshop.file(".wavetank.yaml", "exclude: [\"*.yaml\"]\n");
  CHECK(workshop.run("wavetank plan").code == 4);
  CHECK(workshop.run("wavetank simulate").code == 4);
  CHECK(workshop.run("wavetank plan --no-config").code == 0);
  workshop.file(".wavetank.yaml", "argocd-version: 1.8\n");
  CHECK(workshop.run("wavetank simulate a").code == 2);
  CHECK(workshop.run("wavetank simulate a --argocd-version 3.4").code == 0);
  workshop.file(".wavetank.yaml", "exlude: []\n");
  for (const char* command : {"lint", "plan", "simulate", "baseline", "config"}) {
    const Ended ended = workshop.run(std::string("wavetank ") + command);
    CHECK(ended.code == 2);
    CHECK(ended.says(".wavetank.yaml:1: error: unknown key `exlude`; did you mean `exclude`?"));
  }
}

}  // namespace
