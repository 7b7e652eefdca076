// How a sync fails: partly applied groups, SyncFail hooks, the wave hook, in all versions.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kFailed = "-> Failed: one or more synchronization tasks completed unsuccessfully";
const std::string kNotApplied = "-> Failed: one or more objects failed to apply";

TEST_CASE("a group that failed in part names what still runs, then fails with all reasons") {
  Story story;
  story.target("ConfigMap/a").target("Service/s").target("Job/h", {.hook = "Sync"});
  story.fail_writes("Service/s", "bad svc");
  CHECK(story.pass() ==
        "+a s! +h -> Running: waiting for completion of hook batch/Job/h and 1 more resources");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/a\nthe write failed Service/s\n"
        "a resource is not healthy yet ConfigMap/a\na hook has not completed Job/h\n");
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h " + kFailed + ", reason: bad svc");
}

TEST_CASE("SyncFail hooks start at once when a group failed in part") {
  Story story;
  story.target("ConfigMap/a").target("Service/s").target("Job/sf", {.hook = "SyncFail"});
  story.fail_writes("Service/s", "bad svc");
  CHECK(story.pass() ==
        "+a s! +sf -> Running: waiting for completion of hook batch/Job/sf and 1 more resources");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/a\nthe write failed Service/s\n"
        "the sync failed, SyncFail hooks run Job/sf\na hook has not completed Job/sf\n"
        "a resource is not healthy yet ConfigMap/a\na hook has not completed Job/sf\n");
}

TEST_CASE("SyncFail hooks start at once when nothing of a group was applied") {
  Story story;
  story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail", .policy = "HookFailed"});
  story.fail_writes("ConfigMap/a", "bad");
  CHECK(story.pass() == "a! +sf -> Running: waiting for completion of hook batch/Job/sf");
  story.health("Job/sf", Status::Healthy);
  CHECK(story.pass() == "f sf -sf " + kFailed + ", reason: bad");
}

TEST_CASE("HookFailed deletes hooks when nothing of a group was applied") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"}).target("ConfigMap/a");
  story.fail_writes("ConfigMap/a", "bad");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre a! -pre " + kNotApplied + ", reason: bad");
}

TEST_CASE("hooks are not deleted for failure while SyncFail hooks run") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"}).target("ConfigMap/a");
  story.target("Job/sf", {.hook = "SyncFail"});
  story.fail_writes("ConfigMap/a", "bad");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre a! +sf -> Running: waiting for completion of hook batch/Job/sf");
}

TEST_CASE("before 3.4 a failed write fails the sync at once, whatever else runs") {
  Story story;
  story.version = {3, 3};
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"});
  story.target("ConfigMap/a").target("Service/s");
  story.fail_writes("Service/s", "bad svc");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "f pre +a s! -pre " + kNotApplied + ", reason: bad svc");
}

TEST_CASE("before 3.4 SyncFail hooks start with the failed write and end the sync when done") {
  Story story;
  story.version = {3, 3};
  story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail"});
  story.fail_writes("ConfigMap/a", "bad");
  CHECK(story.pass() == "a! +sf -> Running: one or more tasks are running");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/a\nthe write failed ConfigMap/a\n"
        "the sync failed, SyncFail hooks run Job/sf\n");
  CHECK(story.pass() == "-> Running: waiting for completion of hook batch/Job/sf");
  story.health("Job/sf", Status::Healthy);
  CHECK(story.pass() == "f sf " + kFailed + ", reason: bad");
}

TEST_CASE("SyncFail hooks that cannot be applied are named beside the first reason") {
  Story story;
  story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail"});
  story.fail_writes("ConfigMap/a", "bad").fail_writes("Job/sf", "worse");
  CHECK(story.pass() == "a! sf! -> Running: waiting for completion of hook batch/Job/sf");
  CHECK(story.pass() ==
        kFailed + ", reason: bad\none or more SyncFail hooks failed, reason: worse");
}

TEST_CASE("before 3.4 a SyncFail hook that cannot be applied ends the sync, named since 3.0") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 3}, {3, 0}, {2, 14}}) {
    Story story;
    story.version = version;
    story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail"});
    story.fail_writes("ConfigMap/a", "bad").fail_writes("Job/sf", "worse");
    const std::string named = "\none or more SyncFail hooks failed, reason: worse";
    CHECK(story.pass() ==
          "a! sf! " + kNotApplied + ", reason: bad" + (version.major == 3 ? named : ""));
  }
}

TEST_CASE("several SyncFail hooks run together; the one that is done already is not run again") {
  Story story;
  story.target("Job/h", {.hook = "Sync"});
  story.target("Job/sf1", {.hook = "SyncFail"})
      .target("Job/sf2", {.hook = "SyncFail", .wave = "1"});
  story.pass();
  story.health("Job/h", Status::Degraded);
  CHECK(story.pass() ==
        "f h +sf1 +sf2 -> Running: waiting for completion of hook batch/Job/sf1 and 1 more hooks");
  story.health("Job/sf1", Status::Healthy);
  CHECK(story.pass() == "-> Running: waiting for completion of hook batch/Job/sf2");
  story.health("Job/sf2", Status::Healthy);
  CHECK(story.pass() == "f sf1 f sf2 " + kFailed);
}

