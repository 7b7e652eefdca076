// The order of tasks and the task list they come from.
#include "sync/order.h"

#include <catch2/catch.hpp>
#include <deque>

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
  Story other;
  other.settings.prune = true;
  other.target("ConfigMap/h", {.hook = "PostSync"}).live("ConfigMap/h", {.hook = "PostSync"});
  other.live("Service/copy").same_uid("ConfigMap/h", "Service/copy");
  CHECK(other.pass().starts_with("-copy "));
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

TEST_CASE("of live objects with one uid, the one that git names stays, wherever it stands") {
  Story story;
  story.settings.prune = true;
  story.target("ConfigMap/0").target("ConfigMap/a").live("ConfigMap/a");
  story.live("Deployment/copy").same_uid("ConfigMap/a", "Deployment/copy");
  CHECK(story.pass() == "+0 ~a " + kAllRun);
}

TEST_CASE("of three live objects with one uid, one is pruned") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a").live("Deployment/b").live("Service/c");
  story.same_uid("ConfigMap/a", "Deployment/b").same_uid("ConfigMap/a", "Service/c");
  CHECK(story.pass() == "-c " + kAllRun);
}

TEST_CASE("objects without a uid are no copies of each other") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a").live("Service/b").without_uid("ConfigMap/a").without_uid("Service/b");
  CHECK(story.pass() == "-a -b " + kAllRun);
}

TEST_CASE("prune waves are mirrored by rank, equal ones counted once") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a", {.wave = "6"}).live("ConfigMap/b", {.wave = "1"});
  story.live("ConfigMap/c", {.wave = "4"}).live("ConfigMap/d", {.wave = "1"});
  story.target("Service/s", {.wave = "2"});
  CHECK(story.pass().starts_with("-a zz "));
  CHECK(story.calls().ends_with("wave hook Sync 1\n"));
}

TEST_CASE("every object that asks for PruneLast is pruned last") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/a", {.options = "PruneLast=true"});
  story.live("ConfigMap/b", {.options = "PruneLast=true"}).target("Service/s");
  CHECK(story.pass().starts_with("+s zz "));
  CHECK(story.pass() == "-a -b " + kAllRun);
}

TEST_CASE("a prune is no user of a namespace that moves") {
  Story story;
  story.settings.prune = true;
  story.live("ConfigMap/old", {.wave = "-1"}).live("Namespace/ns");
  story.target("Namespace/ns", {.wave = "5"});
  CHECK(story.pass().starts_with("-old zz "));
  CHECK(story.pass() == "~ns " + kAllRun);
}

// Pairs of targets and live objects as "Kind/namespace/name", "-" for none.
class Pairs {
 public:
  Pairs& target(const std::string& key, model::Scope scope) {
    targets_.push_back({.facts = &facts(key), .scope = scope});
    return *this;
  }
  Pairs& live(const std::string& key) {
    live_.push_back({.facts = &facts(key)});
    return *this;
  }
  Target& last_target() { return targets_.back(); }
  LiveObject& last_live() { return live_.back(); }
  model::ObjectFacts& last_facts() { return facts_.back(); }

  std::string text() {
    const Reconciliation pairs = reconcile(targets_, live_, operation(), interner_);
    std::string result;
    for (const Pair& pair : pairs.pairs) {
      result += pair.target.valid() ? name(targets_[pair.target.index()].facts->key) : "-";
      result += " = ";
      result += pair.live.valid() ? name(live_[pair.live.index()].facts->key) : "-";
      result += " as " + name(pair.key) + (pair.selected ? "\n" : " unselected\n");
    }
    for (const TargetId hook : pairs.hooks) {
      result += "hook " + name(targets_[hook.index()].facts->key) + "\n";
    }
    return result;
  }

  std::string tasks() {
    const Operation now = operation();
    const Reconciliation pairs = reconcile(targets_, live_, now, interner_);
    std::string result;
    for (const Task& task : build_tasks(pairs, targets_, live_, now, interner_)) {
      result += name(task.key) + (task.is_prune() ? " prune\n" : "\n");
    }
    return result;
  }

