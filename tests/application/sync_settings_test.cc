#include "application/sync_settings.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace wavetank::application {
namespace {

const model::WallTime kStart = model::parse_rfc3339("2025-06-02T12:00:00Z").value();

EngineSettings settings(const SyncOperation& sync) { return engine_settings(sync, kStart, {}); }

sync::Settings with(SyncOptions options) {
  return settings({.options = std::move(options)}).settings;
}

TEST_CASE("an operation without options asks for a plain sync") {
  const EngineSettings plain = settings({});
  CHECK(plain.settings.propagation == model::Propagation::Foreground);
  CHECK_FALSE(plain.settings.prune);
  CHECK_FALSE(plain.settings.skip_hooks);
  CHECK_FALSE(plain.settings.no_validate);
  CHECK_FALSE(plain.default_prune);
  CHECK(plain.migrates_client_side_apply);
  CHECK(plain.migration_manager == "kubectl-client-side-apply");
  CHECK_FALSE(plain.is_prune_confirmed);
}

TEST_CASE("options count by their whole text") {
  CHECK(with({"Replace=true"}).replace);
  CHECK_FALSE(with({" Replace=true"}).replace);
  CHECK_FALSE(with({"Replace=True"}).replace);
  CHECK(with({"Validate=false"}).no_validate);
  CHECK(with({"ServerSideApply=true"}).server_side_apply);
  CHECK(with({"ApplyOutOfSyncOnly=true"}).apply_out_of_sync_only);
  CHECK(with({"PruneLast=true"}).prune_last);
  CHECK(with({"CreateNamespace=true"}).create_namespace);
  CHECK(with({"SkipDryRunOnMissingResource=true"}).skip_dry_run_on_missing_resource);
}

TEST_CASE("of several propagation policies background wins over foreground over orphan") {
  const std::string key = "PrunePropagationPolicy=";
  CHECK(with({key + "orphan", key + "background"}).propagation == model::Propagation::Background);
  CHECK(with({key + "orphan", key + "foreground"}).propagation == model::Propagation::Foreground);
  CHECK(with({key + "orphan"}).propagation == model::Propagation::Orphan);
  CHECK(with({key + "Orphan"}).propagation == model::Propagation::Foreground);
}

TEST_CASE("the first Prune option is the default for all objects") {
  const EngineSettings result = settings({.options = {"Prune=confirm", "Prune=false"}});
  CHECK(result.default_prune == "confirm");
  CHECK(result.settings.default_prune == model::PruneOption::Confirm);
}

TEST_CASE("hooks are left out of partial syncs and of the strategy Apply") {
  CHECK(settings({.strategy = SyncStrategy::Apply}).settings.skip_hooks);
  CHECK(settings({.resources = {{.key = {.kind = "ConfigMap", .name = "a"}}}}).settings.skip_hooks);
}

TEST_CASE("another manager to migrate from counts only while migration is on") {
  const EngineAnnotations annotations{.migration_manager = "mine"};
  CHECK(engine_settings({}, kStart, annotations).migration_manager == "mine");
  const EngineSettings off =
      engine_settings({.options = {"ClientSideApplyMigration=false"}}, kStart, annotations);
  CHECK_FALSE(off.migrates_client_side_apply);
  CHECK(off.migration_manager == "kubectl-client-side-apply");
}

TEST_CASE("pruning is confirmed by an approval since the operation started") {
  CHECK(engine_settings({}, kStart, {.deletion_approved = "2025-06-02T12:00:00Z"})
            .is_prune_confirmed);
  CHECK_FALSE(engine_settings({}, kStart, {.deletion_approved = "2025-06-02T11:59:59Z"})
                  .is_prune_confirmed);
}

const std::vector<Condition> kShared{
    {.type = "SharedResourceWarning", .message = "ConfigMap/a is part of two"}};
const std::vector<Condition> kErrors{{.type = "ComparisonError", .message = "gone"},
                                     {.type = "InvalidSpecError", .message = "bad"},
                                     {.type = "SharedResourceWarning", .message = "two"}};

TEST_CASE("shared objects end an operation that does not want them") {
  CHECK_FALSE(ends_before_engine({}, kShared));
  const auto end = ends_before_engine({.options = {"FailOnSharedResource=true"}}, kShared);
  REQUIRE(end);
  CHECK(end->phase == OperationPhase::Failed);
  CHECK(end->message == "Shared resource found: ConfigMap/a is part of two");
}

TEST_CASE("errors of the comparison end an operation after that check") {
  const auto end = ends_before_engine({}, kErrors);
  REQUIRE(end);
  CHECK(end->phase == OperationPhase::Error);
  CHECK(end->message == "ComparisonError: gone;InvalidSpecError: bad");
  CHECK(ends_before_engine({.options = {"FailOnSharedResource=true"}}, kErrors)->phase ==
        OperationPhase::Failed);
}

TEST_CASE("a partial sync takes the objects it names, without regard to rows of others") {
  const auto object = nlohmann::json::parse(
      R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "demo"}})");
  const std::vector<Comparand> targets{comparand(object)};
  ComparisonRow row;
  row.target = 0;
  row.resource.key = targets[0].key;
  const auto takes = [&](const std::string& name) {
    const SyncOperation sync{.resources = {{.key = {.kind = "ConfigMap", .name = name}}}};
    return takes_part(row, targets, {}, sync, TrackingMethod::Annotation);
  };
  CHECK(takes("a"));
  CHECK_FALSE(takes("b"));
  CHECK_FALSE(takes("*"));
  CHECK(takes_part(row, targets, {}, {}, TrackingMethod::Annotation));
}

TEST_CASE("a live copy with somebody else's mark takes no part") {
  const auto copy = nlohmann::json::parse(
      R"({"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "copy",
          "namespace": "demo", "annotations": {
            "argocd.argoproj.io/tracking-id": "shop:/ConfigMap:demo/original"}}})");
  const std::vector<Comparand> live{comparand(copy)};
  ComparisonRow row;
  row.live = 0;
  row.resource.key = live[0].key;
  CHECK_FALSE(takes_part(row, {}, live, {}, TrackingMethod::Annotation));
  CHECK(takes_part(row, {}, live, {}, TrackingMethod::Label));
}

TEST_CASE("options that nobody knows change nothing") {
  rc::prop("unknown options", [] {
    const auto known = *rc::gen::container<SyncOptions>(rc::gen::element(
        std::string("Replace=true"), std::string("Prune=false"),
        std::string("PrunePropagationPolicy=orphan"), std::string("PruneLast=true")));
    SyncOptions more = known;
    const auto place = *rc::gen::inRange<std::size_t>(0, known.size() + 1);
    more.insert(more.begin() + static_cast<std::ptrdiff_t>(place),
                *rc::gen::element(std::string("Replace=yes"), std::string(""),
                                  std::string("replace=true"), std::string("Delete=false")));
    const EngineSettings a = settings({.options = known});
    const EngineSettings b = settings({.options = more});
    RC_ASSERT(a.default_prune == b.default_prune);
    RC_ASSERT(a.settings.replace == b.settings.replace);
    RC_ASSERT(a.settings.prune_last == b.settings.prune_last);
    RC_ASSERT(a.settings.propagation == b.settings.propagation);
    RC_ASSERT(a.settings.default_prune == b.settings.default_prune);
  });
}

}  // namespace
}  // namespace wavetank::application
