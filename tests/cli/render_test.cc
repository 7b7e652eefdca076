// `--render`: stand-ins for the tools, and the real `kubectl kustomize` where there is one.

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>

#include "support/workshop.h"

namespace {

using wavetank::support::Ended;

constexpr wavetank::support::ProgramName kProgram{.name = "wavetank", .path = WAVETANK_PROGRAM};

const std::string kHook =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
    "    argocd.argoproj.io/hook: Presync\n";

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop(kProgram) { REQUIRE(run("mkdir bin").code == 0); }

  // A program of this name that only `rendering` finds.
  void tool(const std::string& name, const std::string& script) {
    file("bin/" + name, "#!/bin/sh\n" + script);
    REQUIRE(run("chmod +x bin/" + name).code == 0);
  }
  void shop() {
    file("shop/kustomization.yaml", "resources: [job.yaml]\nnamePrefix: a-\n");
    file("shop/job.yaml", kHook);
  }
  // With no other programs than the stand-ins (and a shell to run them).
  [[nodiscard]] Ended rendering(const std::string& command) const {
    return run(fmt::format("PATH=$PWD/bin {}", command));
  }
};

TEST_CASE("what kustomize prints is linted in place of the files") {
  Workshop workshop;
  workshop.shop();
  workshop.tool("kustomize",
                "test \"$*\" = 'build shop' || exit 9\ncat <<'END'\n" + kHook + "END\n");
  // `cat` is needed by the stand-in only.
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  const Ended ended = workshop.rendering("wavetank lint --render shop");
  CHECK(ended.code == 1);
  CHECK(ended.says("shop (rendered):6:30"));
  CHECK(!ended.says("shop/job.yaml"));
  CHECK(!ended.says("not rendered"));
  CHECK(ended.says(
      "1 file checked (1 object), 2 not checked: 2 chart, values or kustomization files"));
  const Ended plain = workshop.run("wavetank lint shop");
  CHECK(plain.says("shop/job.yaml:6:30"));
}

TEST_CASE("plan, simulate, why and explore take what was rendered, too") {
  Workshop workshop;
  workshop.shop();
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  workshop.tool(
      "kustomize",
      "cat <<'END'\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: from-kustomize}\nEND\n");
  for (const char* command : {"plan", "simulate", "explore"}) {
    CAPTURE(command);
    const Ended ended = workshop.rendering(fmt::format("wavetank {} --render shop", command));
    CHECK(ended.code == 0);
  }
  CHECK(workshop.rendering("wavetank plan --render shop").says("from-kustomize"));
}

TEST_CASE("without kustomize it is kubectl, and without both that is said") {
  Workshop workshop;
  workshop.shop();
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  const Ended missing = workshop.rendering("wavetank lint --render shop");
  CHECK(missing.code == 4);
  CHECK(missing.says("error[IN016]"));
  CHECK(missing.says("neither `kustomize` nor `kubectl` is installed"));
  workshop.tool("kubectl",
                "test \"$*\" = 'kustomize shop' || exit 9\ncat <<'END'\n" + kHook + "END\n");
  CHECK(workshop.rendering("wavetank lint --render shop").says("shop (rendered):6:30"));
}

TEST_CASE("a tool that fails is quoted, escaped, and nothing of its half result is taken") {
  Workshop workshop;
  workshop.shop();
  workshop.tool("kustomize",
                "echo 'kind: Half'; printf 'no such base\\033[31m\\nsecond\\n\\nthird\\nfourth\\n' "
                ">&2; exit 3\n");
  const Ended ended = workshop.rendering("wavetank lint --render shop");
  CHECK(ended.code == 4);
  CHECK(ended.says("`shop` cannot be rendered: `kustomize build` ended with 3: no such base"));
  CHECK(ended.says("; second; third"));
  CHECK(!ended.says("fourth"));
  CHECK(!ended.says("\033"));
  CHECK(!ended.says("job.yaml"));
}

TEST_CASE("what is printed must be YAML") {
  Workshop workshop;
  workshop.shop();
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  workshop.tool("kustomize", "cat <<'END'\n" + kHook + "---\na: b: c\nEND\n");
  const Ended ended = workshop.rendering("wavetank lint --render shop");
  CHECK(ended.code == 4);
  CHECK(ended.says("error[IN003]"));
  CHECK(!ended.says("Presync"));
}

