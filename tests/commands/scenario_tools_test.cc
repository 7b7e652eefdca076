// `wavetank scenario`: a beginning that can be played, defaults that are said, a schema.
#include "commands/scenario_tools.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "commands/test.h"
#include "support/memory_files.h"
#include "support/recorded.h"

namespace wavetank::commands {
namespace {

constexpr const char* kManifests =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n"
    "  annotations: {argocd.argoproj.io/hook: PreSync}\nspec:\n  template:\n"
    "    spec: {restartPolicy: Never, containers: [{name: m, image: x}]}\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: config}\n";

TEST_CASE("what `scenario init` prints can be played, and holds") {
  support::MemoryFiles files;
  files.add("deploy/shop/all.yaml", kManifests);
  const Result begun = init_scenario(files, "deploy/shop");
  CAPTURE(begun.output, begun.errors);
  REQUIRE(begun.exit == ExitCode::Ok);
  CHECK(begun.output.find("# - {match: {kind: Job, name: migrate}, outcome: Fail}") !=
        std::string::npos);
  files.add("deploy/scenario.yaml", begun.output);
  const Result played = run_test(files, {.paths = {"deploy"}});
  CAPTURE(played.output, played.errors);
  CHECK(played.exit == ExitCode::Ok);
}

TEST_CASE("`scenario init` of nothing is an input problem") {
  support::MemoryFiles files;
  CHECK(init_scenario(files, "nowhere").exit == ExitCode::Input);
}

TEST_CASE("`scenario show` prints every default, and what it prints can be read again") {
  support::MemoryFiles files;
  files.add("s/m/all.yaml", kManifests);
  files.add("s/scenario.yaml",
            "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\napps: {shop: {path: m}}\n"
            "timeline: [{sync: shop}]\nexpect: {outcome: Succeeded}\n");
  const Result shown = show_scenario(files, "s");
  REQUIRE(shown.exit == ExitCode::Ok);
  for (const char* line : {"horizon: 24h", "resync: 2m", "at: quiescent", "create: true"}) {
    CAPTURE(line);
    CHECK(shown.output.find(line) != std::string::npos);
  }
  files.add("s/scenario.yaml", shown.output);
  CHECK(show_scenario(files, "s").output == shown.output);
}

TEST_CASE("docs/schemas/scenario.schema.json is what `scenario schema` prints") {
  const std::string path = support::in_repository("docs/schemas/scenario.schema.json");
  if (std::getenv("WAVETANK_UPDATE") != nullptr) std::ofstream(path) << scenario_schema().output;
  CHECK(support::read_file(path).value_or("") == scenario_schema().output);
  const auto schema = nlohmann::json::parse(scenario_schema().output);
  CHECK(schema.at("additionalProperties") == false);
}

TEST_CASE("test: what cannot be played is named, and decides the exit code") {
  support::MemoryFiles files;
  files.add("a/scenario.yaml", "kind: Scenario\n");
  files.add("b/scenario.yaml",
            "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\napps: {shop: {path: m}}\n");
  const Result wrong = run_test(files, {.paths = {"a"}});
  CHECK(wrong.exit == ExitCode::Usage);
  CHECK(wrong.output.find("unusable     a/scenario.yaml") != std::string::npos);
  CHECK(run_test(files, {.paths = {"b"}}).exit == ExitCode::Input);
  CHECK(run_test(files, {.paths = {"c"}}).exit == ExitCode::Input);
}

TEST_CASE("a scenario that is given up is inconclusive, whatever its golden trace") {
  support::MemoryFiles files;
  files.add("s/m/a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
  files.add("s/trace.txt", "as it was\n");
  files.add("s/scenario.yaml",
            "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\nmetadata: {name: s}\nmaxSteps: 1\n"
            "apps: {shop: {path: m}}\ntimeline: [{sync: shop}]\n"
            "expect: [{name: good, eventually: sync(shop) == Synced}]\n");
  const Result given_up = run_test(files, {.paths = {"s"}});
  CHECK(given_up.exit == ExitCode::Inconclusive);
  const Result updated = run_test(files, {.paths = {"s"}, .updates = true});
  CHECK(updated.files.empty());
}

}  // namespace
}  // namespace wavetank::commands
