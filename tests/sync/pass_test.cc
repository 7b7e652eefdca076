// Short stories through the engine. The recorded operations are replayed by tests/conformance;
// these show the rules one by one.
#include "sync/pass.h"

#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

TEST_CASE("one wave of plain resources ends in the pass that applies it, whatever their health") {
  Story story;
  story.target("ConfigMap/a").target("Deployment/d");
  CHECK(story.pass() == "+a +d -> Succeeded: successfully synced (all tasks run)");
  CHECK(story.results() ==
        "Sync ConfigMap/a Synced/Running created\nSync Deployment/d Synced/Running created\n");
}

TEST_CASE("a wave waits until the wave before it is healthy") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  const std::string waiting = "-> Running: waiting for healthy state of apps/Deployment/d0";
  CHECK(story.pass() == "+d0 zz " + waiting);
  CHECK(story.pass() == waiting);
  story.health("Deployment/d0", Status::Healthy);
  CHECK(story.pass() == "+d1 -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("a degraded resource fails the sync before the next wave") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.health("Deployment/d0", Status::Degraded, "exceeded");
  CHECK(story.pass() == "-> Failed: one or more synchronization tasks completed unsuccessfully");
  CHECK(story.results() == "Sync Deployment/d0 Synced/Failed exceeded\n");
}

TEST_CASE("phases run one after another and the default policy keeps the hooks") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.target("Job/post", {.hook = "PostSync"});
  CHECK(story.pass() == "+pre zz -> Running: waiting for completion of hook batch/Job/pre");
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre +cm zz -> Running: waiting for healthy state of /ConfigMap/cm");
  CHECK(story.pass() == "+post -> Running: waiting for completion of hook batch/Job/post");
  story.health("Job/post", Status::Healthy);
  CHECK(story.pass() == "f post -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("BeforeHookCreation deletes the hook of the last sync and creates it in the next pass") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.live("Job/pre", {.hook = "PreSync"});
  CHECK(story.pass() == "-pre zz -> Running: waiting for deletion of hook batch/Job/pre");
  CHECK(story.pass() == "+pre zz -> Running: waiting for completion of hook batch/Job/pre");
}

TEST_CASE("an old hook that is slow to go is deleted again until it is gone") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.live("Job/pre", {.hook = "PreSync"}).slow_deletion("Job/pre");
  const std::string waiting = "-pre zz -> Running: waiting for deletion of hook batch/Job/pre";
  CHECK(story.pass() == waiting);
  CHECK(story.pass() == waiting);
  story.vanish("Job/pre");
  CHECK(story.pass() == "+pre zz -> Running: waiting for completion of hook batch/Job/pre");
}

TEST_CASE("HookSucceeded deletes hooks at the end of a successful operation, not before") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookSucceeded"});
  story.target("ConfigMap/a").target("ConfigMap/b", {.wave = "1"});
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre +a zz -> Running: waiting for healthy state of /ConfigMap/a");
  CHECK(story.pass() == "+b -pre -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("a failed hook that is kept poisons the next operation") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookSucceeded"}).target("ConfigMap/cm");
  story.pass();
  story.health("Job/pre", Status::Degraded, "limit");
  const std::string failed =
      "f pre -> Failed: one or more synchronization tasks completed unsuccessfully";
  CHECK(story.pass() == failed);
  story.new_operation();
  CHECK(story.pass() == "~pre zz -> Running: waiting for completion of hook batch/Job/pre");
  CHECK(story.pass() == failed);
}

TEST_CASE("HookFailed deletes hooks of a failed operation, the successful ones too") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"});
  story.target("Job/post", {.hook = "PostSync"});
  story.pass();
  story.health("Job/pre", Status::Healthy);
  story.pass();
  story.health("Job/post", Status::Degraded, "boom");
  CHECK(story.pass() ==
        "f post -pre -> Failed: one or more synchronization tasks completed unsuccessfully");
}

