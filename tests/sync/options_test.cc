// Sync options: which call is made with which flags, what is pruned, what is left out.
#include <catch2/catch.hpp>

#include "story.h"

namespace wavetank::sync {
namespace {

using health::Status;

const std::string kAllRun = "-> Succeeded: successfully synced (all tasks run)";

TEST_CASE("everything is written dry first, then for real, kinds that stand together at once") {
  Story story;
  story.target("ConfigMap/a").target("ConfigMap/b").target("Service/s");
  story.pass();
  CHECK(story.calls() ==
        "apply ConfigMap/a dry, apply ConfigMap/b dry\napply Service/s dry\n"
        "apply ConfigMap/a, apply ConfigMap/b\napply Service/s\nwave hook Sync 0 final\n");
}

TEST_CASE("only hooks get Argo CD's finalizer, and only since 3.0") {
  Story story;
  story.target("Job/h", {.hook = "Sync"}).target("ConfigMap/cm");
  story.pass();
  CHECK(story.calls() ==
        "apply ConfigMap/cm dry\napply Job/h dry finalizer\n"
        "apply ConfigMap/cm\napply Job/h finalizer\nwave hook Sync 0 final\n");
  Story old;
  old.version = {2, 14};
  old.target("Job/h", {.hook = "Sync"});
  old.pass();
  CHECK(old.calls() == "apply Job/h dry\napply Job/h\nwave hook Sync 0 final\n");
}

TEST_CASE("Force is asked for by the operation or by the object") {
  Story story;
  story.target("ConfigMap/a", {.options = "Force=true"}).target("Service/b");
  story.pass();
  CHECK(story.calls() ==
        "apply ConfigMap/a dry force\napply Service/b dry\n"
        "apply ConfigMap/a force\napply Service/b\nwave hook Sync 0 final\n");
  Story all;
  all.settings.force = true;
  all.target("Service/b");
  all.pass();
  CHECK(all.calls() ==
        "apply Service/b dry force\napply Service/b force\nwave hook Sync 0 final\n");
}

TEST_CASE("Force of a live object counts since 3.3") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 3}, {3, 1}}) {
    Story story;
    story.version = version;
    story.live("ConfigMap/a", {.options = "Force=true"}).target("ConfigMap/a");
    story.pass();
    CHECK(story.calls() == (version.minor == 3 ? "apply ConfigMap/a dry force\n"
                                                 "apply ConfigMap/a force\nwave hook Sync 0 final\n"
                                               : "apply ConfigMap/a dry\n"
                                                 "apply ConfigMap/a\nwave hook Sync 0 final\n"));
  }
}

TEST_CASE("Replace of a live object counts since 3.3") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 3}, {3, 1}}) {
    Story story;
    story.version = version;
    story.live("ConfigMap/a", {.options = "Replace=true"}).target("ConfigMap/a");
    story.pass();
    CHECK(story.calls() == (version.minor == 3 ? "replace ConfigMap/a dry\nreplace ConfigMap/a\n"
                                                 "wave hook Sync 0 final\n"
                                               : "apply ConfigMap/a dry\napply ConfigMap/a\n"
                                                 "wave hook Sync 0 final\n"));
  }
}

TEST_CASE("Validate=false is asked for by the operation or by the object") {
  Story story;
  story.target("ConfigMap/a", {.options = "Validate=false"}).target("Service/b");
  story.pass();
  CHECK(story.calls() ==
        "apply ConfigMap/a dry novalidate\napply Service/b dry\n"
        "apply ConfigMap/a novalidate\napply Service/b\nwave hook Sync 0 final\n");
  Story all;
  all.settings.no_validate = true;
  all.target("Service/b");
  all.pass();
  CHECK(all.calls() ==
        "apply Service/b dry novalidate\napply Service/b novalidate\nwave hook Sync 0 final\n");
}

