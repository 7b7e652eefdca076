// Comments and annotations that keep rules silent: what they cover, and what is said of them.

#include "lint/suppression.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/memory_files.h"

namespace wavetank::lint {
namespace {

// "line:column CODE" of everything that is found, then "(CODE)" of everything suppressed.
std::string found(const std::string& text, LintOptions options = {},
                  const std::vector<std::string>& paths = {}) {
  support::MemoryFiles files;
  files.add("x.yaml", text);
  const load::Project project = load::load_project(files, {.paths = paths});
  const Outcome outcome = lint_all(project, options);
  std::string result;
  for (const Finding& finding : outcome.findings) {
    const source::Position at = project.sources.begin(finding.diagnostic.primary.span);
    result += fmt::format("{}{}:{} {}", result.empty() ? "" : ", ", at.line, at.column,
                          finding.diagnostic.code);
  }
  for (const Suppressed& each : outcome.suppressed) {
    result += fmt::format("({})", each.finding.diagnostic.code);
  }
  return result;
}

// A ConfigMap with a misspelt annotation in line 6 (AN004, a warning); `comment` stands behind it.
std::string map_with(const std::string& comment, const std::string& above = "") {
  return above +
         "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  annotations:\n"
         "    argocd.argoproj.io/unheard-of: \"1\"" +
         comment + "\ndata: {}\n";
}

TEST_CASE("a comment behind a line suppresses what is found in it, by any name of the rule") {
  CHECK(found(map_with("")) == "6:5 AN004");
  for (const char* word : {"AN004", "AN", "annotation", "misspelled-argocd-annotation"}) {
    CHECK(found(map_with(fmt::format("  # wavetank: ignore[{}] why", word))) == "(AN004)");
  }
  CHECK(found(map_with("  # said before # wavetank: ignore[AN004] why")) == "(AN004)");
  CHECK(found(map_with("  #wavetank:ignore[ HK001 ,AN004 ]: why")) == "6:59 SU001(AN004)");
}

TEST_CASE("a comment above a line suppresses what is found in it, other comments between") {
  std::string text = map_with("");
  text.insert(text.find("    argocd"), "    # wavetank: ignore[AN004] why\n\n    # more\n");
  CHECK(found(text) == "(AN004)");
  // Not in other lines.
  text = map_with("");
  text.insert(text.find("metadata"), "# wavetank: ignore[AN004] why\n");
  CHECK(found(text) == "3:20 SU001, 7:5 AN004");
}

TEST_CASE("a comment above an object suppresses what is found in all of it") {
  const std::string comment = "# wavetank: ignore[AN004] why\n";
  CHECK(found(map_with("", comment)) == "(AN004)");
  CHECK(found(map_with("", comment + "---\n")) == "(AN004)");
  CHECK(found(map_with("", "---\n" + comment + "\n")) == "(AN004)");
  CHECK(found(map_with("") + "---\n" + map_with("", comment), {.ignore = {"XR"}}) ==
        "6:5 AN004(AN004)");
  // Behind the last line of an object it belongs to nothing.
  CHECK(found(map_with("") + comment + "---\n" + map_with(""), {.ignore = {"XR"}}) ==
        "6:5 AN004, 8:20 SU001, 15:5 AN004");
}

TEST_CASE("an item of a List is an object, too") {
  const std::string item =
      "  - apiVersion: v1\n    kind: ConfigMap\n    metadata:\n      name: NAME\n"
      "      annotations:\n        argocd.argoproj.io/unheard-of: \"1\"\n";
  std::string other = item;
  other.replace(other.find("NAME"), 4, "b");
  CHECK(found("apiVersion: v1\nkind: List\nitems:\n  # wavetank: ignore[AN004] why\n" + item +
              other) == "16:9 AN004(AN004)");
}

TEST_CASE("a comment for the whole file may stand anywhere in it") {
  const std::string two = map_with("") + "---\n" + map_with("");
  CHECK(found(two + "# wavetank: ignore-file[AN004] why\n", {.ignore = {"XR"}}) ==
        "(AN004)(AN004)");
}

TEST_CASE("line breaks of Windows change nothing") {
  std::string text;
  for (const char c : map_with("  # wavetank: ignore[AN004]")) {
    text += c == '\n' ? std::string("\r\n") : std::string(1, c);
  }
  CHECK(found(text) == "(AN004)");
  CHECK(found(text, {.reasons = Reasons::Required}) == "6:60 SU003(AN004)");
}

TEST_CASE("an annotation suppresses in its object") {
  const auto with = [](const std::string& value) {
    std::string text = map_with("");
    text.insert(text.find("    argocd"), "    wavetank.dev/ignore: " + value + "\n");
    return text;
  };
  CHECK(found(with("\"AN004: why\"")) == "(AN004)");
  CHECK(found(with("'HK001: old; AN: why'")) == "6:27 SU001(AN004)");
  CHECK(found(with("HK001, AN004")) == "6:26 SU001(AN004)");
  CHECK(found(with("AN0004")) == "6:26 SU002, 7:5 AN004");
}

TEST_CASE("what looks like a comment inside a text is none") {
  CHECK(found("apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  a: |\n"
              "    # wavetank: ignore[AN004] why\n  b: \"# wavetank: ignore[AN004]\"\n"
              "  c: x# wavetank: ignore\n") == "");
  CHECK(found(map_with("  # wavetank: see the wiki")) == "6:5 AN004");
}

TEST_CASE("an error wants a reason, a warning only if reasons are required") {
  const std::string hook =
      "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: a\n  annotations:\n"
      "    argocd.argoproj.io/hook: PreSync\n"
      "    argocd.argoproj.io/hook-delete-policy: HookFailed  # wavetank: ignore[HK001]";
  const LintOptions only{.select = {"HK001", "SU"}};
  CHECK(found(hook, only) == "7:75 SU003(HK001)");
  CHECK(found(hook + " why", only) == "(HK001)");
  LintOptions optional = only;
  optional.reasons = Reasons::Optional;
  CHECK(found(hook, optional) == "(HK001)");
  CHECK(found(map_with("  # wavetank: ignore[AN004]")) == "(AN004)");
  CHECK(found(map_with("  # wavetank: ignore[AN004]"), {.reasons = Reasons::Required}) ==
        "6:60 SU003(AN004)");
}

TEST_CASE("a rule that was not asked for is not called unused") {
  const std::string text = map_with("  # wavetank: ignore[HK001] why");
  CHECK(found(text) == "6:5 AN004, 6:60 SU001");
  CHECK(found(text, {.select = {"AN", "SU"}}) == "6:5 AN004");
  // Rules that look at a whole application may find more in all of it.
  CHECK(found(map_with("  # wavetank: ignore[PH002] why"), {}, {"x.yaml"}) == "6:5 AN004");
  CHECK(found(map_with("  # wavetank: ignore[HK015] why")) == "6:5 AN004");
}

TEST_CASE("suppressions can be disregarded") {
  CHECK(found(map_with("  # wavetank: ignore[AN004, HK001]"),
              {.suppressions = Suppressions::Disregard}) == "6:5 AN004");
}

TEST_CASE("suppressions do not suppress what is said of them") {
  CHECK(found(map_with("  # wavetank: ignore[AN004, HK001, SU]")) ==
        "6:67 SU001, 6:74 SU001(AN004)");
}

}  // namespace
}  // namespace wavetank::lint