TEST_CASE("SyncFail hooks run when a hook fails, and the operation fails when they are done") {
  Story story;
  story.target("ConfigMap/cm").target("Job/h", {.hook = "Sync"});
  story.target("Job/sf", {.hook = "SyncFail"});
  CHECK(story.pass() ==
        "+cm +h -> Running: waiting for completion of hook batch/Job/h and 1 more resources");
  story.health("Job/h", Status::Degraded);
  CHECK(story.pass() == "f h +sf -> Running: waiting for completion of hook batch/Job/sf");
  story.health("Job/sf", Status::Healthy);
  CHECK(story.pass() ==
        "f sf -> Failed: one or more synchronization tasks completed unsuccessfully");
}

TEST_CASE(
    "a failed write does not stop later kinds of its wave, the reason stands in the message") {
  Story story;
  story.target("ConfigMap/a").target("Service/s").target("Deployment/d");
  story.fail_writes("Service/s", "bad svc");
  CHECK(story.pass() ==
        "+a s! +d -> Running: waiting for healthy state of /ConfigMap/a and 1 more resources");
  CHECK(story.pass() ==
        "-> Failed: one or more synchronization tasks completed unsuccessfully, reason: bad svc");
}

TEST_CASE("when nothing of a group could be applied the operation fails at once") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b");
  story.fail_writes("ConfigMap/a", "ea").fail_writes("ConfigMap/b", "eb");
  CHECK(story.pass() == "a! b! -> Failed: one or more objects failed to apply, reason: ea,eb");
}

TEST_CASE("a failed dry run ends the operation before anything is applied, without SyncFail") {
  Story story;
  story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail"});
  story.fail_dry_runs("ConfigMap/a", "invalid");
  CHECK(story.pass() == "-> Failed: one or more objects failed to apply (dry run)");
}

TEST_CASE("an unknown kind without its definition makes the whole task list invalid") {
  Story story;
  story.target("Widget/w").target("ConfigMap/cm").unknown_kind("Widget/w");
  CHECK(story.pass() ==
        "-> Failed: one or more synchronization tasks are not valid: "
        "Widget.example.com \"\" not found");
}

