// The real program: exit codes, bad input, and every transcript of the README.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

namespace fs = std::filesystem;
using wavetank::support::in_repository;
using wavetank::support::read_file;

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

Ended shell(const std::string& command, const std::string& directory) {
  return wavetank::support::shell(command, directory, kProgram);
}

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {}
};

const std::string kConfigMap =
    "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: settings\ndata: {}\n";

bool has(const Ended& ended, std::string_view text) { return ended.says(text); }

TEST_CASE("clean manifests end with 0 and are counted") {
  const Ended ended = Workshop().file("cm.yaml", kConfigMap).run("wavetank lint");
  CHECK(ended.code == 0);
  CHECK(ended.output == "0 errors, 0 warnings, 0 infos; 1 file checked (1 object)\n");
}

TEST_CASE("bad input ends with 4 and its place") {
  struct Case {
    std::string name;
    std::string text;
    std::string diagnostic;
  };
  std::string bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n";
  for (char c = 'b'; c <= 'i'; ++c) {
    bomb += fmt::format("{0}: &{0} [*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1},*{1}]\n", c,
                        static_cast<char>(c - 1));
  }
  const std::vector<Case> cases{
      {"broken", "a: b: c\n", "error[IN003]"},
      {"broken in the middle", kConfigMap + "---\na: b: c\n---\n" + kConfigMap, "x.yaml:7:5"},
      {"empty", "", "error[IN007]"},
      {"binary", std::string("\0\1\2", 3), "error[IN002]"},
      {"bad encoding", "a: caf\xE9\n", "byte 0xe9 is not valid UTF-8 (at byte 6)"},
      {"alias bomb", bomb, "error[IN004]"},
      {"10,000 levels and more", "a: " + std::string(10'500, '['), "error[IN004]"},
  };
  for (const Case& each : cases) {
    CAPTURE(each.name);
    const Ended ended = Workshop().file("x.yaml", each.text).run("wavetank lint x.yaml");
    CHECK(ended.code == 4);
    CHECK(has(ended, each.diagnostic));
  }
}

TEST_CASE("a missing path ends with 4, in every command") {
  for (const char* command : {"lint", "plan", "simulate"}) {
    CAPTURE(command);
    const Ended ended = Workshop().run(fmt::format("wavetank {} nowhere", command));
    CHECK(ended.code == 4);
    CHECK(has(ended, "error[IN008] no-such-path: `nowhere` does not exist"));
  }
}

TEST_CASE("an unreadable file ends with 4") {
  Workshop workshop;
  workshop.file("x.yaml", kConfigMap);
  fs::permissions(workshop.root() / "x.yaml", fs::perms::none);
  if (std::ifstream(workshop.root() / "x.yaml").good()) {
    WARN("skipped: this user reads everything");
    return;
  }
  const Ended ended = workshop.run("wavetank lint x.yaml");
  CHECK(ended.code == 4);
  CHECK(has(ended, "cannot read it: permission denied"));
}

TEST_CASE("an Application whose path is missing ends with 4") {
  const Ended ended =
      Workshop()
          .file(".git/config", "[remote \"origin\"]\n\turl = https://example.com/a/b\n")
          .file("app.yaml",
                "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: shop}\n"
                "spec:\n  source:\n    repoURL: https://example.com/a/b.git\n    path: gone\n")
          .run("wavetank lint");
  CHECK(ended.code == 4);
  CHECK(has(ended, "app.yaml:7:11"));
}

TEST_CASE("unusual but legal input is read") {
  std::string wide = "\xFF\xFE";
  for (const char c : kConfigMap) wide += {c, '\0'};
  const Ended ended =
      Workshop()
          .file("bom.yaml", "\xEF\xBB\xBF" + kConfigMap)
          .file("b/crlf.yaml", "apiVersion: v1\r\nkind: Secret\r\nmetadata:\r\n  name: s\r\n")
          .file("c/utf16.yaml", wide)
          .run("wavetank lint");
  CHECK(ended.code == 0);
  CHECK(has(ended, "3 files checked (3 objects)"));
}

TEST_CASE("wrong usage ends with 2 and a suggestion") {
  const Workshop workshop;
  const std::vector<std::pair<std::string, std::string>> cases{
      {"wavetank lint --selct HK", "`--selct` is unknown; did you mean `--select`?"},
      {"wavetank lnit", "`lnit` is no command; did you mean `lint`?"},
      {"wavetank lint --select HK0x", "no rule, prefix or family is called `HK0x`"},
      {"wavetank plan --argocd-version 2.9", "Argo CD `2.9` is not modelled"},
      {"wavetank simulate --slow Job/a", "--slow takes KIND/NAME=30s, not `Job/a`"},
      {"wavetank simulate --expect Fine", "--expect takes Succeeded"},
      {"wavetank explain HK01", "did you mean `HK001`?"},
  };
  for (const auto& [command, message] : cases) {
    CAPTURE(command);
    const Ended ended = workshop.run(command);
    CHECK(ended.code == 2);
    CHECK(has(ended, message));
  }
}

TEST_CASE("findings end with 1 as --fail-on says") {
  Workshop workshop;
  workshop.file("x.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n"
                "    argocd.argoproj.io/unheard-of: \"1\"\n");
  CHECK(workshop.run("wavetank lint").code == 0);
  CHECK(workshop.run("wavetank lint --fail-on warning").code == 1);
  CHECK(workshop.run("wavetank lint --fail-on warning --exit-zero").code == 0);
  CHECK(workshop.run("wavetank lint --fail-on warning --ignore AN").code == 0);
  CHECK(workshop.run("wavetank lint --select HK --fail-on info").code == 0);
  CHECK(workshop.run("wavetank lint -q --fail-on warning").output.empty());
}

TEST_CASE("what is suppressed is counted, listed in JSON, and shown on demand") {
  Workshop workshop;
  workshop.file("x.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n"
                "    argocd.argoproj.io/sync-waves: \"1\"  # wavetank: ignore[AN004] theirs\n");
  const Ended ended = workshop.run("wavetank lint");
  CHECK(ended.code == 0);
  CHECK(
      has(ended, "0 errors, 0 warnings, 0 infos; 1 file checked (1 object); 1 finding suppressed"));
  CHECK(has(workshop.run("wavetank lint --format json"),
            "\"AN004 misspelled-argocd-annotation: suppressed by a comment: theirs\""));
  const Ended all = workshop.run("wavetank lint --no-suppressions");
  CHECK(all.code == 1);
  CHECK(has(all, "error[AN004]"));
  CHECK_FALSE(has(all, "suppressed"));
}

TEST_CASE("standard input is read, and named as asked") {
  const Ended ended =
      Workshop().run("printf 'a: b: c\\n' | wavetank lint - --stdin-filename rendered.yaml");
  CHECK(ended.code == 4);
  CHECK(has(ended, "rendered.yaml:1:5"));
}

TEST_CASE("nothing from a manifest reaches the terminal raw") {
  const Ended ended =
      Workshop()
          .file("x.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: \"a\\e[31mb\"\n"
                "  annotations:\n    argocd.argoproj.io/sync-wave: \"\\e[2J\"\n")
          .run("wavetank lint; wavetank plan; wavetank simulate");
  CHECK(ended.output.find('\x1b') == std::string::npos);
  CHECK(has(ended, "\\x1b[2J"));
}

TEST_CASE("a fault must name something, an application too") {
  Workshop workshop;
  workshop.file("cm.yaml", kConfigMap);
  const Ended fault = workshop.run("wavetank simulate --fail ConfigMap/setings");
  CHECK(fault.code == 2);
  CHECK(has(fault, "no object is called `ConfigMap/setings`; did you mean `ConfigMap/settings`?"));
  CHECK(workshop.run("wavetank plan --app nobody").code == 2);
}

TEST_CASE("a simulation ends with 1 if it does not end as expected, with 5 at the horizon") {
  const std::string shop = in_repository("scenarios/shop/manifests");
  const Workshop workshop;
  CHECK(workshop.run("wavetank simulate " + shop).code == 0);
  CHECK(workshop.run("wavetank simulate --fail Job/db-migration " + shop).code == 1);
  CHECK(workshop.run("wavetank simulate --fail Job/db-migration --expect Failed " + shop).code ==
        0);
  CHECK(workshop.run("wavetank simulate --until 10s " + shop).code == 5);
  CHECK(workshop.run("wavetank simulate --deny ConfigMap/shop-config " + shop).code == 1);
}

TEST_CASE("the final state is the cluster as YAML, written whole or not at all") {
  const std::string shop = in_repository("scenarios/shop/manifests");
  const Workshop workshop;
  CHECK(workshop.run("wavetank simulate --final-state out.yaml " + shop).code == 0);
  const Ended again = workshop.run("wavetank lint --select AN out.yaml");
  CHECK(again.code == 0);
  const Ended refused = workshop.run("wavetank simulate --final-state no/such/dir.yaml " + shop);
  CHECK(refused.code == 2);
  CHECK(has(refused, "cannot write no/such/dir.yaml: no such file or directory"));
}

TEST_CASE("the same seed gives the same bytes, another seed another run") {
  const std::string shop = in_repository("scenarios/shop/manifests");
  const Workshop workshop;
  const auto run = [&](int seed) {
    return workshop.run(fmt::format("wavetank simulate --seed {} {}", seed, shop)).output;
  };
  CHECK(run(1) == run(1));
  CHECK(run(1) != run(2));
}

TEST_CASE("an upgrade reads its revisions from git, or says why it cannot") {
  Workshop workshop;
  workshop.file("app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n");
  const std::string git = "git -c user.name=a -c user.email=a@example.com ";
  REQUIRE(workshop.run("git init -q . && git add -A && " + git + "commit -qm one").code == 0);
  workshop.file("app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\n");
  const Ended upgrade = workshop.run("wavetank simulate --from HEAD app --prune");
  CHECK(upgrade.code == 0);
  CHECK(has(upgrade, "applied         ConfigMap/two: configmap/two created"));
  CHECK(has(upgrade, "pruned          ConfigMap/one"));
  CHECK(workshop.run("wavetank simulate --from git:HEAD:app --to git:HEAD:app .").code == 0);
  const Ended unknown = workshop.run("wavetank simulate --from nowhere app");
  CHECK(unknown.code == 2);
  CHECK(has(unknown, "the revision `nowhere` cannot be read: "));
  CHECK(workshop.run("wavetank simulate --to HEAD app").code == 2);
  CHECK(workshop.run("wavetank simulate --from=--output=x app").code == 2);
}

TEST_CASE("explore writes scenarios that name revisions of git, and plays one again") {
  Workshop workshop;
  const std::string hook =
      "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one, annotations: "
      "{argocd.argoproj.io/hook: PreSync}}\n";
  workshop.file("app/c.yaml", hook);
  const std::string git = "git -c user.name=a -c user.email=a@example.com ";
  REQUIRE(workshop.run("git init -q . && git add -A && " + git + "commit -qm one").code == 0);
  workshop.file("app/c.yaml", hook + "data: {a: b}\n");
  const Ended written = workshop.run("wavetank explore --from HEAD app --write found/here");
  CHECK(has(written, "scenarios written to found/here"));
  const std::string one = "found/here/sync-fails-an-error-on-applying-configmap-one";
  CHECK(has(workshop.run("cat " + one + "/scenario.yaml"), "old: git:HEAD:app"));
  const Ended first = workshop.run("wavetank explore --replay " + one);
  CHECK(first.code == 1);
  CHECK(has(first, "refused         ConfigMap/one"));
  CHECK(first.output == workshop.run("wavetank explore --replay " + one).output);
  CHECK(workshop.run("wavetank test found").code == 1);
  CHECK(workshop.run("wavetank explore --replay " + one + " app").code == 2);
  REQUIRE(workshop.run("sed -i s/HEAD/nowhere/ " + one + "/scenario.yaml").code == 0);
  const Ended lost = workshop.run("wavetank simulate " + one);
  CHECK(lost.code == 4);
  CHECK(has(lost, "`git:nowhere:app` does not exist"));
  workshop.file("file", "");
  CHECK(workshop.run("wavetank explore app --write file/x").code == 2);
}

TEST_CASE("diff compares revisions of git, and a revision with the files as they are") {
  Workshop workshop;
  workshop.file("app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: one}\n");
  const std::string git = "git -c user.name=a -c user.email=a@example.com ";
  REQUIRE(workshop.run("git init -q . && git add -A && " + git + "commit -qm one").code == 0);
  workshop.file("app/c.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: two}\n");
  CHECK(workshop.run("wavetank diff HEAD HEAD app --exit-code").code == 0);
  const Ended now = workshop.run("wavetank diff HEAD --exit-code");
  CHECK(now.code == 1);
  CHECK(has(now, "added     ConfigMap/two"));
  CHECK(has(now, "removed   ConfigMap/one"));
  CHECK(workshop.run("wavetank diff git:HEAD:app app --exit-code").code == 1);
  CHECK(workshop.run("wavetank diff HEAD nowhere").code == 2);
  CHECK(workshop.run("wavetank diff").code == 2);
}

TEST_CASE("a revision holds files with any names") {
  Workshop workshop;
  const std::string deep = "app/" + std::string(60, 'x') + "/" + std::string(60, 'y') + "/";
  workshop.file(deep + "gr\u00fc\u00dfe.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: deep}\n");
  workshop.file("app/\u00fc.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: shallow}\n");
  const std::string git = "git -c user.name=a -c user.email=a@example.com ";
  REQUIRE(workshop.run("git init -q . && git add -A && " + git + "commit -qm one").code == 0);
  const Ended ended = workshop.run("wavetank simulate --from HEAD --to HEAD app");
  CHECK(has(ended, "ConfigMap/shallow"));
  CHECK(has(ended, "ConfigMap/deep"));
}

TEST_CASE("explain knows rules, terms, outcomes and codes of the input") {
  const Workshop workshop;
  CHECK(has(workshop.run("wavetank explain HK001"), "# HK001 named-hook-never-reruns"));
  CHECK(has(workshop.run("wavetank explain Wave"), "# wave\n\nAn integer in the annotation"));
  CHECK(has(workshop.run("wavetank explain 'delete policy'"), "# delete policy\n"));
  CHECK(has(workshop.run("wavetank explain stuck"), "# Stuck\n"));
  CHECK(has(workshop.run("wavetank explain IN003"), "is no YAML"));
  const Ended slip = workshop.run("wavetank explain BeforeHookCreatoin");
  CHECK(slip.code == 2);
  CHECK(has(slip, "did you mean `BeforeHookCreation`?"));
  CHECK(has(workshop.run("wavetank version"), "wavetank 0.1.0\n"));
}

TEST_CASE("a broken scenario ends with 2 and every place") {
  const Ended ended = Workshop()
                          .file("scenario.yaml",
                                "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\n"
                                "apps: {a: {path: x}}\nbehaviors: []\n")
                          .run("wavetank simulate .");
  CHECK(ended.code == 2);
  CHECK(has(ended, "scenario.yaml:4:1: unknown key `behaviors`; did you mean `behaviours`?"));
}

TEST_CASE("JSON outputs carry their schema version and are JSON") {
  const std::string shop = in_repository("scenarios/shop/manifests");
  for (const char* command : {"lint", "plan", "simulate"}) {
    const Ended ended = Workshop().run(fmt::format("wavetank {} --format json {}", command, shop));
    const auto json = nlohmann::json::parse(ended.output, nullptr, false);
    CAPTURE(command);
    REQUIRE_FALSE(json.is_discarded());
    CHECK(json.at("schemaVersion") == 1);
    CHECK(json.at("input").at("files").size() == 7);
  }
}

// "$ command" lines of ```console blocks, each with the output that follows it.
struct Transcript {
  std::string command;
  std::string output;
  std::size_t line = 0;
};

std::vector<Transcript> transcripts_of(const std::string& path) {
  std::vector<Transcript> transcripts;
  std::istringstream lines(read_file(path).value_or(""));
  bool inside = false;
  std::size_t number = 0;
  for (std::string line; std::getline(lines, line);) {
    ++number;
    if (line == "```console") {
      inside = true;
    } else if (line == "```") {
      inside = false;
    } else if (inside && line.starts_with("$ ")) {
      transcripts.push_back({.command = line.substr(2), .line = number});
    } else if (inside && !transcripts.empty()) {
      transcripts.back().output += line + "\n";
    }
  }
  return transcripts;
}

TEST_CASE("every transcript of the README is what the program prints") {
  const auto transcripts = transcripts_of(in_repository("README.md"));
  REQUIRE(transcripts.size() >= 6);
  for (const Transcript& transcript : transcripts) {
    CAPTURE(transcript.line, transcript.command);
    CHECK(shell(transcript.command, in_repository(".")).output == transcript.output);
  }
}

}  // namespace