TEST_CASE("ServerSideApply concerns real writes; an object can ask for it or refuse it") {
  Story story;
  story.target("ConfigMap/a", {.options = "ServerSideApply=true"}).target("Service/b");
  story.pass();
  CHECK(story.calls() ==
        "apply ConfigMap/a dry\napply Service/b dry\n"
        "apply ConfigMap/a serverside\napply Service/b\nwave hook Sync 0 final\n");
  Story all;
  all.settings.server_side_apply = true;
  all.target("ConfigMap/a", {.options = "ServerSideApply=false"}).target("Service/b");
  all.pass();
  CHECK(all.calls() ==
        "apply ConfigMap/a dry\napply Service/b dry\n"
        "apply ConfigMap/a\napply Service/b serverside\nwave hook Sync 0 final\n");
}

TEST_CASE("Replace creates what is not there and replaces what is, the operation may ask for it") {
  Story story;
  story.settings.replace = true;
  story.live("ConfigMap/a").target("ConfigMap/a").target("Service/b");
  story.pass();
  CHECK(story.calls() ==
        "replace ConfigMap/a dry\ncreate Service/b dry\n"
        "replace ConfigMap/a\ncreate Service/b\nwave hook Sync 0 final\n");
}

TEST_CASE("a replacement can be forced and is always validated; a creation is not forced") {
  Story story;
  story.settings.replace = true;
  story.settings.force = true;
  story.settings.no_validate = true;
  story.live("ConfigMap/a").target("ConfigMap/a").target("Service/b");
  story.pass();
  CHECK(story.calls() ==
        "replace ConfigMap/a dry force\ncreate Service/b dry novalidate\n"
        "replace ConfigMap/a force\ncreate Service/b novalidate\nwave hook Sync 0 final\n");
}

TEST_CASE("a live Namespace or definition is updated, never replaced, and that is the message") {
  Story story;
  story.settings.replace = true;
  story.settings.no_validate = true;
  story.live("Namespace/ns").target("Namespace/ns");
  story.live("CustomResourceDefinition/widgets").target("CustomResourceDefinition/widgets");
  story.live("ClusterRole/c").target("ClusterRole/c");
  CHECK(story.pass() == "~ns ~widgets ~c " + kAllRun);
  CHECK(story.calls() ==
        "update Namespace/ns dry\nupdate CustomResourceDefinition/widgets dry\n"
        "replace ClusterRole/c dry\n"
        "update Namespace/ns\nupdate CustomResourceDefinition/widgets\nreplace ClusterRole/c\n"
        "wave hook Sync 0 final\n");
  CHECK(story.results() ==
        "Sync Namespace/ns Synced/Running Namespace/ns updated\n"
        "Sync CustomResourceDefinition/widgets Synced/Running "
        "CustomResourceDefinition/widgets updated\n"
        "Sync ClusterRole/c Synced/Running configured\n");
}

TEST_CASE("a dry run of the whole operation writes nothing and records what it would do") {
  Story story;
  story.settings.dry_run = true;
  story.settings.prune = true;
  story.target("ConfigMap/a").target("Job/h", {.hook = "PostSync"}).live("Service/old");
  story.live("Job/h", {.hook = "PostSync"});
  CHECK(story.pass() == "-> Succeeded: successfully synced (no more tasks)");
  CHECK(story.calls() == "apply ConfigMap/a dry\napply Job/h dry finalizer\n");
  CHECK(story.results() ==
        "Sync Service/old Pruned/Succeeded pruned (dry run)\n"
        "Sync ConfigMap/a Synced/Succeeded \n"
        "PostSync Job/h Synced/Succeeded \n");
}

TEST_CASE("a dry run names what it would not prune") {
  Story story;
  story.settings.dry_run = true;
  story.live("Service/old").target("ConfigMap/a");
  story.pass();
  CHECK(story.results() ==
        "Sync Service/old PruneSkipped/Succeeded ignored (requires pruning)\n"
        "Sync ConfigMap/a Synced/Succeeded \n");
}

TEST_CASE("the dry run before a sync leaves no results, not even of what it would prune") {
  Story story;
  story.settings.prune = true;
  story.live("Service/old").target("ConfigMap/a");
  story.fail_dry_runs("ConfigMap/a", "invalid");
  CHECK(story.pass() == "-> Failed: one or more objects failed to apply (dry run)");
  CHECK(story.results() == "Sync ConfigMap/a SyncFailed/Failed invalid\n");
  CHECK(story.reasons() == "the dry run failed /\n");
}

