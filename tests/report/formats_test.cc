// Every format over one repository full of names that mean something to some reader: commands of a
// workflow, markup, quotes, escapes of terminals. WAVETANK_UPDATE=1 writes the golden files.

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "lint/lint.h"
#include "report/escape.h"
#include "report/lint/formats/formats.h"
#include "report/version.h"
#include "support/memory_files.h"
#include "support/recorded.h"

namespace wavetank::report {
namespace {

using nlohmann::json;

const std::string kJob =
    "apiVersion: batch/v1\r\nkind: Job\r\nmetadata:\r\n  name: \"日本 <&> | `x` \\e[31m ##[x] "
    "@all\"\r\n  annotations:\r\n"
    "\r\n    # a comment with 日本 in it\r\n"
    "    argocd.argoproj.io/hook: PreSync\r\n"
    "    argocd.argoproj.io/hook-delete-policy: HookFailed   # 日本\r\n"
    "spec:\r\n  template:\r\n    spec:\r\n      restartPolicy: Never\r\n      containers:\r\n"
    "        - name: x\r\n          image: x:1\r\n          envFrom:\r\n"
    "            - {secretRef: {name: db}}\r\n";

const std::string kSecret =
    "apiVersion: v1\nkind: Secret\nmetadata:\n  name: db\n  annotations:\n"
    "    argocd.argoproj.io/sync-wave:\t\" 1\"\n"
    "    argocd.argoproj.io/sync-optins: \"a\\n::error file=x::injected\\u001b[2J 'q' "
    "\\\"q\\\"\"\n";

struct Nasty {
  support::MemoryFiles files;
  load::Project project;
  std::vector<lint::Finding> findings;

  Nasty() {
    files.add(".git/config", "");
    files.add("deploy/<a> & \"b\" 'c' |, 100%: d.yaml", kJob);
    files.add("deploy/::error::x.yaml", kSecret);
    files.add("deploy/bro\x1bken.yaml", "a: b: c\n");
    project = load::load_project(files, {.paths = {"deploy"}});
    findings = lint::lint(project, {});
  }

  [[nodiscard]] LintReport report(const LintReportOptions& options = {
                                      .fail_on = source::Severity::Error}) const {
    return make_lint_report(project, findings, options);
  }
};

std::string output_of(LintFormat format) {
  const Nasty nasty;
  return lint_output(nasty.report(), format, Colour::Off).text;
}

void golden(LintFormat format, const std::string& name) {
  const std::string path = support::in_repository("tests/data/lint_formats/" + name);
  const std::string text = output_of(format);
  if (std::getenv("WAVETANK_UPDATE") != nullptr) std::ofstream(path) << text;
  INFO("run WAVETANK_UPDATE=1 build/release/tests/test_report and read the difference");
  CHECK(support::read_file(path).value_or("") == text);
}

TEST_CASE("each format is as recorded over nasty names") {
  golden(LintFormat::Full, "full.txt");
  golden(LintFormat::Compact, "compact.txt");
  golden(LintFormat::Grouped, "grouped.txt");
  golden(LintFormat::Json, "json.json");
  golden(LintFormat::JsonLines, "jsonl.jsonl");
  golden(LintFormat::Sarif, "sarif.json");
  golden(LintFormat::Github, "github.txt");
  golden(LintFormat::Gitlab, "gitlab.json");
  golden(LintFormat::Junit, "junit.xml");
  golden(LintFormat::Checkstyle, "checkstyle.xml");
  golden(LintFormat::Rdjson, "rdjson.json");
  golden(LintFormat::Markdown, "markdown.md");
}

TEST_CASE("no format lets a control character of a manifest through") {
  for (const FormatName& each : kLintFormats) {
    CAPTURE(each.name);
    for (const char c : output_of(each.format)) {
      CHECK((c == '\n' || static_cast<unsigned char>(c) >= 0x20));
    }
  }
}

TEST_CASE("no text for people holds the other command of a GitHub workflow") {
  for (const LintFormat format : {LintFormat::Full, LintFormat::Compact, LintFormat::Grouped,
                                  LintFormat::Github, LintFormat::Markdown}) {
    CHECK(output_of(format).find("##[") == std::string::npos);
  }
}

TEST_CASE("no line but ours begins a command of a GitHub workflow") {
  for (const FormatName& each : kLintFormats) {
    CAPTURE(each.name);
    std::size_t commands = 0;
    const std::string text = "\n" + output_of(each.format);
    for (std::size_t at = text.find("\n::"); at != std::string::npos;
         at = text.find("\n::", at + 1)) {
      ++commands;
    }
    CHECK(commands == (each.format == LintFormat::Github ? Nasty().report().entries.size() : 0));
  }
}

// A repository of `count` findings; every third is an error.
struct Many {
  load::Project project;
  std::vector<lint::Finding> findings;

