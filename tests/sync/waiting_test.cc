// What a pass waits for, how it says so, and what live objects mean for tasks that run.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kFailed = "-> Failed: one or more synchronization tasks completed unsuccessfully";
const std::string kNoMore = "-> Succeeded: successfully synced (no more tasks)";

// A hook that has been applied, in the only group.
struct RunningHook : Story {
  explicit RunningHook(model::ArgocdVersion played = model::kNewestVersion,
                       const std::string& name = "Job/h") {
    version = played;
    target(name, {.hook = "Sync", .policy = "HookFailed"});
    pass();
  }
};

TEST_CASE("a hook is waited for even when it stands alone, a resource is not") {
  RunningHook story;
  CHECK(story.pass() == "-> Running: waiting for completion of hook batch/Job/h");
  CHECK(story.reasons() == "a hook has not completed Job/h\n");
  Story plain;
  plain.target("Deployment/d");
  CHECK(plain.pass() == "+d -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("a resource that stands alone beside a hook is not waited for") {
  Story story;
  story.target("Deployment/d").target("Job/h", {.hook = "Sync", .policy = "HookFailed"});
  story.pass();
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h " + kNoMore);
  CHECK(story.results() ==
        "Sync Deployment/d Synced/Running created\nSync Job/h Synced/Succeeded created\n");
}

TEST_CASE("a suspended hook still runs") {
  RunningHook story;
  story.health("Job/h", Status::Suspended, "paused");
  CHECK(story.pass() == "-> Running: waiting for completion of hook batch/Job/h");
  CHECK(story.results() == "Sync Job/h Synced/Running paused\n");
}

TEST_CASE("a hook of unknown health has failed") {
  RunningHook story;
  story.health("Job/h", Status::Unknown, "who knows");
  CHECK(story.pass() == "f h -h " + kFailed);
  CHECK(story.results() == "Sync Job/h Synced/Failed who knows\n");
  CHECK(story.reasons() == "the hook failed Job/h\nHookFailed deletes the hook Job/h\n");
}

TEST_CASE("a hook that the health check calls missing counts as done") {
  RunningHook story;
  story.health("Job/h", Status::Missing, "where is it");
  CHECK(story.pass() == "f h " + kNoMore);
  CHECK(story.results() == "Sync Job/h Synced/Succeeded h created\n");
}

TEST_CASE("a hook of a kind without health is done once it exists") {
  RunningHook story(model::kNewestVersion, "ConfigMap/h");
  CHECK(story.pass() == "f h " + kNoMore);
  CHECK(story.results() == "Sync ConfigMap/h Synced/Succeeded h created\n");
}

TEST_CASE("a hook whose health cannot be told has failed; the error names the step since 3.1") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 4}, {3, 1}, {3, 0}}) {
    RunningHook story(version);
    story.fail_health("Job/h", "no script");
    CHECK(story.pass() == "f h -h " + kFailed);
    if (version.minor == 4) {
      CHECK(story.results() ==
            "Sync Job/h Synced/Error failed to get resource health: failed to get resource "
            "health: no script\n");
    } else if (version.minor == 1) {
      CHECK(story.results() ==
            "Sync Job/h /Error failed to get resource health: failed to get resource health: no "
            "script\n");
    } else {
      CHECK(story.results() == "Sync Job/h /Error failed to get resource health: no script\n");
    }
  }
}

TEST_CASE("before 3.4 a hook that ends loses the status of its result") {
  RunningHook story({3, 3});
  story.health("Job/h", Status::Healthy, "done");
  CHECK(story.pass() == "f h " + kNoMore);
  CHECK(story.results() == "Sync Job/h /Succeeded done\n");
}

TEST_CASE("a resource that becomes healthy takes over the message of its health") {
  Story story;
  story.target("Deployment/d").target("ConfigMap/cm", {.wave = "1"});
  story.pass();
  story.health("Deployment/d", Status::Healthy, "rolled out");
  CHECK(story.pass() == "+cm -> Succeeded: successfully synced (all tasks run)");
  CHECK(story.results() ==
        "Sync Deployment/d Synced/Succeeded rolled out\nSync ConfigMap/cm Synced/Running "
        "created\n");
}

