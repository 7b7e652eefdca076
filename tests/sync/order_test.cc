// The order of tasks and the task list they come from.
#include "sync/order.h"

#include <catch2/catch.hpp>

#include "story.h"
#include "sync/message.h"
#include "sync/reason.h"
#include "sync/task_list.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kAllRun = "-> Succeeded: successfully synced (all tasks run)";

TEST_CASE("prune waves are mirrored at every pass, among the prunes that are still there") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/p1", {.wave = "1"}).live("ConfigMap/p2", {.wave = "2"});
  story.live("ConfigMap/p5", {.wave = "5"}).target("Service/t3", {.wave = "3"});
  CHECK(story.pass().starts_with("-p5 zz "));
  CHECK(story.calls().ends_with("wave hook Sync 1\n"));
  CHECK(story.pass().starts_with("-p2 zz "));
  CHECK(story.calls().ends_with("wave hook Sync 1\n"));
  CHECK(story.pass().starts_with("-p1 zz "));
  CHECK(story.pass() == "+t3 " + kAllRun);
}

TEST_CASE("several prunes of one wave go together") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a", {.wave = "1"}).live("ConfigMap/b", {.wave = "1"});
  story.live("ConfigMap/c", {.wave = "4"});
  CHECK(story.pass().starts_with("-c zz "));
  CHECK(story.pass() == "-a -b " + kAllRun);
}

TEST_CASE("PruneLast comes behind the highest wave of the Sync phase, not of PostSync") {
  Story story;
  story.settings.prune = true;
  story.settings.prune_last = true;
  story.live("Service/old", {.wave = "-3"}).target("ConfigMap/cm", {.wave = "2"});
  story.target("Job/post", {.hook = "PostSync", .wave = "9"});
  story.pass();
  CHECK(story.calls().ends_with("wave hook Sync 2\n"));
  story.pass();
  CHECK(story.calls().ends_with("prune Service/old Foreground\nwave hook Sync 3\n"));
}

TEST_CASE("PruneLast with negative waves only comes in wave 1") {
  Story story;
  story.settings.prune = true;
  story.settings.prune_last = true;
  story.live("Service/old", {.wave = "-3"}).target("ConfigMap/cm", {.wave = "-2"});
  story.pass();
  story.pass();
  CHECK(story.calls() == "prune Service/old Foreground\nwave hook Sync 1 final\n");
}

TEST_CASE("PruneLast behind the last possible wave wraps around, as in Go") {
  Story story;
  story.settings.prune = true;
  story.settings.prune_last = true;
  story.live("Service/old").target("ConfigMap/cm", {.wave = "9223372036854775807"});
  story.pass();
  CHECK(story.calls().ends_with("wave hook Sync 9223372036854775807\n"));
  CHECK(story.pass() == "-old " + kAllRun);
  CHECK(story.calls().ends_with("wave hook Sync -9223372036854775808 final\n"));
}

TEST_CASE("an object that moved between phases of one hook is a task in each") {
  Story story;
  story.target("Job/h", {.hook = "PreSync,PostSync"});
  story.pass();
  CHECK(story.calls().starts_with("apply Job/h dry finalizer, apply Job/h dry finalizer\n"));
}

TEST_CASE("of two live objects with one uid, the one that git names stays") {
  Story story;
  story.settings.prune = true;
  story.live("Deployment/a").target("Deployment/a").live("ConfigMap/copy");
  story.same_uid("Deployment/a", "ConfigMap/copy");
  CHECK(story.pass() == "~a " + kAllRun);
}

TEST_CASE("of two live objects with one uid that git does not name, one is pruned") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/copy").live("Deployment/a").live("Service/other");
  story.same_uid("Deployment/a", "ConfigMap/copy");
  CHECK(story.pass() == "-other -a " + kAllRun);
}

TEST_CASE("a hook does not keep an object with the same uid") {
  Story story;
  story.settings.prune = true;
  story.live("Job/h", {.hook = "PostSync"}).target("Job/h", {.hook = "PostSync"});
  story.live("ConfigMap/copy").target("ConfigMap/cm");
  story.same_uid("Job/h", "ConfigMap/copy");
  CHECK(story.pass().starts_with("+cm "));
}

TEST_CASE("an ignored hook type keeps an object out of the sync, and its live object is pruned") {
  Story story;
  story.settings.prune = true;
  story.target("ConfigMap/b", {.hook = "Garbage"}).live("ConfigMap/b");
  CHECK(story.pass() == "-b " + kAllRun);
}

