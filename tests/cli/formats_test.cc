// Formats of lint as a user asks for them, with the real program and real files.

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/recorded.h"
#include "support/workshop.h"

namespace {

using wavetank::support::Ended;
using wavetank::support::read_file;

struct Workshop : wavetank::support::Workshop {
  Workshop() : wavetank::support::Workshop({.name = "wavetank", .path = WAVETANK_PROGRAM}) {
    file("app/job.yaml",
         "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
         "    argocd.argoproj.io/hook: PreSync\n"
         "    argocd.argoproj.io/hook-delete-policy: HookFailed\n"
         "spec:\n  template:\n    spec:\n      restartPolicy: Never\n      containers: []\n");
  }
  [[nodiscard]] std::string text(const std::string& name) const {
    return read_file((root() / name).string()).value_or("");
  }
};

TEST_CASE("one run writes several formats, each to its file") {
  const Workshop workshop;
  const Ended ended = workshop.run(
      "wavetank lint app --format compact --format sarif=out.sarif --format junit=out.xml");
  CHECK(ended.code == 1);
  CHECK(ended.says("app/job.yaml:7:44: error[HK001] "));
  CHECK(nlohmann::json::parse(workshop.text("out.sarif")).at("version") == "2.1.0");
  CHECK(workshop.text("out.xml").starts_with("<?xml"));
}

TEST_CASE("--output-file takes the format that has no file, and -q still writes it") {
  const Workshop workshop;
  CHECK(workshop.run("wavetank lint app -q --format json -o out.json").output.empty());
  CHECK(nlohmann::json::parse(workshop.text("out.json")).at("schemaVersion") == 1);
}

TEST_CASE("a file that cannot be written ends with 2") {
  const Ended ended = Workshop().run("wavetank lint app --format sarif=no/such/out.sarif");
  CHECK(ended.code == 2);
  CHECK(ended.says("cannot write no/such/out.sarif: no such file or directory"));
}

TEST_CASE("formats that cannot be met are refused before anything is read") {
  const std::vector<std::pair<std::string, std::string>> cases{
      {"--format sarf", "`sarf` is no format; did you mean `sarif`?"},
      {"--format xyzzy",
       "it is one of full, compact, grouped, json, jsonl, sarif, github, gitlab, "
       "junit, checkstyle, rdjson, markdown, auto"},
      {"--format json --format sarif", "two formats for standard output"},
      {"--format json=a --format sarif=a", "two formats for the file `a`"},
      {"--format json=", "--format json= names no file"},
      {"--format json=a -o b", "--output-file is for the format without a file"},
      {"--format sarif --statistics", "--statistics cannot be told in the format sarif"},
  };
  for (const auto& [flags, message] : cases) {
    CAPTURE(flags);
    const Ended ended = Workshop().run("wavetank lint app " + flags);
    CHECK(ended.code == 2);
    CHECK(ended.says(message));
  }
}

TEST_CASE("auto is the format of the CI server, and text elsewhere") {
  const Workshop workshop;
  const std::string clean = "unset GITHUB_ACTIONS GITLAB_CI GITHUB_STEP_SUMMARY; ";
  CHECK(workshop.run(clean + "wavetank lint app --format auto").says(" --> app/job.yaml:7:44\n"));
  CHECK(workshop.run(clean + "GITHUB_ACTIONS=true wavetank lint app --format auto")
            .output.starts_with("::error file=app/job.yaml,line=7,"));
  CHECK(workshop.run(clean + "GITLAB_CI=true wavetank lint app --format auto")
            .output.starts_with("[\n"));
}

TEST_CASE("the summary of a GitHub step is added to what is there") {
  Workshop workshop;
  workshop.file("summary.md", "before\n");
  CHECK(workshop.run("GITHUB_STEP_SUMMARY=summary.md wavetank lint app --format github").code == 1);
  CHECK(workshop.text("summary.md").starts_with("before\n**wavetank lint**: "));
  CHECK(workshop.text("summary.md").find("| error | HK001 ") != std::string::npos);
}

TEST_CASE("paths in reports of services are those of the repository") {
  Workshop workshop;
  workshop.file(".git/config", "");
  const Ended ended = workshop.run("cd app && wavetank lint . --format gitlab");
  CHECK(ended.says("\"path\": \"app/job.yaml\""));
}

TEST_CASE("--statistics counts, --max-findings shows less, the exit code stays") {
  const Workshop workshop;
  const Ended counted = workshop.run("wavetank lint app --statistics");
  CHECK(counted.code == 1);
  CHECK(counted.says("1  HK001  hook with a fixed name"));
  const Ended fewer = workshop.run("wavetank lint app --max-findings 1 --format compact");
  CHECK(fewer.code == 1);
  CHECK(fewer.says("error[HK001]"));
  CHECK_FALSE(fewer.says("JB001]"));
  CHECK(fewer.says("of them not shown"));
  const Ended none = workshop.run("wavetank lint app --max-findings 0 --format compact");
  CHECK(none.code == 1);
}

TEST_CASE("colours are forced and forbidden as CMake documents it") {
  const Workshop workshop;
  const auto colours = [&](const std::string& variables) {
    const std::string clean = "unset NO_COLOR CLICOLOR_FORCE FORCE_COLOR; ";
    return workshop.run(clean + variables + " wavetank lint app").says("\x1b[");
  };
  CHECK_FALSE(colours(""));
  CHECK(colours("CLICOLOR_FORCE=1"));
  CHECK(colours("FORCE_COLOR=1"));
  CHECK_FALSE(colours("FORCE_COLOR=0"));
  CHECK_FALSE(colours("FORCE_COLOR=1 NO_COLOR=1"));
}

TEST_CASE("SARIF tells of suppressed findings, with the reason") {
  Workshop workshop;
  workshop.file("app/job.yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: x\n  annotations:\n"
                "    # wavetank: ignore[AN004] known, and harmless\n"
                "    argocd.argoproj.io/sync-optins: \"1\"\n");
  const Ended ended = workshop.run("wavetank lint app --format sarif");
  const auto results = nlohmann::json::parse(ended.output).at("runs").at(0).at("results");
  REQUIRE(results.size() == 1);
  CHECK(results.at(0).at("suppressions").at(0).at("kind") == "inSource");
  CHECK(results.at(0).at("suppressions").at(0).at("justification") == "known, and harmless");
}

// Published schemas and parsers of other people, where this machine has them.
TEST_CASE("what readers of other people demand is met, as far as they are installed") {
  const Workshop workshop;
  REQUIRE(workshop
              .run("wavetank lint app --format checkstyle=c.xml --format junit=j.xml "
                   "--format json=l.json --format jsonl=l.jsonl")
              .code == 1);
  const std::string schemas = wavetank::support::in_repository("docs/schemas");
  if (workshop.run("python3 -c 'import xml.etree'").code == 0) {
    const std::string parse =
        "python3 -c 'import sys, xml.etree.ElementTree as e; "
        "[e.parse(f) for f in sys.argv[1:]]' ";
    CHECK(workshop.run(parse + "c.xml j.xml").output.empty());
  } else {
    WARN("skipped: no python3, XML is not parsed");
  }
  // As @microsoft/jest-sarif of npm has it in lib/schemas.
  if (workshop.run("test -f \"$WAVETANK_SARIF_SCHEMA\" && python3 -c 'import jsonschema'").code ==
      0) {
    const std::string sarif = "wavetank lint app --exit-zero --format sarif=l.sarif && ";
    CHECK(workshop
              .run(sarif + "python3 -c 'import json, os, jsonschema; "
                           "jsonschema.validate(json.load(open(\"l.sarif\")), "
                           "json.load(open(os.environ[\"WAVETANK_SARIF_SCHEMA\"])))'")
              .output.empty());
  } else {
    WARN("skipped: WAVETANK_SARIF_SCHEMA names no schema, SARIF is not validated");
  }
  if (workshop.run("python3 -c 'import jsonschema'").code == 0) {
    const std::string validate =
        "python3 -c 'import sys, json, jsonschema; s = json.load(open(sys.argv[1])); "
        "[jsonschema.validate(json.loads(d), s) for d in (open(sys.argv[2]).read(),) "
        "if sys.argv[2] == \"l.json\"]; "
        "[jsonschema.validate(json.loads(d), s) for d in open(sys.argv[2]) "
        "if sys.argv[2] == \"l.jsonl\"]' ";
    CHECK(workshop.run(validate + schemas + "/lint.schema.json l.json").output.empty());
    CHECK(workshop.run(validate + schemas + "/lint-lines.schema.json l.jsonl").output.empty());
  } else {
    WARN("skipped: no jsonschema for python3, JSON is not validated");
  }
}

}  // namespace
