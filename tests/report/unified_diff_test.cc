// A diff, applied to the text before, gives the text after.

#include "report/unified_diff.h"

#include <rapidcheck/catch.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace wavetank::report {
namespace {

std::string diff(std::string_view before, std::string_view after) {
  return unified_diff({.name = "x.yaml", .before = before, .after = after}, Colour::Off);
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto length = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, length));
    text.remove_prefix(length);
  }
  return lines;
}

// What `patch` does. "?" when the diff does not fit the text.
std::string applied(std::string_view before, const std::string& diff) {
  const std::vector<std::string> old = lines_of(before);
  std::vector<std::string> steps = lines_of(diff);
  std::string result;
  std::size_t at = 0;
  for (std::size_t i = 2; i < steps.size(); ++i) {
    std::string& step = steps[i];
    if (step.starts_with("@@ -")) {
      const auto begin = static_cast<std::size_t>(std::atoi(step.c_str() + 4));
      const std::string old_range = step.substr(4, step.find(' ', 4) - 4);
      const std::size_t from = old_range.ends_with(",0") ? begin : begin - 1;
      for (; at < from; ++at) result += old.at(at);
      continue;
    }
    if (i + 1 < steps.size() && steps[i + 1].starts_with("\\")) step.pop_back();
    if (step.starts_with("\\")) continue;
    const std::string line = step.substr(1);
    if (step.front() != '+' && (at >= old.size() || old[at++] != line)) return "?";
    if (step.front() != '-') result += line;
  }
  for (; at < old.size(); ++at) result += old[at];
  return result;
}

TEST_CASE("a changed line stands between three unchanged ones") {
  CHECK(diff("a\nb\nc\nd\ne\nf\ng\nh\ni\n", "a\nb\nc\nd\nE\nf\ng\nh\ni\n") ==
        "--- a/x.yaml\n+++ b/x.yaml\n@@ -2,7 +2,7 @@\n b\n c\n d\n-e\n+E\n f\n g\n h\n");
}

TEST_CASE("changes far from each other have hunks of their own") {
  std::string before;
  for (char c = 'a'; c <= 'z'; ++c) before += std::string(1, c) + "\n";
  std::string after = before;
  after.front() = 'A';
  after[after.size() - 2] = 'Z';
  CHECK(diff(before, after) ==
        "--- a/x.yaml\n+++ b/x.yaml\n@@ -1,4 +1,4 @@\n-a\n+A\n b\n c\n d\n"
        "@@ -23,4 +23,4 @@\n w\n x\n y\n-z\n+Z\n");
}

TEST_CASE("a missing line break at the end is told") {
  CHECK(diff("a", "a\n") ==
        "--- a/x.yaml\n+++ b/x.yaml\n@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n");
}

TEST_CASE("nothing changed is nothing to print, and odd names are quoted") {
  CHECK(diff("a\n", "a\n").empty());
  const std::string odd =
      unified_diff({.name = "a\n\"b", .before = "", .after = "a\n"}, Colour::Off);
  CHECK(odd == "--- \"a/a\\012\\\"b\"\n+++ \"b/a\\012\\\"b\"\n@@ -0,0 +1 @@\n+a\n");
}

TEST_CASE("with colours nothing of a file reaches the terminal raw") {
  const std::string text =
      unified_diff({.name = "x", .before = "", .after = "\x1b[2J\n"}, Colour::On);
  CHECK(text.find("\x1b[2J") == std::string::npos);
}

TEST_CASE("a diff applied to the text before gives the text after") {
  rc::prop("for all texts of few different lines", [] {
    const auto text = rc::gen::map(rc::gen::container<std::vector<std::string>>(
                                       rc::gen::element<std::string>("a\n", "b\n", "c\r\n", "\n")),
                                   [](const std::vector<std::string>& lines) {
                                     std::string all;
                                     for (const std::string& line : lines) all += line;
                                     return all;
                                   });
    const auto tail = rc::gen::element<std::string>("", "end");
    const std::string before = *text + *tail;
    const std::string after = *text + *tail;
    RC_ASSERT(applied(before, diff(before, after)) == after);
  });
}

TEST_CASE("texts with too many differences are replaced as a whole") {
  std::string before;
  std::string after;
  for (int i = 0; i < 3000; ++i) {
    before += "a" + std::to_string(i) + "\n";
    after += "b" + std::to_string(i) + "\n";
  }
  CHECK(applied(before, diff(before, after)) == after);
}

}  // namespace
}  // namespace wavetank::report