 private:
  Operation operation() { return {.name_space = interner_.intern("ns")}; }
  model::ObjectFacts& facts(const std::string& key) {
    const auto first = key.find('/');
    const auto second = key.find('/', first + 1);
    model::ObjectFacts& made = facts_.emplace_back();
    made.key = {.group = base::kEmptySymbol,
                .kind = interner_.intern(key.substr(0, first)),
                .name_space = interner_.intern(key.substr(first + 1, second - first - 1)),
                .name = interner_.intern(key.substr(second + 1))};
    return made;
  }
  std::string name(const model::Key& key) const {
    std::string text(interner_.text(key.kind));
    text += '/';
    text += interner_.text(key.name_space);
    text += '/';
    text += interner_.text(key.name);
    return text;
  }

  base::Interner interner_;
  std::deque<model::ObjectFacts> facts_;
  std::vector<Target> targets_;
  std::vector<LiveObject> live_;
};

TEST_CASE("a target of unknown scope is looked for in its namespace, then without one") {
  Pairs pairs;
  pairs.target("Gizmo//a", model::Scope::Unknown).live("Gizmo/ns/a");
  pairs.target("Gizmo/other/b", model::Scope::Unknown).live("Gizmo/other/b");
  pairs.target("Gizmo//c", model::Scope::Unknown).live("Gizmo//c");
  pairs.target("Gizmo//d", model::Scope::Unknown);
  CHECK(pairs.text() ==
        "Gizmo//c = Gizmo//c as Gizmo//c\nGizmo//d = - as Gizmo//d\n"
        "Gizmo//a = Gizmo/ns/a as Gizmo/ns/a\nGizmo/other/b = Gizmo/other/b as Gizmo/other/b\n");
}

TEST_CASE("a namespaced target is never found without a namespace, nor a cluster-scoped with one") {
  Pairs pairs;
  pairs.target("Role/ns/a", model::Scope::Namespaced).live("Role//a");
  pairs.target("ClusterRole//b", model::Scope::Cluster).live("ClusterRole/ns/b");
  CHECK(pairs.text() ==
        "ClusterRole//b = - as ClusterRole//b\n- = ClusterRole/ns/b as ClusterRole/ns/b\n"
        "- = Role//a as Role//a\nRole/ns/a = - as Role/ns/a\n");
}

TEST_CASE("pairs are sorted by key, whatever the order of the lists") {
  Pairs pairs;
  pairs.live("Role/ns/z").target("Role/ns/m", model::Scope::Namespaced).live("Role/ns/a");
  CHECK(pairs.text() ==
        "- = Role/ns/a as Role/ns/a\nRole/ns/m = - as Role/ns/m\n- = Role/ns/z as Role/ns/z\n");
}

TEST_CASE("whether a pair is selected is up to its live object, else to its target") {
  Pairs pairs;
  pairs.target("Role/ns/a", model::Scope::Namespaced).live("Role/ns/a");
  pairs.last_target().selected = false;
  pairs.target("Role/ns/b", model::Scope::Namespaced).live("Role/ns/b");
  pairs.last_live().selected = false;
  pairs.target("Role/ns/c", model::Scope::Namespaced);
  pairs.last_target().selected = false;
  CHECK(pairs.text() ==
        "Role/ns/a = Role/ns/a as Role/ns/a\n"
        "Role/ns/b = Role/ns/b as Role/ns/b unselected\n"
        "Role/ns/c = - as Role/ns/c unselected\n");
}

TEST_CASE("hooks are no pairs and keep the order of the list; ignored targets are neither") {
  Pairs pairs;
  pairs.target("Job/ns/b", model::Scope::Namespaced).last_facts().hook.is_hook = true;
  pairs.target("Job/ns/a", model::Scope::Namespaced).last_facts().hook.is_hook = true;
  pairs.target("Job/ns/c", model::Scope::Namespaced).last_facts().hook.is_ignored = true;
  CHECK(pairs.text() == "hook Job/ns/b\nhook Job/ns/a\n");
}

TEST_CASE("tasks of targets get the destination namespace, prunes keep none") {
  Pairs pairs;
  pairs.target("ClusterRole//a", model::Scope::Cluster).live("ClusterRole//old");
  pairs.target("Role/other/r", model::Scope::Namespaced);
  CHECK(pairs.tasks() == "ClusterRole/ns/a\nClusterRole//old prune\nRole/other/r\n");
}

TEST_CASE("a live object that is given twice counts once") {
  Pairs pairs;
  pairs.live("Role/ns/a").live("Role/ns/a");
  CHECK(pairs.text() == "- = Role/ns/a as Role/ns/a\n");
}

}  // namespace
}  // namespace wavetank::sync
