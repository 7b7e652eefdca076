// wavetank_conformance FILE…: replays recorded truth and prints how much of it agrees.
//
// The last line is `agree/total` over everything; the exit code is 1 when anything disagrees.

#include <fmt/format.h>
#include <zlib.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "conformance/engine_case.h"

namespace {

using nlohmann::json;
using wavetank::conformance::CaseVerdict;

// Reads plain and gzip-compressed files alike.
bool read_file(const std::string& path, std::string& text) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) return false;
  std::vector<char> buffer(1U << 16U);
  int count = 0;
  while ((count = gzread(file, buffer.data(), static_cast<unsigned>(buffer.size()))) > 0) {
    text.append(buffer.data(), static_cast<std::size_t>(count));
  }
  gzclose(file);
  return count == 0;
}

struct Count {
  std::size_t agree = 0;
  std::size_t total = 0;
  void add(bool agrees) {
    agree += agrees ? 1 : 0;
    ++total;
  }
};

void print_difference(const CaseVerdict& verdict) {
  const auto& difference = *verdict.difference;
  fmt::print("\n{} operation {} pass {}\n", verdict.id, difference.operation, difference.pass);
  const std::size_t lines = std::max(difference.expected.size(), difference.actual.size());
  for (std::size_t i = 0; i < lines; ++i) {
    const std::string expected = i < difference.expected.size() ? difference.expected[i] : "";
    const std::string actual = i < difference.actual.size() ? difference.actual[i] : "";
    if (expected == actual) {
      fmt::print("    {}\n", expected);
    } else {
      fmt::print("  - {}\n  + {}\n", expected, actual);
    }
  }
  for (const auto& reason : difference.reasons) fmt::print("    because {}\n", reason);
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app{"Replays recorded truth against wavetank's engine"};
  std::vector<std::string> paths;
  std::string only_case;
  std::string only_tag;
  std::size_t diffs_max = 5;
  bool stop_at_first = false;
  app.add_option("FILE", paths, "engine vectors (.jsonl, .jsonl.gz)")->required();
  app.add_option("--case", only_case, "play only the case with this id");
  app.add_option("--tag", only_tag, "play only cases with this tag");
  app.add_option("--max-diffs", diffs_max, "print at most this many disagreements");
  app.add_flag("--stop-at-first", stop_at_first, "end at the first disagreement");
  CLI11_PARSE(app, argc, argv);

  Count all;
  std::map<std::string, Count> tags;
  std::size_t printed = 0;
  std::size_t passes = 0;
  for (const auto& path : paths) {
    std::string text;
    if (!read_file(path, text)) {
      fmt::print(stderr, "cannot read {}\n", path);
      return 2;
    }
    Count count;
    for (std::size_t begin = 0; begin < text.size();) {
      const auto end = std::min(text.find('\n', begin), text.size());
      const std::string line = text.substr(begin, end - begin);
      begin = end + 1;
      if (line.empty()) continue;
      const json recorded = json::parse(line, nullptr, false);
      if (recorded.is_discarded() || !recorded.contains("ops")) {
        fmt::print(stderr, "{}: not an engine vector\n", path);
        return 2;
      }
      if (!only_case.empty() && recorded.value("id", "") != only_case) continue;
      const auto case_tags = recorded.value("tags", std::vector<std::string>{});
      if (!only_tag.empty() &&
          std::find(case_tags.begin(), case_tags.end(), only_tag) == case_tags.end()) {
        continue;
      }
      const CaseVerdict verdict = wavetank::conformance::check_engine_case(recorded);
      const bool agrees = !verdict.difference.has_value();
      passes += verdict.passes;
      count.add(agrees);
      all.add(agrees);
      for (const auto& tag : verdict.tags) tags[tag].add(agrees);
      if (!agrees && printed++ < diffs_max) print_difference(verdict);
      if (!agrees && stop_at_first) return 1;
    }
    fmt::print("{} {}/{}\n", path, count.agree, count.total);
  }
  for (const auto& [tag, count] : tags) fmt::print("  {} {}/{}\n", tag, count.agree, count.total);
  fmt::print("passes {}\n", passes);
  fmt::print("{}/{}\n", all.agree, all.total);
  return all.agree == all.total ? 0 : 1;
}