TEST_CASE("a SyncFail hook never runs in a sync that succeeds, and does not keep it from ending") {
  Story story;
  story.target("Job/h", {.hook = "Sync"}).target("Job/sf", {.hook = "SyncFail"});
  story.pass();
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("several reasons are sorted and each is given once") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b").target("ConfigMap/c");
  story.fail_writes("ConfigMap/a", "zz").fail_writes("ConfigMap/b", "aa");
  story.fail_writes("ConfigMap/c", "zz");
  CHECK(story.pass() == "a! b! c! " + kNotApplied + ", reason: aa,zz");
  CHECK(story.results() ==
        "Sync ConfigMap/a SyncFailed/Failed zz\nSync ConfigMap/b SyncFailed/Failed aa\n"
        "Sync ConfigMap/c SyncFailed/Failed zz\n");
}

TEST_CASE("after a failed write there is no wave delay") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b", {.wave = "1"});
  story.fail_writes("ConfigMap/a", "bad");
  CHECK(story.pass() == "a! " + kNotApplied + ", reason: bad");
}

TEST_CASE("the wave delay knows its phase and wave, and whether anything follows") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .wave = "-2"}).target("ConfigMap/a", {.wave = "3"});
  story.pass();
  CHECK(story.calls().ends_with("apply Job/pre finalizer\nwave hook PreSync -2\n"));
  story.health("Job/pre", Status::Healthy);
  story.pass();
  CHECK(story.calls().ends_with("wave hook Sync 3 final\n"));
}

TEST_CASE("a wave hook that fails ends the operation with an error and terminates its hooks") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.answer_with("wave hook", AnswerStatus::Error, "overslept");
  CHECK(story.pass() == "+pre wave hook! f pre -pre -> Error: SyncWaveHook failed: overslept");
  CHECK(story.results() == "PreSync Job/pre Synced/Failed Terminated\n");
}

TEST_CASE("a wave hook that fails leaves resources and finished hooks alone") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"}).target("ConfigMap/cm");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  story.answer_with("wave hook", AnswerStatus::Error, "overslept");
  CHECK(story.pass() == "f pre +cm wave hook! -> Error: SyncWaveHook failed: overslept");
}

TEST_CASE("before 3.4 a wave hook that fails fails the sync, and HookFailed deletes") {
  Story story;
  story.version = {3, 3};
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"}).target("ConfigMap/cm");
  story.pass();
  story.health("Job/pre", Status::Healthy);
  story.answer_with("wave hook", AnswerStatus::Error, "overslept");
  CHECK(story.pass() == "f pre +cm wave hook! -pre -> Failed: SyncWaveHook failed: overslept");
  CHECK(story.reasons() ==
        "the next phase and wave start ConfigMap/cm\nHookFailed deletes the hook Job/pre\n");
}

TEST_CASE("a hook that HookFailed cannot delete keeps the error") {
  Story story;
  story.target("Job/h", {.hook = "Sync", .policy = "HookFailed"});
  story.pass();
  story.health("Job/h", Status::Degraded, "limit");
  story.answer_with("delete Job/h", AnswerStatus::Error, "denied");
  CHECK(story.pass() == "f h delete Job/h! " + kFailed);
  CHECK(story.results() ==
        "Sync Job/h Synced/Error failed to delete resource: failed to delete resource: denied\n");
}

TEST_CASE("a failed hook keeps later phases from starting") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.target("Job/post", {.hook = "PostSync"});
  story.pass();
  story.health("Job/pre", Status::Degraded);
  CHECK(story.pass() == "f pre " + kFailed);
}

TEST_CASE("a wave hook that fails terminates no resource of its group") {
  Story story;
  story.target("Deployment/d").target("Job/h", {.hook = "Sync"});
  story.answer_with("wave hook", AnswerStatus::Error, "overslept");
  CHECK(story.pass() == "+d +h wave hook! f h -h -> Error: SyncWaveHook failed: overslept");
}

TEST_CASE("a wave hook that fails terminates no hook that has not started") {
  Story story;
  story.target("Job/h", {.hook = "Sync"}).live("Job/h", {.hook = "Sync"});
  story.answer_with("wave hook", AnswerStatus::Error, "overslept");
  CHECK(story.pass() == "-h wave hook! -> Error: SyncWaveHook failed: overslept");
  CHECK(story.results().empty());
}

TEST_CASE("the reason for a deletion after a failed write is the failure") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 4}, {3, 3}}) {
    Story story;
    story.version = version;
    story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"}).target("ConfigMap/a");
    story.fail_writes("ConfigMap/a", "bad");
    story.pass();
    story.health("Job/pre", Status::Healthy);
    story.pass();
    CHECK(story.reasons().find("HookFailed deletes the hook Job/pre\n") != std::string::npos);
  }
}

