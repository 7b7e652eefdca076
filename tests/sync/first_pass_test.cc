// The first pass: which kinds are known, the destination namespace, and the dry run.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kAllRun = "-> Succeeded: successfully synced (all tasks run)";
const std::string kNotValid = "-> Failed: one or more synchronization tasks are not valid";

// Kinds.

TEST_CASE("a kind that the project does not allow makes the task list invalid") {
  Story story;
  story.target("Service/s").target("ConfigMap/cm");
  story.refuse_kind("Service/s", Discovery::Denied, "not permitted");
  CHECK(story.pass() == kNotValid + ": not permitted");
  CHECK(story.calls().empty());
  CHECK(story.results() == "Sync Service/s SyncFailed/ not permitted\n");
  CHECK(story.reasons() == "a task is not valid /\n");
}

TEST_CASE("discovery that fails makes the task list invalid, whatever the options say") {
  Story story;
  story.settings.skip_dry_run_on_missing_resource = true;
  story.target("Service/s").refuse_kind("Service/s", Discovery::Failed, "no answer");
  CHECK(story.pass() == kNotValid + ": no answer");
}

TEST_CASE("several causes are sorted and each is given once") {
  Story story;
  story.target("Service/a").target("Service/b").target("Job/j");
  story.refuse_kind("Service/a", Discovery::Denied, "zz")
      .refuse_kind("Job/j", Discovery::Failed, "aa");
  CHECK(story.pass() == kNotValid + ": aa; zz");
}

TEST_CASE("the causes stand in the message since 3.5") {
  Story story;
  story.version = {3, 4};
  story.target("Service/s").refuse_kind("Service/s", Discovery::Denied, "not permitted");
  CHECK(story.pass() == kNotValid);
}

TEST_CASE("live objects of a kind that is refused are refused as prunes, too") {
  Story story;
  story.live("Service/old").refuse_kind("Service/old", Discovery::Denied, "not permitted");
  CHECK(story.pass() == kNotValid + ": not permitted");
}

TEST_CASE("SkipDryRunOnMissingResource lets an unknown kind pass without a dry run") {
  Story story;
  story.target("Widget/w", {.options = "SkipDryRunOnMissingResource=true"})
      .unknown_kind("Widget/w");
  CHECK(story.pass() == "+w " + kAllRun);
  CHECK(story.calls() == "apply Widget/w\nwave hook Sync 0 final\n");
}

TEST_CASE("SkipDryRunOnMissingResource does not matter for a kind that is known") {
  Story story;
  story.target("Widget/w", {.options = "SkipDryRunOnMissingResource=true"});
  story.pass();
  CHECK(story.calls() == "apply Widget/w dry\napply Widget/w\nwave hook Sync 0 final\n");
}

TEST_CASE("SkipDryRunOnMissingResource of the application counts since 3.0") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 0}, {2, 14}}) {
    Story story;
    story.version = version;
    story.settings.skip_dry_run_on_missing_resource = true;
    story.target("Widget/w").unknown_kind("Widget/w");
    CHECK(story.pass() == (version.major == 3 ? "+w " + kAllRun : kNotValid));
  }
}

TEST_CASE("SkipDryRunOnMissingResource of a live object does not count") {
  Story story;
  story.settings.prune = true;
  story.live("Widget/w", {.options = "SkipDryRunOnMissingResource=true"}).unknown_kind("Widget/w");
  CHECK(story.pass() == kNotValid + ": Widget.example.com \"\" not found");
}

TEST_CASE("a definition that is a hook lets its kind be missing, too") {
  Story story;
  story.target("CustomResourceDefinition/widgets", {.hook = "PreSync"});
  story.target("Widget/w").unknown_kind("Widget/w");
  CHECK(story.pass() ==
        "+widgets zz -> Running: waiting for completion of hook "
        "apiextensions.k8s.io/CustomResourceDefinition/widgets");
}

TEST_CASE("a definition of another kind does not help") {
  Story story;
  story.target("CustomResourceDefinition/widgets");
  story.target("Gadget/g").unknown_kind("Gadget/g");
  CHECK(story.pass() == kNotValid + ": Gadget.example.com \"\" not found");
}

TEST_CASE("a task list that is not valid stays so in later passes") {
  Story story;
  story.target("ConfigMap/a").target("Service/s", {.wave = "1"});
  CHECK(story.pass() == "+a zz -> Running: waiting for healthy state of /ConfigMap/a");
  story.refuse_kind("Service/s", Discovery::Denied, "not permitted");
  CHECK(story.pass() == kNotValid + ": not permitted");
}

