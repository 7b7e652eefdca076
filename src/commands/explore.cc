#include "commands/explore.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/stable_hash.h"
#include "commands/applications.h"
#include "commands/counterexamples.h"
#include "commands/merge.h"
#include "report/diagnostic_json.h"
#include "report/explore/sample_json.h"
#include "report/explore/sample_text.h"
#include "report/explore/study_json.h"
#include "report/explore/study_text.h"
#include "report/input_summary.h"
#include "report/sim/simulation_json.h"
#include "report/sim/simulation_text.h"
#include "report/version.h"
#include "sim/scenario/scenario.h"

namespace wavetank::commands {

namespace {

// What the result depends on, so that parts of different results are told apart.
std::string hash_of(const std::vector<const source::SourceMap*>& all, const std::string& more) {
  constexpr std::uint64_t kOtherStart = 0x9E3779B97F4A7C15U;
  std::array<std::uint64_t, 2> state{base::kHashStart, kOtherStart};
  const auto add = [&](std::string_view text) {
    for (std::uint64_t& each : state) {
      each = base::stable_hash(fmt::format("{}:", text.size()), each);
      each = base::stable_hash(text, each);
    }
  };
  for (const source::SourceMap* sources : all) {
    for (std::size_t i = 0; i < sources->size(); ++i) {
      add(sources->name(source::FileId::from(i)));
      add(sources->text(source::FileId::from(i)));
    }
    add("");
  }
  add(more);
  return fmt::format("{:016x}{:016x}", state[0], state[1]);
}

nlohmann::ordered_json settings_of(const ExploreRequest& request) {
  const explore::StudyOptions& study = request.study;
  nlohmann::ordered_json properties = nlohmann::ordered_json::array();
  for (const auto property : study.properties) properties.push_back(explore::name(property));
  nlohmann::ordered_json kinds = nlohmann::ordered_json::array();
  for (const auto kind : explore::kFaultKinds) {
    if (study.search.kinds.has(kind)) kinds.push_back(explore::name(kind));
  }
  nlohmann::ordered_json settings = {
      {"--app", request.application},
      {"--prune", request.prune},
      {"--property", std::move(properties)},
      {"--only", std::move(kinds)},
      {"--sync-timeout", study.usual.argocd.steps.sync_timeout.count()}};
  if (request.sample) {
    nlohmann::ordered_json rates = nlohmann::ordered_json::array();
    for (const auto kind : explore::kFaultKinds) rates.push_back(request.sample->rates.rate(kind));
    settings["--sample"] = request.sample->runs;
    settings["--seed"] = request.sample->seed;
    settings["--fault-rate"] = std::move(rates);
    settings["--confidence"] = request.sample->confidence;
  } else {
    settings["--faults"] = study.search.faults_max;
    settings["--max-states"] = study.search.limits.states_max;
    settings["--max-depth"] = study.search.limits.depth_max;
    settings["--max-memory"] = study.search.limits.memory_max;
    settings["--plays"] = study.plays_max;
    settings["--all-orders"] = study.search.orders == explore::Orders::All;
  }
  return settings;
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

void write_counterexamples(const base::FileSystem& files, const ExploreRequest& asked,
                           const ExploreRequest& effective, const model::Bundle& bundle,
                           const explore::Study& study, Result& result) {
  CounterexamplePlaces places{.directory = asked.write_to};
  const bool is_file = effective.load.paths.size() == 1 &&
                       files.kind(effective.load.paths.front()) == base::FileKind::File;
  places.manifests = is_file ? effective.load.paths.front() : bundle.directory;
  if (!asked.spelt_to.empty()) places.manifests = asked.spelt_to;
  if (asked.from) places.before = asked.spelt_from.empty() ? asked.from->path : asked.spelt_from;
  if (asked.load.paths.size() == 1) {
    places.scenario = sim::scenario_file(files, asked.load.paths.front());
  }
  Counterexamples found = counterexamples(files, bundle, study, effective.study, places);
  if (!found.error.empty()) {
    result.errors += fmt::format("wavetank: {}\n", found.error);
    return;
  }
  result.errors +=
      fmt::format("wavetank: {} written to {}",
                  report::counted(found.files.size(), "scenario", "scenarios"), asked.write_to);
  if (found.unconfirmed > 0) {
    result.errors += fmt::format(
        "; {} not, for the simulator did not confirm them or was not asked", found.unconfirmed);
  }
  result.errors += '\n';
  std::move(found.files.begin(), found.files.end(), std::back_inserter(result.files));
}

// What goes over the applications that were found, and gathers what there is to print.
class Exploring {
 public:
  // `asked`: the request before a scenario became part of it.
  Exploring(const base::FileSystem& files, const ExploreRequest& asked,
            const ExploreRequest& request, const load::Project& project, explore::Watch& watch)
      : files_(files), asked_(asked), request_(request), project_(project), watch_(watch) {}

  // What is to be written and said beside the output.
  [[nodiscard]] Result& written() { return written_; }

  ExitCode explore(const model::Bundle& bundle, const model::Bundle* from) {
    if (request_.run) return play_one(bundle, from);
    if (request_.sample) return draw(bundle, from);
    return search(bundle, from);
  }

  // `input_hash`: of everything that was read.
  [[nodiscard]] std::string output(const std::string& input_hash, bool has_bad_input) && {
    if (request_.format == Format::Text) return text_ + report::input_summary(project_) + "\n";
    const char* name = request_.run ? "simulations" : request_.sample ? "samples" : "explorations";
    nlohmann::ordered_json whole = {
        {"schemaVersion", 1},
        {"argocdVersion", model::to_string(request_.study.usual.argocd.version)}};
    if (request_.shard) {
      whole["part"] = {{"shard", request_.shard->index + 1},
                       {"of", request_.shard->count},
                       {"wavetank", report::kVersion},
                       {"input", input_hash},
                       {"settings", settings_of(request_)},
                       {"isClaim", request_.is_claim},
                       {"inputSummary", report::input_summary(project_)},
                       {"inputExit", has_bad_input}};
    }
    whole[name] = std::move(found_);
    whole["input"] = report::input_json(project_);
    return report::json_text(whole);
  }

 private:
  ExitCode search(const model::Bundle& bundle, const model::Bundle* from) {
    explore::StudyOptions options = request_.study;
    options.usual.from = from;
    if (request_.shard) options.shard = *request_.shard;
    const explore::Study study = explore::study(bundle, options);
    if (!request_.write_to.empty()) {
      write_counterexamples(files_, asked_, request_, bundle, study, written_);
    }
    found_.push_back(report::study_json(study));
    text_ += report::study_text(found_.back(), request_.colour) + "\n";
    // The verdict on the whole is for `merge`.
    return request_.shard ? ExitCode::Ok : exit_of_study(found_.back(), request_.is_claim);
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
    const auto durations = request_.shard ? report::Durations::All : report::Durations::Quantiles;
    found_.push_back(report::sample_json(sample, properties, durations));
    text_ += report::sample_text(sample, properties, request_.colour) + "\n";
    if (!request_.shard) return exit_of_sample(found_.back(), request_.is_claim);
    const bool is_whole = sample.interruption == explore::Interruption::None;
    return is_whole ? ExitCode::Ok : ExitCode::Inconclusive;
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

  const base::FileSystem& files_;
  const ExploreRequest& asked_;
  const ExploreRequest& request_;
  const load::Project& project_;
  explore::Watch& watch_;
  Result written_;
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
    old = load_revision(*request.from, request.load.exclude, request.load.renderer);
    result.errors += input_problems(old);
  }
  ExitCode worst = has_input_error(old) ? ExitCode::Input : ExitCode::Ok;
  Exploring exploring(files, request, effective, project, watch);
  for (const model::Bundle* bundle : chosen.bundles) {
    model::Bundle pruning = *bundle;
    pruning.settings.prune = pruning.settings.prune || request.prune;
    std::optional<model::Bundle> before;
    if (request.from) before = old_bundle(old, project, pruning);
    worst = gravest({worst, exploring.explore(pruning, before ? &*before : nullptr)});
  }
  result.exit = gravest({worst, has_input_error(project) ? ExitCode::Input : ExitCode::Ok});
  std::string scenario;
  for (const std::string& path : request.load.paths) {
    if (const auto file = sim::scenario_file(files, path))
      scenario += files.read(*file).value_or("");
  }
  result.errors += exploring.written().errors;
  result.files = std::move(exploring.written().files);
  const bool has_bad_input = has_input_error(project) || has_input_error(old);
  result.output = std::move(exploring).output(hash_of({&project.sources, &old.sources}, scenario),
                                              has_bad_input);
  return result;
}

}  // namespace wavetank::commands
