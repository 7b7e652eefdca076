// Every rule's own examples: what is bad is found on the marked lines and nowhere else, what is
// good stays silent.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>

#include "lint/catalogue.h"
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

Marks found_in(const Example& example) {
  support::MemoryFiles files;
  for (const ExampleFile& file : example.files) {
    files.add(std::string(file.path), std::string(file.text));
  }
  const load::Project project = load::load_project(files, {});
  REQUIRE(project.diagnostics.empty());
  Marks marks;
  for (const Finding& finding : lint(project, {})) {
    if (finding.diagnostic.severity == source::Severity::Info) continue;
    const source::Span span = finding.diagnostic.primary.span;
    marks.insert(fmt::format("{}:{}: {}", project.sources.name(span.file),
                             project.sources.begin(span).line, finding.diagnostic.code));
  }
  return marks;
}

TEST_CASE("bad examples give exactly their marked findings, good ones none") {
  REQUIRE(catalogue().size() == 21);
  for (const Rule& rule : catalogue()) {
    for (const Example& example : rule.examples) {
      CAPTURE(rule.code, example.title, example.is_bad);
      CHECK(found_in(example) == expected_of(example));
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
