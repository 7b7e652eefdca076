// The runner itself: it can disagree, says how, and never passes over what it did not compare.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

using nlohmann::json;
using wavetank::support::Ended;

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop({.name = "runner", .path = WAVETANK_RUNNER}) {}
};

// A recorded case with several passes.
json recorded_case() {
  for (json& each : wavetank::support::read_json_lines(
           wavetank::support::in_repository("tests/data/engine/newest.jsonl.gz"))) {
    if (each.at("ops").at(0).at("passes").size() > 2) return each;
  }
  return {};
}

std::string last_line(const Ended& ended) {
  std::string text = ended.output.substr(0, ended.output.size() - 1);
  return text.substr(text.rfind('\n') + 1);
}

TEST_CASE("the last line is the agreement over everything") {
  const std::string line = recorded_case().dump() + "\n";
  const Ended ended =
      Workshop().file("a.jsonl", line + line).file("b.jsonl", line).run("runner a.jsonl b.jsonl");
  CHECK(ended.code == 0);
  CHECK(ended.says("a.jsonl 2/2\n"));
  CHECK(ended.says("b.jsonl 1/1\n"));
  CHECK(last_line(ended) == "3/3");
}

TEST_CASE("a pass that differs in any recorded part is a disagreement, shown side by side") {
  const auto change = [](auto edit) {
    json recorded = recorded_case();
    edit(recorded.at("ops").at(0).at("passes").at(1));
    return Workshop().file("a.jsonl", recorded.dump()).run("runner a.jsonl");
  };
  const auto edits = {
      change([](json& pass) { pass["phase"] = "Error"; }),
      change([](json& pass) { pass["message"] = "something else"; }),
      change([](json& pass) { pass["tick"] = 99; }),
      change([](json& pass) { pass["actions"].push_back({"apply /Pod/demo/extra"}); }),
      change([](json& pass) {
        pass["results"].push_back(
            {{"key", "/Pod/demo/extra"}, {"syncPhase", "Sync"}, {"status", "Synced"}});
      }),
  };
  for (const Ended& ended : edits) {
    CHECK(ended.code == 1);
    CHECK(last_line(ended) == "0/1");
    CHECK(ended.says("operation 0 pass 1"));
    CHECK(ended.says("because "));
  }
}

TEST_CASE("--case, --tag and --max-diffs choose what is played and printed") {
  json wrong = recorded_case();
  wrong["id"] = "wrong";
  wrong["tags"] = {"mine"};
  wrong["ops"][0]["passes"][0]["message"] = "something else";
  Workshop workshop;
  workshop.file("a.jsonl", recorded_case().dump() + "\n" + wrong.dump() + "\n");
  CHECK(last_line(workshop.run("runner a.jsonl --case wrong")) == "0/1");
  CHECK(last_line(workshop.run("runner a.jsonl --tag mine")) == "0/1");
  CHECK(last_line(workshop.run("runner a.jsonl")) == "1/2");
  CHECK_FALSE(workshop.run("runner a.jsonl --max-diffs 0").says("something else"));
}

TEST_CASE("every format is read, compressed or not") {
  const std::string health = R"({"id": 1, "object": {"apiVersion": "v1", "kind": "ConfigMap"},
                                 "health": null})";
  Workshop workshop;
  workshop.file("a.json", "[" + health + "]").file("b.yaml", health + "\n---\n" + health + "\n");
  CHECK(last_line(workshop.run("runner a.json")) == "1/1");
  CHECK(last_line(workshop.run("runner b.yaml")) == "2/2");
  CHECK(last_line(workshop.run("gzip a.json && runner a.json.gz")) == "1/1");
}

TEST_CASE("what cannot be compared is an error, or said") {
  Workshop workshop;
  workshop.file("broken.jsonl", "{}\n{\n")
      .file("unknown.json", R"({"what": 1})")
      .file("odd.jsonl", R"({"ops": [{"passes": [{"phase": "Sleeping"}]}]})")
      .file("files.jsonl", R"({"path": "a.yaml", "sha256": []})")
      .file("new.jsonl", R"({"argocd": "9.9.9", "ops": []})")
      .file("x.txt", "");
  CHECK(workshop.run("runner broken.jsonl").says("broken.jsonl: line 2 is no JSON"));
  CHECK(workshop.run("runner unknown.json").says("unknown.json:1: not a kind of vector"));
  CHECK(workshop.run("runner odd.jsonl").says("unknown phase Sleeping"));
  CHECK(workshop.run("runner new.jsonl").says("version 9.9.9 of Argo CD is not modelled"));
  CHECK(workshop.run("runner files.jsonl").says("1 not compared: --corpus says where"));
  CHECK(workshop.run("runner x.txt").says("x.txt: not .jsonl, .json or .yaml"));
  CHECK(workshop.run("runner nowhere.jsonl").says("cannot be read"));
  for (const char* file : {"broken.jsonl", "unknown.json", "odd.jsonl", "files.jsonl", "new.jsonl",
                           "x.txt", "nowhere.jsonl"}) {
    CAPTURE(file);
    CHECK(workshop.run(std::string("runner ") + file).code == 2);
  }
}