TEST_CASE("a skipped object is neither applied nor pruned") {
  Story story;
  story.settings.prune = true;
  story.target("ConfigMap/b", {.hook = "Skip"}).live("ConfigMap/b").live("ConfigMap/old");
  CHECK(story.pass() == "-old " + kAllRun);
}

TEST_CASE("a cluster-scoped object is found without a namespace, and reported with one") {
  Story story;
  story.live("ClusterRole/c").target("ClusterRole/c");
  CHECK(story.pass() == "~c " + kAllRun);
}

TEST_CASE("an object of an unknown kind is found with or without a namespace") {
  Story story;
  story.settings.prune = true;
  story.live("Widget/w").target("Widget/w");
  CHECK(story.pass() == "~w " + kAllRun);
}

TEST_CASE("a hook finds its live object and takes it over") {
  Story story;
  story.target("ClusterRole/h", {.hook = "PreSync"}).live("ClusterRole/h", {.hook = "PreSync"});
  CHECK(story.pass().starts_with("-h -> Running: waiting for deletion of hook "));
}

TEST_CASE("generated names are short, lower-case, and differ by phase") {
  Operation operation{.revision = "ABCdefghij", .started_at = 42};
  CHECK(generated_name("Job-", operation, model::Phase::PostSync) == "Job-abcdefg-postsync-42");
  operation.revision = "AZ19";
  CHECK(generated_name("j-", operation, model::Phase::SyncFail) == "j-az19-syncfail-42");
  operation.revision = "1234567";
  CHECK(generated_name("j-", operation, model::Phase::Sync) == "j-1234567-sync-42");
}

TEST_CASE("the generated namespace is a Namespace of the core group") {
  base::Interner interner;
  Operation operation{.name_space = interner.intern("prod")};
  operation.settings.managed_namespace_wave = 5;
  const auto plain = generated_namespace_facts(operation, interner);
  CHECK(interner.text(plain.key.kind) == "Namespace");
  CHECK(interner.text(plain.key.name) == "prod");
  CHECK(interner.text(plain.key.group).empty());
  CHECK(interner.text(plain.key.name_space).empty());
  CHECK(interner.text(plain.version) == "v1");
  CHECK(interner.text(plain.generate_name).empty());
  CHECK(plain.is_namespace);
  CHECK(plain.wave == 0);
  CHECK_FALSE(plain.options.server_side_apply);
  operation.settings.has_managed_namespace_metadata = true;
  const auto managed = generated_namespace_facts(operation, interner);
  CHECK(managed.wave == 5);
  CHECK(managed.options.server_side_apply);
}

TEST_CASE("the text of a discovery that failed names the group and version since 3.1") {
  CHECK(discovery_error({3, 1}, "apps/v1", "boom") ==
        "failed to discover server resources for group version apps/v1: boom");
  CHECK(discovery_error({3, 0}, "apps/v1", "boom") == "boom");
}

TEST_CASE("a message about nothing is empty") {
  const base::Interner interner;
  CHECK(waiting_message({}, Awaited::Completion, interner).empty());
  CHECK(first_waiting_message({}, Awaited::Completion, interner).empty());
  CHECK(with_reasons("text", {}, interner) == "text");
}

TEST_CASE("phases, results, states and calls have the names of Argo CD") {
  CHECK(name(OperationPhase::Running) == "Running");
  CHECK(name(OperationPhase::Succeeded) == "Succeeded");
  CHECK(name(OperationPhase::Failed) == "Failed");
  CHECK(name(OperationPhase::Error) == "Error");
  CHECK(name(ResultStatus::Empty).empty());
  CHECK(name(ResultStatus::Synced) == "Synced");
  CHECK(name(ResultStatus::SyncFailed) == "SyncFailed");
  CHECK(name(ResultStatus::Pruned) == "Pruned");
  CHECK(name(ResultStatus::PruneSkipped) == "PruneSkipped");
  CHECK(name(TaskState::Pending).empty());
  CHECK(name(TaskState::Running) == "Running");
  CHECK(name(TaskState::Succeeded) == "Succeeded");
  CHECK(name(TaskState::Failed) == "Failed");
  CHECK(name(TaskState::Error) == "Error");
  CHECK(name(RequestKind::Update) == "update");
  CHECK(name(RequestKind::GetNamespace) == "get namespace");
}

}  // namespace
}  // namespace wavetank::sync
