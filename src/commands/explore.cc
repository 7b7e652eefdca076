#include "commands/explore.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/applications.h"
#include "report/diagnostic_json.h"
#include "report/explore/sample_json.h"
#include "report/explore/sample_text.h"
#include "report/explore/study_json.h"
#include "report/explore/study_text.h"
#include "report/input_summary.h"
#include "report/sim/simulation_json.h"
#include "report/sim/simulation_text.h"
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

// A claim is broken by any run that has the property; without one, by what fails though no fault
// was drawn.
ExitCode exit_of(const explore::Sample& sample, const std::vector<explore::Property>& properties,
                 bool is_claim) {
  const bool is_broken =
      is_claim ? std::any_of(properties.begin(), properties.end(),
                             [&](explore::Property each) { return sample.count(each) > 0; })
               : sample.failed_alone > 0;
  if (is_broken) return ExitCode::Findings;
  const bool is_short = sample.interruption != explore::Interruption::None;
  const bool is_wide = sample.width > 0 && !sample.is_narrow;
  return is_short || is_wide ? ExitCode::Inconclusive : ExitCode::Ok;
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

// What goes over the applications that were found, and gathers what there is to print.
class Exploring {
 public:
  Exploring(const ExploreRequest& request, const load::Project& project, explore::Watch& watch)
      : request_(request), project_(project), watch_(watch) {}

  ExitCode explore(const model::Bundle& bundle, const model::Bundle* from) {
    if (request_.run) return play_one(bundle, from);
    if (request_.sample) return draw(bundle, from);
    return search(bundle, from);
  }

  [[nodiscard]] std::string output() && {
    if (request_.format == Format::Text) return text_ + report::input_summary(project_) + "\n";
    const char* name = request_.run ? "simulations" : request_.sample ? "samples" : "explorations";
    return report::json_text(
        {{"schemaVersion", 1},
         {"argocdVersion", model::to_string(request_.study.usual.argocd.version)},
         {name, std::move(found_)},
         {"input", report::input_json(project_)}});
  }

 private:
  ExitCode search(const model::Bundle& bundle, const model::Bundle* from) {
    explore::StudyOptions options = request_.study;
    options.usual.from = from;
    const explore::Study study = explore::study(bundle, options);
    switch (request_.format) {
      case Format::Text: text_ += report::study_text(study, request_.colour) + "\n"; break;
      case Format::Json: found_.push_back(report::study_json(study)); break;
    }
    return exit_of(study, request_.is_claim);
  }

  [[nodiscard]] explore::SampleOptions sample_options(const model::Bundle* from) const {
    explore::SampleOptions options = request_.sample.value_or(explore::SampleOptions{});
    options.usual = request_.study.usual;
    options.usual.from = from;
    options.property = request_.study.properties.front();
    if (request_.shard) options.shard = *request_.shard;
    return options;
  }

  ExitCode draw(const model::Bundle& bundle, const model::Bundle* from) {
    const explore::Sample sample = explore::sample(bundle, sample_options(from), watch_);
    const auto& properties = request_.study.properties;
    switch (request_.format) {
      case Format::Text:
        text_ += report::sample_text(sample, properties, request_.colour) + "\n";
        break;
      case Format::Json: found_.push_back(report::sample_json(sample, properties)); break;
    }
    return exit_of(sample, properties, request_.is_claim);
  }

  ExitCode play_one(const model::Bundle& bundle, const model::Bundle* from) {
    const explore::SampleOptions options = sample_options(from);
    const explore::SampledRun run = explore::play_run(bundle, options, *request_.run);
    switch (request_.format) {
      case Format::Text:
        text_ += report::sampled_run_text(run, options.seed);
        text_ += report::simulation_text(bundle.name, run.simulation, project_.sources,
                                         request_.colour) +
                 "\n";
        break;
      case Format::Json: {
        auto json = report::simulation_json(bundle.name, run.simulation, project_.sources);
        json["run"] = run.number;
        json["faults"] = run.faults;
        found_.push_back(std::move(json));
        break;
      }
    }
    switch (run.simulation.last().outcome) {
      case sim::Outcome::Succeeded: return ExitCode::Ok;
      case sim::Outcome::Inconclusive: return ExitCode::Inconclusive;
      case sim::Outcome::Failed:
      case sim::Outcome::Error:
      case sim::Outcome::Stuck: break;
    }
    return ExitCode::Findings;
  }

  const ExploreRequest& request_;
  const load::Project& project_;
  explore::Watch& watch_;
  std::string text_;
  nlohmann::ordered_json found_ = nlohmann::ordered_json::array();
};

}  // namespace

Result run_explore(const base::FileSystem& files, const ExploreRequest& request,
                   explore::Watch& watch) {
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
    old = load::load_project(*request.from->files,
                             {.paths = {request.from->path}, .exclude = request.load.exclude});
    result.errors += input_problems(old);
  }
  ExitCode worst = has_input_error(old) ? ExitCode::Input : ExitCode::Ok;
  Exploring exploring(effective, project, watch);
  for (const model::Bundle* bundle : chosen.bundles) {
    model::Bundle pruning = *bundle;
    pruning.settings.prune = pruning.settings.prune || request.prune;
    std::optional<model::Bundle> before;
    if (request.from) before = old_bundle(old, project, pruning);
    worst = gravest({worst, exploring.explore(pruning, before ? &*before : nullptr)});
  }
  result.exit = gravest({worst, has_input_error(project) ? ExitCode::Input : ExitCode::Ok});
  result.output = std::move(exploring).output();
  return result;
}

}  // namespace wavetank::commands