  explicit Many(std::size_t count) {
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += "a: 1\n";
    const auto file = project.sources.add("x.yaml", text);
    for (std::uint32_t i = 0; i < count; ++i) {
      lint::Finding finding;
      finding.diagnostic = {
          .severity = i % 3 == 2 ? source::Severity::Error : source::Severity::Warning,
          .code = "HK001",
          .slug = "slug",
          .message = "message",
          .primary = {.span = {.file = file, .begin = 5 * i, .end = 5 * i + 1}, .text = ""}};
      findings.push_back(finding);
    }
  }
  [[nodiscard]] LintReport report(LintReportOptions options = {}) const {
    return make_lint_report(project, findings, options);
  }
};

TEST_CASE("--max-findings keeps the gravest in their order, counts all and says so") {
  const Many many(9);
  const LintReport report = many.report({.max_findings = 4});
  REQUIRE(report.entries.size() == 4);
  std::vector<std::uint32_t> begins;
  for (const auto& entry : report.entries) begins.push_back(entry.diagnostic->primary.span.begin);
  CHECK(begins == std::vector<std::uint32_t>{0, 10, 25, 40});
  CHECK(lint_summary(report) ==
        "3 errors, 6 warnings, 0 infos, 5 of them not shown; 0 files checked (0 objects)");
}

TEST_CASE("GitHub gets ten annotations of a severity; the others are in the log, and it is said") {
  const Many many(30);
  const LintOutput output = lint_output(many.report(), LintFormat::Github, Colour::Off);
  CHECK(output.note ==
        "10 findings are not annotated, because GitHub shows 10 of each severity: they are in the "
        "log");
  std::size_t annotations = 0;
  std::size_t logged = 0;
  for (std::size_t at = 0; at < output.text.size(); at = output.text.find('\n', at) + 1) {
    if (output.text.compare(at, 2, "::") == 0) ++annotations;
    if (output.text.compare(at, 2, "- ") == 0) ++logged;
  }
  CHECK(annotations == 20);
  CHECK(logged == 10);
  CHECK(output.text.starts_with("::error "));
}

TEST_CASE("SARIF holds 25,000 results, errors first of all, and says what is missing") {
  const Many many(25'003);
  const LintOutput output = lint_output(many.report(), LintFormat::Sarif, Colour::Off);
  const json run = json::parse(output.text).at("runs").at(0);
  CHECK(run.at("results").size() == 25'000);
  std::size_t errors = 0;
  for (const json& result : run.at("results")) errors += result.at("level") == "error" ? 1U : 0U;
  CHECK(errors == 8'334);
  CHECK(output.note == "3 of 25003 findings are left out of the SARIF: GitHub takes 25000");
  CHECK(run.at("invocations").at(0).at("toolExecutionNotifications").size() == 1);
}

TEST_CASE("a comment in Markdown stays within its size, and says what is missing") {
  const Many many(2'000);
  const LintOutput output = lint_output(many.report(), LintFormat::Markdown, Colour::Off);
  CHECK(output.text.size() < kCommentSize + 200);
  CHECK(output.note.find("left out of the Markdown") != std::string::npos);
  CHECK(output.text.find(output.note) != std::string::npos);
}

std::vector<std::string> fingerprints(const std::string& text) {
  support::MemoryFiles files;
  files.add("app/x.yaml", text);
  const load::Project project = load::load_project(files, {.paths = {"app"}});
  const auto findings = lint::lint(project, {});
  std::vector<std::string> result;
  for (const auto& entry : make_lint_report(project, findings, {}).entries) {
    result.push_back(entry.fingerprint);
  }
  return result;
}

TEST_CASE("fingerprints stay when lines move, and differ for equal findings") {
  const auto before = fingerprints(kSecret);
  CHECK(before.size() >= 2);
  CHECK(fingerprints("# one more line\n\n" + kSecret) == before);
  const auto twice = fingerprints(kSecret + "---\n" + kSecret);
  CHECK(twice.size() > before.size());
  CHECK(std::set<std::string>(twice.begin(), twice.end()).size() == twice.size());
}

TEST_CASE("SARIF has what code scanning asks for: a region, a rule and a place of each result") {
  const json log = json::parse(output_of(LintFormat::Sarif));
  CHECK(log.at("version") == "2.1.0");
  const json& run = log.at("runs").at(0);
  const json& rules = run.at("tool").at("driver").at("rules");
  bool has_flow = false;
  for (const json& result : run.at("results")) {
    CHECK(rules.at(result.at("ruleIndex").get<std::size_t>()).at("id") == result.at("ruleId"));
    const json& place = result.at("locations").at(0).at("physicalLocation");
    CHECK(place.at("region").at("startLine").get<int>() >= 1);
    CHECK(place.at("artifactLocation").at("uri").get<std::string>().find(' ') == std::string::npos);
    CHECK_FALSE(result.at("partialFingerprints").empty());
    has_flow = has_flow || result.contains("codeFlows");
  }
  CHECK(has_flow);
  for (const json& rule : rules) {
    CHECK_FALSE(rule.at("help").at("markdown").get<std::string>().empty());
    CHECK_FALSE(rule.at("shortDescription").at("text").get<std::string>().empty());
    CHECK(rule.at("defaultConfiguration").contains("level"));
  }
  CHECK(run.at("invocations").at(0).at("executionSuccessful") == false);
}

TEST_CASE("columns of rdjson count bytes") {
  const json log = json::parse(output_of(LintFormat::Rdjson));
  const Nasty nasty;
  const LintReport report = nasty.report();
  REQUIRE(log.at("diagnostics").size() == report.entries.size());
  for (std::size_t i = 0; i < report.entries.size(); ++i) {
    const source::Span span = report.entries[i].diagnostic->primary.span;
    const std::string_view line = nasty.project.sources.line(
        span.file, log.at("diagnostics").at(i).at("location").at("range").at("start").at("line"));
    const std::size_t column =
        log.at("diagnostics").at(i).at("location").at("range").at("start").at("column");
    CHECK(line.substr(column - 1).starts_with(nasty.project.sources.text(span).substr(0, 1)));
  }
}

TEST_CASE("text stays text in each medium") {
  CHECK(xml_escaped("<a b='c'>&\"\t\n\x1b\x7f") ==
        "&lt;a b=&apos;c&apos;&gt;&amp;&quot;&#9;&#10;\\x1b\\x7f");
  CHECK(xml_escaped("\xFF") == "\xEF\xBF\xBD");
  CHECK(workflow_text("100%\r\n::error::x") == "100%25%0D%0A::error::x");
  CHECK(workflow_property("a:b,c%d") == "a%3Ab%2Cc%25d");
  CHECK(markdown_escaped("*a* [b](http://c) @d #1 <e> | `f`\ng") ==
        "\\*a\\* \\[b\\](http&#58;//c) &#64;d &#35;1 &#60;e&#62; &#124; \\`f\\`\\\\x0ag");
  CHECK(markdown_escaped("www.x") == "www&#46;x");
  CHECK(uri_escaped("a b/c:d%") == "a%20b/c%3Ad%25");
}

TEST_CASE("paths are seen from the root of the repository") {
  const Many many(1);
  const LintReport report =
      many.report({.place = {.directory = "/work/repo/sub", .repository = "/work/repo"}});
  CHECK(repository_path(report, "x.yaml") == "sub/x.yaml");
  CHECK(repository_path(report, "../other/./y.yaml") == "other/y.yaml");
  CHECK(repository_path(report, "/work/repo/z.yaml") == "z.yaml");
  CHECK(repository_path(report, "/elsewhere/z.yaml") == "/elsewhere/z.yaml");
  CHECK(repository_path(report, "<stdin>") == "<stdin>");
}

TEST_CASE("statistics count by rule, most first") {
  const Nasty nasty;
  LintReportOptions options;
  options.detail = LintDetail::Statistics;
  const std::string text = lint_output(nasty.report(options), LintFormat::Full, Colour::Off).text;
  CHECK(text.find("1  IN003\n") != std::string::npos);
  CHECK(text.find("HK001  ") != std::string::npos);
}

TEST_CASE("the version is that of the build") {
  const std::string text =
      support::read_file(support::in_repository("CMakeLists.txt")).value_or("");
  CHECK(text.find("project(wavetank VERSION " + std::string(kVersion) + " ") != std::string::npos);
}

}  // namespace
}  // namespace wavetank::report
