// How an operation is terminated, by today's Argo CD and by those before 3.4.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kTerminated = "-> Failed: Operation terminated";
const std::string kErrors = "-> Error: Operation termination had errors";

// A PreSync hook that has been applied, and a resource that waits for it.
struct RunningHook : Story {
  explicit RunningHook(const std::string& policy = "",
                       model::ArgocdVersion played = model::kNewestVersion) {
    version = played;
    target("Job/run", {.hook = "PreSync", .policy = policy}).target("ConfigMap/cm");
    pass();
  }
};

TEST_CASE("a hook that runs loses its finalizer, then is deleted, and counts as failed") {
  RunningHook story;
  CHECK(story.terminate() == "f run -run " + kTerminated);
  CHECK(story.calls() == "unfinalize Job/run at 1\ndelete Job/run Foreground\n");
  CHECK(story.results() == "PreSync Job/run Synced/Failed Terminated\n");
  CHECK(story.reasons() == "the operation was terminated /\n");
}

TEST_CASE("a hook that has ended meanwhile keeps its result and its object") {
  RunningHook story;
  story.health("Job/run", Status::Healthy, "done");
  CHECK(story.terminate() == "f run " + kTerminated);
  CHECK(story.results() == "PreSync Job/run Synced/Succeeded done\n");
}

TEST_CASE("a hook that has failed meanwhile says so") {
  RunningHook story;
  story.health("Job/run", Status::Degraded, "limit");
  CHECK(story.terminate() == "f run " + kTerminated);
  CHECK(story.results() == "PreSync Job/run Synced/Failed limit\n");
}

TEST_CASE("HookFailed deletes a hook at termination, even one that has succeeded") {
  RunningHook story("HookFailed");
  story.health("Job/run", Status::Healthy, "done");
  CHECK(story.terminate() == "f run -run " + kTerminated);
  CHECK(story.results() == "PreSync Job/run Synced/Succeeded done\n");
}

TEST_CASE("a hook that is gone already has been terminated, and that is a success") {
  RunningHook story;
  story.vanish("Job/run");
  CHECK(story.terminate() == kTerminated);
  CHECK(story.calls() == "get Job/run\n");
  CHECK(story.results() == "PreSync Job/run Synced/Succeeded Terminated\n");
}

TEST_CASE("a hook that the cache has not seen is looked up and deleted") {
  RunningHook story;
  story.unseen("Job/run");
  CHECK(story.terminate() == "f run -run " + kTerminated);
  CHECK(story.calls() == "get Job/run\nunfinalize Job/run at 1\ndelete Job/run Foreground\n");
  CHECK(story.results() == "PreSync Job/run Synced/Failed Terminated\n");
}

TEST_CASE("a hook that cannot be looked up is an error of the termination") {
  RunningHook story;
  story.unseen("Job/run").answer_with("get Job/run", AnswerStatus::Error, "timeout");
  CHECK(story.terminate() == kErrors);
  CHECK(story.results() ==
        "PreSync Job/run Synced/Error Failed to get live resource: "
        "failed to get resource: timeout\n");
}

TEST_CASE("a hook whose health cannot be told is deleted and keeps the error") {
  RunningHook story;
  story.fail_health("Job/run", "no script");
  CHECK(story.terminate() == "f run -run " + kTerminated);
  CHECK(story.results() ==
        "PreSync Job/run Synced/Error Failed to get hook health: "
        "failed to get resource health: no script\n");
}

TEST_CASE("a finalizer that stays is an error, and its hook is not deleted") {
  RunningHook story;
  story.answer_with("unfinalize Job/run", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "unfinalize Job/run! " + kErrors);
  CHECK(story.results() ==
        "PreSync Job/run Synced/Error Failed to remove hook finalizer: "
        "failed to update resource: failed to update resource: denied\n");
}

TEST_CASE("a hook that cannot be deleted is an error") {
  RunningHook story;
  story.answer_with("delete Job/run", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "f run delete Job/run! " + kErrors);
  CHECK(story.results() ==
        "PreSync Job/run Synced/Failed Failed to delete: failed to delete resource: denied\n");
}

TEST_CASE("a hook that goes while it is deleted was terminated") {
  RunningHook story;
  story.answer_with("delete Job/run", AnswerStatus::NotFound, "not found");
  CHECK(story.terminate() == "f run delete Job/run! " + kTerminated);
  CHECK(story.results() == "PreSync Job/run Synced/Failed Terminated\n");
}

TEST_CASE("an error with one hook does not keep the next one from being terminated") {
  Story story;
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.pass();
  story.answer_with("delete Job/a", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "f a delete Job/a! f b -b " + kErrors);
}

TEST_CASE("a hook that had completed before only loses its finalizer") {
  RunningHook story("HookFailed");
  story.health("Job/run", Status::Healthy, "done");
  story.target("Job/next", {.hook = "Sync"});
  CHECK(story.pass() ==
        "f run +cm +next -> Running: waiting for completion of hook batch/Job/next "
        "and 1 more resources");
  story.with_finalizer("Job/run");
  CHECK(story.terminate() == "f run f next -next " + kTerminated);
}

TEST_CASE("the finalizer of a completed hook that stays is recorded, the termination goes on") {
  RunningHook story;
  story.health("Job/run", Status::Healthy, "done");
  story.target("Job/next", {.hook = "Sync"});
  story.pass();
  story.with_finalizer("Job/run");
  story.answer_with("unfinalize Job/run", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "unfinalize Job/run! f next -next " + kTerminated);
  CHECK(story.results().starts_with(
      "PreSync Job/run Synced/Error Failed to remove hook finalizer: "
      "failed to update resource: failed to update resource: denied\n"));
}

