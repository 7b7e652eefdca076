// Adopting the linter in an old repository: a baseline, or comments that suppress what is there.

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <string>

#include "commands/baseline.h"
#include "commands/fix.h"
#include "lint/catalogue.h"
#include "support/memory_files.h"

namespace wavetank::commands {
namespace {

template <class Check>
void for_each_bad_example(const Check& check) {
  for (const lint::Rule& rule : lint::catalogue()) {
    if (rule.code.starts_with("SU")) continue;
    for (const lint::Example& example : rule.examples) {
      if (!example.is_bad) continue;
      CAPTURE(rule.code, example.title);
      LintRequest request{.assume = std::string(example.assume)};
      if (!example.argocd.empty()) request.lint.version = *model::parse_version(example.argocd);
      support::MemoryFiles files;
      for (const auto& file : example.files) {
        files.add(std::string(file.path), std::string(file.text));
      }
      check(files, request);
    }
  }
}

std::string codes(const std::vector<lint::Finding>& findings) {
  std::string all;
  for (const lint::Finding& finding : findings) all += finding.diagnostic.code + " ";
  return all;
}

TEST_CASE("comments can be written that suppress whatever a rule finds") {
  for_each_bad_example([](support::MemoryFiles& files, const LintRequest& request) {
    const Setup setup = set_up(files, request);
    Inspection first = inspect(files, setup);
    const std::size_t found = first.findings.size();
    const Fixing fixing = add_ignores(files, setup, std::move(first), "as it was");
    CHECK(codes(fixing.rest.findings) == "");
    CHECK(fixing.rest.suppressed.size() == found);
    for (const FileChange& change : fixing.changes) files.add(change.path, change.after);
    // The same again has nothing to do.
    const Fixing again = add_ignores(files, setup, inspect(files, setup), "as it was");
    CHECK(again.changes.empty());
  });
}

TEST_CASE("comments change nothing but the comments") {
  for_each_bad_example([](support::MemoryFiles& files, const LintRequest& request) {
    const Setup setup = set_up(files, request);
    const Fixing fixing = add_ignores(files, setup, inspect(files, setup), "as it was");
    for (const FileChange& change : fixing.changes) {
      std::string text = change.after;
      for (auto at = text.find("# wavetank:"); at != std::string::npos;
           at = text.find("# wavetank:")) {
        auto begin = text.find_last_not_of(' ', at - 1) + 1;
        auto end = text.find('\n', at);
        const bool is_line = begin == 0 || text[begin - 1] == '\n';
        if (is_line) ++end;
        text.erase(begin, end - begin);
      }
      CHECK(text == change.before);
    }
  });
}

TEST_CASE("after a baseline was written nothing is found, and nothing is stale") {
  for_each_bad_example([](support::MemoryFiles& files, LintRequest request) {
    support::MemoryWriter writer(files);
    const Ports ports{files, writer};
    request.baseline = "known.yaml";
    request.load.exclude = {"known.yaml"};
    request.fail_on = source::Severity::Info;
    const Result written = run_baseline(ports, {.action = BaselineAction::Write, .lint = request});
    CHECK(written.exit == ExitCode::Ok);
    const Result lint = run_lint(ports, request);
    CAPTURE(lint.output, lint.errors);
    CHECK(lint.exit == ExitCode::Ok);
    const std::string before = files.read("known.yaml").value();
    const Result pruned = run_baseline(ports, {.action = BaselineAction::Prune, .lint = request});
    CHECK(pruned.output.find("0 entries removed") != std::string::npos);
    CHECK(files.read("known.yaml").value() == before);
  });
}

const std::string kHook =
    "apiVersion: batch/v1\nkind: Job\nmetadata:\n  name: migrate\n  annotations:\n"
    "    argocd.argoproj.io/hook: PreSync\n"
    "    argocd.argoproj.io/hook-delete-policy: HookSucceeded\n";

struct Adopted {
  support::MemoryFiles files;
  support::MemoryWriter writer{files};
  LintRequest request{.lint = {.select = {"HK001", "AN"}}, .baseline = "known.yaml"};

  Adopted() {
    files.add("a/job.yaml", kHook);
    request.load.exclude = {"known.yaml"};
    (void)baseline(BaselineAction::Write);
  }
  [[nodiscard]] Result baseline(BaselineAction action) {
    return run_baseline({files, writer}, {.action = action, .lint = request});
  }
  [[nodiscard]] Result lint() { return run_lint({files, writer}, request); }
};

bool has(const Result& result, std::string_view text) {
  return result.output.find(text) != std::string::npos;
}

TEST_CASE("an entry holds when lines move, and ends when what it is about changes") {
  Adopted adopted;
  CHECK(has(adopted.lint(), "; 1 in the baseline"));
  adopted.files.add("a/job.yaml", "# More lines.\n\n" + kHook);
  CHECK(adopted.lint().exit == ExitCode::Ok);
  std::string changed = kHook;
  changed.replace(changed.find("HookSucceeded"), 13, "HookFailed");
  adopted.files.add("a/job.yaml", changed);
  const Result result = adopted.lint();
  CHECK(result.exit == ExitCode::Findings);
  CHECK(has(result, "error[HK001]"));
  CHECK(has(result,
            "warning[IN014] stale-baseline-entry: HK001 of batch/Job/default/migrate is found no "
            "more\n --> known.yaml:5:5"));
}

TEST_CASE("a second finding of the same kind needs an entry of its own") {
  Adopted adopted;
  adopted.files.add("b/job.yaml", kHook);
  const Result result = adopted.lint();
  CHECK(result.exit == ExitCode::Findings);
  CHECK(has(result, "b/job.yaml:7:44"));
  CHECK_FALSE(has(result, "a/job.yaml:7:44"));
}

TEST_CASE("stale entries are said only of what was looked at, and pruned") {
  Adopted adopted;
  adopted.files.add("b/cm.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n");
  adopted.request.load.paths = {"b"};
  CHECK_FALSE(has(adopted.lint(), "IN014"));
  CHECK(has(adopted.baseline(BaselineAction::Show), "unseen  HK001  batch/Job/default/migrate"));
  adopted.request.load.paths = {};
  adopted.request.lint.select = {"AN"};
  CHECK_FALSE(has(adopted.lint(), "IN014"));
  adopted.request.lint.select = {};
  adopted.files.add("a/job.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: b}\n");
  CHECK(has(adopted.lint(), "IN014"));
  CHECK(has(adopted.baseline(BaselineAction::Prune), "1 entry removed, 0 left"));
  CHECK_FALSE(has(adopted.lint(), "IN014"));
}

TEST_CASE("a baseline is not written over, and a broken one is refused with its line") {
  Adopted adopted;
  CHECK(adopted.baseline(BaselineAction::Write).exit == ExitCode::Usage);
  adopted.files.add("known.yaml", "version: 1\nfindings:\n  - {rule: HK001, fingerprnt: x}\n");
  const Result broken = adopted.lint();
  CHECK(broken.exit == ExitCode::Usage);
  CHECK(broken.errors ==
        "known.yaml:3: error: unknown key `fingerprnt`; did you mean `fingerprint`?\n");
  adopted.request.baseline = "nowhere.yaml";
  CHECK(adopted.lint().exit == ExitCode::Usage);
}

}  // namespace
}  // namespace wavetank::commands
