#include "commands/scenarios.h"

#include <fmt/format.h>

#include <algorithm>

#include "commands/applications.h"
#include "load/path.h"
#include "yaml/json.h"

namespace wavetank::commands {

namespace {

// The manifests of one path, as one application.
const model::Bundle* only_bundle(const load::Project& project, const std::string& path,
                                 const std::string& application, std::string& error) {
  const std::string wanted = load::normal(path);
  std::vector<const model::Bundle*> candidates;
  for (const model::Bundle& bundle : project.bundles) {
    const std::string directory = load::normal(bundle.directory);
    const bool is_file = load::normal(bundle.name) == wanted;
    if (!is_file && (directory == wanted || directory.starts_with(wanted + "/"))) {
      if (!bundle.is_application) continue;
      if (directory == wanted && bundle.settings.tree == nullptr) return &bundle;
      if (bundle.name == application) return &bundle;
    }
    if (is_file || directory == wanted || directory.starts_with(wanted + "/")) {
      candidates.push_back(&bundle);
    }
  }
  if (candidates.size() == 1) return candidates.front();
  error = candidates.empty() ? fmt::format("{} holds no manifests", path)
                             : fmt::format("{} holds {} applications, and none is called `{}`",
                                           path, candidates.size(), application);
  return nullptr;
}

class Loading {
 public:
  Loading(const base::FileSystem& files, LoadedScenario& result) : files_(files), result_(result) {}

  void load(const std::string& file) {
    auto cells = sim::read_scenarios(files_, file);
    if (!cells) return fail(cells.error(), ExitCode::Usage);
    result_.cells = *std::move(cells);
    if (!load_project()) return;
    for (const sim::Scenario& cell : result_.cells) {
      sim::ScenarioInput input;
      if (!load_bundles(cell, input) || !load_live(cell, input)) return;
      const sim::ScenarioProblems problems = sim::check_references(cell, input);
      if (!problems.empty()) return fail(problems, ExitCode::Usage);
      result_.inputs.push_back(std::move(input));
    }
  }

 private:
  void fail(const std::vector<std::string>& messages, ExitCode exit) {
    for (const std::string& message : messages) {
      result_.errors += fmt::format("wavetank: {}\n", message);
    }
    result_.exit = exit;
  }

  // All revisions of all cells, so that every place in them is in one source map.
  bool load_project() {
    load::LoadOptions options;
    for (const sim::Scenario& cell : result_.cells) {
      for (const sim::ScenarioApplication& app : cell.applications) {
        for (const sim::ScenarioRevision& revision : app.revisions) {
          const auto known = std::find(options.paths.begin(), options.paths.end(), revision.path);
          if (known == options.paths.end()) options.paths.push_back(revision.path);
        }
      }
    }
    result_.project = load::load_project(files_, options);
    if (!has_input_error(result_.project)) return true;
    result_.errors += input_problems(result_.project);
    result_.exit = ExitCode::Input;
    return false;
  }

  bool load_bundles(const sim::Scenario& cell, sim::ScenarioInput& input) {
    for (const sim::ScenarioApplication& app : cell.applications) {
      for (const sim::ScenarioRevision& revision : app.revisions) {
        std::string error;
        const model::Bundle* bundle = only_bundle(result_.project, revision.path, app.name, error);
        if (bundle == nullptr) {
          fail({fmt::format("{}:{}:{}: {}", cell.file, app.place.line, app.place.column, error)},
               ExitCode::Input);
          return false;
        }
        input.bundles[{app.name, revision.name}] = bundle;
      }
    }
    return true;
  }

  bool load_live(const sim::Scenario& cell, sim::ScenarioInput& input) {
    for (const std::string& path : cell.object_files) {
      auto objects = read_live_objects(files_, path);
      if (!objects) {
        fail({objects.error()}, ExitCode::Input);
        return false;
      }
      input.live.insert(input.live.end(), objects->begin(), objects->end());
    }
    return true;
  }

  const base::FileSystem& files_;
  LoadedScenario& result_;
};

}  // namespace

tl::expected<std::vector<nlohmann::json>, std::string> read_live_objects(
    const base::FileSystem& files, const std::string& path) {
  const load::Project project = load::load_project(files, {.paths = {path}});
  if (has_input_error(project)) return tl::unexpected(input_problems(project));
  std::vector<nlohmann::json> objects;
  for (const model::Bundle& bundle : project.bundles) {
    for (const model::Resource& resource : bundle.resources) {
      if (resource.key.name.empty()) {
        const source::Position at = project.sources.begin(resource.span);
        return tl::unexpected(fmt::format("{}:{}:{}: a live object has a name",
                                          project.sources.name(resource.span.file), at.line,
                                          at.column));
      }
      objects.push_back(yaml::to_json(*resource.tree, resource.root));
    }
  }
  if (objects.empty()) return tl::unexpected(fmt::format("{} holds no objects", path));
  return objects;
}

tl::expected<std::vector<nlohmann::json>, std::string> read_all_live_objects(
    const base::FileSystem& files, const std::vector<std::string>& paths) {
  std::vector<nlohmann::json> all;
  for (const std::string& path : paths) {
    auto objects = read_live_objects(files, path);
    if (!objects) return objects;
    all.insert(all.end(), objects->begin(), objects->end());
  }
  return all;
}

std::unique_ptr<LoadedScenario> load_scenario(const base::FileSystem& files,
                                              const std::string& file) {
  auto result = std::make_unique<LoadedScenario>();
  Loading(files, *result).load(file);
  return result;
}

}  // namespace wavetank::commands
