// What the examples of rules say of syncs is what the simulation does.

#include <catch2/catch.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "commands/test.h"
#include "lint/catalogue.h"
#include "lint/lint.h"
#include "load/project.h"
#include "support/memory_files.h"
#include "support/real_files.h"
#include "support/recorded.h"
#include "support/starred_rules.h"

namespace wavetank {
namespace {

// Runs `wavetank simulate <arguments>` over the files of an example.
commands::Result simulate(const lint::Example& example) {
  support::MemoryFiles files;
  for (const lint::ExampleFile& file : example.files) {
    files.add(std::string(file.path), std::string(file.text));
  }
  std::vector<std::string> arguments{"simulate"};
  std::istringstream words{std::string(example.simulate)};
  for (std::string word; words >> word;) arguments.push_back(word);
  const cli::Invocation invocation = cli::parse(arguments, {});
  const auto* request = std::get_if<cli::Simulate>(&invocation);
  REQUIRE(request != nullptr);
  return commands::run_simulate(files, request->request).result;
}

TEST_CASE("examples that name a simulation end as they say") {
  std::size_t played = 0;
  for (const lint::Rule& rule : lint::catalogue()) {
    for (const lint::Example& example : rule.examples) {
      if (example.simulate.empty()) continue;
      const commands::Result result = simulate(example);
      CAPTURE(rule.code, example.title, example.simulate, result.output, result.errors);
      CHECK(result.exit == commands::ExitCode::Ok);
      ++played;
    }
  }
  CHECK(played > 40);
}

std::string proof_of(std::string_view code) {
  const support::RealFiles files;
  const std::string root = support::in_repository("scenarios/rules");
  const auto entries = files.list(root);
  REQUIRE(entries.has_value());
  for (const base::DirectoryEntry& entry : *entries) {
    if (entry.name.starts_with(code)) return root + "/" + entry.name;
  }
  FAIL("no folder in scenarios/rules begins with " << code);
  return "";
}

std::size_t findings(const std::string& path, std::string_view code) {
  const support::RealFiles files;
  const load::Project project = load::load_project(files, {.paths = {path}});
  std::size_t count = 0;
  for (const lint::Finding& finding : lint::lint(project, {})) {
    if (finding.diagnostic.code == code) ++count;
  }
  return count;
}

// The scenario as it stands, but over the manifests that the rule is about.
class OnBadManifests final : public base::FileSystem {
 public:
  [[nodiscard]] base::FileKind kind(std::string_view path) const override {
    return files_.kind(path);
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> read(
      std::string_view path) const override {
    auto text = files_.read(path);
    if (text && path.ends_with("/scenario.yaml")) {
      for (auto at = text->find("good"); at != std::string::npos; at = text->find("good", at)) {
        text->replace(at, 4, "bad");
      }
    }
    return text;
  }
  [[nodiscard]] tl::expected<std::vector<base::DirectoryEntry>, base::FileError> list(
      std::string_view path) const override {
    return files_.list(path);
  }
  [[nodiscard]] tl::expected<std::string, base::FileError> canonical(
      std::string_view path) const override {
    return files_.canonical(path);
  }

 private:
  support::RealFiles files_;
};

TEST_CASE("what a rule finds breaks the expectation of its scenario, and only that") {
  for (const std::string_view code : support::kStarredRules) {
    CAPTURE(code);
    const std::string proof = proof_of(code);
    CHECK(findings(proof + "/bad", code) > 0);
    CHECK(findings(proof + "/good", code) == 0);
    const commands::Result good = commands::run_test(support::RealFiles(), {.paths = {proof}});
    CHECK(good.exit == commands::ExitCode::Ok);
    const commands::Result bad = commands::run_test(OnBadManifests(), {.paths = {proof}});
    CAPTURE(bad.output);
    CHECK(bad.output.find("  fail  ") != std::string::npos);
    CHECK(bad.output.ends_with("1 scenario, 1 failed\n"));
  }
}

}  // namespace
}  // namespace wavetank
