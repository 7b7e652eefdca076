// Every rule's own examples: what is bad is found on the marked lines and nowhere else, what is
// good stays silent.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "lint/catalogue.h"
#include "lint/edits.h"
#include "lint/lint.h"
#include "support/memory_files.h"

namespace wavetank::lint {
namespace {

// "file:line: CODE"
using Marks = std::multiset<std::string>;

Marks expected_of(const Example& example) {
  Marks marks;
  for (const ExampleFile& file : example.files) {
    std::size_t number = 0;
    for (std::string_view rest = file.text; !rest.empty();) {
      const auto end = std::min(rest.find('\n'), rest.size());
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(std::min(end + 1, rest.size()));
      ++number;
      constexpr std::string_view kMark = "# expect: ";
      for (auto at = line.find(kMark); at != std::string_view::npos;
           at = line.find(kMark, at + 1)) {
        marks.insert(
            fmt::format("{}:{}: {}", file.path, number, line.substr(at + kMark.size(), 5)));
      }
    }
  }
  return marks;
}

load::Project project_of(std::span<const ExampleFile> list) {
  if (list.empty()) return {};
  support::MemoryFiles files;
  for (const ExampleFile& file : list) files.add(std::string(file.path), std::string(file.text));
  load::Project project = load::load_project(files, {});
  REQUIRE(project.diagnostics.empty());
  return project;
}

LintOptions options_of(const Example& example, const load::Project& before) {
  LintOptions options;
  if (!example.argocd.empty()) options.version = model::parse_version(example.argocd).value();
  options.assumptions = parse_assumptions(example.assume).value();
  if (!example.before.empty()) options.before = &before;
  return options;
}

// Findings below warning count for the rule whose example it is.
Marks found_in(const Rule& rule, const Example& example) {
  const load::Project before = project_of(example.before);
  const load::Project project = project_of(example.files);
  Marks marks;
  for (const Finding& finding : lint(project, options_of(example, before))) {
    const bool is_own = finding.diagnostic.code == rule.code;
    if (finding.diagnostic.severity == source::Severity::Info && !is_own) continue;
    const source::Span span = finding.diagnostic.primary.span;
    marks.insert(fmt::format("{}:{}: {}", project.sources.name(span.file),
                             project.sources.begin(span).line, finding.diagnostic.code));
  }
  return marks;
}

// The files after the fixes of the example's own rule, without the marks.
std::map<std::string, std::string> fixed_files(const Rule& rule, std::span<const ExampleFile> files,
                                               const Example& example) {
  const load::Project before = project_of(example.before);
  const load::Project project = project_of(files);
  LintOptions options = options_of(example, before);
  options.select = {std::string(rule.code)};
  auto texts = fixed_texts(lint(project, options), project.sources, FixLevel::Unsafe);
  for (const ExampleFile& file : files) {
    texts.try_emplace(std::string(file.path), std::string(file.text));
  }
  for (auto& [path, text] : texts) {
    for (auto at = text.find("  # expect: "); at != std::string::npos;
         at = text.find("  # expect: ")) {
      text.erase(at, text.find('\n', at) - at);
    }
  }
  return texts;
}

TEST_CASE("bad examples give exactly their marked findings, good ones none") {
  for (const Rule& rule : catalogue()) {
    for (const Example& example : rule.examples) {
      CAPTURE(rule.code, example.title, example.is_bad);
      CHECK(found_in(rule, example) == expected_of(example));
    }
  }
}

TEST_CASE("a fix writes what the rule says, and the rule finds nothing in it") {
  for (const Rule& rule : catalogue()) {
    for (const Example& example : rule.examples) {
      if (example.fixed.empty()) continue;
      CAPTURE(rule.code, example.title);
      const auto texts = fixed_files(rule, example.files, example);
      for (const ExampleFile& file : example.fixed) {
        CHECK(texts.at(std::string(file.path)) == file.text);
      }
      std::vector<ExampleFile> files;
      for (const auto& [path, text] : texts) files.push_back({.path = path, .text = text});
      CHECK(fixed_files(rule, files, example) == texts);
    }
  }
}

TEST_CASE("rules are sorted by code, and codes and names occur once") {
  std::set<std::string_view> names;
  for (const Rule& rule : catalogue()) {
    CHECK(names.insert(rule.code).second);
    CHECK(names.insert(rule.slug).second);
  }
  CHECK(std::is_sorted(catalogue().begin(), catalogue().end(),
                       [](const Rule& a, const Rule& b) { return a.code < b.code; }));
}

}  // namespace
}  // namespace wavetank::lint
