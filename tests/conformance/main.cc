// wavetank_conformance FILE…: replays recorded truth and prints how much of it agrees.
//
// The last line is `agree/total` over everything. Exit code 1 when anything disagrees, 2 when a
// file cannot be used or nothing was compared.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <ctime>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

#include "conformance/api_case.h"
#include "conformance/controller_case.h"
#include "conformance/e2e_case.h"
#include "conformance/engine_replay.h"
#include "conformance/health_case.h"
#include "conformance/vectors.h"
#include "conformance/yaml_case.h"
#include "support/recorded.h"

namespace wavetank::conformance {
namespace {

using nlohmann::json;

struct Options {
  std::vector<std::string> paths;
  std::string only_case;
  std::string only_tag;
  std::string corpus;  // the root of the paths in yaml/files; empty: none
  std::size_t diffs_max = 5;
  bool plays_twin = false;
  bool stops_at_first = false;  // disagreement
};

struct Count {
  std::size_t agree = 0;
  std::size_t total = 0;
  void add(bool agrees) {
    agree += agrees ? 1 : 0;
    ++total;
  }
};

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  constexpr double kNanoseconds = 1e9;
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) / kNanoseconds;
}

// Both sides beside each other, where they fit; a mark on the lines that differ.
void print_difference(const std::string& path, const Verdict& verdict) {
  const Difference& difference = *verdict.difference;
  fmt::print("\n{}: {} {}\n", path, verdict.id, difference.where);
  constexpr std::size_t kColumn = 78;
  std::size_t width = std::string_view("recorded").size();
  for (const auto& line : difference.expected) width = std::max(width, line.size());
  const std::size_t lines = std::max(difference.expected.size(), difference.actual.size());
  const auto line_of = [](const std::vector<std::string>& side, std::size_t i) {
    return i < side.size() ? side[i] : std::string();
  };
  if (width <= kColumn) fmt::print("    {:<{}} | ours\n", "recorded", width);
  for (std::size_t i = 0; i < lines; ++i) {
    const std::string expected = line_of(difference.expected, i);
    const std::string actual = line_of(difference.actual, i);
    if (width <= kColumn) {
      fmt::print("  {} {:<{}} | {}\n", expected == actual ? ' ' : '!', expected, width, actual);
    } else if (expected == actual) {
      fmt::print("    {}\n", expected);
    } else {
      fmt::print("  - {}\n  + {}\n", expected, actual);
    }
  }
  for (const auto& reason : difference.reasons) fmt::print("    because {}\n", reason);
}

class Runner {
 public:
  explicit Runner(Options options) : options_(std::move(options)) {}

  int run() {
    for (const auto& path : options_.paths) {
      if (!run_file(path)) return kUnusable;
      if (options_.stops_at_first && all_.agree != all_.total) break;
    }
    for (const auto& [tag, count] : tags_) {
      fmt::print("  {:<46} {}/{}\n", tag, count.agree, count.total);
    }
    if (replayed_.passes > 0) {
      fmt::print(
          "engine: {} operations, {} passes, read in {:.2f} and replayed in {:.2f} CPU "
          "seconds\n",
          replayed_.operations, replayed_.passes, reading_, replaying_);
    }
    fmt::print("{}/{}\n", all_.agree, all_.total);
    if (all_.total == 0) {
      fmt::print(stderr, "nothing was compared\n");
      return kUnusable;
    }
    return all_.agree == all_.total ? 0 : 1;
  }

 private:
  static constexpr int kUnusable = 2;

  bool run_file(const std::string& path) {
    const double begin = cpu_seconds();
    std::string error;
    auto file = read_vectors(path, error);
    if (!file) {
      fmt::print(stderr, "{}: {}\n", path, error);
      return false;
    }
    reading_ += cpu_seconds() - begin;
    Count count;
    std::map<std::string, std::size_t> skipped;
    for (std::size_t i = 0; i < file->vectors.size(); ++i) {
      if (!is_wanted(file->vectors[i])) continue;
      std::string skip;
      const auto verdict = check(file->vectors[i], skip, error);
      if (!error.empty()) {
        fmt::print(stderr, "{}:{}: {}\n", path, file->lines[i], error);
        return false;
      }
      file->vectors[i] = nullptr;  // large files are read once only
      if (!verdict) {
        ++skipped[skip];
        continue;
      }
      count.add(verdict->agrees());
      all_.add(verdict->agrees());
      for (const auto& tag : verdict->tags) tags_[tag].add(verdict->agrees());
      for (const auto& measure : verdict->measures) tags_[measure.name].add(measure.holds);
      if (!verdict->agrees() && printed_++ < options_.diffs_max) print_difference(path, *verdict);
      if (!verdict->agrees() && options_.stops_at_first) break;
    }
    fmt::print("{} {}/{}\n", path, count.agree, count.total);
    for (const auto& [reason, cases] : skipped) {
      fmt::print("  {} not compared: {}\n", cases, reason);
    }
    return true;
  }