TEST_CASE("a definition in the same sync lets its kind be missing, and moves before it") {
  Story story;
  story.target("CustomResourceDefinition/widgets", {.wave = "3"});
  story.target("Widget/w", {.wave = "1"}).unknown_kind("Widget/w");
  CHECK(story.pass() == "+widgets +w -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("the destination namespace of the manifests is created before the dry run") {
  Story story;
  story.vanish("Namespace/ns").target("Namespace/ns").target("ConfigMap/cm");
  CHECK(story.pass() == "+ns +cm -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("CreateNamespace makes the namespace as a task of its own") {
  Story story;
  story.settings.create_namespace = true;
  story.vanish("Namespace/ns").target("ConfigMap/cm");
  CHECK(story.pass() == "+ns -> Running: waiting for healthy state of /Namespace/ns");
  CHECK(story.pass() == "+cm -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("what is not in git is pruned in reverse order of waves, and only if asked") {
  Story story;
  story.live("ConfigMap/old").target("ConfigMap/cm");
  CHECK(story.pass() == "+cm -> Succeeded: successfully synced (all tasks run)");
  CHECK(story.results() ==
        "Sync ConfigMap/old PruneSkipped/Succeeded ignored (requires pruning)\n"
        "Sync ConfigMap/cm Synced/Running created\n");
  Story pruning;
  pruning.settings.prune = true;
  pruning.live("ConfigMap/p1", {.wave = "1"}).live("ConfigMap/p2", {.wave = "2"});
  CHECK(pruning.pass() == "-p2 zz -> Running: waiting for healthy state of /ConfigMap/p2");
  CHECK(pruning.pass() == "-p1 -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("a pruned object that stays holds the next wave") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/old").slow_deletion("ConfigMap/old");
  story.target("ConfigMap/cm").target("Job/p", {.hook = "PostSync"});
  story.pass();
  CHECK(story.pass() == "-> Running: waiting for deletion of /ConfigMap/old");
  story.vanish("ConfigMap/old");
  CHECK(story.pass() == "+p -> Running: waiting for completion of hook batch/Job/p");
}

TEST_CASE("waves that compare in circles are sorted from the order of the list, as in Argo CD") {
  Story story;
  story.settings.prune = true;
  story.settings.prune_last = true;  // behind the last wave, and so around to the lowest of all
  story.live("ConfigMap/a", {.wave = "9223372036854775807"});
  story.target("ConfigMap/c", {.wave = "-4611686018427387904"}).target("ConfigMap/b");
  CHECK(story.pass() == "-a zz -> Running: waiting for healthy state of /ConfigMap/a");
}

TEST_CASE("Prune=confirm blocks even a sync that does not prune") {
  Story story;
  story.live("ConfigMap/old", {.options = "Prune=confirm"}).target("ConfigMap/cm");
  CHECK(story.pass() == "-> Running: waiting for pruning confirmation of /ConfigMap/old");
}

TEST_CASE("live hooks are never pruned") {
  Story story;
  story.settings.prune = true;
  story.live("Job/h", {.hook = "PreSync"}).target("ConfigMap/cm");
  CHECK(story.pass() == "+cm -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("a running resource that vanished fails the operation one pass later") {
  Story story;
  story.target("Deployment/d0").target("Deployment/d1", {.wave = "1"});
  story.pass();
  story.vanish("Deployment/d0");
  CHECK(story.pass() == "-> Running: waiting for healthy state of apps/Deployment/d0");
  CHECK(story.pass() ==
        "-> Failed: one or more synchronization tasks completed unsuccessfully, reason: Resource "
        "apps/Deployment/d0 is missing, it might have been deleted");
}

TEST_CASE("generateName hooks get a name of revision, phase and start") {
  Story story;
  story.target("Job/mig-", {.hook = "PreSync"}).target("ConfigMap/cm");
  CHECK(story.pass() ==
        "+mig-foobarb-presync-1700000000 zz -> Running: waiting for completion of "
        "hook batch/Job/mig-foobarb-presync-1700000000");
}

TEST_CASE(
    "of resources without a name, for lack of a hook to name them, only the last is written") {
  Story story;
  story.target("Job/a-").target("Job/b-", {.wave = "3"});
  CHECK(story.pass() == "+ -> Succeeded: successfully synced (all tasks run)");
  story.new_operation().target("Job/c-", {.hook = "Skip"});
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("skipped and ignored objects take no part") {
  Story story;
  story.target("ConfigMap/a", {.hook = "Skip"}).target("ConfigMap/b", {.hook = "Garbage"});
  story.target("ConfigMap/ok");
  CHECK(story.pass() == "+ok -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("Replace recreates nothing but writes with another verb; CRDs are updated") {
  Story story;
  story.live("ConfigMap/cm").target("ConfigMap/cm", {.options = "Replace=true"});
  CHECK(story.pass() == "~cm -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("terminating deletes running hooks and leaves resources alone") {
  Story story;
  story.target("Job/run", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.pass();
  CHECK(story.terminate() == "f run -run -> Failed: Operation terminated");
  CHECK(story.results() == "PreSync Job/run Synced/Failed Terminated\n");
}

TEST_CASE(
    "a deleted hook whose finalizer was cut for one phase is going for its other phase, too") {
  Story story;
  story.target("Job/h", {.hook = "PreSync,PostSync", .policy = "HookSucceeded"});
  story.pass();
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h ~h -> Running: waiting for completion of hook batch/Job/h");
  story.mark_deleted("Job/h");
  CHECK(story.terminate() == "f h -h -> Failed: Operation terminated");
  CHECK(story.results() ==
        "PreSync Job/h Synced/Succeeded created\nPostSync Job/h Synced/Failed Terminated\n");
}

TEST_CASE("an empty application succeeds") {
  Story story;
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("a hook that has not completed is the reason to wait for it") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.pass();
  CHECK(story.reasons() ==
        "the next phase and wave start Job/pre\na hook has not completed Job/pre\n");
}

}  // namespace
}  // namespace wavetank::sync