TEST_CASE("a resource of unknown health, or whose health cannot be told, is waited for") {
  Story story;
  story.target("Deployment/d").target("ConfigMap/cm", {.wave = "1"});
  const std::string waiting = "-> Running: waiting for healthy state of apps/Deployment/d";
  story.pass();
  story.health("Deployment/d", Status::Unknown);
  CHECK(story.pass() == waiting);
  CHECK(story.reasons() == "a resource is not healthy yet Deployment/d\n");
  story.health("Deployment/d", Status::Healthy).fail_health("Deployment/d", "no script");
  CHECK(story.pass() == waiting);
  CHECK(story.results() == "Sync Deployment/d Synced/Running created\n");
}

TEST_CASE("a degraded resource is the reason of a failure") {
  Story story;
  story.target("Deployment/d").target("ConfigMap/cm", {.wave = "1"});
  story.pass();
  story.health("Deployment/d", Status::Degraded, "exceeded");
  story.pass();
  CHECK(story.reasons() == "the resource is degraded Deployment/d\n");
}

TEST_CASE("the message names a hook first, and says resources as soon as one of them is none") {
  Story story;
  story.target("ConfigMap/a").target("Job/h", {.hook = "Sync"}).target("Job/i", {.hook = "Sync"});
  CHECK(story.pass() ==
        "+a +h +i -> Running: waiting for completion of hook batch/Job/h and 2 more resources");
  CHECK(story.pass() == "-> Running: waiting for completion of hook batch/Job/h and 1 more hooks");
}

TEST_CASE("before 3.4 the first task decides the words") {
  Story story;
  story.version = {3, 3};
  story.target("ConfigMap/a").target("Deployment/d", {.wave = "1"});
  story.target("Job/h", {.hook = "PostSync"}).target("Job/i", {.hook = "PostSync"});
  CHECK(story.pass() ==
        "+a zz -> Running: waiting for healthy state of apps/Deployment/d and 2 more resources");
  CHECK(story.pass() ==
        "+d zz -> Running: waiting for completion of hook batch/Job/h and 1 more hooks");
  CHECK(story.pass() == "-> Running: waiting for healthy state of apps/Deployment/d");
}

TEST_CASE("before 3.4 hooks of the group itself are named, and what is still to come") {
  Story story;
  story.version = {3, 3};
  story.target("ConfigMap/a").target("Job/h", {.hook = "Sync"});
  story.target("ConfigMap/b", {.wave = "1"});
  CHECK(story.pass() ==
        "+a +h zz -> Running: waiting for completion of hook batch/Job/h and 1 more hooks");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/a\na hook has not completed Job/h\n"
        "a resource is not healthy yet ConfigMap/b\n");
}

TEST_CASE("an old hook that is deleted is waited for together with prunes of the same wave") {
  Story story;
  story.settings.prune = true;
  story.target("Job/h", {.hook = "Sync"}).live("Job/h", {.hook = "Sync"});
  story.target("ConfigMap/cm").live("Service/old");
  CHECK(story.pass() == "-old -h -> Running: waiting for deletion of hook batch/Job/h");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/cm\n"
        "BeforeHookCreation deletes the old hook Job/h\na deleted object is still there Job/h\n");
}

TEST_CASE("before 3.4 an old hook is named only if its result decides about its deletion, too") {
  for (const std::string policy : {"BeforeHookCreation", "BeforeHookCreation,HookSucceeded",
                                   "BeforeHookCreation,HookFailed"}) {
    Story story;
    story.version = {3, 3};
    story.target("Job/h", {.hook = "PreSync", .policy = policy}).target("ConfigMap/cm");
    story.live("Job/h", {.hook = "PreSync", .policy = policy});
    CHECK(story.pass() == (policy == "BeforeHookCreation"
                               ? "-h zz -> Running: one or more tasks are running"
                               : "-h zz -> Running: waiting for deletion of batch/Job/h"));
  }
}

TEST_CASE("several pruned objects that stay are counted") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a").live("ConfigMap/b").target("Job/p", {.hook = "PostSync"});
  story.slow_deletion("ConfigMap/a").slow_deletion("ConfigMap/b");
  story.pass();
  CHECK(story.pass() == "-> Running: waiting for deletion of /ConfigMap/a and 1 more resources");
  CHECK(story.reasons() ==
        "a deleted object is still there ConfigMap/a\n"
        "a deleted object is still there ConfigMap/b\n");
}

