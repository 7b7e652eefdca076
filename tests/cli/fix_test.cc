// `lint --fix` and `--diff` on real files.

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

namespace fs = std::filesystem;
using wavetank::support::Ended;
using wavetank::support::read_file;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {}
  [[nodiscard]] std::string text(const std::string& path) const {
    return read_file((root() / path).string()).value_or("?");
  }
};

// A hook that is not deleted before it is created again (a safe fix).
std::string hook(const std::string& policy) {
  return "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate  # of the shop\n"
         "  annotations:\n    argocd.argoproj.io/hook: PreSync\n"
         "    argocd.argoproj.io/hook-delete-policy: " +
         policy +
         "\nspec:\n  backoffLimit: 1\n  activeDeadlineSeconds: 60\n  template:\n    spec:\n"
         "      restartPolicy: Never\n      containers:\n        - name: main\n"
         "          image: example.com/main:1.0\n";
}

const std::string kBad = hook("HookSucceeded");
const std::string kGood = hook("BeforeHookCreation,HookSucceeded");

TEST_CASE("--fix writes what it can, says so, and has nothing to do the second time") {
  Workshop workshop;
  workshop.file("job.yaml", kBad);
  const Ended first = workshop.run("wavetank lint --fix");
  CHECK(first.code == 0);
  CHECK(first.says("fixed 1 finding in 1 file: HK001; nothing remains"));
  CHECK(workshop.text("job.yaml") == kGood);
  CHECK(workshop.run("wavetank lint --fix").says("nothing to fix; nothing remains"));
}

TEST_CASE("--diff writes nothing, ends with 1, and git can apply it") {
  Workshop workshop;
  workshop.file("a b/job.yaml", kBad);
  const Ended diff = workshop.run("wavetank lint --diff");
  CHECK(diff.code == 1);
  CHECK(
      diff.says("-    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n"
                "+    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation,HookSucceeded\n"));
  CHECK(diff.says("would fix 1 finding in 1 file: HK001"));
  CHECK(workshop.text("a b/job.yaml") == kBad);
  const Ended apply = workshop.run("wavetank lint --diff 2>/dev/null | git apply && git init -q .");
  CHECK(apply.output.empty());
  CHECK(workshop.text("a b/job.yaml") == kGood);
  CHECK(workshop.run("wavetank lint --diff").code == 0);
}

TEST_CASE("a fix to check yourself waits for --unsafe-fixes") {
  Workshop workshop;
  workshop.file("cm.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\n"
                "  finalizers:\n    - acme.io/keep\n  annotations:\n"
                "    argocd.argoproj.io/sync-options: Force=true,Replace=true\n");
  const std::string lint = "wavetank lint --select SO013 ";
  const Ended safe = workshop.run(lint + "--fix");
  CHECK(
      safe.says("nothing to fix; 1 finding remains, 1 of them with a fix to check yourself: "
                "--unsafe-fixes"));
  CHECK(workshop.run(lint + "--fix --unsafe-fixes").says("fixed 1 finding in 1 file: SO013"));
  CHECK(workshop.run(lint + "--diff --unsafe-fixes").code == 0);
}

TEST_CASE("a fixed file keeps its mode, and no other file appears") {
  Workshop workshop;
  workshop.file("job.yaml", kBad);
  const fs::path path = workshop.root() / "job.yaml";
  ::chmod(path.c_str(), 0640);
  CHECK(workshop.run("wavetank lint --fix -q").code == 0);
  struct stat now {};
  REQUIRE(::stat(path.c_str(), &now) == 0);
  CHECK((now.st_mode & 07777U) == 0640U);
  CHECK(workshop.run("ls -A").output == "job.yaml\n");
}

TEST_CASE("what a symbolic link leads to is fixed, and the link stays one") {
  Workshop workshop;
  workshop.file("real/job.yaml", kBad);
  fs::create_directory(workshop.root() / "app");
  fs::create_symlink("../real/job.yaml", workshop.root() / "app/job.yaml");
  CHECK(workshop.run("wavetank lint --fix app").code == 0);
  CHECK(fs::is_symlink(workshop.root() / "app/job.yaml"));
  CHECK(workshop.text("real/job.yaml") == kGood);
}

TEST_CASE("a file that must not be written ends with 4 and stays as it is") {
  Workshop workshop;
  workshop.file("job.yaml", kBad);
  fs::permissions(workshop.root() / "job.yaml", fs::perms::owner_read);
  if (::access((workshop.root() / "job.yaml").c_str(), W_OK) == 0) {
    WARN("skipped: this user writes everything");
    return;
  }
  const Ended ended = workshop.run("wavetank lint --fix");
  CHECK(ended.code == 4);
  CHECK(ended.says("cannot write job.yaml: permission denied"));
  CHECK(workshop.text("job.yaml") == kBad);
}

TEST_CASE("flags that contradict each other end with 2") {
  const Workshop workshop;
  CHECK(workshop.run("wavetank lint --fix --diff").code == 2);
  CHECK(workshop.run("wavetank lint --unsafe-fixes").says("--unsafe-fixes needs --fix or --diff"));
  CHECK(workshop.run("wavetank lint --fix - </dev/null").says("standard input is none"));
}

}  // namespace
