#include "application/refresh.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <array>
#include <catch2/catch.hpp>

namespace wavetank::application {
namespace {

const model::WallTime kNoon = model::parse_rfc3339("2025-06-02T12:00:00Z").value();

RefreshInput synced() {
  RefreshInput input;
  input.compared.status = SyncStatus::Synced;
  return input;
}

// Automated, and its last sync to this revision failed.
RefreshInput failing() {
  RefreshInput input;
  input.application.policy.automated = AutomatedPolicy{};
  input.application.last = OperationState{.phase = OperationPhase::Failed, .message = "boom"};
  input.compared.status = SyncStatus::OutOfSync;
  input.compared.resources.push_back({.status = SyncStatus::OutOfSync});
  return input;
}

const std::vector<SyncWindow> kBlocked{
    {.kind = "deny", .schedule = "0 11 * * *", .duration = "2h", .applications = {"*"}}};

TEST_CASE("changes of the two statuses are told once") {
  RefreshedStatus status;
  RefreshInput input = synced();
  input.health = {.status = health::Status::Degraded, .message = "it broke"};
  const auto first = refresh(input, {}, kNoon, status);
  REQUIRE(first.events.size() == 2);
  CHECK(text(first.events[0]) == "Normal ResourceUpdated: Updated sync status:  -> Synced");
  CHECK(text(first.events[1]) ==
        "Normal ResourceUpdated: Updated health status:  -> Degraded (it broke)");
  CHECK(refresh(input, {}, kNoon, status).events.empty());
}

TEST_CASE("a SyncError comes and goes with the decision") {
  RefreshedStatus status;
  (void)refresh(failing(), {}, kNoon, status);
  REQUIRE(status.conditions.size() == 1);
  CHECK(text(status.conditions[0]) == "SyncError: Failed last sync attempt to []: boom");
  (void)refresh(synced(), {}, kNoon, status);
  CHECK(status.conditions.empty());
}

TEST_CASE("while a window blocks, nothing starts and conditions stay") {
  RefreshedStatus status;
  (void)refresh(failing(), {}, kNoon, status);
  (void)refresh(synced(), kBlocked, kNoon, status);
  CHECK(status.conditions.size() == 1);
  RefreshInput fresh = failing();
  fresh.application.last.reset();
  CHECK_FALSE(refresh(fresh, kBlocked, kNoon, status).operation);
  CHECK(refresh(fresh, {}, kNoon, status).operation);
}

TEST_CASE("delete hooks bring both finalizers of their type, and take them away again") {
  RefreshedStatus status;
  RefreshInput input = synced();
  input.has_post_delete_hooks = true;
  (void)refresh(input, {}, kNoon, status);
  CHECK(status.finalizers.names() ==
        std::vector<std::string>{"post-delete-finalizer.argocd.argoproj.io",
                                 "post-delete-finalizer.argocd.argoproj.io/cleanup"});
  (void)refresh(synced(), {}, kNoon, status);
  CHECK(status.finalizers.names().empty());
}

TEST_CASE("an application that is being deleted keeps the finalizers it has") {
  RefreshedStatus status;
  RefreshInput input = synced();
  input.has_pre_delete_hooks = true;
  input.application.is_being_deleted = true;
  (void)refresh(input, {}, kNoon, status);
  CHECK(status.finalizers.names().empty());
}

TEST_CASE("setting conditions replaces those of the same type only, in order") {
  constexpr std::array<std::string_view, 1> kTypes{"B"};
  std::vector<Condition> conditions{{.type = "A", .message = "1"}, {.type = "B", .message = "2"}};
  const std::array instead{Condition{.type = "B", .message = "0"}};
  set_conditions(conditions, instead, kTypes);
  CHECK(conditions ==
        std::vector<Condition>{{.type = "A", .message = "1"}, {.type = "B", .message = "0"}});
  set_conditions(conditions, {}, kTypes);
  CHECK(conditions == std::vector<Condition>{{.type = "A", .message = "1"}});
}

TEST_CASE("finalizers fit the hooks after every refresh, and a second one changes nothing") {
  rc::prop("finalizers", [] {
    RefreshedStatus status;
    const int refreshes = *rc::gen::inRange(1, 6);
    for (int i = 0; i < refreshes; ++i) {
      RefreshInput input = synced();
      input.has_pre_delete_hooks = *rc::gen::arbitrary<bool>();
      input.has_post_delete_hooks = *rc::gen::arbitrary<bool>();
      (void)refresh(input, {}, kNoon, status);
      for (const DeleteStage stage : {DeleteStage::Run, DeleteStage::Cleanup}) {
        RC_ASSERT(status.finalizers.has(DeleteHook::PreDelete, stage) ==
                  input.has_pre_delete_hooks);
        RC_ASSERT(status.finalizers.has(DeleteHook::PostDelete, stage) ==
                  input.has_post_delete_hooks);
      }
      const auto before = status.finalizers.names();
      RC_ASSERT(refresh(input, {}, kNoon, status).events.empty());
      RC_ASSERT(status.finalizers.names() == before);
    }
  });
}

}  // namespace
}  // namespace wavetank::application
