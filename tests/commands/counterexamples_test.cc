// What explore writes is what it found: each scenario plays, and ends as badly as was said.

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include "commands/explore.h"
#include "commands/test.h"
#include "explore/drawn.h"
#include "support/memory_files.h"

namespace wavetank::commands {
namespace {

constexpr const char* kJob =
    "---\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
    "    argocd.argoproj.io/hook: PreSync\n"
    "    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n"
    "spec: {backoffLimit: 0, template: {spec: {restartPolicy: Never, containers: [{name: a, "
    "image: x}]}}}\n";
constexpr const char* kConfig =
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {a: b}\n";
constexpr const char* kClaim =
    "---\napiVersion: v1\nkind: PersistentVolumeClaim\nmetadata: {name: data}\n"
    "spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}\n";

Result explored(const support::MemoryFiles& files, const ExploreRequest& request) {
  explore::Watch nobody;
  return run_explore(files, request, nobody);
}

void take(const Result& result, support::MemoryFiles& files) {
  for (const OutputFile& file : result.files) files.add(file.path, file.text);
}

TEST_CASE("each minimal set of faults becomes a scenario that fails as was found") {
  support::MemoryFiles files;
  files.add("app/a.yaml", std::string(kJob) + kConfig);
  const Result found = explored(files, {.load = {.paths = {"app"}}, .write_to = "found"});
  CHECK(found.errors == "wavetank: 10 scenarios written to found\n");
  REQUIRE(found.files.size() == 10);
  take(found, files);
  CHECK(*files.read("found/sync-fails-job-migrate-fails/scenario.yaml") ==
        "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\nmetadata:\n"
        "  description: \"Found by wavetank explore: Job/migrate fails, and it is not true that "
        "the sync succeeds.\"\n  name: sync-fails-job-migrate-fails\n"
        "engine:\n  version: \"3.6\"\nhorizon: 6h\n"
        "apps:\n  app:\n    namespace: default\n    path: ../../app\n"
        "behaviours:\n  - match:\n      kind: Job\n      name: migrate\n    outcome: Fail\n"
        "timeline:\n  - sync:\n      app: app\n"
        "expect:\n  - name: the sync succeeds\n    outcome: Succeeded\n");
  const Result played = run_test(files, {.paths = {"found"}});
  CHECK(played.output.ends_with("10 scenarios, 10 failed\n"));
}

TEST_CASE("an upgrade is disturbed only after the old revision") {
  support::MemoryFiles files;
  files.add("old/a.yaml", std::string(kJob) + kClaim);
  files.add("new/a.yaml", kJob);
  const Result found = explored(files, {.load = {.paths = {"new"}},
                                        .from = Revision{.files = &files, .path = "old"},
                                        .prune = true,
                                        .write_to = "found"});
  take(found, files);
  const auto data = files.read("found/data-deleted-nothing-goes-wrong/scenario.yaml");
  REQUIRE(data.has_value());
  CHECK(data->find("eventually: exists(PersistentVolumeClaim/default/data) and not "
                   "deleting(PersistentVolumeClaim/default/data)") != std::string::npos);
  const Result played = run_test(files, {.paths = {"found"}});
  INFO(played.output);
  CHECK(played.output.find("passed") == std::string::npos);
  CHECK(played.output.find("unusable") == std::string::npos);
  CHECK(played.exit == ExitCode::Findings);
}

TEST_CASE("what the scenario says of its world is kept") {
  support::MemoryFiles files;
  files.add("s/app/a.yaml", std::string(kJob) + kConfig);
  files.add("s/scenario.yaml",
            "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\nmetadata: {name: s}\n"
            "apps: {shop: {path: app}}\n"
            "behaviours: [{match: {kind: Job, name: migrate}, after: 90s}]\n"
            "timeline: [{sync: shop}]\nexpect: [{outcome: Succeeded}]\n");
  take(explored(files, {.load = {.paths = {"s"}}, .write_to = "found"}), files);
  const auto text = files.read("found/sync-fails-job-migrate-fails/scenario.yaml");
  REQUIRE(text.has_value());
  CHECK(text->find("behaviours:\n  - after: 90s\n    match:\n      kind: Job\n      name: "
                   "migrate\n    outcome: Fail\n") != std::string::npos);
  CHECK(text->find("path: ../../s/app\n") != std::string::npos);
}

TEST_CASE("whatever is explored, what is written fails when it is played") {
  rc::prop("all fail", [] {
    const explore::DrawnApplication drawn = explore::draw_application(4);
    support::MemoryFiles files;
    std::string text;
    for (const std::string& manifest : drawn.manifests) text += "---\n" + manifest + "\n";
    files.add("app/a.yaml", text);
    const Result found = explored(files, {.load = {.paths = {"app"}}, .write_to = "found"});
    take(found, files);
    if (found.files.empty()) return;
    const Result played = run_test(files, {.paths = {"found"}});
    // A sync that goes round for ever is inconclusive: the horizon comes first.
    const bool all_fail = played.output.find("passed") == std::string::npos &&
                          played.output.find("unusable") == std::string::npos &&
                          played.output.find("vacuous") == std::string::npos;
    if (!all_fail) RC_FAIL(text + found.output + played.output + played.errors);
  });
}

}  // namespace
}  // namespace wavetank::commands
