#include "health/application_health.h"

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <algorithm>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace wavetank::health {
namespace {

using nlohmann::json;

// A claim is Healthy when Bound, Progressing when Pending, Degraded when Lost, else Unknown.
json claim(const std::string& name, const std::string& phase) {
  return {{"apiVersion", "v1"},
          {"kind", "PersistentVolumeClaim"},
          {"metadata", {{"name", name}, {"namespace", "demo"}}},
          {"status", {{"phase", phase}}}};
}

json annotated(json object, const std::string& key, const std::string& value) {
  object["metadata"]["annotations"][key] = value;
  return object;
}

json child(const json& status) {
  return {{"apiVersion", "argoproj.io/v1alpha1"},
          {"kind", "Application"},
          {"metadata", {{"name", "child"}, {"namespace", "argocd"}, {"uid", "u2"}}},
          {"status", status}};
}

const ApplicationHealthSettings kSettings{
    .application = {.name = "shop", .name_space = "argocd", .uid = "u1"}};

// "Degraded: Caused by …", then " | " and the health of each resource.
std::string describe(const std::vector<ManagedResource>& resources,
                     const ApplicationHealthSettings& settings = kSettings) {
  const auto verdict = assess_application(resources, settings);
  std::string text(name(verdict.status));
  if (!verdict.message.empty()) text += ": " + verdict.message;
  text += " |";
  for (const auto& health : verdict.resources) {
    text += " ";
    text += health ? name(health->status) : "-";
  }
  return text;
}

std::string describe_live(const std::vector<json>& objects,
                          const ApplicationHealthSettings& settings = kSettings) {
  std::vector<ManagedResource> resources;
  for (const json& object : objects) resources.push_back({.live = &object});
  return describe(resources, settings);
}

TEST_CASE("an application without resources is healthy") { CHECK(describe({}) == "Healthy |"); }

TEST_CASE("the worst resource decides and is named") {
  CHECK(describe_live({claim("a", "Bound"), claim("b", "Lost"), claim("c", "Pending")}) ==
        "Degraded: Caused by PersistentVolumeClaim:demo/b | Healthy Degraded Progressing");
}

TEST_CASE("up to three causes are named, the others counted") {
  CHECK(describe_live({claim("a", "Lost"), claim("b", "Lost"), claim("c", "Lost"),
                       claim("d", "Lost"), claim("e", "Lost")}) ==
        "Degraded: Caused by PersistentVolumeClaim:demo/a, PersistentVolumeClaim:demo/b, "
        "PersistentVolumeClaim:demo/c and 2 more | Degraded Degraded Degraded Degraded Degraded");
}

TEST_CASE("what is missing is shown but counts only if nothing is there") {
  const json a = claim("a", "Bound");
  const json b = claim("b", "Bound");
  CHECK(describe({{.live = &a, .target = &a}, {.target = &b}}) == "Healthy | Healthy Missing");
  CHECK(describe({{.target = &a}, {.target = &b}}) == "Missing | Missing Missing");
}

TEST_CASE("live hooks and what git marks to be skipped are left out") {
  const json hook = annotated(claim("a", "Lost"), "argocd.argoproj.io/hook", "PreSync");
  const json unknown_hook = annotated(claim("a", "Lost"), "helm.sh/hook", "test");
  const json skipped = annotated(claim("a", "Lost"), "argocd.argoproj.io/hook", "Skip");
  CHECK(describe({{.live = &hook}, {.live = &unknown_hook}}) == "Healthy | - -");
  CHECK(describe({{.live = &skipped, .target = &skipped}}) == "Healthy | -");
  CHECK(describe({{.live = &skipped}}) ==
        "Degraded: Caused by PersistentVolumeClaim:demo/a | Degraded");
}

TEST_CASE("a live object can be exempt from the health check") {
  CHECK(describe_live({annotated(claim("a", "Lost"), "argocd.argoproj.io/ignore-healthcheck",
                                 "true")}) == "Healthy | -");
  CHECK(describe_live(
            {annotated(claim("a", "Lost"), "argocd.argoproj.io/ignore-healthcheck", "True")}) ==
        "Degraded: Caused by PersistentVolumeClaim:demo/a | Degraded");
}

TEST_CASE("a child application has a health only if a check is configured") {
  const json degraded = child({{"health", {{"status", "Degraded"}, {"message", "m"}}}});
  CHECK(describe_live({degraded}) == "Healthy | -");
  ApplicationHealthSettings settings = kSettings;
  settings.child_check = ChildCheck::OfStatus;
  CHECK(describe_live({degraded}, settings) ==
        "Degraded: Caused by argoproj.io/Application:argocd/child | Degraded");
  CHECK(describe_live({child(json::object())}, settings) ==
        "Progressing: Caused by argoproj.io/Application:argocd/child | Progressing");
}

TEST_CASE("a child application that is missing or unknown does not count") {
  ApplicationHealthSettings settings = kSettings;
  settings.child_check = ChildCheck::OfStatus;
  CHECK(describe_live({child({{"health", {{"status", "Missing"}}}}),
                       child({{"health", {{"status", "Unknown"}}}}),
                       child({{"health", {{"status", "Weird"}}}})},
                      settings) == "Healthy | Missing Unknown Unknown");
}

TEST_CASE("an application that manages itself does not affect its own health") {
  ApplicationHealthSettings settings = kSettings;
  settings.child_check = ChildCheck::OfStatus;
  json itself = child({{"health", {{"status", "Degraded"}}}});
  itself["metadata"] = {{"name", "shop"}, {"namespace", "argocd"}, {"uid", "u1"}};
  CHECK(describe_live({itself}, settings) == "Healthy | -");
  itself["metadata"]["uid"] = "u2";
  CHECK(describe_live({itself}, settings) ==
        "Degraded: Caused by argoproj.io/Application:argocd/shop | Degraded");
}

TEST_CASE("a check that fails makes its resource unknown and is reported once") {
  json old = claim("a", "Bound");
  old["apiVersion"] = "v2";
  json other = claim("b", "Bound");
  other["apiVersion"] = "v2";
  // "v2" is a version of the core group without a check.
  const std::vector<ManagedResource> resources{{.live = &old}, {.live = &other}};
  const auto verdict = assess_application(resources, kSettings);
  CHECK(verdict.status == Status::Unknown);
  CHECK(verdict.error ==
        "failed to get resource health for \"PersistentVolumeClaim\" with name \"a\" in namespace "
        "\"demo\": unsupported PersistentVolumeClaim GVK: /v2, Kind=PersistentVolumeClaim");
}

TEST_CASE("health kept in the tree is not in the status") {
  ApplicationHealthSettings settings = kSettings;
  settings.place = HealthPlace::Tree;
  CHECK(describe_live({claim("a", "Lost")}, settings) ==
        "Degraded: Caused by PersistentVolumeClaim:demo/a | -");
  CHECK(assess_application({}, settings).source == "appTree");
}

TEST_CASE("the order of resources only orders their health") {
  rc::prop("permutation", [] {
    std::vector<json> objects;
    for (int i = *rc::gen::inRange(0, 7); i > 0; --i) {
      json object = claim("c" + std::to_string(i),
                          *rc::gen::element<std::string>("Bound", "Pending", "Lost", "Odd"));
      if (*rc::gen::inRange(0, 4) == 0) {
        object = annotated(object, "argocd.argoproj.io/hook",
                           *rc::gen::element<std::string>("Skip", "Sync", "x"));
      }
      objects.push_back(std::move(object));
    }
    std::vector<ManagedResource> resources;
    for (const json& object : objects) {
      const bool is_live = *rc::gen::inRange(0, 4) > 0;
      resources.push_back({.live = is_live ? &object : nullptr, .target = &object});
    }
    const auto statuses = [](const ApplicationHealth& verdict) {
      std::vector<std::string> all;
      for (const auto& health : verdict.resources) {
        all.emplace_back(health ? name(health->status) : "-");
      }
      return all;
    };
    const auto before = assess_application(resources, kSettings);
    std::reverse(resources.begin(), resources.end());
    const auto after = assess_application(resources, kSettings);
    RC_ASSERT(before.status == after.status);
    auto reversed = statuses(after);
    std::reverse(reversed.begin(), reversed.end());
    RC_ASSERT(statuses(before) == reversed);
  });
}

}  // namespace
}  // namespace wavetank::health
