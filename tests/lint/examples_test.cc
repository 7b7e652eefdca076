// Every rule's own examples: what is bad is found on the marked lines and nowhere else, what is
// good stays silent.

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "lint/catalogue.h"
#include "lint/example.h"

namespace wavetank::lint {
namespace {

TEST_CASE("bad examples give exactly their marked findings, good ones none, fixes what they say") {
  for (const Rule& rule : catalogue()) {
    for (const Example& example : rule.examples) {
      CAPTURE(rule.code, example.title, example.is_bad);
      CHECK(complaint(example, play_example(rule, example, {})) == "");
    }
  }
}

// An example with its texts changed and without fixes.
struct Changed {
  std::deque<std::string> texts;
  std::vector<ExampleFile> files;
  std::vector<ExampleFile> before;

  template <class Change>
  Changed(const Example& example, const Change& change) {
    for (const ExampleFile& file : example.files) {
      files.push_back({.path = file.path, .text = texts.emplace_back(change(file.text))});
    }
    for (const ExampleFile& file : example.before) {
      before.push_back({.path = file.path, .text = texts.emplace_back(change(file.text))});
    }
  }
  [[nodiscard]] std::string complaint_of(const Rule& rule, Example example) const {
    example.files = files;
    example.before = before;
    example.fixed = {};
    return complaint(example, play_example(rule, example, {}));
  }
};

TEST_CASE("what is found does not depend on line breaks, comments and document marks") {
  const auto with_carriage_returns = [](std::string_view text) {
    std::string result;
    for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
    return result;
  };
  const auto with_head = [](std::string_view text) {
    return std::string("# A comment, and the mark of a document.\n---\n") + std::string(text);
  };
  for (const Rule& rule : catalogue()) {
    for (const Example& example : rule.examples) {
      CAPTURE(rule.code, example.title);
      CHECK(Changed(example, with_carriage_returns).complaint_of(rule, example) == "");
      CHECK(Changed(example, with_head).complaint_of(rule, example) == "");
    }
  }
}

TEST_CASE("a mark can name the column") {
  const Rule& rule = catalogue().front();
  const Example& example = rule.examples.front();
  const std::string text(example.files.front().text);
  const auto with_column = [&](std::string_view column) {
    std::string marked = text;
    const auto at = marked.find(rule.code);
    marked.insert(at + rule.code.size(), column);
    const std::array files{ExampleFile{.path = "x.yaml", .text = marked}};
    const Example changed{.title = "", .is_bad = true, .files = files};
    return complaint(changed, play_example(rule, changed, {}));
  };
  CHECK(with_column("@30") == "");
  CHECK(with_column("@31") != "");
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
