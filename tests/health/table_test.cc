// The health table: its rows, its language, and the values of Lua under it.

#include <rapidcheck.h>

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "health/health.h"
#include "health/table/judge.h"
#include "health/table/program.h"
#include "health/table/select.h"

namespace wavetank::health {
namespace {

using nlohmann::json;

std::string without_star(std::string_view pattern) {
  std::string text(pattern);
  if (const auto star = text.find('*'); star != std::string::npos) text.replace(star, 1, "Example");
  return text;
}

// An object as somebody would write it: some kinds have no health without these parts of a spec.
json object_of(const table::Row& row) {
  return {{"apiVersion", without_star(row.group) + "/v1"},
          {"kind", without_star(row.kind)},
          {"metadata", {{"name", "x"}, {"generation", 1}}},
          {"spec",
           {{"updateStrategy", {{"rollingUpdate", json::object()}}},
            {"nodeSets", {{{"count", 3}}}},
            {"clusters", {{{"name", "member"}}}}}}};
}

std::vector<table::Row> all_rows() {
  const auto& program = table::program();
  std::vector<table::Row> rows(program.exact.begin(), program.exact.end());
  rows.insert(rows.end(), program.wildcards.begin(), program.wildcards.end());
  return rows;
}

std::string describe(const json& object) {
  const auto health = assess(object);
  if (!health) return "none";
  if (health->is_error) return "error: " + health->message;
  return std::string(name(health->status)) + ": " + health->message;
}

TEST_CASE("every version has as many kinds with a script as Argo CD has") {
  const std::map<model::ArgocdVersion, std::size_t> known{
      {{2, 14}, 182}, {{3, 0}, 183}, {{3, 1}, 207}, {{3, 2}, 233},
      {{3, 3}, 226},  {{3, 4}, 227}, {{3, 5}, 238}, {{3, 6}, 241}};
  for (const auto& [version, count] : known) {
    CAPTURE(model::to_string(version));
    std::set<std::string> kinds;
    for (const table::Row& row : all_rows()) {
      if (row.since > version || version >= row.before) continue;
      CHECK(kinds.insert(std::string(row.group) + "/" + std::string(row.kind)).second);
    }
    CHECK(kinds.size() == count);
  }
}

TEST_CASE("older versions of Argo CD judge by older rows") {
  const json definition = {
      {"apiVersion", "apiextensions.k8s.io/v1"},
      {"kind", "CustomResourceDefinition"},
      {"metadata", {{"name", "widgets.example.com"}}},
      {"status",
       {{"conditions",
         {{{"type", "Established"}, {"status", "False"}, {"reason", "Installing"}}}}}}};
  CHECK(assess(definition, {3, 6})->message == "CRD is being installed");
  CHECK(assess(definition, {3, 4})->message == "CRD is not established");
  CHECK_FALSE(assess(definition, {2, 14}).has_value());
}

TEST_CASE("the example of a healthy status is healthy") {
  for (const table::Row& row : all_rows()) {
    if (row.healthy.empty()) continue;
    json object = object_of(row);
    CAPTURE(object.at("apiVersion"), object.at("kind"));
    object["status"] = table::healthy_status(row, object);
    const Health health = table::judge(row, object);
    INFO(health.message);
    CHECK(health.status == Status::Healthy);
  }
}

// ---- values as Lua has them, seen through real kinds ----

json certificate(const json& status) {
  return {{"apiVersion", "cert-manager.io/v1"}, {"kind", "Certificate"}, {"status", status}};
}

TEST_CASE("looking into nothing fails the check, into a text it finds nothing") {
  CHECK(describe({{"apiVersion", "postgresql.cnpg.io/v1"}, {"kind", "Cluster"}}) ==
        "error: attempt to index a non-table object(nil) with key 'phaseReason'");
  CHECK(describe(certificate("text")) == "Progressing: Waiting for certificate");
  CHECK(describe(certificate(true)) ==
        "error: attempt to index a non-table object(boolean) with key 'conditions'");
}

TEST_CASE("a list ends nowhere else than at its end: nulls are not in it") {
  const json ready = {{"type", "Ready"}, {"status", "True"}, {"message", "m"}};
  CHECK(describe(certificate({{"conditions", {nullptr, ready}}})) == "Healthy: m");
  CHECK(describe(certificate({{"conditions", nullptr}})) == "Progressing: Waiting for certificate");
}

TEST_CASE("a map is no list, and what is neither cannot be looped over") {
  CHECK(describe(certificate({{"conditions", {{"a", 1}}}})) ==
        "Progressing: Waiting for certificate");
  CHECK(describe(certificate({{"conditions", 1}})) == "error: table expected, got number");
}

TEST_CASE("numbers are printed as Go prints them") {
  const auto beat = [](const json& nodes) {
    return describe(
        {{"apiVersion", "beat.k8s.elastic.co/v1beta1"},
         {"kind", "Beat"},
         {"status", {{"health", "yellow"}, {"availableNodes", nodes}, {"expectedNodes", "x"}}}});
  };
  const auto saying = [](const std::string& number) {
    return "Progressing: Elastic Beat status is deploying, there is " + number +
           " instance(s) on x expected";
  };
  CHECK(beat(3) == saying("3"));
  CHECK(beat(1.5) == saying("1.5"));
  CHECK(beat(1234567.5) == saying("1.2345675e+06"));
  CHECK(beat(0.00001) == saying("1e-05"));
  CHECK(beat(1e21) == saying("1e+21"));
  CHECK(beat(true) == "error: cannot perform concat operation between boolean and string");
}

TEST_CASE("texts are compared as texts, numbers as numbers, and nothing else is compared") {
  const auto job = [](const json& last, const json& success) {
    return describe({{"apiVersion", "batch/v1"},
                     {"kind", "CronJob"},
                     {"spec", json::object()},
                     {"status", {{"lastScheduleTime", last}, {"lastSuccessfulTime", success}}}});
  };
  CHECK(job("2026-01-01T10:00:00Z", "2026-01-01T09:00:00Z") ==
        "Degraded: CronJob has not completed its last execution successfully");
  CHECK(job(9, 10) == "Healthy: CronJob has completed its last execution successfully");
  CHECK(job("9", 10) == "error: attempt to compare number with string");
}

TEST_CASE("a script that returns nothing gives a health without a status") {
  const json run = {{"apiVersion", "argoproj.io/v1alpha1"},
                    {"kind", "AnalysisRun"},
                    {"status", {{"phase", "Whatever"}}}};
  REQUIRE(assess(run).has_value());
  CHECK(assess(run)->status == Status::None);
  CHECK_FALSE(assess(run)->is_error);
}

TEST_CASE("a message that is no text empties the whole answer") {
  const json ready = {{"type", "Ready"}, {"status", "True"}, {"message", 1}};
  CHECK(assess(certificate({{"conditions", {ready}}}))->status == Status::None);
}

TEST_CASE("a word that is no status is Unknown") {
  CHECK(describe({{"apiVersion", "argoproj.io/v1alpha1"},
                  {"kind", "Rollout"},
                  {"metadata", {{"generation", 1}}},
                  {"spec", json::object()},
                  {"status", {{"phase", "Dancing"}}}}) ==
        "Unknown: Lua returned an invalid health status");
}

// ---- which row judges ----

TEST_CASE("a kind of its own comes before the wildcard of its group") {
  const auto judged = [](const char* api_version, const char* kind) {
    return describe({{"apiVersion", api_version}, {"kind", kind}});
  };
  CHECK(judged("s3.aws.crossplane.io/v1", "Bucket") ==
        "Progressing: Waiting for Bucket to be created");
  CHECK(judged("s3.aws.crossplane.io/v1", "BucketPolicy") == "Healthy: Resource is up-to-date.");
  CHECK(judged("crossplane.io/v1", "Bucket") == "none");
}

TEST_CASE("a script comes before a check in Go, deletion before both") {
  CHECK(describe({{"apiVersion", "argoproj.io/v1alpha1"}, {"kind", "Workflow"}}) ==
        "Progressing: ");
  CHECK(describe({{"apiVersion", "cert-manager.io/v1"},
                  {"kind", "Certificate"},
                  {"metadata", {{"deletionTimestamp", "2026-01-01T00:00:00Z"}}}}) ==
        "Progressing: Pending deletion");
}

// ---- arbitrary objects ----

// Texts of the table itself reach further into the rules than random ones.
rc::Gen<std::string> known_text() {
  return rc::gen::map(rc::gen::inRange<std::size_t>(0, table::program().texts.size()),
                      [](std::size_t i) { return std::string(table::program().texts[i]); });
}

rc::Gen<json> arbitrary_value(int depth) {
  auto text = rc::gen::map(known_text(), [](std::string word) { return json(std::move(word)); });
  auto number = rc::gen::map(rc::gen::inRange(-3, 12), [](int n) { return json(n); });
  auto other = rc::gen::element(json(nullptr), json(true), json(false), json(0.5), json(""),
                                json("True"), json("False"), json::array(), json::object());
  if (depth == 0) return rc::gen::oneOf(text, number, other);
  auto list = rc::gen::map(rc::gen::container<std::vector<json>>(
                               rc::gen::lazy([depth] { return arbitrary_value(depth - 1); })),
                           [](const std::vector<json>& items) { return json(items); });
  auto map = rc::gen::map(
      rc::gen::container<std::vector<std::pair<std::string, json>>>(rc::gen::pair(
          known_text(), rc::gen::lazy([depth] { return arbitrary_value(depth - 1); }))),
      [](const std::vector<std::pair<std::string, json>>& items) {
        json object = json::object();
        for (const auto& [key, value] : items) object[key] = value;
        return object;
      });
  return rc::gen::weightedOneOf<json>({{2, text}, {1, number}, {1, other}, {3, list}, {4, map}});
}

TEST_CASE("whatever an object holds, every check ends and its verdict makes sense") {
  const auto rows = all_rows();
  rc::prop("judging arbitrary objects", [&] {
    json fields = json::object();
    for (const char* field : {"metadata", "spec", "status"}) {
      if (*rc::gen::weightedElement<bool>({{3, true}, {1, false}})) {
        fields[field] = *rc::gen::resize(8, arbitrary_value(3));
      }
    }
    for (const table::Row& row : rows) {
      json object = object_of(row);
      object.update(fields);
      const Health health = table::judge(row, object);
      RC_ASSERT(!health.is_error || health.status == Status::Unknown);
      RC_ASSERT(health.status != Status::None || health.message.empty());
      (void)table::healthy_status(row, object);
    }
  });
}

TEST_CASE("spoiling a field of a healthy status never crashes a check") {
  const auto rows = all_rows();
  rc::prop("judging spoiled examples", [&] {
    const json spoilt = *rc::gen::resize(8, arbitrary_value(2));
    const auto where = *rc::gen::inRange<std::size_t>(0, 1000);
    for (const table::Row& row : rows) {
      json object = object_of(row);
      object["status"] = table::healthy_status(row, object);
      const json flat = object.flatten();
      std::vector<std::string> places;
      for (const auto& [place, value] : flat.items()) places.push_back(place);
      object[json::json_pointer(places[where % places.size()])] = spoilt;
      const Health health = table::judge(row, object);
      RC_ASSERT(!health.is_error || !health.message.empty());
    }
  });
}

}  // namespace
}  // namespace wavetank::health
