// One object's place: from the plan, and from a simulation.

#include "commands/why.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/memory_files.h"

namespace wavetank::commands {
namespace {

const std::string kShop =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
    "    argocd.argoproj.io/hook: PreSync,PostSync\n"
    "spec: {template: {spec: {restartPolicy: Never, containers: [{name: a, image: a:1}]}}}\n"
    "---\napiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: api\n"
    "  annotations: {argocd.argoproj.io/sync-wave: \"1\"}\n"
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: away\n"
    "  annotations: {argocd.argoproj.io/hook: Skip}\n";

Result why(const std::string& object, WhyRequest request = {}) {
  support::MemoryFiles files;
  files.add("app/x.yaml", kShop);
  request.object = object;
  request.load.paths = {"app"};
  return run_why(files, request);
}

bool has(const std::string& whole, std::string_view part) {
  return whole.find(part) != std::string::npos;
}

TEST_CASE("an object is told with its place, why it is there and who waits for whom") {
  const std::string out = why("ConfigMap/api").output;
  CHECK(has(out, "ConfigMap/api  (app/x.yaml:17:9, application app)\n"));
  CHECK(has(out, "  Sync, wave 1: step 3 of 4\n"));
  CHECK(has(out, "because       no hook: phase Sync; sync-wave 1; "));
  CHECK(has(out, "waits for     Job/migrate (PreSync), Secret/db\n"));
  CHECK(has(out, "waits for it  Job/migrate (PostSync)\n"));
  CHECK(has(out, "if it fails   the sync fails; 1 task is not applied\n"));
}

TEST_CASE("a hook in two phases has two places") {
  const std::string out = why("job/MIGRATE").output;
  CHECK(has(out, "  PreSync, wave 0: step 1 of 4\n"));
  CHECK(has(out, "  PostSync, wave 0: step 4 of 4\n"));
}

TEST_CASE("what takes no part says why") {
  CHECK(
      has(why("ConfigMap/away").output, "not in this sync: hook Skip: neither applied nor pruned"));
}

TEST_CASE("a simulation tells what an object waited for, in time, and how it ends") {
  const std::string out = why("ConfigMap/api", {.source = WhySource::Simulation}).output;
  CHECK(has(out, "waited for Job/migrate (PreSync), done then\n"));
  CHECK(has(out, "applied: configmap/api created\n"));
  CHECK(has(out, "the sync: Succeeded: "));
  CHECK(has(why("ConfigMap/away", {.source = WhySource::Simulation}).output,
            "ends as never applied\n"));
}

TEST_CASE("unknown and ambiguous names end with 2 and places, the nearest first") {
  const Result unknown = why("ConfigMap/apj");
  CHECK(unknown.exit == ExitCode::Usage);
  CHECK(has(unknown.errors,
            "no object is called `ConfigMap/apj`; did you mean\n"
            "  /ConfigMap/default/api  (app/x.yaml:17:9, application app)\n"));
  CHECK(has(why("Secret/api").errors, "  /ConfigMap/default/api  ("));
  CHECK(why("ConfigMap/nothing-like-it").errors ==
        "wavetank: no object is called `ConfigMap/nothing-like-it`\n");

  support::MemoryFiles files;
  files.add("a/x.yaml", kShop);
  files.add("b/x.yaml", kShop);
  WhyRequest request{.object = "Secret/db", .load = {.paths = {"a", "b"}}};
  const Result ambiguous = run_why(files, request);
  CHECK(ambiguous.exit == ExitCode::Usage);
  CHECK(has(ambiguous.errors, "2 objects are called `Secret/db`; say which, or give --app\n"));
  CHECK(has(ambiguous.errors, "(b/x.yaml:12:9, application b)\n"));
  request.application = "b";
  CHECK(run_why(files, request).exit == ExitCode::Ok);
}

TEST_CASE("full names are understood") {
  CHECK(why("default/Secret/db").exit == ExitCode::Ok);
  CHECK(why("batch/Job/default/migrate").exit == ExitCode::Ok);
}

TEST_CASE("the answer as JSON") {
  const auto json = nlohmann::json::parse(
      why("ConfigMap/api", {.source = WhySource::Simulation, .format = Format::Json}).output);
  CHECK(json.at("schemaVersion") == 1);
  CHECK(json.at("tasks").at(0).at("step") == 3);
  CHECK_FALSE(json.at("simulation").at("events").empty());
}

const std::string kDump =
    "apiVersion: v1\nkind: List\nitems:\n"
    "- apiVersion: batch/v1\n  kind: Job\n  metadata: {name: migrate, namespace: default}\n"
    "- apiVersion: v1\n  kind: Secret\n"
    "  metadata: {name: db, namespace: default, deletionTimestamp: '2024-05-01T10:00:00Z', "
    "finalizers: [example.com/keep]}\n  data: {password: c2VjcmV0}\n"
    "- apiVersion: argoproj.io/v1alpha1\n  kind: Application\n"
    "  metadata: {name: app, namespace: argocd}\n"
    "  status:\n    operationState:\n      phase: Running\n"
    "      startedAt: '2024-05-01T09:59:00Z'\n"
    "      message: waiting for completion of hook batch/Job/migrate\n"
    "      syncResult:\n        resources:\n"
    "        - {group: batch, kind: Job, namespace: default, name: migrate, syncPhase: PreSync, "
    "hookPhase: Running, message: \"it\\e[31mruns\"}\n";

Result why_live(const std::string& object, Format format = Format::Text) {
  support::MemoryFiles files;
  files.add("app/x.yaml", kShop);
  files.add("dump.yaml", kDump);
  return run_why(
      files,
      {.object = object, .load = {.paths = {"app"}}, .live = {"dump.yaml"}, .format = format});
}

TEST_CASE("a dump tells what an object waits for now, and what it holds up") {
  const std::string out = why_live("ConfigMap/api").output;
  CAPTURE(out);
  CHECK(has(out, "    it is         not there\n"));
  CHECK(has(out,
            "    the sync      Running since 2024-05-01T09:59:00Z: waiting for completion of "
            "hook batch/Job/migrate\n"));
  CHECK(has(out,
            "    waits now for Job/migrate (PreSync) (Running: it\\x1b[31mruns), Secret/db "
            "(not applied yet)\n"));
  CHECK(has(out, "    holds up now  Job/migrate (PostSync)\n"));
  const std::string hook = why_live("Job/migrate").output;
  CHECK(has(hook, "    its part      PreSync, Running: it\\x1b[31mruns\n"));
  CHECK(has(hook, "    it is         Progressing"));
}

TEST_CASE("a dump tells what holds a deletion, and no secret") {
  const Result result = why_live("Secret/db");
  CHECK(has(result.output,
            "    being deleted since 2024-05-01T10:00:00Z, held by example.com/keep\n"));
  for (const Format format : {Format::Text, Format::Json}) {
    CHECK_FALSE(has(why_live("Secret/db", format).output, "c2VjcmV0"));
  }
  const auto json = nlohmann::json::parse(why_live("ConfigMap/api", Format::Json).output);
  CHECK(json.at("live").at("state") == "not there");
  CHECK(json.at("live").at("waitsFor").size() == 2);
}

TEST_CASE("a dump that cannot be read is an input problem, with its place") {
  support::MemoryFiles files;
  files.add("app/x.yaml", kShop);
  files.add("dump.yaml", "apiVersion: v1\nkind: [\n");
  const WhyRequest request{
      .object = "Secret/db", .load = {.paths = {"app"}}, .live = {"dump.yaml"}};
  const Result broken = run_why(files, request);
  CHECK(broken.exit == ExitCode::Input);
  CHECK(has(broken.errors, "dump.yaml:"));
  CHECK(broken.output.empty());
}

}  // namespace
}  // namespace wavetank::commands
