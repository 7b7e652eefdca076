// Fixes over whole projects: they come to an end, change nothing twice and nothing else.

#include "commands/fix.h"

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "lint/catalogue.h"
#include "support/memory_files.h"
#include "yaml/parser.h"

namespace wavetank::commands {
namespace {

using Texts = std::map<std::string, std::string>;

// Files as they are after all fixes.
Texts fixed(const Texts& texts, const LintRequest& request, lint::FixLevel level) {
  support::MemoryFiles files;
  for (const auto& [path, text] : texts) files.add(path, text);
  const Setup setup = set_up(files, request);
  REQUIRE(setup.errors == "");
  const Fixing fixing = fix_all(files, setup, inspect(files, setup), level);
  CHECK(fixing.refused.empty());
  Texts result = texts;
  for (const FileChange& change : fixing.changes) {
    CHECK(change.before == texts.at(change.path));
    result[change.path] = change.after;
  }
  return result;
}

std::size_t broken_documents(const Texts& texts) {
  std::size_t broken = 0;
  for (const auto& [path, text] : texts) {
    for (const auto& document : yaml::parse_documents(source::FileId::from(0), text)) {
      if (document.error) ++broken;
    }
  }
  return broken;
}

std::string with_carriage_returns(std::string_view text) {
  std::string result;
  for (const char c : text) result += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return result;
}

template <class Check>
void for_each_example(const Check& check) {
  for (const lint::Rule& rule : lint::catalogue()) {
    for (const lint::Example& example : rule.examples) {
      CAPTURE(rule.code, example.title);
      LintRequest request{.assume = std::string(example.assume)};
      if (!example.argocd.empty()) request.lint.version = *model::parse_version(example.argocd);
      Texts texts;
      for (const auto& file : example.files) texts[std::string(file.path)] = file.text;
      check(texts, request);
    }
  }
}

TEST_CASE("fixing what all rules find in an example comes to an end, and parses") {
  std::size_t changed = 0;
  for_each_example([&](const Texts& texts, const LintRequest& request) {
    for (const auto level : {lint::FixLevel::Safe, lint::FixLevel::Unsafe}) {
      const Texts once = fixed(texts, request, level);
      CHECK(broken_documents(once) == broken_documents(texts));
      CHECK(fixed(once, request, level) == once);
      if (once != texts) ++changed;
    }
  });
  CHECK(changed > 50);
}

TEST_CASE("fixes keep line breaks and byte order marks") {
  for_each_example([&](const Texts& texts, const LintRequest& request) {
    Texts changed;
    for (const auto& [path, text] : texts) {
      changed[path] = "\xEF\xBB\xBF# Keep this.\r\n" + with_carriage_returns(text);
    }
    for (const auto& [path, text] : fixed(changed, request, lint::FixLevel::Unsafe)) {
      CHECK(text.starts_with("\xEF\xBB\xBF# Keep this.\r\n"));
      CHECK(std::count(text.begin(), text.end(), '\n') ==
            std::count(text.begin(), text.end(), '\r'));
    }
  });
}

const std::string kWidget =
    "apiVersion: acme.io/v1\nkind: Widget\nmetadata:\n  name: a\n  annotations:\n"
    "    argocd.argoproj.io/sync-options: Replace=false\n";

TEST_CASE("fixes that touch each other are made one after the other") {
  // One takes the only annotation away, the other adds one.
  const LintRequest request{.lint = {.select = {"SO007", "SO008"}}, .assume = "crds=none"};
  const Texts result = fixed({{"x.yaml", kWidget}}, request, lint::FixLevel::Unsafe);
  CHECK(result.at("x.yaml") ==
        "apiVersion: acme.io/v1\nkind: Widget\nmetadata:\n  name: a\n  annotations:\n"
        "    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true\n");
}

TEST_CASE("a file in UTF-16 is left as it is, with words") {
  std::string wide = "\xFF\xFE";
  for (const char c : kWidget) wide += {c, '\0'};
  support::MemoryFiles files;
  files.add("x.yaml", wide);
  const Setup setup = set_up(files, {.lint = {.select = {"SO008"}}});
  const Fixing fixing = fix_all(files, setup, inspect(files, setup), lint::FixLevel::Unsafe);
  CHECK(fixing.changes.empty());
  REQUIRE(fixing.refused.size() == 1);
  CHECK(fixing.refused.front().find("x.yaml is left as it is: it is not UTF-8") == 0);
  CHECK(fixing.rest.findings.size() == 1);
}

TEST_CASE("a file that changed after it was looked at is not written") {
  support::MemoryFiles files;
  files.add("x.yaml", "theirs\n");
  support::MemoryWriter writer(files);
  const std::string errors = write_changes(
      {files, writer}, {{.name = "x.yaml", .path = "x.yaml", .before = "old\n", .after = "new\n"}});
  CHECK(errors == "wavetank: x.yaml was not written: it changed meanwhile\n");
  CHECK(files.read("x.yaml").value() == "theirs\n");
}

}  // namespace
}  // namespace wavetank::commands
