// Argo CD's finalizer on hooks: when it is cut, and what happens if the object changes meanwhile.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kFailed = "-> Failed: one or more synchronization tasks completed unsuccessfully";
const std::string kCall = "unfinalize Job/pre";

// A PreSync hook that has succeeded, and nothing else.
struct CompletedHook : Story {
  explicit CompletedHook(model::ArgocdVersion played = model::kNewestVersion) {
    version = played;
    target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"});
    pass();
    health("Job/pre", Status::Healthy, "done");
  }
};

std::string why(const Story& story) {
  const std::string results = story.results();
  return results.substr(0, results.find('\n'));
}

TEST_CASE("a completed hook loses its finalizer in the pass that finds it completed") {
  CompletedHook story;
  CHECK(story.pass() == "f pre -> Succeeded: successfully synced (no more tasks)");
  CHECK(story.calls() == "unfinalize Job/pre at 1\n");
}

TEST_CASE("a hook without the finalizer is not touched") {
  Story story;
  story.version = {2, 14};
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"});
  story.pass();
  story.health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("the finalizer of a hook that is gone needs no cutting") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::NotFound, "gone");
  CHECK(story.pass() == "unfinalize Job/pre! -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("an error fails the hook and so the sync") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Error, "denied");
  CHECK(story.pass() == "unfinalize Job/pre! -pre " + kFailed);
  CHECK(why(story) ==
        "PreSync Job/pre Synced/Error Failed to remove hook finalizer: failed to update resource: "
        "failed to update resource: denied");
}

TEST_CASE("errors of single steps are not named before 3.1") {
  CompletedHook story({3, 0});
  story.answer_with(kCall, AnswerStatus::Error, "denied");
  story.pass();
  CHECK(why(story) == "PreSync Job/pre /Error Failed to remove hook finalizer: denied");
}

TEST_CASE("after a conflict the object is read again and the finalizer cut from the new version") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
  CHECK(story.pass() ==
        "unfinalize Job/pre! f pre -> Succeeded: successfully synced (no more tasks)");
  CHECK(story.calls() == "unfinalize Job/pre at 1\nget Job/pre\nunfinalize Job/pre at 1\n");
}

TEST_CASE("five conflicts in a row are an error") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Conflict, "changed");
  CHECK(story.pass() ==
        "unfinalize Job/pre! unfinalize Job/pre! unfinalize Job/pre! unfinalize Job/pre! "
        "unfinalize Job/pre! -pre " +
            kFailed);
  CHECK(why(story) ==
        "PreSync Job/pre Synced/Error Failed to remove hook finalizer: failed to update resource: "
        "failed to update resource: changed");
}

TEST_CASE("a hook that is gone after a conflict is fine") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
  story.answer_with("get Job/pre", AnswerStatus::NotFound, "gone");
  CHECK(story.pass() == "unfinalize Job/pre! -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("a hook that cannot be read again after a conflict has failed") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
  story.answer_with("get Job/pre", AnswerStatus::Error, "timeout");
  CHECK(story.pass() == "unfinalize Job/pre! -pre " + kFailed);
  CHECK(why(story) ==
        "PreSync Job/pre Synced/Error Failed to remove hook finalizer: failed to get resource: "
        "failed to get resource: timeout");
}

TEST_CASE("a re-read that fails is named once in 3.1 and not at all before") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 1}, {3, 0}}) {
    CompletedHook story(version);
    story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
    story.answer_with("get Job/pre", AnswerStatus::Error, "timeout");
    story.pass();
    CHECK(why(story) == (version.minor == 1
                             ? "PreSync Job/pre /Error Failed to remove hook finalizer: failed to "
                               "get resource: timeout"
                             : "PreSync Job/pre /Error Failed to remove hook finalizer: timeout"));
  }
}

