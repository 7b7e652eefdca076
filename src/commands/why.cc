#include "commands/why.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/text_distance.h"
#include "commands/applications.h"
#include "commands/plan_view.h"
#include "commands/scenarios.h"
#include "report/diagnostic_json.h"
#include "report/plan/why_report.h"

namespace wavetank::commands {

namespace {

constexpr std::size_t kSuggestionsMax = 5;

struct Candidate {
  const model::Bundle* bundle = nullptr;
  std::size_t resource = 0;

  [[nodiscard]] const model::Resource& object() const { return bundle->resources[resource]; }
  [[nodiscard]] model::ObjectKey key() const {
    model::ObjectKey key = object().key;
    if (key.name.empty()) key.name = object().generate_name;
    return key;
  }
};

// Of several objects with one key only the last is a target: the others are not asked about.
std::vector<Candidate> candidates_of(const std::vector<const model::Bundle*>& bundles) {
  std::vector<Candidate> all;
  for (const model::Bundle* bundle : bundles) {
    for (const std::size_t index : bundle->targets()) {
      all.push_back({.bundle = bundle, .resource = index});
    }
  }
  return all;
}

bool is_called(const Candidate& candidate, std::string_view text) {
  const model::ObjectKey key = candidate.key();
  const std::string by_namespace = fmt::format("{}/{}/{}", key.name_space, key.kind, key.name);
  return base::same_letters(text, model::short_name(key)) ||
         base::same_letters(text, by_namespace) || base::same_letters(text, model::full_name(key));
}

std::string line_of(const load::Project& project, const Candidate& candidate) {
  const source::Span span = candidate.object().name_span;
  const auto begin = project.sources.begin(span);
  return fmt::format("  {}  ({}:{}:{}, application {})\n",
                     report::escaped(model::full_name(candidate.key())),
                     report::escaped(project.sources.name(span.file)), begin.line, begin.column,
                     report::escaped(candidate.bundle->name));
}

// The nearest names with their places, the nearest first.
std::string unknown(const load::Project& project, const std::string& text,
                    const std::vector<Candidate>& all) {
  std::vector<std::pair<std::size_t, const Candidate*>> near;
  const std::string_view wanted_name = std::string_view(text).substr(text.rfind('/') + 1);
  for (const Candidate& each : all) {
    const model::ObjectKey key = each.key();
    const std::size_t whole = base::text_distance(text, model::short_name(key));
    // The right name of a wrong kind is a likely slip.
    const std::size_t distance = base::same_letters(wanted_name, key.name) ? 1 : whole;
    if (distance <= std::max<std::size_t>(text.size() / 3, 1)) near.emplace_back(distance, &each);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string out = fmt::format("wavetank: no object is called `{}`{}\n", report::escaped(text),
                                near.empty() ? "" : "; did you mean");
  for (std::size_t i = 0; i < std::min(near.size(), kSuggestionsMax); ++i) {
    out += line_of(project, *near[i].second);
  }
  return out;
}

std::string ambiguous(const load::Project& project, const std::string& text,
                      const std::vector<Candidate>& found) {
  std::string out = fmt::format("wavetank: {} objects are called `{}`; say which, or give --app\n",
                                found.size(), report::escaped(text));
  for (const Candidate& each : found) out += line_of(project, each);
  return out;
}

}  // namespace

Result run_why(const base::FileSystem& files, const WhyRequest& request) {
  const load::Project project = load::load_project(files, request.load);
  Result result{.errors = input_problems(project)};
  result.exit = has_input_error(project) ? ExitCode::Input : ExitCode::Ok;
  const Chosen chosen = choose_applications(project, request.application);
  const std::vector<Candidate> all = candidates_of(chosen.bundles);
  if (project.bundles.empty()) return result;
  std::vector<Candidate> found;
  std::copy_if(all.begin(), all.end(), std::back_inserter(found),
               [&](const Candidate& each) { return is_called(each, request.object); });
  std::string error;
  if (!chosen.error.empty()) {
    error = fmt::format("wavetank: {}\n", chosen.error);
  } else if (found.empty()) {
    error = unknown(project, request.object, all);
  } else if (found.size() > 1) {
    error = ambiguous(project, request.object, found);
  }
  if (!error.empty()) {
    result.errors += error;
    result.exit = ExitCode::Usage;
    return result;
  }
  const Candidate& asked = found.front();
  const auto live = read_all_live_objects(files, request.live);
  if (!live) {
    result.errors += fmt::format("wavetank: {}\n", live.error());
    result.exit = ExitCode::Input;
    return result;
  }
  const report::PlanView view = make_plan_view(*asked.bundle, request.version);
  std::optional<sim::Simulation> simulation;
  if (request.source == WhySource::Simulation) {
    sim::SimulationOptions options;
    options.argocd.version = request.version;
    options.live = *live;
    simulation = sim::simulate(*asked.bundle, options);
  }
  std::optional<report::LiveAnswer> standing;
  if (!request.live.empty()) {
    standing = report::live_answer(
        {.view = &view, .resource = asked.resource, .objects = &*live, .version = request.version});
  }
  const report::WhyQuestion question{.view = &view,
                                     .resource = asked.resource,
                                     .simulation = simulation ? &*simulation : nullptr,
                                     .live = standing ? &*standing : nullptr};
  switch (request.format) {
    case Format::Text:
      result.output = report::why_text(question, project.sources, request.colour);
      break;
    case Format::Json:
      nlohmann::ordered_json json = {{"schemaVersion", 1},
                                     {"argocdVersion", model::to_string(request.version)}};
      json.update(report::why_json(question, project.sources));
      result.output = report::json_text(json);
      break;
  }
  return result;
}

}  // namespace wavetank::commands
