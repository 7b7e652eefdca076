#include "commands/diff.h"

#include <fmt/format.h>

#include <map>

#include "base/text_distance.h"
#include "commands/applications.h"
#include "commands/plan_view.h"
#include "load/path.h"
#include "report/diagnostic_json.h"
#include "report/plan/plan_diff_report.h"

namespace wavetank::commands {

namespace {

struct Pair {
  const model::Bundle* before = nullptr;
  const model::Bundle* after = nullptr;
};

// Applications by what they are called below the root of their revision: an application that is
// just a directory bears its path, which differs where two directories are compared.
std::map<std::string, const model::Bundle*> by_name(const load::Project& project,
                                                    const std::string& root) {
  std::map<std::string, const model::Bundle*> result;
  const std::string path = load::normal(root);
  for (const model::Bundle* bundle : choose_applications(project, "").bundles) {
    std::string name = bundle->name;
    if (name == path) {
      name = ".";
    } else if (name.starts_with(path + "/")) {
      name.erase(0, path.size() + 1);
    }
    result.emplace(std::move(name), bundle);
  }
  return result;
}

std::map<std::string, Pair> pairs_of(const load::Project& before, const load::Project& after,
                                     const DiffRequest& request) {
  const auto old = by_name(before, request.before.path);
  const auto now = by_name(after, request.after.path);
  std::map<std::string, Pair> pairs;
  if (old.size() == 1 && now.size() == 1) {
    pairs[now.begin()->second->name] = {old.begin()->second, now.begin()->second};
    return pairs;
  }
  for (const auto& [name, bundle] : old) pairs[name].before = bundle;
  for (const auto& [name, bundle] : now) pairs[name].after = bundle;
  return pairs;
}

// Keeps the application that was asked for. Returns an error text, or nothing.
std::string choose(const std::string& wanted, std::map<std::string, Pair>& pairs) {
  if (wanted.empty()) return "";
  std::map<std::string, Pair> chosen;
  std::vector<std::string_view> names;
  for (const auto& [name, pair] : pairs) {
    names.push_back(name);
    const auto is_called = [&](const model::Bundle* bundle) {
      return bundle != nullptr && bundle->name == wanted;
    };
    if (name == wanted || is_called(pair.before) || is_called(pair.after)) chosen[name] = pair;
  }
  if (chosen.empty()) {
    const std::string_view near = base::nearest(wanted, names);
    return fmt::format("no application is called `{}`{}", wanted,
                       near.empty() ? "" : fmt::format("; did you mean `{}`?", near));
  }
  pairs = std::move(chosen);
  return "";
}

report::PlanDiff diff_of(const std::string& name, const Pair& pair, const DiffRequest& request) {
  std::optional<report::PlanView> before;
  std::optional<report::PlanView> after;
  if (pair.before != nullptr) before = make_plan_view(*pair.before, request.version);
  if (pair.after != nullptr) after = make_plan_view(*pair.after, request.version);
  const bool prunes = request.prune || (pair.after != nullptr && pair.after->settings.prune);
  report::PlanDiff diff = report::diff_plans(before ? &*before : nullptr, after ? &*after : nullptr,
                                             prunes ? report::Pruning::On : report::Pruning::Off);
  diff.application = name;
  return diff;
}

std::string rendered(const std::vector<report::PlanDiff>& diffs, const DiffRequest& request) {
  switch (request.format) {
    case DiffFormat::Text: return report::plan_diff_text(diffs, request.colour);
    case DiffFormat::Markdown: return report::plan_diff_markdown(diffs);
    case DiffFormat::Json: break;
  }
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const report::PlanDiff& diff : diffs) list.push_back(report::plan_diff_json(diff));
  return report::json_text({{"schemaVersion", 1},
                            {"argocdVersion", model::to_string(request.version)},
                            {"applications", std::move(list)}});
}

}  // namespace

Result run_diff(const DiffRequest& request) {
  const load::Project before = load_revision(request.before, request.exclude, request.renderer);
  const load::Project after = load_revision(request.after, request.exclude, request.renderer);
  Result result{.errors = input_problems(before) + input_problems(after)};
  auto pairs = pairs_of(before, after, request);
  if (const std::string error = choose(request.application, pairs); !error.empty()) {
    result.errors += fmt::format("wavetank: {}\n", error);
    result.exit = ExitCode::Usage;
    return result;
  }
  std::vector<report::PlanDiff> diffs;
  bool differs = false;
  for (const auto& [name, pair] : pairs) {
    diffs.push_back(diff_of(name, pair, request));
    differs = differs || diffs.back().differs();
  }
  result.output = rendered(diffs, request);
  const bool bad_input = has_input_error(before) || has_input_error(after);
  const bool counts = differs && request.on_difference == DiffExit::Findings;
  result.exit = gravest(
      {bad_input ? ExitCode::Input : ExitCode::Ok, counts ? ExitCode::Findings : ExitCode::Ok});
  return result;
}

}  // namespace wavetank::commands
