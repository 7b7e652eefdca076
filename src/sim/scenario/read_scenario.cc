#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "model/version.h"
#include "sim/scenario/expand.h"
#include "sim/scenario/reader.h"

namespace wavetank::sim {

void ScenarioReader::problem(const Value& where, std::string message) {
  problems_.push_back(Problem{.file = sources_[where.source].file,
                              .line = where.line,
                              .column = where.column,
                              .message = std::move(message)}
                          .text());
}

// At a byte of a scalar, if it stands in the file as it reads; else at its beginning.
void ScenarioReader::problem_in(const Value& scalar, std::size_t offset, std::string message) {
  Value place = scalar;
  std::string_view line = sources_[scalar.source].text;
  for (std::uint32_t i = 1; i < scalar.line; ++i) {
    line.remove_prefix(std::min(line.find('\n'), line.size() - 1) + 1);
  }
  std::size_t begin = scalar.column - 1;
  if (begin < line.size() && (line[begin] == '"' || line[begin] == '\'')) ++begin;
  if (begin < line.size() && line.substr(begin).starts_with(scalar.text)) {
    place.column = static_cast<std::uint32_t>(begin + offset + 1);
  }
  problem(place, std::move(message));
}

bool ScenarioReader::keys(const Value& map, std::initializer_list<std::string_view> known) {
  const std::vector<std::string_view> names(known);
  if (map.kind != Value::Kind::Mapping) {
    problem(map, fmt::format("a mapping is expected here, with {}", fmt::join(names, ", ")));
    return false;
  }
  std::vector<std::string_view> seen;
  for (const auto& [key, value] : map.entries()) {
    if (std::find(seen.begin(), seen.end(), key.text) != seen.end()) {
      problem(key, fmt::format("`{}` is given twice", key.text));
    }
    seen.push_back(key.text);
    if (std::find(names.begin(), names.end(), key.text) != names.end()) continue;
    const std::string_view near = base::nearest(key.text, names);
    problem(key, fmt::format("unknown key `{}`{}", key.text,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
  }
  return true;
}

std::optional<base::Duration> ScenarioReader::read_duration(const Value& value) {
  const auto duration = base::parse_duration(value.text);
  if (!duration) problem(value, fmt::format("`{}` is no duration such as 30s", value.text));
  return duration;
}

std::optional<base::Distribution> ScenarioReader::read_distribution(const Value& value) {
  auto distribution = base::parse_distribution(value.text);
  if (distribution) return *std::move(distribution);
  problem_in(value, distribution.error().offset, distribution.error().message);
  return std::nullopt;
}

std::optional<std::uint64_t> ScenarioReader::read_number(const Value& value, std::uint64_t most) {
  const bool is_number = value.kind == Value::Kind::Scalar && !value.text.empty() &&
                         value.text.size() < 19 &&
                         std::all_of(value.text.begin(), value.text.end(),
                                     [](char c) { return c >= '0' && c <= '9'; });
  if (is_number) {
    const std::uint64_t number = std::stoull(value.text);
    if (number <= most) return number;
  }
  problem(value, fmt::format("`{}` is no number from 0 to {}", value.text, most));
  return std::nullopt;
}

std::optional<bool> ScenarioReader::read_flag(const Value& value) {
  if (value.text == "true") return true;
  if (value.text == "false") return false;
  problem(value, fmt::format("`{}` is neither true nor false", value.text));
  return std::nullopt;
}

std::optional<ObjectRef> ScenarioReader::read_ref(const Value& value) {
  auto ref = parse_object_ref(value.text);
  if (!ref) problem(value, fmt::format("`{}` is no object such as Job/migrate", value.text));
  return ref;
}

std::optional<Predicate> ScenarioReader::read_predicate(const Value& value) {
  auto predicate = parse_predicate(value.text);
  if (!predicate) {
    problem_in(value, predicate.error().offset, predicate.error().message);
    return std::nullopt;
  }
  for (const std::string& application : predicate->applications()) {
    Value named = value;
    named.text = application;
    std::string name;
    read_application_name(named, name);
  }
  return *std::move(predicate);
}

std::optional<EventPattern> ScenarioReader::read_event(const Value& value) {
  auto event = parse_event(value.text);
  if (event) return *std::move(event);
  problem_in(value, event.error().offset, event.error().message);
  return std::nullopt;
}

std::vector<std::string> ScenarioReader::read_texts(const Value& value) {
  if (value.kind != Value::Kind::Sequence) {
    problem(value, "a list is expected here");
    return {};
  }
  std::vector<std::string> texts;
  for (const Value& item : value.items) {
    if (item.kind != Value::Kind::Scalar) problem(item, "a text is expected here");
    texts.push_back(item.text);
  }
  return texts;
}

std::string ScenarioReader::in_directory(std::string_view path) const {
  const bool is_elsewhere = path.starts_with('/') || path.starts_with("git:");
  return is_elsewhere ? std::string(path) : directory_ + "/" + std::string(path);
}

// The name of an application of the scenario.
void ScenarioReader::read_application_name(const Value& value, std::string& name) {
  name = value.text;
  std::vector<std::string_view> names;
  for (const ScenarioApplication& each : scenario_.applications) {
    if (each.name == name) return;
    names.push_back(each.name);
  }
  const std::string_view near = base::nearest(name, names);
  problem(value, fmt::format("no application is called `{}`{}", name,
                             near.empty() ? "" : fmt::format("; did you mean `{}`?", near)));
}

void ScenarioReader::read_metadata(const Value& metadata) {
  if (!keys(metadata, {"name", "description", "covers"})) return;
  scenario_.name = metadata.string("name");
  scenario_.description = metadata.string("description");
  if (const Value* covers = metadata.find("covers")) scenario_.covers = read_texts(*covers);
}

Scenario ScenarioReader::read(const Value& root) {
  scenario_ = {};
  scenario_.file = sources_.front().file;
  const bool is_mapping = keys(
      root, {"apiVersion", "kind", "metadata", "seed", "horizon", "maxSteps", "sample", "engine",
             "projects", "apps", "cluster", "behaviours", "faults", "timeline", "expect"});
  if (!is_mapping) return std::move(scenario_);
  if (root.string("apiVersion") != "wavetank.dev/v1alpha1") {
    problem(root, "apiVersion must be wavetank.dev/v1alpha1");
  }
  if (root.string("kind") != "Scenario") problem(root, "kind must be Scenario");
  const auto part = [&](const char* key, void (ScenarioReader::*read_part)(const Value&)) {
    if (const Value* value = root.find(key)) (this->*read_part)(*value);
  };
  part("metadata", &ScenarioReader::read_metadata);
  part("engine", &ScenarioReader::read_engine);
  read_applications(root);
  part("cluster", &ScenarioReader::read_cluster);
  if (const Value* behaviours = root.find("behaviours")) {
    scenario_.options.behaviors = read_behaviours(*behaviours);
  }
  part("faults", &ScenarioReader::read_faults);
  part("timeline", &ScenarioReader::read_timeline);
  if (const Value* horizon = root.find("horizon")) {
    if (const auto duration = read_duration(*horizon)) scenario_.options.until = *duration;
  }
  // `~` is no seed, as if there were none.
  if (const Value* seed = root.find("seed"); seed != nullptr && seed->kind != Value::Kind::Null) {
    scenario_.options.seed = read_number(*seed, 999'999'999'999'999'999);
  }
  if (const Value* steps = root.find("maxSteps")) {
    constexpr std::uint64_t kMost = 1'000'000'000;
    scenario_.steps_max = read_number(*steps, kMost).value_or(1);
    if (scenario_.steps_max == 0) problem(*steps, "nothing happens in no step");
  }
  part("sample", &ScenarioReader::read_sample);
  part("expect", &ScenarioReader::read_expectations);
  return std::move(scenario_);
}

Scenarios read_scenarios(const base::FileSystem& files, const std::string& path) {
  const auto whole = read_extended(files, path);
  if (!whole) return tl::unexpected(ScenarioProblems{whole.error().text()});
  const auto cells = expand_matrix(*whole);
  if (!cells) return tl::unexpected(ScenarioProblems{cells.error().text()});
  const auto slash = path.rfind('/');
  ScenarioReader reader(whole->sources, slash == std::string::npos ? "." : path.substr(0, slash));
  std::vector<Scenario> scenarios;
  for (const Cell& cell : *cells) {
    scenarios.push_back(reader.read(cell.value));
    scenarios.back().cell = cell.values;
    // Other cells would only repeat it.
    if (!reader.problems().empty()) return tl::unexpected(std::move(reader.problems()));
  }
  return scenarios;
}

std::optional<std::string> scenario_file(const base::FileSystem& files, const std::string& path) {
  if (path == "-") return std::nullopt;
  if (path.ends_with("scenario.yaml") && files.kind(path) == base::FileKind::File) return path;
  std::string inside = path + "/scenario.yaml";
  if (files.kind(inside) == base::FileKind::File) return inside;
  return std::nullopt;
}

}  // namespace wavetank::sim