using wavetank::support::in_repository;
using wavetank::support::read_file;

// The cells of every table row of a page: "| a | b |" is {"a", "b"}; backquotes are dropped.
std::vector<std::vector<std::string>> table_rows(const std::string& page) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (!line.starts_with("| ")) continue;
    std::vector<std::string> cells;
    std::istringstream row(line.substr(2));
    for (std::string cell; std::getline(row, cell, '|');) {
      std::erase(cell, '`');
      const auto end = cell.find_last_not_of(' ');
      const auto begin = cell.find_first_not_of(' ');
      if (end != std::string::npos) cells.push_back(cell.substr(begin, end - begin + 1));
    }
    rows.push_back(cells);
  }
  return rows;
}

// The figure of the row that begins with `name`; empty without such a row.
std::string figure(const std::vector<std::vector<std::string>>& rows, const std::string& name) {
  for (const auto& row : rows) {
    if (row.size() > 1 && row[0] == name) return row[1];
  }
  return "";
}

const std::vector<std::pair<std::string, std::string>> kVersions{
    {"3.6", "cases"},       {"3.5", "version-3.5"}, {"3.4", "version-3.4"},  {"3.3", "version-3.3"},
    {"3.1", "version-3.1"}, {"3.0", "version-3.0"}, {"2.14", "version-2.14"}};

TEST_CASE("the README's figures are those of docs/fidelity.md") {
  const auto rows = table_rows(read_file(in_repository("docs/fidelity.md")).value_or(""));
  const std::string readme = read_file(in_repository("README.md")).value_or("");
  std::string line = ">";
  for (const auto& [version, file] : kVersions) {
    line += (line == ">" ? " " : " · ") + version + " " + figure(rows, version);
  }
  CAPTURE(line);
  CHECK(readme.find(line + "\n") != std::string::npos);
  for (const auto& row : rows) {
    if (row[0] != "all") continue;
    CHECK(readme.find("every one of " + row.at(2) + " recorded operations") != std::string::npos);
  }
}

// Takes a few seconds without sanitizers, and a minute with them.
TEST_CASE("the figures of docs/fidelity.md are what the runner counts", "[slow]") {
  const auto shared = wavetank::support::shared_folder();
  if (!shared) {
    WARN("skipped: the recorded truth is not here");
    return;
  }
  const auto rows = table_rows(read_file(in_repository("docs/fidelity.md")).value_or(""));
  const std::string recorded = *shared + "/conformance";
  const Workshop workshop;
  std::string command = "runner";
  for (const auto& [version, file] : kVersions) {
    command += " " + recorded + "/engine/" + file + ".jsonl.gz";
  }
  const Ended engine = workshop.run(command);
  CHECK(engine.code == 0);
  CHECK(last_line(engine) == figure(rows, "all"));
  std::size_t tags = 0;
  std::istringstream lines(engine.output);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("  ")) {
      const auto end = line.find(' ', 2);
      CAPTURE(line);
      CHECK(figure(rows, line.substr(2, end - 2)) == line.substr(line.rfind(' ') + 1));
      ++tags;
    }
    for (const auto& [version, file] : kVersions) {
      if (line.find("/" + file + ".jsonl.gz ") == std::string::npos) continue;
      CHECK(figure(rows, version) == line.substr(line.rfind(' ') + 1));
    }
  }
  CHECK(tags > 40);
  for (const char* category : {"1-immutable", "2-write", "3-namespace", "4-names", "5-kinds",
                               "6-delete", "7-admission", "8-controllers"}) {
    CAPTURE(category);
    const std::string name = std::string("api ") + category;
    const Ended ended =
        workshop.run("runner --max-diffs 0 " + recorded + "/api/" + category + ".jsonl.gz");
    CHECK(last_line(ended) == figure(rows, name));
    for (const auto& row : rows) {
      if (row[0] == name) CHECK(ended.says(" " + row.at(2) + "\n"));
    }
  }
  for (const char* family : {"windows", "cron", "retry", "options", "health", "settings", "compare",
                             "autosync", "refresh", "operation", "deletion"}) {
    CAPTURE(family);
    const Ended ended = workshop.run("runner " + recorded + "/controller/" + family + ".jsonl.gz");
    CHECK(last_line(ended) == figure(rows, family));
  }
  CHECK(last_line(workshop.run("runner --max-diffs 0 " + recorded + "/e2e/cases.yaml")) ==
        figure(rows, "e2e"));
  CHECK(last_line(workshop.run("runner " + recorded + "/health.json")) == figure(rows, "objects"));
  CHECK(last_line(workshop.run("runner " + recorded + "/yaml/texts.jsonl.gz")) ==
        figure(rows, "texts"));
}

}  // namespace
