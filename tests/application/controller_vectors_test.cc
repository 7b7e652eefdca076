// Vectors recorded from Argo CD's application controller: a sample that lies in the repository, and
// all of them where they are.
#include <catch2/catch.hpp>
#include <filesystem>
#include <iostream>
#include <map>

#include "conformance/controller_case.h"
#include "support/recorded.h"

using namespace wavetank;

namespace {

struct Count {
  std::size_t agree = 0;
  std::size_t differ = 0;
};

std::string first_difference(const conformance::ControllerVerdict& verdict) {
  std::string text;
  for (std::size_t i = 0; i < std::max(verdict.expected.size(), verdict.actual.size()); ++i) {
    const std::string expected = i < verdict.expected.size() ? verdict.expected[i] : "nothing";
    const std::string actual = i < verdict.actual.size() ? verdict.actual[i] : "nothing";
    if (expected != actual) return expected + "  <-- expected, actual -->  " + actual;
  }
  return text;
}

struct Report {
  std::map<std::string, Count> counts;  // by family
  std::string text;                     // the first few cases that differ
};

Report check_folder(const std::string& folder) {
  constexpr std::size_t kShownMax = 5;
  Report report;
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    const std::string path = entry.path().string();
    if (path.ends_with(".jsonl.gz") || path.ends_with(".jsonl")) paths.push_back(path);
  }
  std::sort(paths.begin(), paths.end());
  for (const std::string& path : paths) {
    for (const auto& recorded : support::read_json_lines(path)) {
      const auto family = conformance::controller_family(recorded);
      INFO(path << " " << recorded["id"]);
      REQUIRE(family);
      const auto verdict = conformance::check_controller_case(recorded);
      Count& count = report.counts[*family];
      ++(verdict.expected == verdict.actual ? count.agree : count.differ);
      if (verdict.expected == verdict.actual || count.differ > kShownMax) continue;
      report.text += recorded["id"].dump() + " " + recorded["in"].dump() + "\n    " +
                     first_difference(verdict) + "\n";
    }
  }
  for (const auto& [family, count] : report.counts) {
    report.text += family + ": " + std::to_string(count.agree) + " agree, " +
                   std::to_string(count.differ) + " differ\n";
  }
  return report;
}

void check_all_agree(const std::string& folder) {
  const Report report = check_folder(folder);
  INFO(report.text);
  std::size_t differ = 0;
  for (const auto& [family, count] : report.counts) differ += count.differ;
  CHECK(differ == 0);
  for (const char* family : {"windows", "cron", "retry", "options", "health", "settings", "compare",
                             "autosync", "refresh", "operation", "deletion"}) {
    INFO(family);
    CHECK(report.counts.count(family) == 1);
  }
}

}  // namespace

TEST_CASE("the sample of recorded controller vectors agrees") {
  check_all_agree(support::in_repository("tests/data/controller"));
}

TEST_CASE("every recorded controller vector agrees") {
  const auto shared = support::shared_folder();
  if (!shared || !std::filesystem::is_directory(*shared + "/conformance/controller")) {
    std::cout << "skipped: no recorded controller vectors beside the repository\n";
    return;
  }
  check_all_agree(*shared + "/conformance/controller");
}

TEST_CASE("a vector's family is told by its shape") {
  using nlohmann::json;
  CHECK(conformance::controller_family(
            json::parse(R"({"in":{"schedule":"","from":""},"out":{"error":"x"}})")) == "cron");
  CHECK(conformance::controller_family(json::parse(
            R"({"in":{"syncPolicy":null,"start":"","steps":[]},"out":{"steps":[]}})")) ==
        "refresh");
  CHECK_FALSE(conformance::controller_family(json::parse(R"({"id":"x","world":{}})")));
  CHECK_FALSE(conformance::controller_family(json::parse(R"({"in":{},"out":{}})")));
}
