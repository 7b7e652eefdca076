#include "health/health.h"

#include <algorithm>
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

// The recording leaves out the words of scripts that fail, and shows line breaks as blanks.
constexpr std::string_view kScriptError = "(Lua runtime error text)";

std::string expectation(const json& recorded) {
  const json& health = recorded.at("health");
  if (health.is_null()) return "none";
  const std::string message = health.value("message", "");
  return health.value("status", "") + (message.empty() ? "" : ": " + message);
}

void check_all(const json& cases) {
  for (const json& recorded : cases) {
    CAPTURE(recorded.at("description").get<std::string>());
    const auto health = assess(recorded.at("object"));
    CHECK((health && health->is_error) == recorded.value("error", false));
    std::string found = describe(recorded.at("object"));
    std::replace(found.begin(), found.end(), '\n', ' ');
    const std::string expected = expectation(recorded);
    if (expected.ends_with(kScriptError)) found = "Unknown: " + std::string(kScriptError);
    CHECK(found == expected);
  }
}

TEST_CASE("every recorded object has the health that Argo CD gave it") {
  const auto text = support::read_file(support::in_repository("tests/data/health/recorded.json"));
  REQUIRE(text.has_value());
  const json cases = json::parse(*text);
  REQUIRE(cases.size() == 142);
  check_all(cases);
}

TEST_CASE("so has every object of the recorded truth beside the repository") {
  const auto shared = support::shared_folder();
  if (!shared) {
    WARN("skipped: the recorded truth is not here");
    return;
  }
  const auto text = support::read_file(*shared + "/conformance/health.json");
  REQUIRE(text.has_value());
  check_all(json::parse(*text));
}

TEST_CASE("the sync engine alone knows no scripts") {
  const json certificate = {
      {"apiVersion", "cert-manager.io/v1"}, {"kind", "Certificate"}, {"metadata", {{"name", "c"}}}};
  CHECK(describe(certificate) == "Progressing: Waiting for certificate");
  CHECK_FALSE(assess_built_in(certificate).has_value());
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
