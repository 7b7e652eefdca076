#include "sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/distribution.h"
#include "base/text_distance.h"
#include "yaml/typed.h"

namespace wavetank::sim {

namespace {

using yaml::Value;

// How an object may end, as scenarios spell it. The causes are those of pods; other kinds fail.
struct Fate {
  std::string_view name;
  cluster::Chance chance;
};
constexpr std::array kFates{
    Fate{"Succeed", {.outcome = cluster::Outcome::Succeed}},
    Fate{"Fail", {.outcome = cluster::Outcome::Fail}},
    Fate{"Hang", {.outcome = cluster::Outcome::Hang}},
    Fate{"CrashLoop", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::Crash}},
    Fate{"OutOfMemory", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::OutOfMemory}},
    Fate{"ImagePull", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::ImagePull}},
    Fate{"NeverReady", {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::NeverReady}},
    Fate{"Unschedulable",
         {.outcome = cluster::Outcome::Fail, .cause = cluster::Cause::Unschedulable}},
};

class Reader {
 public:
  // REQUIRES: `text` outlives it.
  Reader(std::string path, std::string directory, std::string_view text)
      : path_(std::move(path)), directory_(std::move(directory)), text_(text) {}

  tl::expected<Scenario, ScenarioProblems> read(const Value& root) {
    keys(root, {"apiVersion", "kind", "metadata", "apps", "behaviours", "timeline", "horizon",
                "seed", "expect"});
    if (root.string("apiVersion") != "wavetank.dev/v1alpha1") {
      problem(root, "apiVersion must be wavetank.dev/v1alpha1");
    }
    if (root.string("kind") != "Scenario") problem(root, "kind must be Scenario");
    if (const Value* metadata = root.find("metadata")) read_metadata(*metadata);
    read_apps(root);
    if (const Value* behaviours = root.find("behaviours")) {
      for (const Value& item : behaviours->items) read_behaviour(item);
    }
    read_timeline(root);
    if (const Value* horizon = root.find("horizon")) {
      if (const auto duration = read_duration(*horizon)) scenario_.options.until = *duration;
    }
    if (const Value* seed = root.find("seed")) read_seed(*seed);
    if (const Value* expect = root.find("expect")) read_expectation(*expect);
    if (!problems_.empty()) return tl::unexpected(std::move(problems_));
    return std::move(scenario_);
  }

 private:
  void problem(const Value& where, std::string message) {
    problems_.push_back(fmt::format("{}:{}:{}: {}", path_, where.line, where.column, message));
  }

