// The rules that bite hardest are each shown by a pair of scenarios: `wavetank test` proves that
// what the rule says does happen, and these tests that the rule speaks of the same manifests.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "lint/catalogue.h"
#include "lint/example.h"
#include "support/recorded.h"
#include "support/starred_rules.h"
#include "yaml/typed.h"

namespace wavetank::lint {
namespace {

namespace fs = std::filesystem;

const Rule& rule_of(std::string_view code) {
  const auto rules = catalogue();
  const auto rule =
      std::find_if(rules.begin(), rules.end(), [&](const Rule& each) { return each.code == code; });
  REQUIRE(rule != rules.end());
  return *rule;
}

yaml::Value scenario_at(const fs::path& file) {
  CAPTURE(file.string());
  auto value = yaml::read_value(support::read_file(file.string()).value_or(""));
  REQUIRE(value);
  return *value;
}

// The folders of manifests of a scenario: one for each revision of each of its applications.
std::vector<fs::path> folders_of(const fs::path& file) {
  const yaml::Value scenario = scenario_at(file);
  std::vector<fs::path> folders;
  const yaml::Value* apps = scenario.find("apps");
  if (apps == nullptr) {
    REQUIRE(!scenario.string("extends").empty());
    return folders_of(file.parent_path() / std::string(scenario.string("extends")));
  }
  for (const auto& [name, app] : apps->entries()) {
    const auto path = std::string(app.string("path"));
    if (!path.empty()) folders.push_back(file.parent_path() / path);
    const yaml::Value* revisions = app.find("revisions");
    if (revisions == nullptr) continue;
    for (const auto& [revision, folder] : revisions->entries()) {
      folders.push_back(file.parent_path() / folder.text);
    }
  }
  return folders;
}

bool covers(const fs::path& file, std::string_view code) {
  const yaml::Value scenario = scenario_at(file);
  const yaml::Value* metadata = scenario.find("metadata");
  const yaml::Value* words = metadata == nullptr ? nullptr : metadata->find("covers");
  return words != nullptr &&
         std::any_of(words->items.begin(), words->items.end(),
                     [&](const yaml::Value& each) { return each.text == code; });
}

// How often lint reports the rule in the manifests of one folder.
std::size_t findings_in(const Rule& rule, const fs::path& folder) {
  CAPTURE(folder.string());
  std::map<std::string, std::string> texts;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".yaml") continue;
    texts[fs::relative(entry.path(), folder).string()] =
        support::read_file(entry.path().string()).value_or("");
  }
  REQUIRE(!texts.empty());
  std::vector<ExampleFile> files;
  for (const auto& [path, text] : texts) files.push_back({.path = path, .text = text});
  const ExampleResult result =
      play_example(rule, Example{.title = "", .is_bad = true, .files = files}, {});
  REQUIRE(result.error.empty());
  return static_cast<std::size_t>(
      std::count_if(result.found.begin(), result.found.end(),
                    [&](const std::string& mark) { return mark.ends_with(rule.code); }));
}

std::size_t findings_of(const Rule& rule, const fs::path& file) {
  std::size_t count = 0;
  for (const fs::path& folder : folders_of(file)) count += findings_in(rule, folder);
  return count;
}

TEST_CASE("the rules that bite hardest name a scenario") {
  for (const std::string_view code : support::kStarredRules) {
    CAPTURE(code);
    CHECK(!rule_of(code).scenario.empty());
  }
}

TEST_CASE("a rule finds its mistake in the scenario that it names, and none in the fixed twin") {
  for (const Rule& rule : catalogue()) {
    if (rule.scenario.empty()) continue;
    CAPTURE(rule.code, rule.scenario);
    const fs::path scenarios = support::in_repository("scenarios");
    const fs::path shown = scenarios / rule.scenario / "scenario.yaml";
    const fs::path cured = scenarios / (std::string(rule.scenario) + "-fixed") / "scenario.yaml";
    CHECK(covers(shown, rule.code));
    CHECK(covers(cured, rule.code));
    CHECK(findings_of(rule, shown) > 0);
    CHECK(findings_of(rule, cured) == 0);
  }
}

}  // namespace
}  // namespace wavetank::lint