TEST_CASE("a prune is a deletion with the operation's propagation") {
  Story story;
  story.settings.prune = true;
  story.settings.propagation = model::Propagation::Background;
  story.live("Service/old");
  CHECK(story.pass() == "-old " + kAllRun);
  CHECK(story.calls() == "prune Service/old Background\nwave hook Sync 0 final\n");
  CHECK(story.results() == "Sync Service/old Pruned/Succeeded pruned\n");
}

TEST_CASE("an object that is being deleted already counts as pruned without a call") {
  Story story;
  story.settings.prune = true;
  story.live("Service/old").being_deleted("Service/old");
  CHECK(story.pass() == kAllRun);
  CHECK(story.results() == "Sync Service/old Pruned/Succeeded pruned\n");
}

TEST_CASE("a prune that fails fails the sync, even when the object is gone already") {
  for (const AnswerStatus status : {AnswerStatus::Error, AnswerStatus::NotFound}) {
    Story story;
    story.settings.prune = true;
    story.live("Service/old").answer_with("prune Service/old", status, "no luck");
    CHECK(story.pass() ==
          "prune Service/old! -> Failed: one or more objects failed to apply, reason: no luck");
    CHECK(story.results() == "Sync Service/old SyncFailed/Failed no luck\n");
  }
}

TEST_CASE("a failed prune keeps the creations of its wave back") {
  Story story;
  story.settings.prune = true;
  story.live("Service/old").answer_with("prune Service/old", AnswerStatus::Error, "no luck");
  story.target("ConfigMap/cm");
  CHECK(story.pass() ==
        "prune Service/old! -> Failed: one or more objects failed to apply, reason: no luck");
}

TEST_CASE("Prune=false keeps an object that git no longer has") {
  Story story;
  story.settings.prune = true;
  story.live("Service/old", {.options = "Prune=false"});
  CHECK(story.pass() == kAllRun);
  CHECK(story.results() == "Sync Service/old PruneSkipped/Succeeded ignored (no prune)\n");
}

TEST_CASE("Prune=false of the application holds since 3.4 for objects that say nothing") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 4}, {3, 3}}) {
    Story story;
    story.version = version;
    story.settings.prune = true;
    story.settings.default_prune = model::PruneOption::False;
    story.live("Service/old").live("Service/own", {.options = "Prune=true"});
    CHECK(story.pass() == (version.minor == 4 ? "-own " : "-old -own ") + kAllRun);
  }
}

TEST_CASE("of two Prune options the first one counts since 3.4, before that both did") {
  Story story;
  story.settings.prune = true;
  story.live("Service/old", {.options = "Prune=false,Prune=confirm"});
  CHECK(story.pass() == kAllRun);
  Story old;
  old.version = {3, 3};
  old.settings.prune = true;
  old.live("Service/old", {.options = "Prune=false,Prune=confirm"});
  CHECK(old.pass() == "-> Running: Waiting for pruning confirmation of v1/Service/old");
}

TEST_CASE("a confirmed prune goes on") {
  Story story;
  story.settings.prune = true;
  story.prune_confirmed = true;
  story.live("Service/old", {.options = "Prune=confirm"});
  CHECK(story.pass() == "-old " + kAllRun);
}

TEST_CASE("PruneLast moves prunes behind the last wave of the sync, hooks and all") {
  Story story;
  story.settings.prune = true;
  story.settings.prune_last = true;
  story.live("Service/old").target("ConfigMap/cm").target("Job/h", {.hook = "Sync", .wave = "3"});
  CHECK(story.pass() == "+cm zz -> Running: waiting for healthy state of /ConfigMap/cm");
  CHECK(story.pass() == "+h zz -> Running: waiting for completion of hook batch/Job/h");
  story.health("Job/h", Status::Healthy);
  CHECK(story.pass() == "f h -old " + kAllRun);
  CHECK(story.calls() ==
        "unfinalize Job/h at 1\nprune Service/old Foreground\n"
        "wave hook Sync 4 final\n");
}

