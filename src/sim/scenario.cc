#include "sim/scenario.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text_distance.h"
#include "yaml/typed.h"

namespace wavetank::sim {

namespace {

using yaml::Value;

class Reader {
 public:
  Reader(std::string path, std::string directory)
      : path_(std::move(path)), directory_(std::move(directory)) {}

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
    if (const Value* outcome = item.find("outcome")) {
      if (outcome->text == "Succeed") {
        rule.behavior.outcome = cluster::Outcome::Succeed;
      } else if (outcome->text == "Fail") {
        rule.behavior.outcome = cluster::Outcome::Fail;
      } else if (outcome->text == "Hang") {
        rule.behavior.outcome = cluster::Outcome::Hang;
      } else {
        problem(*outcome, fmt::format("`{}` is none of Succeed, Fail, Hang", outcome->text));
      }
    }
    if (const Value* after = item.find("after")) rule.behavior.duration = read_duration(*after);
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
  return Reader(path, slash == std::string::npos ? "." : path.substr(0, slash)).read(*value);
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
