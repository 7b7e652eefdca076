#include "health/health.h"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/recorded.h"

namespace wavetank::health {
namespace {

using nlohmann::json;

std::string describe(const json& object, model::ArgocdVersion version = model::kNewestVersion) {
  const auto health = assess(object, version);
  if (!health) return "none";
  return std::string(name(health->status)) +
         (health->message.empty() ? "" : ": " + health->message);
}

TEST_CASE("every recorded object has the health that Argo CD's checks gave it") {
  const auto text = support::read_file(support::in_repository("tests/data/health/go_checks.json"));
  REQUIRE(text.has_value());
  const json cases = json::parse(*text);
  REQUIRE(cases.size() == 102);
  for (const json& recorded : cases) {
    CAPTURE(recorded.at("description").get<std::string>());
    const json& health = recorded.at("health");
    std::string expected = "none";
    if (!health.is_null()) {
      expected = health.at("status").get<std::string>();
      if (const std::string message = health.value("message", ""); !message.empty()) {
        expected += ": " + message;
      }
    }
    CHECK(describe(recorded.at("object")) == expected);
  }
}

TEST_CASE("the hook finalizer keeps the health of a deleted hook readable") {
  json job = {{"apiVersion", "batch/v1"},
              {"kind", "Job"},
              {"metadata",
               {{"name", "j"},
                {"deletionTimestamp", "2024-01-01T00:00:00Z"},
                {"finalizers", {"argocd.argoproj.io/hook-finalizer"}}}},
              {"status", {{"conditions", {{{"type", "Complete"}, {"status", "True"}}}}}}};
  CHECK(describe(job) == "Healthy");
  job["metadata"]["finalizers"] = json::array();
  CHECK(describe(job) == "Progressing: Pending deletion");
}

TEST_CASE("before 3.6 a suspended Job says nothing") {
  const json job = {
      {"apiVersion", "batch/v1"},
      {"kind", "Job"},
      {"metadata", {{"name", "j"}}},
      {"status",
       {{"conditions",
         {{{"type", "Suspended"}, {"status", "True"}, {"message", "Job suspended"}}}}}}};
  CHECK(describe(job) == "Suspended: Job suspended");
  CHECK(describe(job, {3, 5}) == "Suspended");
}

TEST_CASE("fields of the wrong type count as absent") {
  CHECK(describe({{"apiVersion", "v1"}, {"kind", "Service"}, {"spec", "nonsense"}}) == "Healthy");
  CHECK(describe(json::array()) == "none");
}

}  // namespace
}  // namespace wavetank::health
