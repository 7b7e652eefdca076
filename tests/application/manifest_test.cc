// Small decisions about manifests and live objects: options, selection, hooks, names, tracking.
#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "application/hook_view.h"
#include "application/normalize.h"
#include "application/selection.h"
#include "application/sync_options.h"
#include "application/tracking.h"

namespace wavetank::application {
namespace {

using nlohmann::json;

TEST_CASE("an option is added once and its first one removed") {
  const SyncOptions options{"Prune=false", "Replace=true", "Prune=false"};
  CHECK(with_option(options, "Replace=true") == options);
  CHECK(with_option({}, "Replace=true") == SyncOptions{"Replace=true"});
  CHECK(without_option(options, "Prune=false") == SyncOptions{"Replace=true", "Prune=false"});
  CHECK(without_option(options, "Delete=false") == options);
}

TEST_CASE("options are compared as whole texts, case and blanks included") {
  const SyncOptions options{"Replace=true,Force=true", " Prune=false"};
  CHECK_FALSE(has_option(options, "Force=true"));
  CHECK_FALSE(has_option(options, "Prune=false"));
  CHECK_FALSE(option_value(options, "Prune"));
}

TEST_CASE("the first option with a key gives the value") {
  const SyncOptions options{"Prune", "Prune=a=b", "Prune=c"};
  CHECK(option_value(options, "Prune") == "a=b");
  CHECK(option_value(options, "Prune=a") == "b");
}

constexpr auto kJob = [](const char* name_space) {
  return model::ObjectKey{.group = "batch", .kind = "Job", .name_space = name_space, .name = "a"};
};

TEST_CASE("a selection names objects exactly, in any namespace unless it gives one") {
  const std::vector<ResourceSelector> any{{.key = kJob("")}};
  CHECK(selects(any, kJob("demo")));
  const std::vector<ResourceSelector> one{{.key = kJob("demo")}};
  CHECK_FALSE(selects(one, kJob("other")));
  const std::vector<ResourceSelector> star{{.key = {.group = "*", .kind = "Job", .name = "a"}}};
  CHECK_FALSE(selects(star, kJob("demo")));
  CHECK_FALSE(selects({}, kJob("demo")));
}

TEST_CASE("a filter knows stars, an exclusion wins, and an empty one lets everything pass") {
  const ResourceSelector star{.key = {.group = "*", .kind = "*", .name_space = "*", .name = "*"}};
  const ResourceSelector no_job{.key = kJob(""), .is_exclusion = true};
  CHECK(passes_filter({}, kJob("demo")));
  CHECK(passes_filter(std::vector{star}, kJob("demo")));
  CHECK_FALSE(passes_filter(std::vector{star, no_job}, kJob("demo")));
  CHECK_FALSE(passes_filter(std::vector{no_job}, kJob("demo")));
  CHECK(passes_filter(std::vector{no_job}, {.kind = "ConfigMap", .name = "a"}));
}

model::HookFacts hook(const char* words) { return model::hook_facts({.hook = words}); }

TEST_CASE("a hook of the deletion takes part in a sync only with a phase") {
  CHECK_FALSE(takes_part_in_sync(hook("PreDelete")));
  CHECK_FALSE(takes_part_in_sync(hook("PostDelete,Skip")));
  CHECK(takes_part_in_sync(hook("PreDelete,Sync")));
  CHECK(takes_part_in_sync(hook("Garbage")));
}

TEST_CASE("everything that could run as a hook is shown as one") {
  CHECK(is_shown_as_hook(hook("Garbage")));
  CHECK(is_shown_as_hook(hook("Skip,PreDelete")));
  CHECK_FALSE(is_shown_as_hook(hook("Skip")));
}

TEST_CASE("a PreDelete and PostDelete hook without a phase counts as PreDelete only") {
  CHECK(declares_pre_delete(hook("PreDelete,PostDelete")));
  CHECK_FALSE(declares_post_delete(hook("PreDelete,PostDelete")));
  CHECK(declares_post_delete(hook("PreDelete,PostDelete,Sync")));
  CHECK(declares_post_delete(hook("PostDelete")));
}

Manifest config_map(const char* name, const char* name_space = "") {
  return {.key = {.kind = "ConfigMap", .name_space = name_space, .name = name}};
}

std::vector<std::size_t> kept_indices(const NormalizedManifests& normal) {
  std::vector<std::size_t> indices;
  for (const KeptManifest& kept : normal.kept) indices.push_back(kept.index);
  return indices;
}

TEST_CASE("namespaces are set by scope, and what changes is stamped anew") {
  const std::vector<Manifest> manifests{
      config_map("a"),
      config_map("b", "other"),
      {.key = {.kind = "Namespace", .name_space = "x", .name = "n"},
       .scope = model::Scope::Cluster}};
  const auto normal = normalize(manifests, {.name_space = "demo"});
  CHECK(normal.kept == std::vector<KeptManifest>{{.index = 0, .name_space = "demo"},
                                                 {.index = 1, .name_space = "other"},
                                                 {.index = 2, .name_space = ""}});
  CHECK(normal.stamped == std::vector<std::size_t>{0, 2});
}

TEST_CASE("of manifests with one key the last is kept, with a warning") {
  const auto normal =
      normalize(std::vector{config_map("a"), config_map("b"), config_map("a", "demo")},
                {.name_space = "demo"});
  CHECK(kept_indices(normal) == std::vector<std::size_t>{1, 2});
  CHECK(normal.repeated ==
        std::vector<std::string>{
            "Resource /ConfigMap/demo/a appeared 2 times among application resources."});
}

TEST_CASE("generated names are told apart by their position, which can hit a real name") {
  Manifest generated = config_map("");
  generated.generate_name = "a-";
  CHECK(kept_indices(normalize(std::vector{generated, generated}, {.name_space = "demo"})) ==
        std::vector<std::size_t>{0, 1});
  CHECK(kept_indices(normalize(std::vector{generated, config_map("a-0")},
                               {.name_space = "demo"})) == std::vector<std::size_t>{1});
}

TEST_CASE("a tracking mark is read back, and other texts are none") {
  const auto mark = parse_tracking_id(tracking_id("shop", kJob("demo")));
  REQUIRE(mark);
  CHECK(mark->application == "shop");
  CHECK(mark->key == kJob("demo"));
  for (const char* text : {"", "shop", "shop:a/b", "shop:a/b/c:d/e", "shop:a/b:c"}) {
    CHECK_FALSE(parse_tracking_id(text));
  }
}

json tracked(const std::string& mark) {
  return {{"apiVersion", "batch/v1"},
          {"kind", "Job"},
          {"metadata",
           {{"name", "a"},
            {"namespace", "demo"},
            {"annotations", {{"argocd.argoproj.io/tracking-id", mark}}}}}};
}

TEST_CASE("a live object whose mark names another object is a copy") {
  const json own = tracked("shop:batch/Job:demo/a");
  const json copy = tracked("shop:batch/Job:demo/b");
  const json unreadable = tracked("shop");
  CHECK(refers_to_itself({.live = &own}, TrackingMethod::Annotation));
  CHECK_FALSE(refers_to_itself({.live = &copy}, TrackingMethod::AnnotationAndLabel));
  CHECK(refers_to_itself({.live = &copy}, TrackingMethod::Label));
  CHECK(refers_to_itself({.live = &unreadable}, TrackingMethod::Annotation));
  CHECK(refers_to_itself({}, TrackingMethod::Annotation));
}

TEST_CASE("with a desired state the mark does not matter") {
  const json copy = tracked("shop:batch/Job:demo/b");
  CHECK(refers_to_itself({.live = &copy, .target = &copy}, TrackingMethod::Annotation));
}

TEST_CASE("an annotation that is no text, null included, hides the mark") {
  json copy = tracked("shop:batch/Job:demo/b");
  copy["metadata"]["annotations"]["x"] = nullptr;
  CHECK(refers_to_itself({.live = &copy}, TrackingMethod::Annotation));
}

TEST_CASE("without repeated names nothing is dropped, and normalising twice changes nothing more") {
  rc::prop("idempotent", [] {
    std::vector<Manifest> manifests;
    for (int i = *rc::gen::inRange(0, 8); i > 0; --i) {
      Manifest manifest = config_map("", *rc::gen::element("", "demo", "prod"));
      manifest.key.name = *rc::gen::element<std::string>("a", "b", "c");
      manifest.scope = *rc::gen::element(model::Scope::Namespaced, model::Scope::Cluster);
      manifests.push_back(manifest);
    }
    const auto once = normalize(manifests, {.name_space = "demo"});
    std::vector<Manifest> kept;
    for (const KeptManifest& one : once.kept) {
      kept.push_back(manifests[one.index]);
      kept.back().key.name_space = one.name_space;
    }
    const auto twice = normalize(kept, {.name_space = "demo"});
    RC_ASSERT(twice.kept.size() == kept.size());
    RC_ASSERT(twice.stamped.empty());
    RC_ASSERT(twice.repeated.empty());
  });
}

}  // namespace
}  // namespace wavetank::application
