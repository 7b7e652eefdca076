// The configuration: what it may say, where it is wrong, and what comes before it.

#include "commands/config.h"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "commands/configure.h"
#include "commands/inspection.h"
#include "support/memory_files.h"
#include "support/recorded.h"

namespace wavetank::commands {
namespace {

std::string errors_of(const std::string& text) {
  support::MemoryFiles files;
  files.add(".wavetank.yaml", text);
  return set_up(files, {}).errors;
}

TEST_CASE("what is wrong in a configuration is said with its line") {
  CHECK(errors_of("select: [AN]\nselct: [AN]\n") ==
        ".wavetank.yaml:2: error: unknown key `selct`; did you mean `select`?\n");
  CHECK(errors_of("per-path:\n  - paths: [a]\n    ignroe: [AN]\n") ==
        ".wavetank.yaml:3: error: unknown key `ignroe`; did you mean `ignore`?\n");
  CHECK(errors_of("per-path:\n  - ignore: [AN]\n") ==
        ".wavetank.yaml:2: error: an item of `per-path` needs `paths`\n");
  CHECK(errors_of("fail-on: eror\n") ==
        ".wavetank.yaml:1: error: `fail-on` is one of error, warning, info, never, not `eror`\n");
  CHECK(errors_of("severity:\n  AN: bad\n") ==
        ".wavetank.yaml:2: error: `severity` is one of error, warning, info, not `bad`\n");
  CHECK(errors_of("select: {AN: yes}\n") == ".wavetank.yaml:1: error: `select` is a list\n");
  CHECK(errors_of("- a\n") == ".wavetank.yaml:1: error: a configuration is a mapping\n");
  CHECK(errors_of("argocd-version: 2.9\n") ==
        ".wavetank.yaml:1: error: Argo CD `2.9` is not modelled; 2.14 and 3.0 to 3.6 are\n");
  CHECK(errors_of("ignore: []\n\nignore: []\n") ==
        ".wavetank.yaml:3: error: the key `ignore` stands here twice\n");
  CHECK(errors_of("select:\n  - AN\n  - AN04\n")
            .starts_with(".wavetank.yaml:3: error: no rule, prefix or family is called `AN04`; did "
                         "you mean `AN00"));
  CHECK(errors_of("a: [\n").starts_with(".wavetank.yaml:2: error: "));
  CHECK(errors_of("") == "");
}

// The request after flags, variables and this configuration.
LintRequest configured(const std::string& text, const LintRequest& asked = {}) {
  support::MemoryFiles files;
  files.add(".wavetank.yaml", text);
  const Configured result = configure(files, asked);
  CHECK(result.errors == "");
  return result.request;
}

TEST_CASE("a flag comes before the configuration, lists of files and rules add up") {
  const std::string text =
      "select: [AN]\nfail-on: never\nargocd-version: 3.4\nexclude: [a]\nrules: [policy]\n";
  const LintRequest plain = configured(text);
  CHECK(plain.lint.select == std::vector<std::string>{"AN"});
  CHECK(plain.fail_on == std::nullopt);
  CHECK(model::to_string(plain.lint.version) == "3.4");
  CHECK(plain.rule_paths == std::vector<std::string>{"policy"});
  LintRequest asked{.load = {.exclude = {"b"}}, .lint = {.select = {"HK"}}};
  asked.config.given = {{"select", "--select"}, {"fail-on", "--fail-on"}, {"exclude", "--exclude"}};
  const LintRequest flags = configured(text, asked);
  CHECK(flags.lint.select == std::vector<std::string>{"HK"});
  CHECK(flags.fail_on == source::Severity::Error);
  CHECK(flags.load.exclude == std::vector<std::string>{"b", "a"});
  CHECK(configured(text, {.extend_select = {"HL"}}).lint.select ==
        std::vector<std::string>{"AN", "HL"});
}

TEST_CASE("the configuration can be another one, or none") {
  support::MemoryFiles files;
  files.add(".wavetank.yaml", "fail-on: info\n");
  files.add("other.yaml", "fail-on: warning\n");
  const auto fail_on = [&](const ConfigChoice& choice) {
    return configure(files, {.config = choice}).request.fail_on;
  };
  CHECK(fail_on({}) == source::Severity::Info);
  CHECK(fail_on({.file = "other.yaml"}) == source::Severity::Warning);
  CHECK(fail_on({.lookup = ConfigLookup::None}) == source::Severity::Error);
  CHECK(configure(files, {.config = {.file = "no.yaml"}}).errors ==
        "wavetank: cannot read the configuration no.yaml: no such file or directory\n");
}

// "CODE:severity" of what is found in apps/a.yaml, suppressed ones in brackets.
std::string found(const std::string& config) {
  support::MemoryFiles files;
  files.add(".wavetank.yaml", config);
  files.add("apps/a.yaml",
            "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n"
            "    argocd.argoproj.io/sync-waves: \"1\"\n");
  const Setup setup = set_up(files, {});
  REQUIRE(setup.errors == "");
  const Inspection inspection = inspect(files, setup);
  std::string result;
  for (const auto& each : inspection.findings) {
    result += each.diagnostic.code + ":" + std::string(severity_name(each.diagnostic.severity));
  }
  for (const auto& each : inspection.suppressed) {
    result += "[" + each.finding.diagnostic.code + " " + each.reason + "]";
  }
  return result;
}

TEST_CASE("a rule is graded by the longest word that names it, and by its path first") {
  CHECK(found("") == "AN004:error");
  CHECK(found("severity: {AN: info}") == "AN004:info");
  CHECK(found("severity: {AN004: warning, AN: info}") == "AN004:warning");
  CHECK(found("severity: {AN004: warning}\nper-path:\n  - {paths: [apps], severity: {AN: info}}") ==
        "AN004:info");
  CHECK(found("per-path: [{paths: [other], severity: {AN: info}}]") == "AN004:error");
}

TEST_CASE("what the configuration silences below a path is suppressed, not forgotten") {
  for (const char* glob : {"apps", "apps/*.yaml", "apps/**", "a.yaml", "*.yaml", "**/a.yaml"}) {
    CAPTURE(glob);
    CHECK(found(std::string("per-path: [{paths: [\"") + glob +
                "\"], ignore: [AN], reason: old}]") == "[AN004 old]");
  }
  CHECK(found("per-path: [{paths: [app, b.yaml, /apps], ignore: [AN]}]") == "AN004:error");
  CHECK(found("ignore: [AN]") == "");
}

TEST_CASE("every key is shown with where it comes from") {
  support::MemoryFiles files;
  support::MemoryWriter writer(files);
  files.add(".wavetank.yaml", "\nfail-on: warning\nexclude: [a]\n");
  ConfigRequest request{.lint = {.load = {.exclude = {"b"}}}};
  request.lint.config.given = {{"exclude", "WAVETANK_EXCLUDE"}};
  const std::string shown = run_config({files, writer}, request).output;
  CHECK(shown.find("fail-on               warning                   .wavetank.yaml:2\n") !=
        std::string::npos);
  CHECK(shown.find("exclude               b, a                      .wavetank.yaml:3, "
                   "WAVETANK_EXCLUDE\n") != std::string::npos);
  for (const Setting& setting : settings()) {
    CHECK(shown.find("\n" + std::string(setting.key) + " ") != std::string::npos);
  }
}

TEST_CASE("a new configuration says nothing, and its examples are good ones") {
  support::MemoryFiles files;
  support::MemoryWriter writer(files);
  const Result first = run_config({files, writer}, {.action = ConfigAction::Init});
  CHECK(first.output == ".wavetank.yaml written\n");
  CHECK(run_config({files, writer}, {.action = ConfigAction::Init}).exit == ExitCode::Usage);
  CHECK(configured(files.read(".wavetank.yaml").value()).lint.select.empty());
  std::string text;
  for (const Setting& setting : settings()) {
    text += std::string(setting.key) + ": " + std::string(setting.example) + "\n";
  }
  support::MemoryFiles all;
  all.add(".wavetank.yaml", text);
  const Configured result = configure(all, {});
  CHECK(result.errors == "");
  CHECK(unknown_rules_of(result.config, {}) == "");
}

TEST_CASE("docs/schemas/config.schema.json is what `config schema` prints, with every key") {
  const std::string path = support::in_repository("docs/schemas/config.schema.json");
  if (std::getenv("WAVETANK_UPDATE") != nullptr) std::ofstream(path) << config_schema();
  INFO("run WAVETANK_UPDATE=1 build/release/tests/test_commands and read the difference");
  CHECK(support::read_file(path).value_or("") == config_schema());
  const auto schema = nlohmann::json::parse(config_schema());
  for (const Setting& setting : settings()) {
    CHECK(schema.at("properties").contains(std::string(setting.key)));
  }
}

}  // namespace
}  // namespace wavetank::commands
