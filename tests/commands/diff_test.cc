// What a change does to a plan, over small applications in memory.

#include <catch2/catch.hpp>

#include "commands/diff.h"
#include "support/memory_files.h"

namespace wavetank::commands {
namespace {

std::string object(const std::string& kind, const std::string& name,
                   const std::string& annotations = "") {
  const std::string version = kind == "Job" ? "batch/v1" : kind == "Deployment" ? "apps/v1" : "v1";
  return "---\napiVersion: " + version + "\nkind: " + kind + "\nmetadata:\n  name: " + name +
         "\n  annotations: {" + annotations + "}\n";
}

const std::string kHook = "argocd.argoproj.io/hook: PreSync";
const std::string kWave1 = "argocd.argoproj.io/sync-wave: \"1\"";

Result diff(const std::string& before, const std::string& after, DiffRequest request = {}) {
  support::MemoryFiles files;
  files.add("old/app/x.yaml", before);
  files.add("new/app/x.yaml", after);
  request.before = {.files = &files, .path = "old"};
  request.after = {.files = &files, .path = "new"};
  return run_diff(request);
}

std::string text(const std::string& before, const std::string& after, DiffRequest request = {}) {
  return diff(before, after, request).output;
}

bool has(const std::string& whole, std::string_view part) {
  return whole.find(part) != std::string::npos;
}

TEST_CASE("equal plans differ in nothing, whatever the contents") {
  const Result result = diff(object("ConfigMap", "a"), object("ConfigMap", "a") + "data: {x: y}\n",
                             {.on_difference = DiffExit::Findings});
  CHECK(result.output == "1 plan compared, no difference\n");
  CHECK(result.exit == ExitCode::Ok);
}

TEST_CASE("added and removed objects are told with their places") {
  const std::string out = text(object("ConfigMap", "a"), object("ConfigMap", "b", kWave1));
  CHECK(has(out, "  added     ConfigMap/b  Sync, wave 1\n"));
  CHECK(has(out, "  removed   ConfigMap/a  Sync, wave 0: stays in the cluster: pruning is off\n"));
  CHECK(has(out, "1 plan compared, 1 differs: 1 added, 1 removed\n"));
}

TEST_CASE("what becomes of a removed object depends on pruning and on the object") {
  const DiffRequest prune{.prune = true};
  const std::string rest = object("ConfigMap", "b");
  const auto removed = [&](const std::string& gone) { return text(gone + rest, rest, prune); };
  const std::string options = "argocd.argoproj.io/sync-options: ";
  CHECK(has(removed(object("ConfigMap", "a")), "wave 0: pruned\n"));
  CHECK(has(removed(object("ConfigMap", "a", options + "PruneLast=true")),
            "wave 0: pruned, after everything else\n"));
  CHECK(has(removed(object("ConfigMap", "a", options + "Prune=false")),
            "stays in the cluster: Prune=false\n"));
  CHECK(has(removed(object("Job", "a", kHook)), "a hook is never pruned"));
}

TEST_CASE("a move is told, and who waits for whom since") {
  const std::string api = object("Deployment", "api", kWave1);
  const std::string out = text(object("Job", "migrate", kHook) + api,
                               object("Job", "migrate", kHook) + object("Deployment", "api") +
                                   object("Secret", "db", kWave1));
  CHECK(has(out, "  moved     Deployment/api  Sync, wave 1 -> Sync, wave 0\n"));
  const std::string later =
      text(object("Secret", "db") + object("Deployment", "api"), object("Secret", "db") + api);
  CHECK(has(later, "  order\n    Deployment/api now waits for Secret/db\n"));
  const std::string earlier =
      text(object("Secret", "db") + api, object("Secret", "db") + object("Deployment", "api"));
  CHECK(has(earlier, "    Deployment/api no longer waits for Secret/db\n"));
}

TEST_CASE("a resource that becomes a hook has moved, even within its phase") {
  const std::string out =
      text(object("Job", "a"), object("Job", "a", "argocd.argoproj.io/hook: Sync"));
  CHECK(has(out, "moved     Job/a  Sync, wave 0 -> Sync, wave 0, as a hook\n"));
}

TEST_CASE("delete policies and sync options are compared") {
  const std::string policy = kHook + ", argocd.argoproj.io/hook-delete-policy: ";
  CHECK(
      has(text(object("Job", "a", policy + "HookFailed"),
               object("Job", "a", policy + "BeforeHookCreation")),
          "policies  Job/a  deleted when the sync fails -> deleted before it is created again\n"));
  CHECK(has(text(object("ConfigMap", "a"),
                 object("ConfigMap", "a", "argocd.argoproj.io/sync-options: Replace=true")),
            "options   ConfigMap/a  none -> Replace=true\n"));
}

TEST_CASE("an object that Argo CD no longer applies is left out, and the other way round") {
  const std::string skip = object("ConfigMap", "a", "argocd.argoproj.io/hook: Skip");
  CHECK(has(text(object("ConfigMap", "a"), skip),
            "left out  ConfigMap/a  Sync, wave 0 -> hook Skip: neither applied nor pruned\n"));
  CHECK(has(text(skip, object("ConfigMap", "a")), "taken in  ConfigMap/a  hook Skip"));
}

TEST_CASE("applications are matched by what they are called below their root") {
  support::MemoryFiles files;
  files.add("old/a/x.yaml", object("ConfigMap", "x"));
  files.add("old/b/x.yaml", object("ConfigMap", "x"));
  files.add("new/b/x.yaml", object("ConfigMap", "x"));
  files.add("new/c/x.yaml", object("ConfigMap", "x"));
  const DiffRequest request{.before = {.files = &files, .path = "old"},
                            .after = {.files = &files, .path = "new"}};
  const std::string out = run_diff(request).output;
  CHECK(has(out, "a  (the new revision does not have this application)\n"));
  CHECK(has(out, "c  (the old revision does not have this application)\n"));
  CHECK(has(out, "3 plans compared, 2 differ: "));
}

TEST_CASE("differences end with 1 when asked for, bad input with 4") {
  const std::string one = object("ConfigMap", "a");
  const std::string two = object("ConfigMap", "b");
  CHECK(diff(one, two).exit == ExitCode::Ok);
  CHECK(diff(one, two, {.on_difference = DiffExit::Findings}).exit == ExitCode::Findings);
  CHECK(diff(one, "a: b: c\n", {.on_difference = DiffExit::Findings}).exit == ExitCode::Input);
  CHECK(diff(one, two, {.application = "nobody"}).exit == ExitCode::Usage);
}

TEST_CASE("the difference as JSON and Markdown") {
  const auto json = nlohmann::json::parse(
      text(object("ConfigMap", "a|b"), object("ConfigMap", "c"), {.format = DiffFormat::Json}));
  CHECK(json.at("schemaVersion") == 1);
  CHECK(json.at("applications").at(0).at("changes").at(1).at("object").at("name") == "a|b");
  const std::string out =
      text(object("ConfigMap", "a|b"), object("ConfigMap", "c"), {.format = DiffFormat::Markdown});
  CHECK(has(out, "| removed | ConfigMap/a&#124;b | Sync, wave 0: stays"));
}

}  // namespace
}  // namespace wavetank::commands