TEST_CASE("a kind that is gone after a conflict means that the hook is gone, since 3.2") {
  CompletedHook story;
  story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
  story.answer_kind_gone("get Job/pre", AnswerStatus::NotFound, "no such kind");
  CHECK(story.pass() == "unfinalize Job/pre! -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("a kind that is gone after a conflict is an error before 3.2") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 1}, {3, 0}}) {
    CompletedHook story(version);
    story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
    story.answer_kind_gone("get Job/pre", AnswerStatus::NotFound, "no such kind");
    story.pass();
    CHECK(why(story) ==
          (version.minor == 1
               ? "PreSync Job/pre /Error Failed to remove hook finalizer: failed to get resource "
                 "interface: failed to get api resource: no such kind"
               : "PreSync Job/pre /Error Failed to remove hook finalizer: no such kind"));
  }
}

TEST_CASE("discovery that fails is named as the step that failed") {
  CompletedHook story;
  story.answer_kind_gone(kCall, AnswerStatus::Error, "no such kind");
  story.pass();
  CHECK(why(story) ==
        "PreSync Job/pre Synced/Error Failed to remove hook finalizer: failed to update resource: "
        "failed to get api resource: no such kind");
}

TEST_CASE("one object in two phases has one finalizer to cut") {
  Story story;
  story.target("Job/h", {.hook = "PreSync,PostSync", .policy = "HookFailed"});
  story.target("ConfigMap/cm");
  story.pass();
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h +cm zz -> Running: waiting for healthy state of /ConfigMap/cm");
  CHECK(story.pass() == "~h -> Running: waiting for completion of hook batch/Job/h");
  CHECK(story.pass() == "f h -> Succeeded: successfully synced (no more tasks)");
  CHECK(story.calls() == "unfinalize Job/h at 2\n");
}

TEST_CASE("the finalizer that an earlier operation left is cut before the hook is deleted") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.live("Job/pre", {.hook = "PreSync"}).with_finalizer("Job/pre");
  CHECK(story.pass() == "f pre -pre zz -> Running: waiting for deletion of hook batch/Job/pre");
}

TEST_CASE("2.14 knows no finalizers, and deletes the hook at once") {
  Story story;
  story.version = {2, 14};
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.live("Job/pre", {.hook = "PreSync"});
  CHECK(story.pass() == "-pre zz -> Running: one or more tasks are running");
}

TEST_CASE("a left-over finalizer that cannot be cut fails its task, and nothing is applied") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).target("ConfigMap/cm");
  story.live("Job/pre", {.hook = "PreSync"}).with_finalizer("Job/pre");
  story.answer_with(kCall, AnswerStatus::Error, "denied");
  CHECK(story.pass() == "unfinalize Job/pre! -> Failed: one or more objects failed to apply");
  CHECK(why(story) ==
        "PreSync Job/pre /Error failed to remove hook finalizer: failed to update resource: "
        "failed to update resource: denied");
}

TEST_CASE("an old hook that is gone already is created at once, since 3.0") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 0}, {2, 14}}) {
    Story story;
    story.version = version;
    story.target("Job/pre", {.hook = "PreSync", .options = "Replace=true"});
    story.live("Job/pre", {.hook = "PreSync"});
    story.answer_with("delete Job/pre", AnswerStatus::NotFound, "gone", 1);
    story.pass();
    CHECK(story.calls() ==
          (version.major == 3 ? "replace Job/pre dry finalizer\ndelete Job/pre Foreground\n"
                                "create Job/pre finalizer\nwave hook PreSync 0 final\n"
                              : "replace Job/pre dry\ndelete Job/pre Foreground\nreplace Job/pre\n"
                                "wave hook PreSync 0 final\n"));
  }
}

TEST_CASE("an old hook that cannot be deleted fails its task") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).live("Job/pre", {.hook = "PreSync"});
  story.answer_with("delete Job/pre", AnswerStatus::Error, "denied");
  CHECK(story.pass() == "delete Job/pre! -> Failed: one or more objects failed to apply");
  CHECK(why(story) ==
        "PreSync Job/pre /Error failed to delete resource: failed to delete resource: denied");
  CHECK(story.reasons() ==
        "the next phase and wave start Job/pre\n"
        "BeforeHookCreation deletes the old hook Job/pre\n");
}