// The destination namespace.

TEST_CASE("the destination namespace is created before the dry run of everything else") {
  Story story;
  story.vanish("Namespace/ns").target("Namespace/ns").target("ConfigMap/cm");
  story.pass();
  CHECK(story.calls() ==
        "apply Namespace/ns\napply ConfigMap/cm dry\napply ConfigMap/cm\nwave hook Sync 0 final\n");
  CHECK(story.reasons() ==
        "the namespace is created before the dry run Namespace/ns\n"
        "the next phase and wave start ConfigMap/cm\nthe last group has no hook to wait for /\n");
}

TEST_CASE("before 3.1 the destination namespace is checked with everything else") {
  Story story;
  story.version = {3, 0};
  story.vanish("Namespace/ns").target("Namespace/ns").target("ConfigMap/cm");
  story.pass();
  CHECK(story.calls() ==
        "apply Namespace/ns dry\napply ConfigMap/cm dry\napply Namespace/ns\napply ConfigMap/cm\n"
        "wave hook Sync 0 final\n");
}

TEST_CASE("a destination namespace that cannot be created fails the sync") {
  Story story;
  story.vanish("Namespace/ns").target("Namespace/ns").target("ConfigMap/cm");
  story.target("Job/sf", {.hook = "SyncFail"});
  story.fail_writes("Namespace/ns", "quota");
  CHECK(story.pass() == "ns! -> Failed: the namespace failed to apply, reason: quota");
}

TEST_CASE("a namespace that is live, or another one, is checked with everything else") {
  Story story;
  story.live("Namespace/ns").target("Namespace/ns").target("Namespace/other");
  story.pass();
  CHECK(story.calls() ==
        "apply Namespace/ns dry, apply Namespace/other dry\n"
        "apply Namespace/ns, apply Namespace/other\nwave hook Sync 0 final\n");
}

TEST_CASE("CreateNamespace looks the namespace up at every pass and makes it only if missing") {
  Story story;
  story.settings.create_namespace = true;
  story.target("ConfigMap/cm");
  CHECK(story.pass() == "+cm " + kAllRun);
  CHECK(story.calls() ==
        "get namespace Namespace/ns\napply ConfigMap/cm dry\napply ConfigMap/cm\n"
        "wave hook Sync 0 final\n");
}

TEST_CASE("CreateNamespace is a task of PreSync with its own result") {
  Story story;
  story.settings.create_namespace = true;
  story.vanish("Namespace/ns").target("ConfigMap/cm");
  story.pass();
  CHECK(story.calls() ==
        "get namespace Namespace/ns\napply Namespace/ns\napply ConfigMap/cm dry\n"
        "get Namespace/ns\n");
  CHECK(story.results() == "PreSync Namespace/ns Synced/Running created\n");
}

TEST_CASE("CreateNamespace with metadata applies a namespace that exists, server-side") {
  Story story;
  story.settings.create_namespace = true;
  story.settings.has_managed_namespace_metadata = true;
  story.settings.managed_namespace_wave = 7;
  story.target("ConfigMap/cm");
  CHECK(story.pass() == "~ns zz -> Running: waiting for healthy state of /Namespace/ns");
  CHECK(story.calls() ==
        "get namespace Namespace/ns\napply Namespace/ns dry\napply ConfigMap/cm dry\n"
        "apply Namespace/ns serverside\nwave hook PreSync 7\n");
}

TEST_CASE("a namespace of the manifests, or no destination, leaves CreateNamespace nothing to do") {
  Story story;
  story.settings.create_namespace = true;
  story.target("Namespace/ns");
  story.pass();
  CHECK(story.calls().find("get namespace") == std::string::npos);
  Story nowhere;
  nowhere.settings.create_namespace = true;
  nowhere.name_space = "";
  nowhere.target("ConfigMap/cm");
  nowhere.pass();
  CHECK(nowhere.calls().find("get namespace") == std::string::npos);
}

TEST_CASE("another namespace of the manifests does not replace the destination") {
  Story story;
  story.settings.create_namespace = true;
  story.target("Namespace/other").live("ConfigMap/old");
  story.pass();
  CHECK(story.calls().starts_with("get namespace Namespace/ns\n"));
}

