#include "commands/simulate.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "commands/applications.h"
#include "commands/scenarios.h"
#include "report/diagnostic_json.h"
#include "report/input_summary.h"
#include "report/sim/expectation_text.h"
#include "report/sim/simulation_json.h"
#include "report/sim/simulation_text.h"
#include "yaml/emit.h"

namespace wavetank::commands {

namespace {

// A fault for an object that does not exist would be a fault that never happens.
std::string unmatched(const std::vector<const model::Bundle*>& bundles,
                      const cluster::BehaviorRule& rule) {
  std::vector<std::string> names;
  for (const model::Bundle* bundle : bundles) {
    for (const model::Resource& resource : bundle->resources) {
      const std::string& name =
          resource.key.name.empty() ? resource.generate_name : resource.key.name;
      if (base::same_letters(resource.key.kind, rule.kind) &&
          (rule.name == name || rule.name == "*")) {
        return "";
      }
      names.push_back(resource.key.kind + "/" + name);
    }
  }
  const std::vector<std::string_view> views(names.begin(), names.end());
  const std::string wanted = rule.kind + "/" + rule.name;
  const std::string_view near = base::nearest(wanted, views);
  return fmt::format("no object is called `{}`{}", wanted,
                     near.empty() ? "" : fmt::format("; did you mean `{}`?", near));
}

ExitCode exit_of(const sim::Simulation& simulation, std::optional<sim::Outcome> expected) {
  const sim::Outcome wanted = expected.value_or(sim::Outcome::Succeeded);
  const bool every_sync = std::all_of(
      simulation.syncs.begin(), simulation.syncs.end(), [&](const sim::SyncReport& sync) {
        if (sync.number == 0) return true;  // the old revision is told of, not judged
        return expected ? &sync != &simulation.syncs.back() || sync.outcome == wanted
                        : sync.outcome == wanted;
      });
  if (every_sync) return ExitCode::Ok;
  return simulation.last().outcome == sim::Outcome::Inconclusive ? ExitCode::Inconclusive
                                                                 : ExitCode::Findings;
}

// The values of Secrets are nobody's business where they come from a real cluster.
std::string final_state(const sim::Simulation& simulation, bool is_live) {
  std::string text;
  for (const sim::ObjectReport& object : simulation.objects) {
    nlohmann::json content = object.content;
    for (const char* field : {"data", "stringData"}) {
      if (!is_live || object.key.kind != "Secret" || !content.contains(field)) continue;
      for (auto& value : content[field]) value = "(not shown)";
    }
    if (is_live && object.key.kind == "Secret" && content["metadata"].contains("annotations")) {
      content["metadata"]["annotations"].erase("kubectl.kubernetes.io/last-applied-configuration");
    }
    text += "---\n" + yaml::to_yaml(content);
  }
  return text;
}

// What the command line says comes on top of what the scenario says.
void overrule(const SimulateRequest& request, sim::Scenario& scenario) {
  sim::SimulationOptions& options = scenario.options;
  const sim::SimulationOptions& wanted = request.simulation;
  options.behaviors.insert(options.behaviors.end(), wanted.behaviors.begin(),
                           wanted.behaviors.end());
  options.until = std::min(options.until, wanted.until);
  if (wanted.seed) options.seed = wanted.seed;
  if (!request.expected) return;
  std::erase_if(scenario.expectations, [](const sim::Expectation& expectation) {
    return expectation.kind == sim::Expectation::Kind::Outcome;
  });
  scenario.expectations.push_back(
      {.kind = sim::Expectation::Kind::Outcome, .name = "--expect", .outcome = *request.expected});
}

ExitCode exit_of(const sim::ScenarioResult& result) {
  ExitCode worst = ExitCode::Ok;
  for (const sim::ExpectationReport& each : result.expectations) {
    if (each.verdict == sim::Verdict::Pass || each.is_warning) continue;
    const bool is_open = each.verdict == sim::Verdict::Inconclusive;
    worst = gravest({worst, is_open ? ExitCode::Inconclusive : ExitCode::Findings});
  }
  // A scenario without expectations has the usual one.
  if (!result.expectations.empty()) return worst;
  for (const sim::SyncReport& sync : result.simulation.syncs) {
    if (sync.outcome == sim::Outcome::Succeeded) continue;
    const bool is_open = sync.outcome == sim::Outcome::Inconclusive;
    worst = gravest({worst, is_open ? ExitCode::Inconclusive : ExitCode::Findings});
  }
  return worst;
}

SimulateResult simulate_scenario(const base::FileSystem& files, const SimulateRequest& request,
                                 const std::string& file) {
  SimulateResult whole;
  Result& result = whole.result;
  const auto loaded = load_scenario(files, file);
  result.errors = loaded->errors;
  result.exit = loaded->exit;
  if (!loaded->errors.empty()) return whole;
  nlohmann::ordered_json simulations = nlohmann::ordered_json::array();
  for (std::size_t i = 0; i < loaded->cells.size(); ++i) {
    sim::Scenario& cell = loaded->cells[i];
    overrule(request, cell);
    const auto problems = sim::check_references(cell, loaded->inputs[i]);
    for (const std::string& problem : problems) {
      result.errors += fmt::format("wavetank: {}\n", problem);
      result.exit = ExitCode::Usage;
    }
    if (!problems.empty()) return whole;
    const sim::ScenarioResult played = sim::play(cell, loaded->inputs[i]);
    result.exit = gravest({result.exit, exit_of(played)});
    if (request.wants_final_state)
      whole.final_state += final_state(played.simulation, !loaded->cells[i].object_files.empty());
    std::string label = cell.name;
    for (const auto& [name, value] : cell.cell) label += fmt::format(" {}={}", name, value);
    switch (request.format) {
      case Format::Text:
        if (loaded->cells.size() > 1) result.output += fmt::format("== {}\n", label);
        result.output += report::simulation_text(label, played.simulation, loaded->project.sources,
                                                 request.colour);
        if (!played.expectations.empty()) {
          result.output += fmt::format(
              "\n{}\n{}", report::paint("expectations", report::Ink::Bold, request.colour),
              report::expectations_text(played.expectations, file, request.colour));
        }
        result.output += "\n";
        break;
      case Format::Json: {
        auto json = report::simulation_json(label, played.simulation, loaded->project.sources);
        json["expectations"] = report::expectations_json(played.expectations);
        simulations.push_back(std::move(json));
        break;
      }
    }
  }
  switch (request.format) {
    case Format::Text: result.output += report::input_summary(loaded->project) + "\n"; break;
    case Format::Json:
      result.output = report::json_text(
          {{"schemaVersion", 1},
           {"argocdVersion", model::to_string(loaded->cells.front().options.argocd.version)},
           {"simulations", std::move(simulations)},
           {"input", report::input_json(loaded->project)}});
      break;
  }
  return whole;
}

}  // namespace

load::Project load_revision(const Revision& revision, const std::vector<std::string>& exclude,
                            const std::shared_ptr<const base::Renderer>& renderer) {
  return load::load_project(*revision.files,
                            {.paths = {revision.path}, .exclude = exclude, .renderer = renderer});
}

SimulateResult run_simulate(const base::FileSystem& files, const SimulateRequest& request) {
  SimulateResult whole;
  Result& result = whole.result;
  SimulateRequest effective = request;
  // A directory with scenario.yaml, or the file itself, brings its own world.
  if (request.load.paths.size() == 1) {
    if (const auto file = sim::scenario_file(files, request.load.paths.front())) {
      return simulate_scenario(files, request, *file);
    }
  }
  const load::Project project = load::load_project(files, effective.load);
  result.errors += input_problems(project);
  const Chosen chosen = choose_applications(project, effective.application);
  std::string usage = chosen.error;
  for (const cluster::BehaviorRule& rule : effective.simulation.behaviors) {
    if (usage.empty()) usage = unmatched(chosen.bundles, rule);
  }
  if (!usage.empty() && !project.bundles.empty()) {
    result.errors += fmt::format("wavetank: {}\n", usage);
    result.exit = ExitCode::Usage;
    return whole;
  }
  auto live = read_all_live_objects(files, request.live);
  if (!live) {
    result.errors += fmt::format("wavetank: {}\n", live.error());
    result.exit = ExitCode::Input;
    return whole;
  }
  effective.simulation.live = *std::move(live);
  load::Project old;
  if (request.from) {
    old = load_revision(*request.from, request.load.exclude, request.load.renderer);
    result.errors += input_problems(old);
  }
  ExitCode worst = has_input_error(old) ? ExitCode::Input : ExitCode::Ok;
  nlohmann::ordered_json simulations = nlohmann::ordered_json::array();
  for (const model::Bundle* chosen_bundle : chosen.bundles) {
    model::Bundle pruning = *chosen_bundle;
    pruning.settings.prune = pruning.settings.prune || request.prune;
    const model::Bundle* bundle = &pruning;
    std::optional<model::Bundle> before;
    if (request.from) before = old_bundle(old, project, *bundle);
    effective.simulation.from = before ? &*before : nullptr;
    const sim::Simulation simulation = sim::simulate(*bundle, effective.simulation);
    worst = gravest({worst, exit_of(simulation, effective.expected)});
    if (effective.wants_final_state)
      whole.final_state += final_state(simulation, !request.live.empty());
    switch (effective.format) {
      case Format::Text:
        result.output +=
            report::simulation_text(bundle->name, simulation, project.sources, effective.colour) +
            "\n";
        break;
      case Format::Json:
        simulations.push_back(report::simulation_json(bundle->name, simulation, project.sources));
        break;
    }
  }
  result.exit = gravest({worst, has_input_error(project) ? ExitCode::Input : ExitCode::Ok});
  switch (effective.format) {
    case Format::Text: result.output += report::input_summary(project) + "\n"; break;
    case Format::Json:
      result.output = report::json_text(
          {{"schemaVersion", 1},
           {"argocdVersion", model::to_string(effective.simulation.argocd.version)},
           {"simulations", std::move(simulations)},
           {"input", report::input_json(project)}});
      break;
  }
  return whole;
}

}  // namespace wavetank::commands
