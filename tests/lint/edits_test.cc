// Fixes as edits: the right words change and nothing else does.

#include "lint/edits.h"

#include <catch2/catch.hpp>
#include <string>

#include "lint/lint.h"
#include "support/memory_files.h"

namespace wavetank::lint {
namespace {

// The file after the fixes of one rule; the file itself when there are none.
std::string fixed(const std::string& code, const std::string& text,
                  const std::string& name = "x.yaml") {
  support::MemoryFiles files;
  files.add(name, text);
  const load::Project project = load::load_project(files, {});
  auto texts = fixed_texts(lint(project, {.select = {code}}), project.sources, FixLevel::Unsafe);
  const auto found = texts.find(name);
  return found == texts.end() ? text : found->second;
}

const std::string kHead = "apiVersion: acme.io/v1\nkind: Widget\nmetadata:\n";

TEST_CASE("an annotation is added behind the last one, whatever follows") {
  CHECK(fixed("SO007",
              kHead + "  name: a\n  annotations:\n    b: c  # why\n\n  # more\nspec: {}\n") ==
        kHead +
            "  name: a\n  annotations:\n    b: c  # why\n"
            "    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true\n\n  # more\n"
            "spec: {}\n");
}

TEST_CASE("without annotations they begin behind the name") {
  CHECK(
      fixed("SO007", kHead + "  name: a\n  labels: {}\n") ==
      kHead +
          "  name: a\n  annotations:\n"
          "    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true\n  labels: {}\n");
}

TEST_CASE("a last line without a line break gets one") {
  CHECK(fixed("SO007", kHead + "  name: a") ==
        kHead +
            "  name: a\n  annotations:\n"
            "    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true");
}

TEST_CASE("line breaks stay as they are in the file") {
  CHECK(fixed("SO007", "apiVersion: acme.io/v1\r\nkind: Widget\r\nmetadata:\r\n  name: a\r\n") ==
        "apiVersion: acme.io/v1\r\nkind: Widget\r\nmetadata:\r\n  name: a\r\n  annotations:\r\n"
        "    argocd.argoproj.io/sync-options: SkipDryRunOnMissingResource=true\r\n");
}

TEST_CASE("a flow mapping grows in its line") {
  CHECK(fixed("SO007", kHead + "  name: a\n  annotations: {b: c}\n") ==
        kHead +
            "  name: a\n  annotations: {b: c, argocd.argoproj.io/sync-options: "
            "SkipDryRunOnMissingResource=true}\n");
}

TEST_CASE("a word is added inside the quotes, to whichever style") {
  for (const std::string quote : {"\"", "'", ""}) {
    const std::string before =
        kHead + "  name: a\n  annotations:\n    argocd.argoproj.io/sync-options: " + quote;
    CHECK(fixed("SO007", before + "Prune=false" + quote + "  # keep\n") ==
          before + "Prune=false,SkipDryRunOnMissingResource=true" + quote + "  # keep\n");
  }
}

TEST_CASE("where nothing is certain there is no fix") {
  const std::string alias = kHead +
                            "  name: a\n  labels:\n    x: &x Prune=false\n  annotations:\n"
                            "    argocd.argoproj.io/sync-options: *x\n";
  CHECK(fixed("SO007", alias) == alias);
  const std::string block = kHead +
                            "  name: a\n  annotations:\n"
                            "    argocd.argoproj.io/sync-options: |-\n      Prune=false\n";
  CHECK(fixed("SO007", block) == block);
  const std::string json =
      R"({"apiVersion": "acme.io/v1", "kind": "Widget", "metadata": {"name": "a"}})";
  CHECK(fixed("SO007", json, "x.json") == json);
}

const std::string kConfigMap = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n";

TEST_CASE("a word is taken out, and the annotation with its last word") {
  const std::string head = kConfigMap + "  annotations:\n    b: c\n";
  const std::string key = "    argocd.argoproj.io/sync-options: ";
  CHECK(fixed("SO008", head + key + "\"Replace=false, Prune=false\"\n") ==
        head + key + "\"Prune=false\"\n");
  CHECK(fixed("SO008", head + key + "Replace=false  # no\ndata: {}\n") == head + "data: {}\n");
}

TEST_CASE("the last annotation takes its mapping with it") {
  const std::string options = "    argocd.argoproj.io/sync-options: Replace=false\n";
  CHECK(fixed("SO008", kConfigMap + "  annotations:\n" + options + "data: {}\n") ==
        kConfigMap + "data: {}\n");
  // A comment in between may belong to something else.
  const std::string commented = kConfigMap + "  annotations:\n    # see #12\n" + options;
  CHECK(fixed("SO008", commented) == commented);
}

TEST_CASE("what is written twice in a file is fixed in both places") {
  const std::string one = kConfigMap + "  annotations:\n    b: c\n";
  const std::string options = "    argocd.argoproj.io/sync-options: Replace=false\n";
  std::string other = one;
  other.replace(other.find("name: a"), 7, "name: d");
  CHECK(fixed("SO008", one + options + "---\n" + other + options) == one + "---\n" + other);
}

}  // namespace
}  // namespace wavetank::lint
