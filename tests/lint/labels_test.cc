// Labels on real files: defects must be found on an accepted line, what is tricky but right must
// stay silent on the label's own topic. The corpus is not part of the repository.

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <map>
#include <set>

#include "lint/lint.h"
#include "support/memory_files.h"
#include "support/recorded.h"
#include "yaml/parser.h"
#include "yaml/typed.h"

namespace wavetank::lint {
namespace {

// Which codes speak of a topic; topics without a rule yet have none.
const std::map<std::string, std::set<std::string>, std::less<>> kTopics{
    {"hook-on-namespace", {"HK002"}},
    {"hook-on-pvc", {"HK002"}},
    {"invalid-delete-policy", {"AN002"}},
    {"delete-policy-without-hook", {"AN002"}},
    {"invalid-sync-option", {"SO001", "SO002"}},
    {"hooksucceeded-only", {"HK001"}},
    {"hook-needs-later-resource", {"PH001"}},
    {"wave-needs-later-wave", {"PH002"}},
    {"helm-hook-left-in-plain-manifest", {"HM001", "HK004"}},
    {"missing-skip-dry-run", {"SO007"}},
    {"ttl-on-non-hook-job", {"JB004"}},
    {"replace-without-force-on-job", {"JB008"}},
    {"duplicate-key", {"AN008"}},
    {"namespace-wave", {"PH002"}},
    {"annotation-key-typo", {"AN004"}},
    {"unquoted-wave", {"AN003"}},
    {"invalid-wave", {"WV001"}},
    {"unknown-hook-type", {"AN001"}},
    {"invalid-yaml", {"IN003"}},
};

struct Score {
  std::size_t right = 0;
  std::size_t total = 0;
};

std::set<std::uint32_t> lines_of(const yaml::Value& label) {
  std::set<std::uint32_t> lines;
  if (const yaml::Value* accepted = label.find("accept_lines")) {
    for (const auto& item : accepted->items) {
      lines.insert(static_cast<std::uint32_t>(std::stoul(item.text)));
    }
  }
  return lines;
}

// Whether a finding of the topic stands in the file, on an accepted line if there are any.
bool is_found(const load::Project& project, const std::vector<Finding>& findings,
              const std::string& path, const std::set<std::string>& codes,
              const std::set<std::uint32_t>& lines) {
  const auto fits = [&](const source::Diagnostic& diagnostic) {
    const source::Span span = diagnostic.primary.span;
    if (!span.valid() || !codes.contains(diagnostic.code)) return false;
    if (project.sources.name(span.file) != path) return false;
    return lines.empty() || lines.contains(project.sources.begin(span).line);
  };
  return std::any_of(findings.begin(), findings.end(),
                     [&](const Finding& finding) { return fits(finding.diagnostic); }) ||
         std::any_of(project.diagnostics.begin(), project.diagnostics.end(), fits);
}

TEST_CASE("labelled defects of covered topics are found, tricky cases stay silent") {
  const auto shared = support::shared_folder();
  if (!shared) {
    WARN("skipped: the corpus is not here");
    return;
  }
  const std::string root = "corpus-visible-hooks/";
  std::map<std::string, support::MemoryFiles> repositories;
  for (auto& [path, text] : support::read_archive(*shared + "/corpus/visible.tar.gz")) {
    if (!path.starts_with(root)) continue;
    const auto slash = path.find('/', root.size());
    if (slash == std::string::npos) continue;
    repositories[path.substr(root.size(), slash - root.size())].add(path.substr(slash + 1), text);
  }
  const auto labels =
      yaml::read_value(support::read_file(*shared + "/corpus/labelled.yaml").value_or(""));
  REQUIRE(labels.has_value());
  std::map<std::string, Score> scores;
  std::map<std::string, std::pair<load::Project, std::vector<Finding>>> linted;
  for (const yaml::Value& label : labels->items) {
    const std::string whole(label.string("corpus_path"));
    const auto slash = whole.find('/');
    const std::string repository = whole.substr(0, slash);
    const std::string path = whole.substr(slash + 1);
    const std::string topic(label.string("topic"));
    const bool is_defect = label.string("verdict") == "defect";
    const auto codes = kTopics.find(topic);
    if (!linted.contains(repository)) {
      load::Project project = load::load_project(repositories[repository], {});
      auto findings = lint(project, {});
      linted.emplace(repository, std::pair(std::move(project), std::move(findings)));
    }
    const auto& [project, findings] = linted.at(repository);
    const auto file = std::find_if(project.files.begin(), project.files.end(),
                                   [&](const auto& each) { return each.path == path; });
    const bool parses = file != project.files.end() && file->status != load::FileStatus::Template;
    const bool found =
        codes != kTopics.end() && is_found(project, findings, path, codes->second,
                                           is_defect ? lines_of(label) : std::set<std::uint32_t>{});
    std::string group = is_defect ? "defects" : "tricky but right";
    if (codes == kTopics.end()) group += ", no rule yet";
    if (!parses && topic != "invalid-yaml") group += ", template or values";
    Score& score = scores[group];
    ++score.total;
    const bool right = found == is_defect;
    score.right += right ? 1 : 0;
    if (!right && group.find(',') == std::string::npos) {
      WARN(fmt::format("{} {} {} {}", label.string("id"), label.string("verdict"), topic, whole));
    }
  }
  for (const auto& [group, score] : scores) {
    WARN(fmt::format("{}: {}/{}", group, score.right, score.total));
  }
  CHECK(scores["tricky but right"].right == scores["tricky but right"].total);
  CHECK(scores["defects"].right + 3 >= scores["defects"].total);
}

}  // namespace
}  // namespace wavetank::lint