TEST_CASE("unconfirmed prunes hold back their wave, and the message names only them") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a", {.options = "Prune=confirm"});
  story.live("ConfigMap/b", {.options = "Prune=confirm"}).live("ConfigMap/c");
  const std::string waiting =
      "-> Running: waiting for pruning confirmation of /ConfigMap/a and 1 more resources";
  CHECK(story.pass() == waiting);
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/a\n"
        "pruning is not confirmed ConfigMap/a\npruning is not confirmed ConfigMap/b\n");
  CHECK(story.pass() == waiting);
  CHECK(story.calls() == "wave hook Sync 0 final\n");
  CHECK(story.results().empty());
  story.prune_confirmed = true;
  CHECK(story.pass() == "-a -b -c -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("before 3.4 the message of an unconfirmed prune names the version of the object") {
  Story story;
  story.version = {3, 3};
  story.settings.prune = true;
  story.live("Deployment/a", {.options = "Prune=confirm"});
  story.live("Deployment/b", {.options = "Prune=confirm"}).live("ConfigMap/c");
  CHECK(story.pass() ==
        "-> Running: Waiting for pruning confirmation of apps/v1/Deployment/a and 1 more "
        "resources");
}

TEST_CASE("a running task whose object cannot be looked up has failed") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.unseen("Deployment/d0").answer_with("get Deployment/d0", AnswerStatus::Error, "timeout");
  CHECK(story.pass() == "-> Running: waiting for healthy state of apps/Deployment/d0");
  CHECK(story.results() ==
        "Sync Deployment/d0 Synced/Error Failed to get live resource failed to get resource: "
        "timeout\n");
  CHECK(story.pass() == kFailed);
}

TEST_CASE("a running task whose object the cache has not seen goes on running") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.unseen("Deployment/d0");
  CHECK(story.pass() == "-> Running: waiting for healthy state of apps/Deployment/d0");
  CHECK(story.calls() == "get Deployment/d0\n");
  CHECK(story.results() == "Sync Deployment/d0 Synced/Running created\n");
}

TEST_CASE("a vanished object is the reason of a failure") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.vanish("Deployment/d0");
  story.pass();
  CHECK(story.reasons() ==
        "the object is gone Deployment/d0\na resource is not healthy yet Deployment/d0\n");
  CHECK(story.results() ==
        "Sync Deployment/d0 SyncFailed/Error Resource apps/Deployment/d0 is missing, it might "
        "have been deleted\n");
}

TEST_CASE("before 3.4 a running task whose object is gone is waited for without end") {
  Story story;
  story.version = {3, 3};
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.vanish("Deployment/d0");
  const std::string waiting = "-> Running: waiting for healthy state of apps/Deployment/d0";
  CHECK(story.pass() == waiting);
  CHECK(story.calls().empty());
  CHECK(story.pass() == waiting);
}

TEST_CASE("HookSucceeded deletes after the last group, or once no tasks are left") {
  Story story;
  story.target("Job/h", {.hook = "Sync", .policy = "HookSucceeded"});
  story.pass();
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h -h " + kNoMore);
  CHECK(story.reasons() == "HookSucceeded deletes the hook Job/h\nno tasks are left /\n");
}

TEST_CASE("a hook that HookSucceeded cannot delete keeps the error, the sync has succeeded") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 4}, {3, 3}}) {
    Story story;
    story.version = version;
    story.target("Job/h", {.hook = "Sync", .policy = "HookSucceeded"});
    story.pass();
    story.health("Job/h", Status::Healthy);
    story.answer_with("delete Job/h", AnswerStatus::Error, "denied");
    CHECK(story.pass() == "f h delete Job/h! " + kNoMore);
    CHECK(story.results() == (version.minor == 4
                                  ? "Sync Job/h Synced/Error failed to delete resource: failed to "
                                    "delete resource: denied\n"
                                  : "Sync Job/h /Error failed to delete resource: failed to delete "
                                    "resource: denied\n"));
  }
}

TEST_CASE("a hook that is gone when HookSucceeded deletes it keeps its result") {
  Story story;
  story.target("Job/h", {.hook = "Sync", .policy = "HookSucceeded"});
  story.pass();
  story.health("Job/h", Status::Healthy, "done");
  story.answer_with("delete Job/h", AnswerStatus::NotFound, "gone");
  CHECK(story.pass() == "f h delete Job/h! " + kNoMore);
  CHECK(story.results() == "Sync Job/h Synced/Succeeded done\n");
}

TEST_CASE("a last group without a hook ends the operation, and that is the reason") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookSucceeded"}).target("ConfigMap/cm");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre +cm -pre -> Succeeded: successfully synced (all tasks run)");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/cm\nHookSucceeded deletes the hook Job/pre\n"
        "the last group has no hook to wait for /\n");
}

