// `lint --changed` and `--whole`: everything is looked at, only what touches some files is
// reported.

#include <catch2/catch.hpp>
#include <string>

#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

std::string map_of(const std::string& name, const std::string& annotation) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name +
         "\n  annotations:\n    argocd.argoproj.io/" + annotation + ": \"1\"\n";
}

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {
    file("app/a.yaml", map_of("a", "sync-waves"));
    file("app/b.yaml", map_of("b", "sync-wave"));
  }
  void commit() const {
    REQUIRE(run("test -d .git || git init -q -b main . ; git add -A && git -c user.name=a "
                "-c user.email=a@example.com commit -qm x")
                .code == 0);
  }
};

TEST_CASE("nothing changed, nothing is reported, and what is elsewhere is counted") {
  Workshop workshop;
  workshop.commit();
  const Ended ended = workshop.run("wavetank lint --changed");
  CHECK(ended.code == 0);
  CHECK(ended.output ==
        "0 errors, 0 warnings, 0 infos; 2 files checked (2 objects); 1 finding in other files\n");
}

TEST_CASE("changes count whether in the work tree, staged, new or committed since") {
  Workshop workshop;
  workshop.commit();
  REQUIRE(workshop.run("git checkout -q -b topic").code == 0);
  workshop.file("app/b.yaml", map_of("b", "sync-waves"));
  CHECK(workshop.run("wavetank lint --changed").says(" --> app/b.yaml:6:5"));
  CHECK(workshop.run("cd app && wavetank lint --changed").says(" --> b.yaml:6:5"));
  CHECK(workshop.run("git add -A; wavetank lint --changed").says("1 error, 0 warnings"));
  workshop.commit();
  CHECK(workshop.run("wavetank lint --changed").code == 0);
  CHECK(workshop.run("wavetank lint --changed=main").says("1 error, 0 warnings"));
  workshop.file("app/c d.yaml", map_of("c", "sync-waves"));
  CHECK(workshop.run("wavetank lint --changed").says(" --> app/c d.yaml:6:5"));
}

TEST_CASE("before the first commit everything is new") {
  Workshop workshop;
  REQUIRE(workshop.run("git init -q . && git add app/b.yaml").code == 0);
  CHECK(workshop.run("wavetank lint --changed").says("1 error, 0 warnings"));
}

TEST_CASE("what rules find between files is reported with any of them") {
  Workshop workshop;
  workshop.file("app/a.yaml", map_of("a", "sync-wave"));
  workshop.commit();
  workshop.file("app/z.yaml", map_of("a", "sync-wave"));
  const Ended ended = workshop.run("wavetank lint --changed --select XR001 --fail-on info");
  CHECK(ended.code == 1);
  CHECK(ended.says("app/a.yaml"));
  CHECK(ended.says("app/z.yaml"));
}

TEST_CASE("a file that is broken elsewhere is no finding of this change") {
  Workshop workshop;
  workshop.file("app/broken.yaml", "a: b: c\n");
  workshop.commit();
  const Ended ended = workshop.run("wavetank lint --changed");
  CHECK(ended.code == 0);
  CHECK(ended.says("1 with broken YAML"));
  CHECK(workshop.run("wavetank lint --whole app/broken.yaml").code == 4);
}

TEST_CASE("files and directories can be named instead of asking git") {
  Workshop workshop;
  workshop.file("other/c.yaml", map_of("c", "sync-waves"));
  const Ended b = workshop.run("wavetank lint --whole app/b.yaml");
  CHECK(b.code == 0);
  CHECK(b.says("3 files checked (3 objects); 2 findings in other files"));
  CHECK(workshop.run("wavetank lint --whole app/b.yaml ./app/a.yaml").says("1 error, "));
  CHECK(workshop.run("wavetank lint --whole other").says(" --> other/c.yaml:6:5"));
  CHECK(workshop.run("wavetank lint --whole othe").code == 4);
  CHECK(workshop.run("wavetank lint --whole").says("2 errors, "));
}

TEST_CASE("a rule that needs the whole application has it, whichever file is named") {
  Workshop workshop;
  workshop.file("app/z.yaml", map_of("b", "sync-wave"));
  CHECK(workshop.run("wavetank lint --select XR001 --fail-on info app/z.yaml").code == 0);
  CHECK(workshop.run("wavetank lint --select XR001 --fail-on info --whole app/z.yaml").code == 1);
}

TEST_CASE("git says why it cannot tell what changed") {
  Workshop workshop;
  const Ended ended = workshop.run("GIT_CEILING_DIRECTORIES=/ wavetank lint --changed");
  CHECK(ended.code == 2);
  CHECK(ended.says("what changed since `HEAD` cannot be told: not a git repository"));
  workshop.commit();
  CHECK(workshop.run("wavetank lint --changed=nowhere").code == 2);
  CHECK(workshop.run("wavetank lint --changed=--output=x").code == 2);
}

}  // namespace
