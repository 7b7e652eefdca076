#include "application/comparison.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <deque>
#include <nlohmann/json.hpp>

namespace wavetank::application {
namespace {

using nlohmann::json;

// A ConfigMap in `demo`, tracked by `shop`.
json config_map(const std::string& name, const json& annotations = json::object()) {
  json object{{"apiVersion", "v1"},
              {"kind", "ConfigMap"},
              {"metadata", {{"name", name}, {"namespace", "demo"}, {"annotations", annotations}}}};
  object["metadata"]["annotations"].emplace("argocd.argoproj.io/tracking-id",
                                            "shop:/ConfigMap:demo/" + name);
  return object;
}

json with_data(json object, const std::string& value) {
  object["data"]["k"] = value;
  return object;
}

// What git and the cluster have.
class Both {
 public:
  ComparisonSettings settings{
      .application = "shop", .qualified_name = "argocd/shop", .name_space = "demo"};

  Both& git(json object) { return add(targets_, std::move(object)); }
  Both& cluster(json object) { return add(live_, std::move(object)); }
  Comparand& last_target() { return targets_.back(); }

  [[nodiscard]] Comparison compared() const {
    return compare(targets_, live_, settings, [](const Comparand& target, const Comparand& live) {
      return target.object->value("data", json()) != live.object->value("data", json());
    });
  }
  [[nodiscard]] bool needs_namespace() const {
    return needs_managed_namespace(targets_, live_, settings);
  }

 private:
  Both& add(std::vector<Comparand>& list, json object) {
    objects_.push_back(std::move(object));
    list.push_back(comparand(objects_.back()));
    list.back().scope =
        list.back().key.name_space.empty() ? model::Scope::Cluster : model::Scope::Namespaced;
    return *this;
  }