TEST_CASE("an old hook that cannot be deleted has no status, neither before 3.0") {
  Story story;
  story.version = {2, 14};
  story.target("Job/pre", {.hook = "PreSync"}).live("Job/pre", {.hook = "PreSync"});
  story.answer_with("delete Job/pre", AnswerStatus::Error, "denied");
  CHECK(story.pass() == "delete Job/pre! -> Failed: one or more objects failed to apply");
  CHECK(why(story) == "PreSync Job/pre /Error failed to delete resource: denied");
}

TEST_CASE("a conflict while an old hook is deleted fails its task, too") {
  Story story;
  story.target("Job/pre", {.hook = "PreSync"}).live("Job/pre", {.hook = "PreSync"});
  story.answer_with("delete Job/pre", AnswerStatus::Conflict, "changed");
  CHECK(story.pass() == "delete Job/pre! -> Failed: one or more objects failed to apply");
}

TEST_CASE("a plain resource that carries the finalizer keeps it") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b", {.wave = "1"});
  story.live("ConfigMap/a").with_finalizer("ConfigMap/a");
  CHECK(story.pass() == "~a zz -> Running: waiting for healthy state of /ConfigMap/a");
  CHECK(story.pass() == "+b -> Succeeded: successfully synced (all tasks run)");
}

TEST_CASE("2.14 leaves the finalizer that a newer version has set alone") {
  Story story;
  story.version = {2, 14};
  story.target("Job/pre", {.hook = "PreSync", .policy = "HookFailed"});
  story.pass();
  story.with_finalizer("Job/pre").health("Job/pre", Status::Healthy);
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("a hook that is gone after a conflict is fine in 3.1, too") {
  CompletedHook story({3, 1});
  story.answer_with(kCall, AnswerStatus::Conflict, "changed", 1);
  story.answer_with("get Job/pre", AnswerStatus::NotFound, "gone");
  CHECK(story.pass() == "unfinalize Job/pre! -> Succeeded: successfully synced (no more tasks)");
}

TEST_CASE("one finalizer that stays does not keep the next one from being cut") {
  Story story;
  story.target("Job/a", {.hook = "PreSync", .policy = "HookSucceeded"});
  story.target("Job/b", {.hook = "PreSync", .policy = "HookSucceeded"});
  story.pass();
  story.health("Job/a", Status::Healthy).health("Job/b", Status::Healthy);
  story.answer_with("unfinalize Job/a", AnswerStatus::Error, "denied");
  CHECK(story.pass() == "unfinalize Job/a! f b " + kFailed);
}

TEST_CASE("all old hooks of a group are released, then all are deleted") {
  Story story;
  for (const std::string name : {"Job/a", "Job/b"}) {
    story.target(name, {.hook = "PreSync"}).live(name, {.hook = "PreSync"}).with_finalizer(name);
  }
  CHECK(story.pass() ==
        "f a f b -a -b -> Running: waiting for deletion of hook batch/Job/a and 1 "
        "more hooks");
  Story failing;
  for (const std::string name : {"Job/a", "Job/b"}) {
    failing.target(name, {.hook = "PreSync"}).live(name, {.hook = "PreSync"}).with_finalizer(name);
  }
  failing.answer_with("unfinalize Job/a", AnswerStatus::Error, "denied");
  CHECK(failing.pass() == "unfinalize Job/a! f b -> Failed: one or more objects failed to apply");
}

TEST_CASE("an error with the second of two old hooks fails the group") {
  Story story;
  for (const std::string name : {"Job/a", "Job/b"}) {
    story.target(name, {.hook = "PreSync"}).live(name, {.hook = "PreSync"});
  }
  story.answer_with("delete Job/b", AnswerStatus::Error, "denied");
  CHECK(story.pass() == "-a delete Job/b! -> Failed: one or more objects failed to apply");
}

}  // namespace
}  // namespace wavetank::sync