  [[nodiscard]] bool is_wanted(const json& vector) const {
    if (!options_.only_case.empty() && vector.value("id", json()) != options_.only_case) {
      return false;
    }
    if (options_.only_tag.empty()) return true;
    const json& tags = vector.value("tags", json::array());
    return std::find(tags.begin(), tags.end(), options_.only_tag) != tags.end();
  }

  // Nothing, with a reason in `skip`, for what is not compared; `error` for what is no vector.
  std::optional<Verdict> check(const json& vector, std::string& skip, std::string& error) {
    try {
      if (is_engine_case(vector)) {
        if (!options_.plays_twin || !vector.contains("argocd")) return check_engine(vector, error);
        skip = "the twin knows the newest version only";
        return std::nullopt;
      }
      if (is_api_case(vector)) return check_api(vector);
      if (is_e2e_case(vector)) return check_e2e(vector);
      if (is_health_case(vector)) return check_health_case(vector);
      if (is_yaml_text_case(vector)) return check_yaml_text(vector);
      if (is_yaml_file_case(vector)) return check_file(vector, skip);
      if (const auto family = controller_family(vector)) {
        return check_controller(vector, *family);
      }
      error = "not a kind of vector that is known here";
    } catch (const std::invalid_argument& failure) {
      error = failure.what();
    } catch (const json::exception& failure) {
      error = fmt::format("not a vector of the documented format: {}", failure.what());
    }
    return std::nullopt;
  }

  std::optional<Verdict> check_engine(const json& vector, std::string& error) {
    base::Interner interner;
    const double begin = cpu_seconds();
    auto recorded = read_engine_case(vector, interner, error);
    const double read = cpu_seconds();
    reading_ += read - begin;
    if (!recorded) return std::nullopt;
    const auto played_by = options_.plays_twin ? PlayedBy::Twin : PlayedBy::Engine;
    Verdict verdict = replay(*recorded, interner, played_by, replayed_);
    replaying_ += cpu_seconds() - read;
    return verdict;
  }

  // An API case agrees when it is exact; the same kind of outcome is counted beside it.
  static Verdict check_api(const json& vector) {
    ApiVerdict compared = check_api_case(vector);
    const std::string id = vector.value("id", "");
    const std::string family = "api " + id.substr(0, id.find('/'));
    Verdict verdict{
        .id = id,
        .tags = {"api " + compared.category, family},
        .measures = {{"api " + compared.category + ": same kind of outcome", compared.same_kind}}};
    if (!compared.exact) {
      verdict.difference = {.where = compared.same_kind ? "(same kind of outcome)" : "",
                            .expected = std::move(compared.expected),
                            .actual = std::move(compared.actual)};
    }
    return verdict;
  }

  static Verdict check_e2e(const json& vector) {
    Verdict verdict{.id = vector.value("id", ""), .tags = {"e2e"}};
    for (const auto& tag : vector.value("tags", std::vector<std::string>{})) {
      verdict.tags.push_back("e2e: " + tag);
    }
    std::vector<std::string> failures = check_e2e_case(vector);
    if (!failures.empty()) {
      verdict.difference = {.where = vector.value("title", ""), .actual = std::move(failures)};
    }
    return verdict;
  }

  static Verdict check_controller(const json& vector, const std::string& family) {
    ControllerVerdict compared = check_controller_case(vector);
    Verdict verdict{.id = vector.value("id", "")};
    for (const auto& tag : vector.value("tags", std::vector<std::string>{})) {
      verdict.tags.push_back(fmt::format("{}: {}", family, tag));
    }
    if (compared.expected != compared.actual) {
      verdict.difference = {.where = family,
                            .expected = std::move(compared.expected),
                            .actual = std::move(compared.actual)};
    }
    return verdict;
  }

  std::optional<Verdict> check_file(const json& vector, std::string& skip) const {
    if (options_.corpus.empty()) {
      skip = "--corpus says where the files are";
      return std::nullopt;
    }
    const auto text =
        support::read_file(options_.corpus + "/" + vector.at("path").get<std::string>());
    if (!text) {
      skip = "the file is not in the corpus";
      return std::nullopt;
    }
    return check_yaml_file(vector, *text);
  }

  Options options_;
  Count all_;
  std::map<std::string, Count> tags_;
  std::size_t printed_ = 0;
  Replayed replayed_;
  double reading_ = 0;
  double replaying_ = 0;
};

}  // namespace
}  // namespace wavetank::conformance

int main(int argc, char** argv) {
  CLI::App app{"Replays recorded truth and prints how much of it wavetank agrees with"};
  wavetank::conformance::Options options;
  app.add_option("FILE", options.paths, "recorded vectors: .jsonl, .json, .yaml, plain or .gz")
      ->required();
  app.add_option("--case", options.only_case, "play only the case with this id");
  app.add_option("--tag", options.only_tag, "play only cases with this tag");
  app.add_option("--max-diffs", options.diffs_max, "print at most this many disagreements");
  app.add_option("--corpus", options.corpus, "the root of the paths in recorded files");
  app.add_flag("--twin", options.plays_twin, "play with the dull twin of the engine");
  app.add_flag("--stop-at-first", options.stops_at_first, "end at the first disagreement");
  CLI11_PARSE(app, argc, argv);
  return wavetank::conformance::Runner(std::move(options)).run();
}