TEST_CASE("a running task that is live is not looked up") {
  RunningHook story;
  story.pass();
  CHECK(story.calls().empty());
}

TEST_CASE("every vanished object of a group is found in one pass") {
  Story story;
  story.target("Deployment/a").target("Deployment/b").target("ConfigMap/c", {.wave = "1"});
  story.pass();
  story.vanish("Deployment/a").vanish("Deployment/b");
  story.pass();
  CHECK(story.calls() == "get Deployment/a\nget Deployment/b\n");
}

TEST_CASE("reasons know their phase and wave") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .wave = "-2"}).target("ConfigMap/cm");
  story.pass();
  CHECK(story.places() == "PreSync -2 Job/pre\nPreSync -2 Job/pre\n");
  story.health("Job/pre", Status::Healthy);
  story.pass();
  CHECK(story.places().starts_with("Sync 0 ConfigMap/cm\n"));
}

TEST_CASE("a result says once and for all whether it is of a hook, its version and its images") {
  Story story;
  story.target("Job/h", {.hook = "Sync"}).target("Deployment/d").target("ConfigMap/cm");
  story.pass();
  CHECK(story.recorded() == "ConfigMap/cm v1\nDeployment/d v1 run:1\nJob/h hook v1 run:1\n");
}

TEST_CASE("calls say what they are about") {
  Story story;
  story.target("ConfigMap/a").live("ConfigMap/a").target("Job/h", {.hook = "Sync"});
  story.live("Job/h", {.hook = "Sync"});
  story.pass();
  CHECK(story.subjects() ==
        "apply ConfigMap/a: target 0, live ConfigMap/a, Sync 0\n"
        "apply Job/h: target 1, live Job/h, Sync 0, hook\n"
        "delete Job/h: target 1, live Job/h, Sync 0, hook\nwave hook /:\n");
  story.vanish("Job/h");
  story.pass();
  CHECK(story.subjects() ==
        "apply ConfigMap/a: target 0, live ConfigMap/a, Sync 0\n"
        "apply Job/h: target 1, Sync 0, hook\n"
        "apply ConfigMap/a: target 0, live ConfigMap/a, Sync 0\n"
        "apply Job/h: target 1, Sync 0, hook\nwave hook /:\n");
}

TEST_CASE("an object that was read during the pass is no live object of the input") {
  RunningHook story;
  story.unseen("Job/h");
  story.terminate();
  CHECK(story.subjects() ==
        "get Job/h: target 0, Sync 0, hook\n"
        "unfinalize Job/h: target 0, Sync 0, hook\n"
        "delete Job/h: target 0, Sync 0, hook\n");
}

TEST_CASE("an operation is completed unless it runs") {
  CHECK_FALSE(SyncState{.phase = OperationPhase::Running}.completed());
  CHECK(SyncState{.phase = OperationPhase::Succeeded}.completed());
  CHECK(SyncState{.phase = OperationPhase::Failed}.completed());
  CHECK(SyncState{.phase = OperationPhase::Error}.completed());
}

TEST_CASE("a pass that is done asks for nothing more") {
  base::Interner interner;
  const Operation operation{.name_space = interner.intern("ns")};
  const SyncState before;
  Pass pass(interner);
  pass.start({.operation = &operation}, before);
  CHECK(pass.resume({}).empty());
  CHECK(pass.resume({}).empty());
  CHECK(pass.state().phase == OperationPhase::Succeeded);
}

TEST_CASE("a pass under way is dropped by the next one") {
  base::Interner interner;
  Operation operation{.name_space = interner.intern("ns")};
  operation.settings.create_namespace = true;
  const SyncState before;
  Pass pass(interner);
  for (int i = 0; i < 3; ++i) {
    pass.start({.operation = &operation}, before);
    const auto requests = pass.resume({});
    REQUIRE(requests.size() == 1);
    CHECK(requests[0].kind == RequestKind::GetNamespace);
    CHECK(pass.reasons().empty());
  }
  const Answer there{.live = LiveObject{}};
  CHECK(pass.resume({&there, 1}).empty());
  CHECK(pass.state().phase == OperationPhase::Succeeded);
}

TEST_CASE("the reasons are those of the last pass only") {
  Story story;
  story.target("ConfigMap/a");
  CHECK(story.pass().starts_with("+a "));
  const std::string once = story.reasons();
  story.new_operation();
  CHECK(story.pass().starts_with("~a "));
  CHECK(story.reasons() == once);
}

}  // namespace
}  // namespace wavetank::sync
