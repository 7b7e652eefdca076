// Rules of a user's own, the configuration that names them, and what else changes what is found.

#include <catch2/catch.hpp>
#include <string>

#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) {
    file("app/job.yaml",
         "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
         "    argocd.argoproj.io/hook: PreSync\n"
         "    argocd.argoproj.io/hook-delete-policy: BeforeHookCreation\n"
         "spec:\n  backoffLimit: 1\n  activeDeadlineSeconds: 60\n  template:\n    spec:\n"
         "      restartPolicy: Never\n      containers:\n        - name: main\n"
         "          image: example.com/main:1.0\n");
  }
};

const std::string kNewRule = "wavetank rules new X001-owner > x.yaml";

TEST_CASE("a new rule passes its own examples and finds what it says") {
  const Ended ended = Workshop().run(
      kNewRule + " && wavetank rules test x.yaml && wavetank lint app --rules x.yaml");
  CHECK(ended.says("1 rule, 2 examples: 0 wrong"));
  CHECK(ended.says("warning[X001] owner: Job/migrate has no owner\n --> app/job.yaml:4:9"));
  CHECK(ended.code == 0);
}

TEST_CASE("an example that is not as it says fails the test of a rule") {
  const Ended ended = Workshop().run(
      kNewRule + " && sed -i '0,/team: shop/s//tame: shop/' x.yaml; wavetank rules test x.yaml");
  CHECK(ended.says("X001 good: it has an owner: expected nothing, found job.yaml:4: X001"));
  CHECK(ended.code == 1);
}

TEST_CASE("our own rules pass their examples in the program, too") {
  const Ended ended = Workshop().run("wavetank rules test");
  CHECK(ended.says(": 0 wrong"));
  CHECK(ended.code == 0);
}

TEST_CASE("the nearest configuration names rules, relative to its own directory") {
  const Ended ended = Workshop()
                          .file(".wavetank.yaml", "rules: [policy]\n")
                          .run("mkdir policy && (cd policy && " + kNewRule +
                               ") && cd app && wavetank lint . --select X001");
  CHECK(ended.says("warning[X001]"));
}

TEST_CASE("mistakes in rules and in the configuration end with 2 and their line") {
  const auto broken = [](const std::string& by) {
    return Workshop().run(kNewRule + " && sed -i '" + by +
                          "' x.yaml; wavetank lint app --rules x.yaml");
  };
  const Ended fact = broken("s/hook: yes/hok: yes/");
  CHECK(fact.says("x.yaml:13: error: there is no fact `hok`"));
  CHECK(fact.code == 2);
  CHECK(broken("s/{object}/{objekt}/").says("x.yaml:15: error: nothing fills in `{objekt}`"));
  CHECK(broken("s/^code: X001/code: HK001/").says("the code `HK001` is not X and three digits"));
  CHECK(broken("s/^match:/check: hook.mine\\nmatch:/").says("only a `match` is possible here"));
  CHECK(broken("s/^why:/wy:/").says("unknown field `wy`"));
  const Ended config = Workshop().file(".wavetank.yaml", "ruls: [x]\n").run("wavetank lint app");
  CHECK(config.says(".wavetank.yaml:1: error: unknown key `ruls`; did you mean `rules`?"));
  CHECK(config.code == 2);
  CHECK(Workshop().run("wavetank lint app --assume tides=high").code == 2);
}

TEST_CASE("what is known of the cluster changes what is found") {
  Workshop workshop;
  workshop.file("app/widget.yaml", "apiVersion: acme.io/v1\nkind: Widget\nmetadata:\n  name: a\n");
  CHECK(workshop.run("wavetank lint app --assume crds=none").says("error[SO007]"));
  CHECK(!workshop.run("wavetank lint app --assume crds=acme.io").says("SO007"));
}

TEST_CASE("with the revision before, rules about changes speak") {
  const Ended ended = Workshop().run(
      "mkdir old && cp -r app old/ && sed -i '/hook/d' old/app/job.yaml && sed -i "
      "'s/  annotations:/  labels: {}/' old/app/job.yaml && wavetank lint app --before old");
  CHECK(ended.says("warning[HK017] normal-to-hook-conversion: Job/migrate becomes a hook"));
}

TEST_CASE("the schema of rules is printed as JSON") {
  CHECK(Workshop().run("wavetank rules schema").says("\"title\": \"wavetank rule\""));
}

}  // namespace
