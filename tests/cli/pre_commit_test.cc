// The hooks of .pre-commit-hooks.yaml, run by pre-commit itself from a local repository.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

namespace fs = std::filesystem;
using wavetank::support::Ended;
using wavetank::support::in_repository;
using wavetank::support::read_file;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

const std::string kGit = "git -c user.name=a -c user.email=a@example.com ";

std::string map_of(const std::string& name, const std::string& annotation) {
  return "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: " + name +
         "\n  annotations:\n    argocd.argoproj.io/" + annotation + ": \"1\"\n";
}

// Two repositories: `tool` with the hooks as they are here, and `work`, which uses them. Programs
// in `bin` come first.
struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {
    for (const std::string name : {".pre-commit-hooks.yaml", "hooks/wavetank-built"}) {
      file("tool/" + name, read_file(in_repository(name)).value_or(""));
    }
    fs::permissions(root() / "tool/hooks/wavetank-built", fs::perms::owner_all);
    fs::create_directory(root() / "bin");
    fs::create_symlink(WAVETANK_PROGRAM, root() / "bin/wavetank");
    file("work/app/a.yaml", map_of("a", "sync-waves"));
  }

  // False: there is no pre-commit.
  [[nodiscard]] bool use(const std::string& hook) {
    if (run("command -v pre-commit && command -v git").code != 0) {
      WARN("skipped: there is no pre-commit");
      return false;
    }
    const Ended made = run("cd tool && git init -q . && git add -A && " + kGit +
                           "commit -qm x && git rev-parse HEAD | tr -d '\\n'");
    REQUIRE(made.code == 0);
    file("work/.pre-commit-config.yaml",
         fmt::format("repos:\n  - repo: ../tool\n    rev: {}\n    hooks: [{}]\n", made.output,
                     hook));
    REQUIRE(run("cd work && git init -q . && git add -A && " + kGit + "commit -qm x").code == 0);
    return true;
  }
  [[nodiscard]] Ended commit_hooks(const std::string& arguments = "") const {
    return run(
        fmt::format("cd work && git add -A && PATH=\"$PWD/../bin:$PATH\" "
                    "PRE_COMMIT_HOME=\"$PWD/../cache\" pre-commit run --color never {}",
                    arguments));
  }
};

TEST_CASE("the hook looks at everything and reports what touches the commit") {
  Workshop workshop;
  if (!workshop.use("{id: wavetank, args: [--fail-on, info]}")) return;
  workshop.file("work/app/b.yaml", map_of("b", "sync-wave"));
  const Ended clean = workshop.commit_hooks();
  CAPTURE(clean.output);
  CHECK(clean.code == 0);
  CHECK(clean.says("Passed"));
  workshop.file("work/app/b.yaml", map_of("a", "sync-wave"));
  const Ended twice = workshop.commit_hooks();
  CAPTURE(twice.output);
  CHECK(twice.code == 1);
  CHECK(twice.says("[XR001]"));
  CHECK_FALSE(twice.says("[AN004]"));
  CHECK(workshop.commit_hooks("--all-files").says("[AN004]"));
}

TEST_CASE("the hook takes flags") {
  Workshop workshop;
  if (!workshop.use("{id: wavetank, args: [--severity, AN004=info]}")) return;
  const Ended ended = workshop.commit_hooks("--all-files");
  CAPTURE(ended.output);
  CHECK(ended.code == 0);
}

TEST_CASE("the hook that fixes stops the commit once") {
  Workshop workshop;
  if (!workshop.use("{id: wavetank-fix}")) return;
  const Ended first = workshop.commit_hooks("--all-files");
  CAPTURE(first.output);
  CHECK(first.code == 1);
  CHECK(first.says("files were modified by this hook"));
  CHECK(read_file((workshop.root() / "work/app/a.yaml").string()).value_or("") ==
        map_of("a", "sync-wave"));
  CHECK(workshop.commit_hooks("--all-files").code == 0);
}

TEST_CASE("the hook that builds does so once, and says when it cannot") {
  Workshop workshop;
  // A stand-in for CMake: "building" is making a link to the program of this test.
  workshop.file("bin/cmake",
                fmt::format("#!/bin/sh\necho \"$@\" >> '{0}/log'\n"
                            "test -f '{0}/no-compiler' && echo 'no compiler' && exit 1\n"
                            "test \"$1\" = --build || exit 0\nmkdir -p \"$2/src\"\n"
                            "ln -s '{1}' \"$2/src/wavetank\"\n",
                            workshop.root().string(), WAVETANK_PROGRAM));
  fs::permissions(workshop.root() / "bin/cmake", fs::perms::owner_all);
  if (!workshop.use("{id: wavetank-build}")) return;
  workshop.file("no-compiler", "");
  const Ended failed = workshop.commit_hooks("--all-files");
  CAPTURE(failed.output);
  CHECK(failed.code == 1);
  CHECK(failed.says("no compiler"));
  CHECK(failed.says("wavetank could not be built"));
  fs::remove(workshop.root() / "no-compiler");
  fs::remove(workshop.root() / "log");
  for (int run = 0; run < 2; ++run) {
    const Ended ended = workshop.commit_hooks("--all-files");
    CAPTURE(ended.output);
    CHECK(ended.code == 1);
    CHECK(ended.says("[AN004]"));
  }
  // Configured once and built once.
  const std::string log = read_file((workshop.root() / "log").string()).value_or("");
  CHECK(std::count(log.begin(), log.end(), '\n') == 2);
}

}  // namespace
