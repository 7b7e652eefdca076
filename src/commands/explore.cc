#include "commands/explore.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/applications.h"
#include "report/diagnostic_json.h"
#include "report/explore/study_json.h"
#include "report/explore/study_text.h"
#include "report/input_summary.h"
#include "sim/scenario/scenario.h"

namespace wavetank::commands {

namespace {

bool is_stopped(explore::Coverage coverage) {
  switch (coverage) {
    case explore::Coverage::Complete:
    case explore::Coverage::CompleteUpToBudget: return false;
    case explore::Coverage::States:
    case explore::Coverage::Depth:
    case explore::Coverage::Memory: return true;
  }
  return true;
}

// A claim is broken by any set of faults; without one, only what goes wrong by itself counts.
ExitCode exit_of(const explore::Study& study, bool is_claim) {
  const bool is_broken = std::any_of(
      study.properties.begin(), study.properties.end(), [&](const explore::PropertyReport& report) {
        if (report.causes.empty()) return false;
        const bool is_bad_alone = report.property == explore::Property::SyncFails ||
                                  report.property == explore::Property::SyncHangs;
        return is_claim || (is_bad_alone && report.causes.front().strikes.empty());
      });
  if (is_broken) return ExitCode::Findings;
  const bool stopped =
      is_stopped(study.exploration.coverage) || is_stopped(study.cut_sets.coverage);
  return stopped ? ExitCode::Inconclusive : ExitCode::Ok;
}

// What a scenario says of its world becomes part of the request. Returns what is wrong with it.
std::string take_scenario(const base::FileSystem& files, ExploreRequest& request) {
  if (request.load.paths.size() != 1) return "";
  const auto file = sim::scenario_file(files, request.load.paths.front());
  if (!file) return "";
  const auto scenarios = sim::read_scenarios(files, *file);
  std::string errors;
  if (!scenarios) {
    for (const std::string& problem : scenarios.error()) {
      errors += fmt::format("wavetank: {}\n", problem);
    }
    return errors;
  }
  const sim::Scenario& found = scenarios->front();
  if (scenarios->size() > 1 || found.applications.size() > 1 ||
      found.applications.front().revisions.size() > 1) {
    return fmt::format(
        "wavetank: {}: only one application at one revision can be explored, and no matrix\n",
        *file);
  }
  request.load.paths = {found.applications.front().revisions.front().path};
  auto& behaviors = request.study.usual.behaviors;
  behaviors.insert(behaviors.begin(), found.options.behaviors.begin(),
                   found.options.behaviors.end());
  return "";
}

}  // namespace

Result run_explore(const base::FileSystem& files, const ExploreRequest& request) {
  Result result;
  ExploreRequest effective = request;
  result.errors = take_scenario(files, effective);
  if (!result.errors.empty()) {
    result.exit = ExitCode::Usage;
    return result;
  }
  const load::Project project = load::load_project(files, effective.load);
  result.errors += input_problems(project);
  const Chosen chosen = choose_applications(project, effective.application);
  if (!chosen.error.empty() && !project.bundles.empty()) {
    result.errors += fmt::format("wavetank: {}\n", chosen.error);
    result.exit = ExitCode::Usage;
    return result;
  }
  load::Project old;
  if (request.from) {
    old = load::load_project(*request.from->files, {.paths = {request.from->path},
                                                    .exclude = request.load.exclude,
                                                    .renderer = request.load.renderer});
    result.errors += input_problems(old);
  }
  ExitCode worst = has_input_error(old) ? ExitCode::Input : ExitCode::Ok;
  nlohmann::ordered_json studies = nlohmann::ordered_json::array();
  for (const model::Bundle* bundle : chosen.bundles) {
    model::Bundle pruning = *bundle;
    pruning.settings.prune = pruning.settings.prune || request.prune;
    std::optional<model::Bundle> before;
    if (request.from) before = old_bundle(old, project, pruning);
    effective.study.usual.from = before ? &*before : nullptr;
    const explore::Study study = explore::study(pruning, effective.study);
    worst = gravest({worst, exit_of(study, request.is_claim)});
    switch (request.format) {
      case Format::Text: result.output += report::study_text(study, request.colour) + "\n"; break;
      case Format::Json: studies.push_back(report::study_json(study)); break;
    }
  }
  result.exit = gravest({worst, has_input_error(project) ? ExitCode::Input : ExitCode::Ok});
  switch (request.format) {
    case Format::Text: result.output += report::input_summary(project) + "\n"; break;
    case Format::Json:
      result.output = report::json_text(
          {{"schemaVersion", 1},
           {"argocdVersion", model::to_string(request.study.usual.argocd.version)},
           {"explorations", std::move(studies)},
           {"input", report::input_json(project)}});
      break;
  }
  return result;
}

}  // namespace wavetank::commands