  void keys(const Value& map, std::initializer_list<std::string_view> known) {
    const std::vector<std::string_view> names(known);
    if (map.kind != Value::Kind::Mapping) problem(map, "a mapping is expected here");
    for (const auto& [key, value] : map.entries()) {
      if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
      const std::string_view near = base::nearest(key.text, names);
      problem(key, fmt::format("unknown key `{}`{}", key.text,
                               near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
    }
  }

  std::optional<base::Duration> read_duration(const Value& value) {
    const auto duration = base::parse_duration(value.text);
    if (!duration) problem(value, fmt::format("`{}` is no duration such as 30s", value.text));
    return duration;
  }

  std::optional<base::Distribution> read_distribution(const Value& value) {
    auto distribution = base::parse_distribution(value.text);
    if (distribution) return *std::move(distribution);
    problem(place_in(value, distribution.error().offset), distribution.error().message);
    return std::nullopt;
  }

  // The place of a byte of a scalar, if the scalar stands in the file as it reads; else its
  // beginning.
  [[nodiscard]] Value place_in(const Value& scalar, std::size_t offset) const {
    Value place = scalar;
    std::string_view line = text_;
    for (std::uint32_t i = 1; i < scalar.line; ++i) {
      line.remove_prefix(std::min(line.find('\n'), line.size() - 1) + 1);
    }
    std::size_t begin = scalar.column - 1;
    if (begin < line.size() && (line[begin] == '"' || line[begin] == '\'')) ++begin;
    if (begin < line.size() && line.substr(begin).starts_with(scalar.text)) {
      place.column = static_cast<std::uint32_t>(begin + offset + 1);
    }
    return place;
  }

  // "Fail", "OutOfMemory" …; a word that is none of them is a problem.
  std::optional<cluster::Chance> read_fate(const Value& word) {
    std::vector<std::string_view> names;
    for (const Fate& fate : kFates) {
      if (fate.name == word.text) return fate.chance;
      names.push_back(fate.name);
    }
    problem(word, fmt::format("`{}` is none of {}", word.text, fmt::join(names, ", ")));
    return std::nullopt;
  }

  void read_outcome(const Value& outcome, cluster::Behavior& behavior) {
    if (outcome.kind == Value::Kind::Mapping) {
      behavior.chances = read_chances(outcome);
    } else if (const auto fate = read_fate(outcome)) {
      behavior.outcome = fate->outcome;
      behavior.cause = fate->cause;
    }
  }

  // `{Succeed: 97%, Fail: 2%, Hang: 1%}`
  std::vector<cluster::Chance> read_chances(const Value& outcome) {
    std::vector<cluster::Chance> chances;
    std::vector<std::uint32_t> weights;
    std::vector<std::string_view> seen;
    std::uint64_t sum = 0;
    for (const auto& [word, value] : outcome.entries()) {
      const auto fate = read_fate(word);
      const auto weight = base::parse_percentage(value.text);
      if (!weight) problem(value, fmt::format("`{}` is no percentage such as 97%", value.text));
      if (!fate || !weight) return {};
      if (std::find(seen.begin(), seen.end(), word.text) != seen.end()) {
        problem(word, fmt::format("`{}` is given twice", word.text));
        return {};
      }
      seen.push_back(word.text);
      chances.push_back(*fate);
      weights.push_back(*weight);
      sum += *weight;
    }
    if (sum != base::kWhole) {
      problem(outcome,
              fmt::format("the outcomes add up to {}, not to 100%", base::percentage_text(sum)));
      return {};
    }
    base::shorten(weights);
    for (std::size_t i = 0; i < chances.size(); ++i) chances[i].weight = weights[i];
    std::stable_sort(chances.begin(), chances.end(),
                     [](const auto& a, const auto& b) { return a.weight > b.weight; });
    return chances;
  }

  void read_metadata(const Value& metadata) {
    keys(metadata, {"name", "description", "covers"});
    scenario_.name = metadata.string("name");
    scenario_.description = metadata.string("description");
    if (const Value* covers = metadata.find("covers")) {
      for (const Value& item : covers->items) scenario_.covers.push_back(item.text);
    }
  }

  void read_apps(const Value& root) {
    const Value* apps = root.find("apps");
    if (apps == nullptr || apps->items.size() != 1) {
      problem(root, "apps must hold exactly one application");
      return;
    }
    const Value& app = apps->items.front();
    keys(app, {"path"});
    if (app.string("path").empty()) problem(app, "the application needs a path");
    scenario_.path = directory_ + "/" + std::string(app.string("path"));
  }

  void read_behaviour(const Value& item) {
    keys(item, {"match", "outcome", "after", "denied"});
    cluster::BehaviorRule rule{.name = "*"};
    if (const Value* match = item.find("match")) {
      keys(*match, {"kind", "name"});
      rule.kind = match->string("kind");
      if (match->find("name") != nullptr) rule.name = match->string("name");
    }
    if (rule.kind.empty()) problem(item, "a behaviour matches a kind");
    if (const Value* outcome = item.find("outcome")) read_outcome(*outcome, rule.behavior);
    if (const Value* after = item.find("after")) rule.behavior.duration = read_distribution(*after);
    rule.behavior.denied = item.string("denied") == "true";
    scenario_.options.behaviors.push_back(std::move(rule));
  }

  void read_timeline(const Value& root) {
    const Value* timeline = root.find("timeline");
    if (timeline == nullptr) return;
    for (const Value& item : timeline->items) keys(item, {"sync"});
    if (timeline->items.empty()) problem(*timeline, "the timeline needs a sync");
    scenario_.options.syncs =
        static_cast<std::uint32_t>(std::max<std::size_t>(1, timeline->items.size()));
  }

  void read_seed(const Value& seed) {
    const bool is_number = !seed.text.empty() && seed.text.size() < 19 &&
                           std::all_of(seed.text.begin(), seed.text.end(),
                                       [](char c) { return c >= '0' && c <= '9'; });
    if (is_number) {
      scenario_.options.seed = std::stoull(seed.text);
    } else {
      problem(seed, "a seed is a number");
    }
  }

  void read_expectation(const Value& expect) {
    keys(expect, {"outcome"});
    const std::string_view wanted = expect.string("outcome");
    for (const Outcome outcome : {Outcome::Succeeded, Outcome::Failed, Outcome::Error,
                                  Outcome::Stuck, Outcome::Inconclusive}) {
      if (sim::name(outcome) != wanted) continue;
      scenario_.expected = outcome;
      return;
    }
    problem(expect, fmt::format("`{}` is no outcome", wanted));
  }

  std::string path_;
  std::string directory_;
  std::string_view text_;
  Scenario scenario_;
  ScenarioProblems problems_;
};

}  // namespace

tl::expected<Scenario, ScenarioProblems> read_scenario(const base::FileSystem& files,
                                                       const std::string& path) {
  const auto text = files.read(path);
  if (!text) {
    return tl::unexpected(
        ScenarioProblems{fmt::format("{}: cannot read it: {}", path, text.error().reason)});
  }
  const auto value = yaml::read_value(*text);
  if (!value) {
    return tl::unexpected(ScenarioProblems{fmt::format(
        "{}:{}:{}: {}", path, value.error().line, value.error().column, value.error().message)});
  }
  const auto slash = path.rfind('/');
  return Reader(path, slash == std::string::npos ? "." : path.substr(0, slash), *text).read(*value);
}

std::optional<tl::expected<Scenario, ScenarioProblems>> find_scenario(const base::FileSystem& files,
                                                                      const std::string& path) {
  if (path == "-") return std::nullopt;
  if (path.ends_with("scenario.yaml") && files.kind(path) == base::FileKind::File) {
    return read_scenario(files, path);
  }
  const std::string inside = path + "/scenario.yaml";
  if (files.kind(inside) == base::FileKind::File) return read_scenario(files, inside);
  return std::nullopt;
}

}  // namespace wavetank::sim
