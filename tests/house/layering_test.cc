// Arrows go one way: the table in src/README.md says who may include whom, every #include obeys.

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>

#include "support/recorded.h"

namespace {

namespace fs = std::filesystem;
using wavetank::support::in_repository;
using wavetank::support::read_file;

using Table = std::map<std::string, std::set<std::string>>;

// Rows like "| `sync` | base model health |" below the heading "Who may include whom".
Table read_table() {
  Table table;
  std::istringstream lines(read_file(in_repository("src/README.md")).value_or(""));
  bool inside = false;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("## ")) inside = line == "## Who may include whom";
    if (!inside || !line.starts_with("| `")) continue;
    const auto end = line.find('`', 3);
    const std::string layer = line.substr(3, end - 3);
    std::istringstream words(line.substr(line.find('|', end) + 1));
    for (std::string word; words >> word;) {
      if (word != "|" && word != "—") table[layer].insert(word);
    }
    table[layer].insert(layer);
  }
  return table;
}

struct Include {
  std::string file;
  std::string target;
  bool is_system = false;
};

std::vector<Include> all_includes() {
  std::vector<Include> includes;
  const fs::path root = in_repository("src");
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    const auto extension = entry.path().extension();
    if (extension != ".h" && extension != ".cc") continue;
    const std::string file = fs::relative(entry.path(), root).string();
    std::istringstream lines(read_file(entry.path().string()).value_or(""));
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with("#include ")) continue;
      const char close = line[9] == '<' ? '>' : '"';
      includes.push_back({.file = file,
                          .target = line.substr(10, line.find(close, 10) - 10),
                          .is_system = line[9] == '<'});
    }
  }
  return includes;
}

std::string layer_of(const std::string& path) { return path.substr(0, path.find('/')); }

TEST_CASE("every include follows the layering table of src/README.md") {
  const Table table = read_table();
  REQUIRE(table.size() == 15);
  for (const Include& include : all_includes()) {
    if (include.is_system) continue;
    CAPTURE(include.file, include.target);
    // A program of its own that runs while building; it reads what it compiles.
    if (include.file == "health/tablegen/main.cc" && include.target == "yaml/typed.h") continue;
    const auto row = table.find(layer_of(include.file));
    REQUIRE(row != table.end());
    CHECK(row->second.contains(layer_of(include.target)));
  }
}

TEST_CASE("files, processes and streams are touched in cli only, yaml-cpp in one file") {
  const std::map<std::string, std::set<std::string>> allowed{
      {"fstream", {"lint/rulegen/main.cc", "health/tablegen/main.cc"}},
      {"iostream", {}},
      {"filesystem",
       {"lint/rulegen/main.cc", "health/tablegen/main.cc", "cli/disk.cc", "cli/git_files.cc"}},
      {"random", {}},
      {"thread", {"cli/main.cc", "commands/test.cc", "explore/sample.cc"}},
      {"unistd.h", {"cli/disk.cc", "cli/process.cc", "cli/main.cc", "cli/real_watch.cc"}},
      {"yaml-cpp/yaml.h", {"yaml/typed.cc"}},
      {"yaml.h", {"yaml/parser.cc"}},
      {"CLI/CLI.hpp", {"cli/arguments.cc", "cli/explore_arguments.h"}},
  };
  for (const Include& include : all_includes()) {
    const auto row = allowed.find(include.target);
    if (!include.is_system || row == allowed.end()) continue;
    CAPTURE(include.file, include.target);
    CHECK(row->second.contains(include.file));
  }
}

TEST_CASE("every header is guarded and every folder of src is a layer") {
  const Table table = read_table();
  for (const auto& entry : fs::directory_iterator(in_repository("src"))) {
    if (entry.is_directory()) CHECK(table.contains(entry.path().filename().string()));
  }
  for (const auto& entry : fs::recursive_directory_iterator(in_repository("src"))) {
    if (entry.path().extension() != ".h") continue;
    CAPTURE(entry.path().string());
    const std::string text = read_file(entry.path().string()).value_or("");
    CHECK(text.find("#pragma once\n") != std::string::npos);
    CHECK(text.starts_with("// "));
  }
}

}  // namespace