TEST_CASE("a tool that does not end is ended, with what it started") {
  Workshop workshop;
  workshop.shop();
  workshop.tool("kustomize", "/bin/sleep 60 & echo $! > child; /bin/sleep 60\n");
  const Ended ended = workshop.rendering("wavetank lint --render --render-timeout=300ms shop");
  CHECK(ended.code == 4);
  CHECK(ended.says("`kustomize build` gave nothing: it took longer than 300 ms"));
  CHECK(workshop
            .run("sleep 0.2; kill -0 $(cat child) 2>/dev/null && "
                 "! grep -q zombie /proc/$(cat child)/status")
            .code != 0);
}

TEST_CASE("a chart is rendered by helm, and its findings name their templates") {
  Workshop workshop;
  workshop.file("shop/Chart.yaml", "apiVersion: v2\nname: store\nversion: 1.0.0\n");
  workshop.file("shop/values.yaml", "a: 1\n");
  workshop.file("shop/templates/job.yaml", "{{- if .Values.a }}\na: 1\n{{- end }}\n");
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  workshop.tool("helm",
                "echo \"$@\" > asked; cat <<'END'\n---\n# Source: store/templates/job.yaml\n" +
                    kHook + "END\n");
  const Ended ended = workshop.rendering("wavetank lint --render shop");
  CHECK(ended.code == 1);
  CHECK(ended.says("shop/templates/job.yaml (rendered):8:30"));
  CHECK(!ended.says("template,"));
  CHECK(workshop.run("cat asked").output ==
        "template --name-template=shop --namespace=default --include-crds shop\n");
}

TEST_CASE("what an Application says of a chart reaches helm") {
  Workshop workshop;
  workshop.file("charts/shop/Chart.yaml", "apiVersion: v2\nname: store\nversion: 1.0.0\n");
  workshop.file(
      "app.yaml",
      "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: web}\nspec:\n"
      "  destination: {namespace: store}\n  source:\n    path: charts/shop\n    helm:\n"
      "      valueFiles: [prod.yaml]\n      parameters: [{name: a, value: b c}]\n"
      "      valuesObject: {x: 1}\n");
  REQUIRE(workshop.run("ln -s $(command -v cat) bin/cat").code == 0);
  workshop.tool("helm", "{ for each; do echo \"$each\"; done; cat; } > asked; cat <<'END'\n" +
                            kHook + "END\n");
  const Ended ended = workshop.rendering("wavetank lint --render .");
  CHECK(ended.code == 1);
  CHECK(workshop.run("cat asked").output ==
        "template\n--name-template=web\n--namespace=store\n--include-crds\n"
        "--values=charts/shop/prod.yaml\n--values=-\n--set=a=b c\ncharts/shop\n{\"x\":1}");
}

TEST_CASE("rendering and changing files do not go together, nor do revisions of git") {
  Workshop workshop;
  workshop.shop();
  CHECK(workshop.run("wavetank lint --render --fix shop").code == 2);
  CHECK(workshop.run("wavetank lint --render --render-timeout=soon shop").code == 2);
  REQUIRE(workshop
              .run("git init -q . && git add -A && git -c user.name=a -c user.email=a@example.com "
                   "commit -qm x")
              .code == 0);
  const Ended ended = workshop.run("wavetank diff --render HEAD shop");
  CHECK(ended.code == 2);
  CHECK(ended.says("git worktree add"));
}

TEST_CASE("the real kubectl renders a prefix and a generator") {
  Workshop workshop;
  if (workshop.run("kubectl kustomize --help >/dev/null 2>&1").code != 0) {
    WARN("skipped: there is no kubectl");
    return;
  }
  workshop.shop();
  workshop.file("shop/kustomization.yaml",
                "resources: [job.yaml]\nnamePrefix: a-\n"
                "configMapGenerator: [{name: settings, literals: [a=b]}]\n");
  const Ended ended = workshop.run("wavetank plan --render shop");
  CHECK(ended.code == 0);
  CHECK(ended.says("a-settings-"));
}

}  // namespace