TEST_CASE("a SyncFail hook that has failed already is not run again with the others") {
  Story story;
  story.target("Job/h", {.hook = "Sync"});
  for (const std::string name : {"Job/sf1", "Job/sf2"}) {
    story.target(name, {.hook = "SyncFail"}).live(name, {.hook = "SyncFail"});
  }
  story.pass();
  story.health("Job/h", Status::Degraded);
  story.answer_with("delete Job/sf1", AnswerStatus::Error, "denied");
  CHECK(story.pass().starts_with("f h delete Job/sf1! -sf2 -> Running: "));
  CHECK(story.pass() == "+sf2 -> Running: waiting for completion of hook batch/Job/sf2");
}

TEST_CASE("before 3.4 only the SyncFail hooks that were not applied are named") {
  Story story;
  story.version = {3, 3};
  story.target("ConfigMap/a").fail_writes("ConfigMap/a", "bad");
  story.target("Job/sf1", {.hook = "SyncFail"}).target("Job/sf2", {.hook = "SyncFail"});
  story.fail_writes("Job/sf2", "worse");
  CHECK(story.pass() == "a! +sf1 sf2! " + kNotApplied +
                            ", reason: bad\none or more SyncFail hooks failed, reason: worse");
}

TEST_CASE("one hook that cannot be deleted does not keep the next one from being deleted") {
  Story story;
  story.target("Job/a", {.hook = "Sync", .policy = "HookSucceeded"});
  story.target("Job/b", {.hook = "Sync", .policy = "HookSucceeded"});
  story.pass();
  story.health("Job/a", Status::Healthy).health("Job/b", Status::Healthy);
  story.answer_with("delete Job/a", AnswerStatus::Error, "denied");
  CHECK(story.pass() ==
        "f a f b delete Job/a! -b -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("delete policies of an object that is no hook do not count") {
  Story story;
  story.target("ConfigMap/a", {.policy = "HookSucceeded,HookFailed"});
  story.live("ConfigMap/a").target("Job/post", {.hook = "PostSync"});
  story.pass();
  story.pass();
  story.health("Job/post", Status::Healthy);
  CHECK(story.pass() == "f post -> Succeeded: successfully synced (no more tasks)");
  Story failing;
  failing.target("ConfigMap/a", {.policy = "HookSucceeded,HookFailed"});
  failing.live("ConfigMap/a").target("Job/post", {.hook = "PostSync"});
  failing.pass();
  failing.pass();
  failing.health("Job/post", Status::Degraded);
  CHECK(failing.pass() == "f post " + kFailed);
}

TEST_CASE("a hook that is gone at the end needs no deletion") {
  for (const Status status : {Status::Healthy, Status::Degraded}) {
    Story story;
    story.target("Job/pre", {.hook = "PreSync", .policy = "HookSucceeded,HookFailed"});
    story.target("Job/post", {.hook = "PostSync"});
    story.pass();
    story.health("Job/pre", Status::Healthy);
    story.pass();
    story.vanish("Job/pre").health("Job/post", status);
    CHECK(story.pass() ==
          "f post " + (status == Status::Healthy
                           ? std::string("-> Succeeded: successfully synced (no more tasks)")
                           : kFailed));
  }
}

TEST_CASE("a degraded hook has failed as a hook, not as a resource") {
  Story story;
  story.target("Job/h", {.hook = "Sync"});
  story.pass();
  story.health("Job/h", Status::Degraded);
  story.pass();
  CHECK(story.reasons() == "the hook failed Job/h\n");
}

// How often a line stands among the reasons of the last pass.
std::size_t times_said(const Story& story, const std::string& line) {
  std::size_t count = 0;
  for (auto at = story.reasons().find(line + "\n"); at != std::string::npos;
       at = story.reasons().find(line + "\n", at + 1)) {
    ++count;
  }
  return count;
}

TEST_CASE("the pass that finds the operation failed names what failed in earlier passes") {
  Story story;
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.target("Job/c", {.hook = "PreSync"});
  story.pass();
  story.health("Job/a", health::Status::Degraded).health("Job/b", health::Status::Degraded);
  story.pass();
  CHECK(times_said(story, "the hook failed Job/a") == 1);
  story.health("Job/c", health::Status::Healthy);
  CHECK(story.pass().find("-> Failed: ") != std::string::npos);
  CHECK(times_said(story, "the hook failed Job/a") == 1);
  CHECK(times_said(story, "the hook failed Job/b") == 1);
}

TEST_CASE("what failed in this very pass is named once") {
  Story story;
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.pass();
  story.health("Job/a", health::Status::Degraded).health("Job/b", health::Status::Degraded);
  story.pass();
  CHECK(times_said(story, "the hook failed Job/a") == 1);
  CHECK(times_said(story, "the hook failed Job/b") == 1);
}

TEST_CASE("a refused write stays the reason until the operation ends") {
  Story story;
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.fail_writes("Job/a", "boom");
  story.pass();
  story.health("Job/b", health::Status::Healthy);
  CHECK(story.pass().find("-> Failed: ") != std::string::npos);
  CHECK(times_said(story, "the write failed Job/a") == 1);
  CHECK(times_said(story, "the hook failed Job/a") == 0);
}

}  // namespace
}  // namespace wavetank::sync
