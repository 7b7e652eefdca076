#include "application/auto_sync.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

namespace wavetank::application {
namespace {

using std::chrono::seconds;

const model::WallTime kNow{.seconds = 1'000'000};

ComparedResource resource(const std::string& name, SyncStatus status) {
  return {.key = {.kind = "ConfigMap", .name_space = "demo", .name = name}, .status = status};
}

ComparedResource extra(const std::string& name) {
  ComparedResource result = resource(name, SyncStatus::OutOfSync);
  result.requires_pruning = true;
  return result;
}

// One object differs.
Compared out_of_sync() {
  return {.status = SyncStatus::OutOfSync,
          .revision = "new",
          .revisions_may_have_changes = true,
          .resources = {resource("a", SyncStatus::OutOfSync), resource("b", SyncStatus::Synced)}};
}

AutoSyncView automated() {
  return {.policy = {.automated = AutomatedPolicy{}}, .sources = {"repository"}};
}

// The last operation was about this revision, and ended 100 seconds ago.
OperationState last(const std::string& revision, OperationPhase phase) {
  return {.phase = phase,
          .message = "boom",
          .request = {.sync = SyncOperation{}},
          .finished_at = model::WallTime{.seconds = kNow.seconds - 100},
          .result = AttemptResult{.revision = revision, .sources = {"repository"}}};
}

AutoSyncDecision decide(const AutoSyncView& view, const Compared& compared) {
  return decide_auto_sync(view, compared, {}, kNow);
}

bool does_nothing(const AutoSyncDecision& decision) {
  return !decision.operation && !decision.condition && !decision.recheck_after &&
         decision.events.empty();
}

TEST_CASE("what is out of sync is synced to the revision that was compared") {
  const AutoSyncDecision decision = decide(automated(), out_of_sync());
  REQUIRE(decision.operation);
  CHECK(decision.operation->sync->revision == "new");
  CHECK(decision.operation->trigger == Trigger::Automatic);
  CHECK(decision.operation->retry.limit == 5);
  CHECK_FALSE(decision.operation->sync->is_partial());
  CHECK(text(decision.events.at(0)) ==
        "Normal OperationStarted: Initiated automated sync to 'new'");
}

TEST_CASE("prune, options and retry come from the sync policy") {
  AutoSyncView view = automated();
  view.policy.automated->prune = true;
  view.policy.retry = RetryStrategy{.limit = 2};
  view.policy.options = {"Replace=true"};
  const AutoSyncDecision decision = decide(view, out_of_sync());
  REQUIRE(decision.operation);
  CHECK(decision.operation->sync->prune);
  CHECK(decision.operation->sync->options == SyncOptions{"Replace=true"});
  CHECK(decision.operation->retry.limit == 2);
}

TEST_CASE("nothing happens without a reason or while something else goes on") {
  AutoSyncView view = automated();
  Compared compared = out_of_sync();
  SECTION("not automated") { view.policy.automated.reset(); }
  SECTION("switched off") { view.policy.automated->enabled = false; }
  SECTION("an operation runs") { view.running = RunningOperation::Known; }
  SECTION("an operation has just started elsewhere") { view.running = RunningOperation::Unseen; }
  SECTION("deletion") { view.is_being_deleted = true; }
  SECTION("synced") { compared.status = SyncStatus::Synced; }
  SECTION("unknown") { compared.status = SyncStatus::Unknown; }
  CHECK(does_nothing(decide(view, compared)));
}

TEST_CASE("without prune, extra objects are no reason to sync") {
  Compared compared = out_of_sync();
  compared.resources = {extra("a"), resource("b", SyncStatus::Synced)};
  CHECK(does_nothing(decide(automated(), compared)));
  AutoSyncView pruning = automated();
  pruning.policy.automated->prune = true;
  CHECK(decide(pruning, compared).operation);
}

TEST_CASE("a revision that failed is not tried again") {
  AutoSyncView view = automated();
  view.policy.automated->self_heal = true;
  view.last = last("new", OperationPhase::Failed);
  const AutoSyncDecision decision = decide(view, out_of_sync());
  CHECK_FALSE(decision.operation);
  REQUIRE(decision.condition);
  CHECK(text(*decision.condition) == "SyncError: Failed last sync attempt to [new]: boom");
}

TEST_CASE("another revision or another source is tried after a failure") {
  AutoSyncView view = automated();
  SECTION("revision") { view.last = last("old", OperationPhase::Failed); }
  SECTION("source") {
    view.last = last("new", OperationPhase::Failed);
    view.sources = {"elsewhere"};
  }
  CHECK(decide(view, out_of_sync()).operation);
}

TEST_CASE("a new revision that changes nothing here counts as attempted") {
  AutoSyncView view = automated();
  view.last = last("old", OperationPhase::Failed);
  Compared compared = out_of_sync();
  compared.revisions_may_have_changes = false;
  CHECK(decide(view, compared).condition);
}

TEST_CASE("a last operation without a result was an attempt as soon as it is over") {
  AutoSyncView view = automated();
  view.last = last("", OperationPhase::Error);
  view.last->result.reset();
  CHECK(text(decide(view, out_of_sync()).condition.value()) ==
        "SyncError: Failed last sync attempt to []: boom");
}

TEST_CASE("without self-heal a synced revision is left alone") {
  AutoSyncView view = automated();
  view.last = last("new", OperationPhase::Succeeded);
  CHECK(does_nothing(decide(view, out_of_sync())));
}

TEST_CASE("self-heal syncs what is not synced, by kind and name, and counts") {
  AutoSyncView view = automated();
  view.policy.automated->self_heal = true;
  view.last = last("new", OperationPhase::Succeeded);
  view.last->request.sync->self_heal_attempts = 3;
  const AutoSyncDecision decision = decide(view, out_of_sync());
  REQUIRE(decision.operation);
  CHECK(decision.operation->sync->self_heal_attempts == 4);
  REQUIRE(decision.operation->sync->resources.size() == 1);
  CHECK(decision.operation->sync->resources[0].key ==
        model::ObjectKey{.kind = "ConfigMap", .name = "a"});
}

TEST_CASE("self-heal that comes too early asks to be woken") {
  AutoSyncView view = automated();
  view.policy.automated->self_heal = true;
  view.last = last("new", OperationPhase::Succeeded);
  view.last->request.sync->self_heal_attempts = 5;
  CHECK(decide(view, out_of_sync()).recheck_after == seconds(162 - 100));
}

TEST_CASE("self-heal waits 2 seconds, then three times as long each time, up to 5 minutes") {
  std::string delays;
  for (const std::int64_t attempts : {0, 1, 2, 3, 4, 5, 6, 100}) {
    delays += std::to_string(self_heal_delay({}, attempts).count() / 1'000'000'000) + " ";
  }
  CHECK(delays == "0 2 6 18 54 162 300 300 ");
}

TEST_CASE("without a cap the wait of self-heal grows until it runs over") {
  const SelfHealSettings settings{
      .backoff = SelfHealBackoff{.duration = seconds(1), .factor = 10, .cap = {}}};
  CHECK(self_heal_delay(settings, 5) == seconds(10'000));
  CHECK(self_heal_delay(settings, 30) == base::Duration::min());
}

TEST_CASE("without a backoff self-heal waits the same time always") {
  const SelfHealSettings settings{.timeout = seconds(7), .backoff = std::nullopt};
  CHECK(self_heal_delay(settings, 0) == seconds(7));
  CHECK(self_heal_delay(settings, 50) == seconds(7));
}

TEST_CASE("a sync that would delete everything is refused unless it is allowed") {
  AutoSyncView view = automated();
  view.policy.automated->prune = true;
  Compared compared = out_of_sync();
  compared.resources = {extra("a")};
  CHECK(text(decide(view, compared).condition.value()) ==
        "SyncError: Skipping sync attempt to [new]: auto-sync will wipe out all resources");
  view.policy.automated->allow_empty = true;
  CHECK(decide(view, compared).operation);
}

TEST_CASE("several sources are compared by all their revisions") {
  AutoSyncView view = automated();
  view.has_multiple_sources = true;
  Compared compared = out_of_sync();
  compared.revision.clear();
  compared.revisions = {"x", "y"};
  CHECK(text(decide(view, compared).events.at(0)) ==
        "Normal OperationStarted: Initiated automated sync to 'x, y'");
  view.last = last("", OperationPhase::Failed);
  view.last->result->revisions = {"x", "y"};
  CHECK(text(decide(view, compared).condition.value()) ==
        "SyncError: Failed last sync attempt to [x y]: boom");
}

Compared any_comparison() {
  Compared compared{
      .status = *rc::gen::element(SyncStatus::Synced, SyncStatus::OutOfSync, SyncStatus::Unknown),
      .revision = *rc::gen::element(std::string("new"), std::string("old")),
      .revisions_may_have_changes = *rc::gen::arbitrary<bool>()};
  const int count = *rc::gen::inRange(0, 4);
  for (int i = 0; i < count; ++i) {
    compared.resources.push_back(*rc::gen::element(resource("r", SyncStatus::Synced),
                                                   resource("r", SyncStatus::OutOfSync),
                                                   resource("r", SyncStatus::None), extra("r")));
  }
  return compared;
}

AutoSyncView any_view() {
  AutoSyncView view = automated();
  view.policy.automated->prune = *rc::gen::arbitrary<bool>();
  view.policy.automated->self_heal = *rc::gen::arbitrary<bool>();
  view.policy.automated->allow_empty = *rc::gen::arbitrary<bool>();
  if (*rc::gen::arbitrary<bool>()) {
    view.last = last(*rc::gen::element(std::string("new"), std::string("old")),
                     *rc::gen::element(OperationPhase::Succeeded, OperationPhase::Failed,
                                       OperationPhase::Running));
  }
  return view;
}

TEST_CASE("a decision starts a sync, sets a condition or waits, never two of these") {
  rc::prop("one of three", [] {
    const AutoSyncView view = any_view();
    const Compared compared = any_comparison();
    const AutoSyncDecision decision = decide(view, compared);
    RC_ASSERT(int{decision.operation.has_value()} + int{decision.condition.has_value()} +
                  int{decision.recheck_after.has_value()} <=
              1);
    RC_ASSERT(decision.events.size() == std::size_t{decision.operation.has_value()});
    if (!decision.operation) return;
    RC_ASSERT(compared.status == SyncStatus::OutOfSync);
    const bool is_healing = decision.operation->sync->self_heal_attempts > 0;
    RC_ASSERT(!is_healing || view.policy.automated->self_heal);
    // What has just been started is not started again.
    AutoSyncView running = view;
    running.running = RunningOperation::Known;
    RC_ASSERT(does_nothing(decide(running, compared)));
  });
}

}  // namespace
}  // namespace wavetank::application