TEST_CASE("a namespace that cannot be looked up fails the sync; 2.14 writes a capital") {
  for (const model::ArgocdVersion version : {model::kNewestVersion, model::ArgocdVersion{2, 14}}) {
    Story story;
    story.version = version;
    story.settings.create_namespace = true;
    story.target("ConfigMap/cm");
    story.answer_with("get namespace Namespace/ns", AnswerStatus::Error, "timeout");
    CHECK(story.pass() ==
          "get namespace Namespace/ns! -> Failed: one or more synchronization tasks completed "
          "unsuccessfully, reason: " +
              std::string(version.major == 2 ? "N" : "n") +
              "amespace auto creation failed: timeout");
  }
}

TEST_CASE(
    "ApplyOutOfSyncOnly leaves out a generated namespace only if the application manages it") {
  for (const bool is_managed : {true, false}) {
    Story story;
    story.settings.create_namespace = true;
    story.settings.has_managed_namespace_metadata = true;
    story.settings.apply_out_of_sync_only = true;
    story.target("ConfigMap/cm").unmodified("Namespace/ns");
    if (is_managed) story.live("Namespace/ns");
    CHECK(story.pass().starts_with(is_managed ? "+cm ->" : "~ns zz ->"));
  }
}

TEST_CASE("the kind of the generated namespace is checked like any other") {
  Story story;
  story.settings.create_namespace = true;
  story.vanish("Namespace/ns").target("ConfigMap/cm");
  story.refuse_kind("Namespace/ns", Discovery::Denied, "no namespaces");
  CHECK(story.pass() == kNotValid + ": no namespaces");
}

// The dry run.

TEST_CASE("a sync that goes on is not checked again") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b", {.wave = "1"});
  story.pass();
  story.pass();
  CHECK(story.calls() == "apply ConfigMap/b\nwave hook Sync 1 final\n");
}

TEST_CASE("everything is checked before anything is applied, hooks of failure included") {
  Story story;
  story.target("ConfigMap/a").target("Job/sf", {.hook = "SyncFail"});
  story.target("Job/post", {.hook = "PostSync"});
  story.fail_dry_runs("Job/sf", "invalid");
  CHECK(story.pass() == "-> Failed: one or more objects failed to apply (dry run)");
  CHECK(story.calls() ==
        "apply ConfigMap/a dry\napply Job/post dry finalizer, apply Job/sf dry finalizer\n");
}

TEST_CASE("a dry run that fails goes on with the next kind, so that all errors are found") {
  Story story;
  story.target("ConfigMap/a").target("Service/b");
  story.fail_dry_runs("ConfigMap/a", "bad a").fail_dry_runs("Service/b", "bad b");
  story.pass();
  CHECK(story.results() ==
        "Sync ConfigMap/a SyncFailed/Failed bad a\nSync Service/b SyncFailed/Failed bad b\n");
}

TEST_CASE("a cause without words leaves the message without a cause") {
  Story story;
  story.target("Service/s").refuse_kind("Service/s", Discovery::Denied, "");
  CHECK(story.pass() == kNotValid);
}

TEST_CASE("only a Namespace of that name is the destination") {
  Story story;
  story.target("ConfigMap/ns");
  story.pass();
  CHECK(story.calls() == "apply ConfigMap/ns dry\napply ConfigMap/ns\nwave hook Sync 0 final\n");
  Story creating;
  creating.settings.create_namespace = true;
  creating.target("ConfigMap/ns");
  creating.pass();
  CHECK(creating.calls().starts_with("get namespace Namespace/ns\n"));
}

TEST_CASE("one namespace among other manifests is enough for CreateNamespace") {
  Story story;
  story.settings.create_namespace = true;
  story.target("Namespace/ns").target("ConfigMap/cm");
  story.pass();
  CHECK(story.calls().find("get namespace") == std::string::npos);
}

TEST_CASE("a managed namespace that git has changed is applied under ApplyOutOfSyncOnly") {
  Story story;
  story.settings.create_namespace = true;
  story.settings.has_managed_namespace_metadata = true;
  story.settings.apply_out_of_sync_only = true;
  story.live("Namespace/ns");
  CHECK(story.pass().starts_with("~ns "));
}

TEST_CASE("a dry run of the whole operation does not create the destination namespace either") {
  Story story;
  story.settings.dry_run = true;
  story.vanish("Namespace/ns").target("Namespace/ns").target("ConfigMap/cm");
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
  CHECK(story.calls() == "apply Namespace/ns dry\napply ConfigMap/cm dry\n");
}

TEST_CASE("without a destination nothing needs a namespace") {
  Story story;
  story.name_space = "";
  story.target("ClusterRole/c").target("Namespace/other", {.wave = "1"});
  CHECK(story.pass().starts_with("+c zz "));
  CHECK(story.pass() == "+other " + kAllRun);
}

}  // namespace
}  // namespace wavetank::sync
