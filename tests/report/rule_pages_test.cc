// docs/rules/ holds the pages of the rules as they are; WAVETANK_UPDATE=1 writes them.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>

#include "report/lint/rule_page.h"
#include "support/recorded.h"

namespace wavetank::report {
namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> pages() {
  std::map<std::string, std::string> result{{"README.md", rule_index()}};
  for (const lint::Rule& rule : lint::catalogue()) result[rule_page_name(rule)] = rule_page(rule);
  return result;
}

TEST_CASE("docs/rules is what the rules say, and nothing else") {
  const fs::path directory = support::in_repository("docs/rules");
  if (std::getenv("WAVETANK_UPDATE") != nullptr) {
    fs::remove_all(directory);
    fs::create_directories(directory);
    for (const auto& [name, text] : pages()) std::ofstream(directory / name) << text;
  }
  std::set<std::string> names;
  for (const auto& entry : fs::directory_iterator(directory)) {
    names.insert(entry.path().filename().string());
  }
  for (const auto& [name, text] : pages()) {
    INFO("run WAVETANK_UPDATE=1 build/release/tests/test_report and read the difference");
    CAPTURE(name);
    CHECK(support::read_file((directory / name).string()).value_or("") == text);
    names.erase(name);
  }
  CHECK(names.empty());
}

TEST_CASE("every rule belongs to a family that is described") {
  const std::string index = rule_index();
  for (const lint::Rule& rule : lint::catalogue()) {
    CAPTURE(rule.code);
    CHECK(index.find(rule_page_name(rule)) != std::string::npos);
  }
}

}  // namespace
}  // namespace wavetank::report
