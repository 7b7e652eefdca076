// `lint --baseline`, `wavetank baseline` and `lint --add-ignore`, as a user meets them.

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

TEST_CASE("a baseline is written, used, shown and pruned") {
  Workshop workshop;
  CHECK(workshop.run("wavetank lint").code == 1);
  const Ended written = workshop.run("wavetank baseline write");
  CHECK(written.output == ".wavetank-baseline.yaml: 1 entry written\n");
  CHECK(workshop.run("wavetank baseline write").code == 2);
  const std::string lint = "wavetank lint --baseline .wavetank-baseline.yaml";
  CHECK(workshop.run(lint).output ==
        "0 errors, 0 warnings, 0 infos; 1 file checked (1 object), 1 not checked: 1 without a "
        "Kubernetes object; 1 in the baseline\n");
  CHECK(workshop.run("cd a && " + lint.substr(0, 25) + "../.wavetank-baseline.yaml").code == 0);
  CHECK(workshop.run("wavetank baseline").says("found   AN004  /ConfigMap/default/x  a/cm.yaml\n"));
  CHECK(workshop.run("sed -i s/sync-waves/sync-wave/ a/cm.yaml; " + lint).code == 0);
  CHECK(workshop.run(lint + " --fail-on warning").code == 1);
  CHECK(workshop.run("wavetank baseline prune").says("1 entry removed, 0 left"));
  CHECK(workshop.run(lint + " --fail-on warning").code == 0);
  CHECK(workshop.run("wavetank baseline shorten").code == 2);
}

TEST_CASE("--add-ignore writes comments, and --diff shows them") {
  Workshop workshop;
  const Ended diff = workshop.run("wavetank lint --add-ignore --diff");
  CHECK(diff.code == 1);
  CHECK(
      diff.says("+    argocd.argoproj.io/sync-waves: \"1\"  # wavetank: ignore[AN004] found when "
                "wavetank was adopted\n"));
  CHECK(diff.says("would suppress 1 finding in 1 file; nothing remains"));
  CHECK(workshop.run("wavetank lint").code == 1);
  CHECK(workshop.run("wavetank lint --add-ignore='see #12'").code == 0);
  const Ended after = workshop.run("wavetank lint; cat a/cm.yaml");
  CHECK(after.says("1 finding suppressed"));
  CHECK(after.says("# wavetank: ignore[AN004] see #12\n"));
  CHECK(workshop.run("wavetank lint --fix --add-ignore").code == 2);
}

}  // namespace