TEST_CASE("one object can ask for PruneLast; the others keep their waves") {
  Story story;
  story.settings.prune = true;
  story.live("Service/late", {.options = "PruneLast=true"}).live("Service/soon");
  story.target("ConfigMap/cm");
  CHECK(story.pass() ==
        "-soon +cm zz -> Running: waiting for healthy state of /ConfigMap/cm and 1 "
        "more resources");
  CHECK(story.pass() == "-late " + kAllRun);
}

TEST_CASE("ApplyOutOfSyncOnly leaves out what has not changed, but neither hooks nor new objects") {
  Story story;
  story.settings.apply_out_of_sync_only = true;
  story.live("ConfigMap/same").target("ConfigMap/same").unmodified("ConfigMap/same");
  story.live("ConfigMap/changed").target("ConfigMap/changed");
  story.target("ConfigMap/new").unmodified("ConfigMap/new");
  story.live("Job/h", {.hook = "Sync", .policy = "HookFailed"}).unmodified("Job/h");
  story.target("Job/h", {.hook = "Sync", .policy = "HookFailed"});
  story.settings.prune = true;
  story.live("ConfigMap/old").unmodified("ConfigMap/old");
  CHECK(story.pass() ==
        "-old ~changed +new ~h -> Running: waiting for completion of hook "
        "batch/Job/h and 3 more resources");
  CHECK(story.calls().find("ConfigMap/same") == std::string::npos);
}

TEST_CASE("without ApplyOutOfSyncOnly everything is applied, changed or not") {
  Story story;
  story.live("ConfigMap/same").target("ConfigMap/same").unmodified("ConfigMap/same");
  CHECK(story.pass() == "~same " + kAllRun);
}

TEST_CASE("ApplyOutOfSyncOnly leaves out cluster-scoped objects since 3.0") {
  for (const model::ArgocdVersion version : {model::ArgocdVersion{3, 0}, {2, 14}}) {
    Story story;
    story.version = version;
    story.settings.apply_out_of_sync_only = true;
    story.live("ClusterRole/c").target("ClusterRole/c").unmodified("ClusterRole/c");
    story.live("ConfigMap/a").target("ConfigMap/a").unmodified("ConfigMap/a");
    CHECK(story.pass() == (version.major == 3 ? "-> Succeeded: successfully synced (no more tasks)"
                                              : "~c " + kAllRun));
  }
}

TEST_CASE("a selective sync leaves out what is not selected, by the live object or the target") {
  Story story;
  story.settings.prune = true;
  story.target("ConfigMap/a").target("ConfigMap/b").unselected("ConfigMap/b");
  story.live("ConfigMap/c").target("ConfigMap/c").unselected("ConfigMap/c");
  story.live("ConfigMap/old").unselected("ConfigMap/old");
  CHECK(story.pass() == "+a " + kAllRun);
}

TEST_CASE("a sync without hooks runs none") {
  Story story;
  story.settings.skip_hooks = true;
  story.target("ConfigMap/a").target("Job/h", {.hook = "PreSync"});
  CHECK(story.pass() == "+a " + kAllRun);
}

TEST_CASE("Prune=false and Prune=confirm are told apart before 3.4, too") {
  Story story;
  story.version = {3, 3};
  story.settings.prune = true;
  story.live("Service/old", {.options = "Prune=false"});
  CHECK(story.pass() == kAllRun);
  CHECK(story.results() == "Sync Service/old PruneSkipped/Succeeded ignored (no prune)\n");
}

TEST_CASE("Replace creates a definition that is not there yet") {
  Story story;
  story.settings.replace = true;
  story.target("CustomResourceDefinition/widgets");
  story.pass();
  CHECK(story.calls() ==
        "create CustomResourceDefinition/widgets dry\ncreate CustomResourceDefinition/widgets\n"
        "wave hook Sync 0 final\n");
}

}  // namespace
}  // namespace wavetank::sync