TEST_CASE("resources and hooks that have not started are left alone") {
  Story story;
  story.target("ConfigMap/cm").target("Job/sync", {.hook = "Sync"});
  story.target("Job/post", {.hook = "PostSync", .policy = "HookFailed"});
  story.live("Job/post", {.hook = "PostSync", .policy = "HookFailed"});
  story.pass();
  CHECK(story.terminate() == "f sync -sync " + kTerminated);
}

TEST_CASE("before 3.4 a deleted hook counts as a success and loses its status") {
  RunningHook story("", {3, 3});
  CHECK(story.terminate() == "f run -run " + kTerminated);
  CHECK(story.calls() == "unfinalize Job/run at 1\ndelete Job/run Foreground\n");
  CHECK(story.results() == "PreSync Job/run /Succeeded Deleted\n");
  CHECK(story.reasons() == "the operation was terminated /\n");
}

TEST_CASE("before 3.4 every live hook is terminated, also one of an earlier operation") {
  Story story;
  story.version = {3, 3};
  story.target("ConfigMap/cm").target("Job/post", {.hook = "PostSync"});
  story.live("Job/post", {.hook = "PostSync"});
  story.pass();
  CHECK(story.terminate() == "-post " + kTerminated);
  CHECK(story.results() ==
        "Sync ConfigMap/cm Synced/Running created\nPostSync Job/post /Succeeded Deleted\n");
}

TEST_CASE("before 3.4 a hook that has ended is kept, HookFailed or not") {
  RunningHook story("HookFailed", {3, 3});
  story.health("Job/run", Status::Degraded, "limit");
  CHECK(story.terminate() == "f run " + kTerminated);
  CHECK(story.results() == "PreSync Job/run /Failed limit\n");
}

TEST_CASE("before 3.4 a hook that is gone is not looked up") {
  RunningHook story("", {3, 3});
  story.vanish("Job/run");
  CHECK(story.terminate() == kTerminated);
  CHECK(story.calls().empty());
}

TEST_CASE("before 3.4 a health that cannot be told ends the termination") {
  Story story;
  story.version = {3, 3};
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.pass();
  story.fail_health("Job/a", "no script");
  CHECK(story.terminate() ==
        "f a -> Error: Failed to get hook health: failed to get resource health: no script");
}

TEST_CASE("before 3.4 a finalizer that stays is an error and the next hook follows") {
  Story story;
  story.version = {3, 3};
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.pass();
  story.answer_with("unfinalize Job/a", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "unfinalize Job/a! f b -b " + kErrors);
  CHECK(story.results() ==
        "PreSync Job/a Synced/Error Failed to remove hook finalizer: "
        "failed to update resource: failed to update resource: denied\n"
        "PreSync Job/b /Succeeded Deleted\n");
}

TEST_CASE("before 3.4 a hook that cannot be deleted is an error") {
  RunningHook story("", {3, 3});
  story.answer_with("delete Job/run", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "f run delete Job/run! " + kErrors);
  CHECK(story.results() ==
        "PreSync Job/run /Failed Failed to delete: failed to delete resource: denied\n");
}

TEST_CASE("a hook that goes while it is deleted is an error for 2.14 only") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 0}, {2, 14}}) {
    RunningHook story("", version);
    story.answer_with("delete Job/run", AnswerStatus::NotFound, "not found");
    if (version.major == 3) {
      CHECK(story.terminate() == "f run delete Job/run! " + kTerminated);
      CHECK(story.results() == "PreSync Job/run /Succeeded Deleted\n");
    } else {
      CHECK(story.terminate() == "delete Job/run! " + kErrors);
      CHECK(story.results() == "PreSync Job/run /Failed Failed to delete: not found\n");
    }
  }
}

TEST_CASE("a resource that runs is not terminated") {
  Story story;
  story.target("Deployment/d").target("Job/h", {.hook = "Sync"});
  story.pass();
  CHECK(story.terminate() == "f h -h " + kTerminated);
  CHECK(story.results() ==
        "Sync Deployment/d Synced/Running created\nSync Job/h Synced/Failed Terminated\n");
}

TEST_CASE("an outcome without words leaves the message as it was") {
  RunningHook story;
  story.health("Job/run", Status::Healthy);
  story.terminate();
  CHECK(story.results() == "PreSync Job/run Synced/Succeeded created\n");
}

TEST_CASE("all completed hooks lose their finalizers at termination, resources keep them") {
  Story story;
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.target("Deployment/d").target("Job/post", {.hook = "PostSync"});
  story.pass();
  story.health("Job/a", Status::Healthy).health("Job/b", Status::Healthy);
  story.pass();
  story.health("Deployment/d", Status::Healthy);
  story.pass();
  story.with_finalizer("Job/a").with_finalizer("Job/b").with_finalizer("Deployment/d");
  story.answer_with("unfinalize Job/a", AnswerStatus::Error, "denied");
  CHECK(story.terminate() == "unfinalize Job/a! f b f post -post " + kTerminated);
  CHECK(story.results().find("Job/b Synced/Succeeded created\n") != std::string::npos);
}

TEST_CASE("before 3.4 all live hooks are terminated, one after another") {
  Story story;
  story.version = {3, 3};
  story.target("Job/a", {.hook = "PreSync"}).target("Job/b", {.hook = "PreSync"});
  story.pass();
  CHECK(story.terminate() == "f a -a f b -b " + kTerminated);
  CHECK(story.results() == "PreSync Job/a /Succeeded Deleted\nPreSync Job/b /Succeeded Deleted\n");
}

}  // namespace
}  // namespace wavetank::sync
