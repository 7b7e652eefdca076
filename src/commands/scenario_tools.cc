#include "commands/scenario_tools.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "commands/applications.h"
#include "commands/scenarios.h"
#include "load/path.h"
#include "sim/scenario/expand.h"
#include "yaml/emit.h"

namespace wavetank::commands {

using nlohmann::json;

namespace {

// What takes its time, or fails: worth a line in a scenario.
bool has_behaviour(const std::string& kind) {
  return kind == "Job" || kind == "Deployment" || kind == "StatefulSet" || kind == "DaemonSet" ||
         kind == "Pod";
}

// `directory` is where the scenario is meant to stand.
std::string application_lines(const model::Bundle& bundle, const std::string& directory) {
  std::string path = load::normal(bundle.directory);
  if (path.starts_with(directory + "/")) path.erase(0, directory.size() + 1);
  std::string text = fmt::format("  {}:\n    path: {}\n", short_name(bundle), path);
  text += fmt::format("    namespace: {}\n", bundle.settings.destination_namespace);
  return text;
}

std::string behaviour_lines(const std::vector<const model::Bundle*>& bundles) {
  std::string text;
  std::set<model::ObjectKey> seen;
  for (const model::Bundle* bundle : bundles) {
    for (const model::Resource& resource : bundle->resources) {
      model::ObjectKey key = resource.key;
      if (key.name.empty()) key.name = resource.generate_name;
      key.name_space.clear();
      if (!has_behaviour(key.kind) || !seen.insert(key).second) continue;
      text += fmt::format("  # - {{match: {{kind: {}, name: {}}}, outcome: Fail}}\n", key.kind,
                          key.name);
    }
  }
  return text;
}

// Durations and numbers that hold where a scenario is silent.
json with_defaults(json scenario) {
  const sim::SimulationOptions usual;
  const auto fill = [](json& map, const char* key, json value) {
    if (!map.is_object()) map = json::object();
    if (!map.contains(key)) map[key] = std::move(value);
  };
  const auto duration = [](base::Duration value) { return base::format_duration(value); };
  fill(scenario, "horizon", duration(usual.until));
  fill(scenario, "seed", nullptr);  // every duration is its median
  fill(scenario, "maxSteps", sim::Scenario{}.steps_max);
  fill(scenario["sample"], "runs", sim::Scenario{}.runs);
  json& engine = scenario["engine"];
  fill(engine, "version", std::string(model::to_string(usual.argocd.version)));
  fill(engine, "syncTimeout", duration(usual.argocd.steps.sync_timeout));
  fill(engine, "resync", duration(usual.argocd.resync));
  fill(engine, "applicationHealth", false);
  const auto& backoff = *usual.argocd.self_heal.backoff;
  json& heal = engine["selfHeal"];
  fill(heal, "initial", duration(backoff.duration));
  fill(heal, "factor", static_cast<std::int64_t>(backoff.factor));
  fill(heal, "cap", duration(backoff.cap));
  for (auto& [name, app] : scenario["apps"].items()) {
    fill(app, "create", true);
    fill(app, "project", "default");
  }
  fill(scenario, "behaviours", json::array());
  fill(scenario, "faults", json::array());
  for (json& item : scenario["timeline"]) {
    if (!item.contains("when")) fill(item, "at", "quiescent");
  }
  return scenario;
}

}  // namespace

Result init_scenario(const base::FileSystem& files, const std::string& path) {
  Result result;
  const load::Project project = load::load_project(files, {.paths = {path}});
  result.errors = input_problems(project);
  const Chosen chosen = choose_applications(project, "");
  if (has_input_error(project) || chosen.bundles.empty()) {
    if (!has_input_error(project)) {
      result.errors += fmt::format("wavetank: {} holds no application\n", path);
    }
    result.exit = ExitCode::Input;
    return result;
  }
  const std::string directory = load::parent_of(load::normal(path));
  result.output = fmt::format(
      "# To stand as {}/scenario.yaml: paths are relative to the file.\n"
      "apiVersion: wavetank.dev/v1alpha1\nkind: Scenario\nmetadata:\n  name: {}\n"
      "  description: What is to be shown here?\napps:\n",
      directory, load::file_name(load::normal(path)));
  for (const model::Bundle* bundle : chosen.bundles) {
    result.output += application_lines(*bundle, directory);
  }
  const std::string behaviours = behaviour_lines(chosen.bundles);
  if (!behaviours.empty()) {
    result.output += "# How things go, if not well:\n# behaviours:\n" + behaviours;
  }
  result.output += "timeline:\n";
  for (const model::Bundle* bundle : chosen.bundles) {
    result.output += fmt::format("  - sync: {}\n", short_name(*bundle));
  }
  result.output += "expect:\n";
  for (const model::Bundle* bundle : chosen.bundles) {
    result.output += fmt::format(
        "  - name: {0}-converges\n"
        "    eventually: sync({0}) == Synced and health({0}) == Healthy\n    thenStays: true\n",
        short_name(*bundle));
  }
  return result;
}

Result show_scenario(const base::FileSystem& files, const std::string& path) {
  Result result;
  const std::string file = sim::scenario_file(files, path).value_or(path);
  // What is wrong with it is said as when it is played.
  const auto loaded = load_scenario(files, file);
  if (!loaded->errors.empty()) {
    result.errors = loaded->errors;
    result.exit = loaded->exit;
    return result;
  }
  const auto extended = sim::read_extended(files, file);
  const auto cells = sim::expand_matrix(*extended);
  for (const sim::Cell& cell : *cells) {
    if (cells->size() > 1) {
      result.output += "---\n#";
      for (const auto& [name, value] : cell.values) {
        result.output += fmt::format(" {}={}", name, value);
      }
      result.output += '\n';
    }
    result.output += yaml::to_yaml(with_defaults(yaml::to_json(cell.value)));
  }
  return result;
}

}  // namespace wavetank::commands