  std::deque<json> objects_;
  std::vector<Comparand> targets_;
  std::vector<Comparand> live_;
};

// The only row.
ComparisonRow row(const Both& both) {
  const Comparison comparison = both.compared();
  REQUIRE(comparison.rows.size() == 1);
  return comparison.rows[0];
}

std::string status(const Both& both) { return std::string(name(both.compared().status)); }

TEST_CASE("what is the same in git and in the cluster is synced") {
  Both both;
  both.git(config_map("a")).cluster(config_map("a"));
  CHECK(row(both).resource.status == SyncStatus::Synced);
  CHECK_FALSE(row(both).is_modified);
  CHECK(status(both) == "Synced");
}

TEST_CASE("what differs, is missing or is extra is out of sync") {
  Both both;
  bool is_extra = false;
  SECTION("differs") {
    both.git(with_data(config_map("a"), "1")).cluster(with_data(config_map("a"), "2"));
  }
  SECTION("missing") { both.git(config_map("a")); }
  SECTION("extra") {
    both.cluster(config_map("a"));
    is_extra = true;
  }
  CHECK(row(both).resource.status == SyncStatus::OutOfSync);
  CHECK(row(both).resource.requires_pruning == is_extra);
  CHECK(row(both).is_modified == !is_extra);
  CHECK(status(both) == "OutOfSync");
}

TEST_CASE("an extra object may say that it does not matter for the application") {
  Both both;
  both.cluster(config_map("a", {{"argocd.argoproj.io/compare-options", "IgnoreExtraneous"}}));
  CHECK(row(both).resource.status == SyncStatus::OutOfSync);
  CHECK(status(both) == "Synced");
}

TEST_CASE("hooks of git go to the engine, live ones are shown without a status") {
  const json hook = config_map(
      "h", {{"argocd.argoproj.io/hook", "PreSync"}, {"argocd.argoproj.io/sync-wave", "4"}});
  Both both;
  both.git(hook).cluster(hook);
  CHECK(both.compared().hooks == std::vector<std::size_t>{0});
  CHECK(row(both).is_hook);
  CHECK(row(both).resource.status == SyncStatus::None);
  CHECK(row(both).resource.requires_pruning);  // although git has it
  CHECK(row(both).wave == 4);
  CHECK(status(both) == "Synced");
}

TEST_CASE("hooks of the application's deletion are left out of the sync") {
  Both both;
  both.git(config_map("h", {{"argocd.argoproj.io/hook", "PostDelete"}}));
  const Comparison comparison = both.compared();
  CHECK(comparison.rows.empty());
  CHECK(comparison.hooks.empty());
  CHECK(comparison.has_post_delete_hooks);
  CHECK_FALSE(comparison.has_pre_delete_hooks);
}

TEST_CASE("what git marks to be skipped has no status") {
  Both both;
  both.git(config_map("a", {{"argocd.argoproj.io/hook", "Skip"}}));
  CHECK(row(both).resource.status == SyncStatus::None);
  CHECK_FALSE(row(both).resource.requires_pruning);
}

TEST_CASE("a copy made with its tracking mark is nobody's to prune") {
  Both both;
  both.cluster(
      config_map("copy", {{"argocd.argoproj.io/tracking-id", "shop:/ConfigMap:demo/original"}}));
  CHECK(row(both).resource.status == SyncStatus::None);
  CHECK_FALSE(row(both).resource.requires_pruning);
}

TEST_CASE("an object that another application has too is reported") {
  Both both;
  both.git(config_map("a"))
      .cluster(
          config_map("a", {{"argocd.argoproj.io/tracking-id", "team_other:/ConfigMap:demo/a"}}));
  REQUIRE(both.compared().conditions.size() == 1);
  CHECK(text(both.compared().conditions[0]) ==
        "SharedResourceWarning: ConfigMap/a is part of applications argocd/shop and team/other");
}

TEST_CASE("deletion needs confirmation by any of the two options of either object") {
  Both both;
  SECTION("git says so") {
    both.git(config_map("a", {{"argocd.argoproj.io/sync-options", "Prune=confirm"}}))
        .cluster(config_map("a"));
  }
  SECTION("the cluster says so") {
    both.git(config_map("a"))
        .cluster(config_map("a", {{"argocd.argoproj.io/sync-options", "Delete=confirm"}}));
  }
  SECTION("the application says so") {
    both.git(config_map("a"));
    both.settings.options = {"Delete=confirm"};
  }
  CHECK(row(both).requires_confirmation);
}

TEST_CASE("an object's own option hides the application's") {
  Both both;
  both.git(config_map("a", {{"argocd.argoproj.io/sync-options", "Delete=false"}}));
  both.settings.options = {"Delete=confirm"};
  CHECK_FALSE(row(both).requires_confirmation);
}

TEST_CASE("a kind that the project forbids is unknown, and still counts") {
  Both both;
  both.git(config_map("a"));
  both.last_target().is_kind_permitted = false;
  CHECK(row(both).resource.status == SyncStatus::Unknown);
  CHECK(status(both) == "OutOfSync");
}

TEST_CASE("when something could not be loaded, all is unknown") {
  Both both;
  both.cluster(config_map("a"));
  both.settings.load_errors = {"Failed to load target state: gone"};
  CHECK(row(both).resource.status == SyncStatus::Unknown);
  CHECK(status(both) == "Unknown");
  CHECK(joined(both.compared().conditions) == "ComparisonError: Failed to load target state: gone");
}

TEST_CASE("changed metadata of the managed namespace puts the application out of sync") {
  Both both;
  both.settings.has_changed_namespace_metadata = true;
  CHECK(status(both) == "OutOfSync");
}

TEST_CASE("a managed namespace that is in the cluster alone needs a target") {
  const json name_space{
      {"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "demo"}}}};
  Both both;
  both.cluster(name_space);
  CHECK_FALSE(both.needs_namespace());
  both.settings.has_managed_namespace_metadata = true;
  CHECK(both.needs_namespace());
  both.git(name_space);
  CHECK_FALSE(both.needs_namespace());
}

TEST_CASE("a managed namespace that is still to be created counts as synced") {
  Both both;
  both.git({{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", "demo"}}}});
  CHECK(status(both) == "OutOfSync");
  both.settings.has_managed_namespace_metadata = true;
  CHECK(status(both) == "Synced");
}

TEST_CASE("of one object that shows in several groups only what git names is compared") {
  json old = config_map("a");
  old["metadata"]["uid"] = "u1";
  json other = old;
  other["apiVersion"] = "extensions/v1";
  Both both;
  both.git(config_map("a")).cluster(old).cluster(other);
  CHECK(row(both).target.has_value());
  CHECK(row(both).live.has_value());
}

TEST_CASE("a target of unknown scope finds its live object in either scope") {
  json live{{"apiVersion", "example.com/v1"}, {"kind", "Widget"}, {"metadata", {{"name", "w"}}}};
  json target = live;
  target["metadata"]["namespace"] = "demo";
  Both both;
  both.git(target).cluster(live);
  CHECK(both.compared().rows.size() == 2);
  both.last_target().scope = model::Scope::Unknown;
  CHECK(both.compared().rows.size() == 1);
}

TEST_CASE(
    "every object is in exactly one row or a hook, and the application as bad as its worst row") {
  rc::prop("rows", [] {
    Both both;
    std::size_t targets = 0;
    std::size_t live = 0;
    const int count = *rc::gen::inRange(0, 6);
    for (int i = 0; i < count; ++i) {
      json annotations = json::object();
      if (*rc::gen::inRange(0, 4) == 0) annotations["argocd.argoproj.io/hook"] = "Sync";
      const json object = config_map("o" + std::to_string(i), annotations);
      const auto value = [] { return *rc::gen::element(std::string("1"), std::string("2")); };
      if (*rc::gen::arbitrary<bool>()) {
        both.git(with_data(object, value()));
        ++targets;
      }
      if (*rc::gen::arbitrary<bool>()) {
        both.cluster(with_data(object, value()));
        ++live;
      }
    }
    const Comparison comparison = both.compared();
    std::size_t targets_seen = comparison.hooks.size();
    std::size_t live_seen = 0;
    bool is_out_of_sync = false;
    for (const ComparisonRow& row : comparison.rows) {
      targets_seen += std::size_t{row.target.has_value()};
      live_seen += std::size_t{row.live.has_value()};
      is_out_of_sync = is_out_of_sync || row.resource.status == SyncStatus::OutOfSync;
      RC_ASSERT(row.resource.requires_pruning == !row.target.has_value());
    }
    RC_ASSERT(targets_seen == targets);
    RC_ASSERT(live_seen == live);
    RC_ASSERT((comparison.status == SyncStatus::OutOfSync) == is_out_of_sync);
  });
}

}  // namespace
}  // namespace wavetank::application
