#include "load/grouping.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>

#include "base/glob.h"
#include "load/kustomize/compose.h"
#include "load/path.h"
#include "load/rendered.h"
#include "yaml/json.h"

namespace wavetank::load {

namespace {

using model::Bundle;
using source::Diagnostic;
using source::Severity;

// "https://user@host:8443/team/repo.git/" -> "host:8443/team/repo", for comparing repositories.
std::string repository_identity(std::string_view url) {
  if (const auto scheme = url.find("://"); scheme != std::string_view::npos) {
    url.remove_prefix(scheme + 3);
  }
  if (const auto user = url.find('@'); user != std::string_view::npos && user < url.find('/')) {
    url.remove_prefix(user + 1);
  }
  std::string result(url);
  // git@host:team/repo
  if (const auto colon = result.find(':'); colon != std::string::npos && colon < result.find('/') &&
                                           colon + 1 < result.size() &&
                                           (result[colon + 1] < '0' || result[colon + 1] > '9')) {
    result[colon] = '/';
  }
  while (result.ends_with('/')) result.pop_back();
  if (result.ends_with(".git")) result.resize(result.size() - 4);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// The URL of the remote `origin` in a git configuration; empty when there is none.
std::string origin_url(std::string_view config) {
  bool in_origin = false;
  while (!config.empty()) {
    const auto end = std::min(config.find('\n'), config.size());
    std::string_view line = config.substr(0, end);
    config.remove_prefix(std::min(end + 1, config.size()));
    const auto first = line.find_first_not_of(" \t");
    if (first == std::string_view::npos) continue;
    line.remove_prefix(first);
    if (line.starts_with('[')) {
      in_origin = line.starts_with("[remote \"origin\"]");
    } else if (in_origin && line.starts_with("url")) {
      const auto value = line.find_first_not_of(" \t=", 3);
      if (value != std::string_view::npos) return std::string(line.substr(value));
    }
  }
  return "";
}

class Grouping {
 public:
  Grouping(const base::FileSystem& files, const std::vector<ReadFile>& read,
           const LoadOptions& options, Project& project)
      : files_(files), read_(read), project_(project), renderer_(options.renderer.get()) {
    for (const std::string& path : options.paths) named_.insert(canonical(path));
    if (options.paths.empty()) named_.insert(canonical("."));
    for (std::size_t i = 0; i < read.size(); ++i) {
      const std::string& path = read[i].report.path;
      by_path_[canonical(path)] = i;
      by_directory_[canonical(parent_of(path))].push_back(i);
      for (const Kustomization& each : read[i].kustomizations) {
        kustomizations_[canonical(each.directory)] = &each;
      }
      if (file_name(path) == "Chart.yaml") charts_[canonical(parent_of(path))] = i;
    }
    for (const auto& [directory, each] : kustomizations_) {
      for (const std::string& path : each->resources) {
        std::string listed = canonical(join(each->directory, path));
        if (listed != directory) listed_.insert(std::move(listed));
      }
    }
    sources_ = {.canonical = [this](const std::string& path) { return canonical(path); },
                .kustomization =
                    [this](const std::string& directory) {
                      const auto found = kustomizations_.find(directory);
                      return found == kustomizations_.end() ? nullptr : found->second;
                    },
                .file =
                    [this](const std::string& path) {
                      const auto found = by_path_.find(path);
                      return found == by_path_.end() ? nullptr : &read_[found->second];
                    }};
  }

  void group() {
    for (const ReadFile& file : read_) {
      for (const ApplicationObject& application : file.applications) add_application(application);
    }
    for (const auto& [directory, kustomization] : kustomizations_) {
      add_kustomization(directory, *kustomization);
    }
    if (renderer_ != nullptr) {
      for (const auto& [directory, index] : charts_) add_chart(directory, index);
      for (const std::string& directory : rendered_charts_) account_for_chart(directory);
    }
    for (const auto& [directory, indices] : by_directory_) add_directory(directory, indices);
    if (renderer_ != nullptr) account_for_sources();
    for (Bundle& bundle : project_.bundles) normalise(bundle);
    for (const auto& [repository, doubt] : doubtful_) {
      if (doubt.count == 1) continue;
      project_.diagnostics[doubt.diagnostic].message +=
          fmt::format(", nor do the paths of {} more of its repository", doubt.count - 1);
    }
    std::stable_sort(project_.bundles.begin(), project_.bundles.end(),
                     [](const Bundle& a, const Bundle& b) {
                       return std::tie(a.name, a.directory) < std::tie(b.name, b.directory);
                     });
  }

 private:
  [[nodiscard]] std::string canonical(const std::string& path) const {
    const auto name = files_.canonical(path);
    return name ? *name : normal(path);
  }

  // The directory of a file as the user would write it.
  [[nodiscard]] std::string shown(const std::string& directory) const {
    const auto found = by_directory_.find(directory);
    return found == by_directory_.end() ? directory
                                        : parent_of(read_[found->second.front()].report.path);
  }

  void add_files(Bundle& bundle, const std::vector<std::size_t>& indices) {
    for (const std::size_t index : indices) {
      const auto& resources = read_[index].resources;
      bundle.resources.insert(bundle.resources.end(), resources.begin(), resources.end());
    }
  }

  // Files of a kustomization: what it lists, and what the directories it lists list in turn.
  void collect(const std::string& directory, std::set<std::string>& seen,
               std::vector<std::size_t>& indices) {
    if (!seen.insert(directory).second) return;
    const auto found = kustomizations_.find(directory);
    if (found == kustomizations_.end()) return;
    for (const std::string& resource : found->second->resources) {
      const std::string path = canonical(join(found->second->directory, resource));
      if (const auto file = by_path_.find(path); file != by_path_.end()) {
        if (std::find(indices.begin(), indices.end(), file->second) == indices.end()) {
          indices.push_back(file->second);
        }
      } else {
        collect(path, seen, indices);
      }
    }
  }

  [[nodiscard]] std::vector<std::size_t> kustomization_files(const std::string& directory) {
    std::set<std::string> seen;
    std::vector<std::size_t> indices;
    collect(directory, seen, indices);
    std::sort(indices.begin(), indices.end());
    return indices;
  }

  // What the kustomization of a directory makes of the files that it lists.
  void add_composed(Bundle& bundle, const std::string& directory,
                    const std::vector<std::size_t>& indices) {
    if (!kustomize::changes_anything(sources_, directory)) return add_files(bundle, indices);
    kustomize::Composition made = kustomize::compose(sources_, directory, project_);
    for (const std::string& path : made.patches) {
      if (const auto file = by_path_.find(path); file != by_path_.end()) {
        claimed_.insert(file->second);
      }
    }
    for (const source::Span span : made.unknown) {
      if (!unknown_.insert(span).second) continue;
      note("IN011", "not-rendered", "this patch could not be applied to what is known here", span);
    }
    std::move(made.resources.begin(), made.resources.end(), std::back_inserter(bundle.resources));
  }

  void note(std::string code, std::string slug, std::string message, source::Span span) {
    Diagnostic diagnostic{.severity = Severity::Info,
                          .code = std::move(code),
                          .slug = std::move(slug),
                          .message = std::move(message)};
    diagnostic.primary.span = span;
    if (span.valid()) diagnostic.subject = project_.sources.name(span.file);
    project_.notes.push_back(std::move(diagnostic));
  }

  void add_application(const ApplicationObject& application) {
    if (application.has_template) {
      note("IN011", "not-rendered",
           fmt::format("the source path of Application `{}` is a template",
                       application.settings.name),
           application.settings.span);
      return;
    }
    Bundle bundle{.name = application.settings.name, .settings = application.settings};
    bool failed = false;
    for (std::size_t i = 0; i < application.settings.sources.size(); ++i) {
      failed = !add_source(application, i, bundle) || failed;
    }
    // Half an application is none.
    if (!failed && !bundle.resources.empty()) project_.bundles.push_back(std::move(bundle));
  }

  // Adds what was rendered of a directory to a bundle; false when there is nothing, which is said.
  bool add_rendered(const tl::expected<std::string, base::RenderError>& text,
                    const std::string& directory, bool is_chart, source::Span place,
                    Bundle& bundle) {
    if (!text) {
      project_.diagnostics.push_back(not_renderable(directory, text.error(), place));
      return false;
    }
    const auto parts =
        is_chart ? rendered_parts(directory, *text)
                 : std::vector<RenderedPart>{{.name = directory + " (rendered)", .text = *text}};
    // Several applications may render the same; it is read once.
    std::vector<Rendered>& known = rendered_[parts.empty() ? "" : parts.front().name];
    std::size_t at = 0;
    while (at < known.size() && known[at].text != *text) ++at;
    if (at == known.size()) {
      known.push_back({.text = *text, .objects = read_rendered(parts, project_)});
    }
    const RenderedObjects& objects = known[at].objects;
    bundle.resources.insert(bundle.resources.end(), objects.resources.begin(),
                            objects.resources.end());
    return !objects.failed;
  }

  // The node of a source in its Application.
  [[nodiscard]] static yaml::NodeId source_node(const model::ApplicationSettings& settings,
                                                std::size_t index) {
    const yaml::Tree& tree = *settings.tree;
    const yaml::NodeId single = tree.find(settings.root, {"spec", "source"});
    if (tree.is_mapping(single)) {
      if (index == 0) return single;
      --index;
    }
    const auto items = tree.items(tree.find(settings.root, {"spec", "sources"}));
    return index < items.size() ? items[index] : yaml::NodeId{};
  }

  // What the Application says of the chart; nothing where values come from another source.
  [[nodiscard]] std::optional<base::ChartSettings> chart_settings(
      const model::ApplicationSettings& settings, std::size_t index,
      const std::string& directory) const {
    const yaml::Tree& tree = *settings.tree;
    const yaml::NodeId helm = tree.find(source_node(settings, index), "helm");
    base::ChartSettings chart{.release = settings.name,
                              .name_space = settings.destination_namespace};
    if (const auto name = tree.string(helm, {"releaseName"}); !name.empty()) chart.release = name;
    if (const auto name = tree.string(helm, {"namespace"}); !name.empty()) chart.name_space = name;
    chart.skip_crds = tree.boolean(tree.find(helm, "skipCrds")).value_or(false);
    for (const yaml::NodeId item : tree.items(tree.find(helm, "valueFiles"))) {
      std::string file(tree.node(item).text);
      if (file.starts_with('$') || file.find("://") != std::string::npos) return std::nullopt;
      // Argo CD takes an absolute path from the root of the repository.
      if (file.starts_with('/')) file = git_root(files_, directory) + file;
      chart.value_files.push_back(std::move(file));
    }
    chart.values = tree.string(helm, {"values"});
    if (const auto values = tree.find(helm, "valuesObject"); tree.is_mapping(values)) {
      chart.values = yaml::canonical_json(tree, values);
    }
    for (const yaml::NodeId item : tree.items(tree.find(helm, "parameters"))) {
      const yaml::NodeId value = tree.find(item, "value");
      auto& list = tree.boolean(tree.find(item, "forceString")).value_or(false)
                       ? chart.string_parameters
                       : chart.parameters;
      list.emplace_back(tree.string(item, {"name"}),
                        tree.is_scalar(value) ? std::string(tree.node(value).text) : "");
    }
    const auto is_empty = [&](std::string_view key) {
      return tree.node(helm).child_count == 0 || !tree.find(helm, key).valid();
    };
    if (helm.valid() && (!is_empty("fileParameters"))) return std::nullopt;
    return chart;
  }

  // A chart that no Application names, with its own values.
  void add_chart(const std::string& directory, std::size_t index) {
    const FileReport& report = read_[index].report;
    if (claimed_charts_.contains(directory)) return;
    for (std::string at = parent_of(directory); at != parent_of(at); at = parent_of(at)) {
      if (charts_.contains(at)) return;  // a part of that one
    }
    const bool is_library =
        report.file.valid() &&
        project_.sources.text(report.file).find("type: library") != std::string_view::npos;
    if (is_library) return;
    const std::string shown_as = parent_of(report.path);
    Bundle bundle{.name = shown_as, .directory = shown_as};
    const base::ChartSettings settings{.release = std::string(file_name(directory)),
                                       .name_space = "default"};
    rendered_charts_.insert(directory);
    if (add_rendered(renderer_->chart(shown_as, settings), shown_as, true, {}, bundle) &&
        !bundle.resources.empty()) {
      project_.bundles.push_back(std::move(bundle));
    }
  }

  // The files of a rendered chart are no manifests of their own.
  void account_for_chart(const std::string& directory) {
    const std::string prefix = directory + "/";
    for (auto at = by_path_.lower_bound(prefix); at != by_path_.end(); ++at) {
      const auto& [path, index] = *at;
      if (!path.starts_with(prefix)) break;
      claimed_.insert(index);
      const std::string& name = read_[index].report.path;
      set_support(name);
      auto& notes = project_.notes;
      notes.erase(std::remove_if(notes.begin(), notes.end(),
                                 [&](const Diagnostic& note) {
                                   return note.subject == name &&
                                          (note.code == "IN005" || note.code == "IN006");
                                 }),
                  notes.end());
      // What is wrong with a template shows in what is rendered from it.
    }
  }

  void set_support(const std::string& path) {
    for (FileReport& file : project_.files) {
      if (file.path != path) continue;
      if (file.status != FileStatus::Checked && file.status != FileStatus::Template &&
          file.status != FileStatus::NoKubernetes && file.status != FileStatus::Empty) {
        continue;
      }
      file.status = FileStatus::Support;
      file.objects = 0;
    }
  }

  // What only went into something rendered was not checked itself.
  void account_for_sources() {
    std::set<source::FileId> used;
    for (const Bundle& bundle : project_.bundles) {
      for (const model::Resource& resource : bundle.resources) used.insert(resource.span.file);
    }
    for (const std::size_t index : claimed_) {
      const FileReport& report = read_[index].report;
      if (!used.contains(report.file)) set_support(report.path);
    }
    std::stable_sort(project_.files.begin(), project_.files.end(),
                     [](const FileReport& a, const FileReport& b) { return a.path < b.path; });
  }

  // False when the source could not be rendered, which is said.
  bool add_source(const ApplicationObject& application, std::size_t number, Bundle& bundle) {
    const model::ApplicationSource& source = application.settings.sources[number];
    if (!source.chart.empty()) {
      note("IN011", "not-rendered",
           fmt::format("the chart `{}` of Application `{}` was not rendered", source.chart,
                       bundle.name),
           bundle.settings.span);
      return true;
    }
    if (source.path.text.empty()) return true;  // only a `ref` for values
    const Place place = find_source(application, source);
    if (place.is_elsewhere) {
      note("IN010", "another-repository",
           fmt::format("Application `{}` takes its manifests from another repository, `{}`",
                       bundle.name, source.repo_url),
           source.path.span);
      return true;
    }
    if (place.directory.empty()) {
      missing_path(source, bundle.name, place.is_this_repository);
      return true;
    }
    bundle.directory = shown(place.directory);
    const auto kustomization = kustomizations_.find(place.directory);
    if (kustomization != kustomizations_.end()) {
      const auto indices = kustomization_files(place.directory);
      claimed_kustomizations_.insert(place.directory);
      claimed_.insert(indices.begin(), indices.end());
      if (renderer_ != nullptr) {
        const std::string& directory = kustomization->second->directory;
        return add_rendered(renderer_->kustomization(directory), directory, false, source.path.span,
                            bundle);
      }
      add_composed(bundle, place.directory, indices);
      return true;
    }
    if (files_.kind(join(place.directory, "Chart.yaml")) != base::FileKind::Missing) {
      const auto settings = renderer_ == nullptr
                                ? std::nullopt
                                : chart_settings(bundle.settings, number, place.directory);
      if (settings) {
        claimed_charts_.insert(place.directory);
        rendered_charts_.insert(place.directory);
        return add_rendered(renderer_->chart(shown_directory(place.directory), *settings),
                            shown_directory(place.directory), true, source.path.span, bundle);
      }
      note("IN011", "not-rendered",
           fmt::format("the chart at `{}` of Application `{}` was not rendered", source.path.text,
                       bundle.name),
           source.path.span);
      claimed_charts_.insert(place.directory);
      return true;
    }
    const auto indices = directory_files(place.directory, source);
    add_files(bundle, indices);
    claimed_.insert(indices.begin(), indices.end());
    return true;
  }

  // A chart's directory as the user would write it.
  [[nodiscard]] std::string shown_directory(const std::string& directory) const {
    const auto chart = charts_.find(directory);
    return chart == charts_.end() ? shown(directory) : parent_of(read_[chart->second].report.path);
  }

  struct Doubt {
    std::size_t diagnostic = 0;  // index into the project's
    std::size_t count = 0;
  };

  struct Place {
    std::string directory;  // canonical; empty: not found
    bool is_this_repository = false;
    bool is_elsewhere = false;
  };

  struct Repository {
    std::string root;    // empty: the directory is in none
    std::string origin;  // the URL of its remote `origin`; empty: unknown
  };

  [[nodiscard]] const Repository& repository_of(const std::string& directory) {
    const auto [found, is_new] = repositories_.try_emplace(directory);
    Repository& repository = found->second;
    if (!is_new) return repository;
    repository.root = git_root(files_, directory);
    if (repository.root.empty()) return repository;
    if (const auto config = files_.read(join(repository.root, ".git/config"))) {
      repository.origin = origin_url(*config);
    }
    return repository;
  }

  [[nodiscard]] Place find_source(const ApplicationObject& application,
                                  const model::ApplicationSource& source) {
    const std::string own = parent_of(application.file);
    const auto& [root, origin] = repository_of(own);
    Place place;
    if (!origin.empty() && !source.repo_url.empty()) {
      place.is_this_repository =
          repository_identity(origin) == repository_identity(source.repo_url);
      place.is_elsewhere = !place.is_this_repository;
      if (place.is_elsewhere) return place;
    }
    // Without a git root, the repository begins at some directory above the Application.
    std::vector<std::string> roots{root};
    if (root.empty()) {
      roots.clear();
      for (std::string at = own;; at = parent_of(at)) {
        roots.push_back(at);
        if (at == "." || at == "/") break;
      }
      if (roots.back() != ".") roots.emplace_back(".");
    }
    for (const std::string& candidate : roots) {
      const std::string directory = join(candidate, source.path.text);
      if (files_.kind(directory) != base::FileKind::Directory) continue;
      place.directory = canonical(directory);
      return place;
    }
    return place;
  }

  // Whose repository it is decides how bad it is that the path is not here. Where that cannot be
  // told, one Application speaks for all of its repository.
  void missing_path(const model::ApplicationSource& source, const std::string& name,
                    bool is_this_repository) {
    if (!is_this_repository) {
      const auto [at, is_first] =
          doubtful_.try_emplace(repository_identity(source.repo_url), Doubt{});
      ++at->second.count;
      if (!is_first) return;
      at->second.diagnostic = project_.diagnostics.size();
    }
    Diagnostic diagnostic{
        .severity = is_this_repository ? Severity::Error : Severity::Warning,
        .code = "IN009",
        .slug = "application-path-missing",
        .message = fmt::format("the path `{}` of Application `{}` does not exist here",
                               source.path.text, name)};
    diagnostic.primary = {.span = source.path.span, .text = "no such directory"};
    diagnostic.subject = project_.sources.name(source.path.span.file);
    diagnostic.consequence = "Argo CD reports `app path does not exist` and syncs nothing";
    diagnostic.help = is_this_repository
                          ? "correct the path; it is relative to the root of the repository"
                          : fmt::format(
                                "correct the path, or ignore this if `{}` is another "
                                "repository",
                                source.repo_url);
    project_.diagnostics.push_back(std::move(diagnostic));
  }

  [[nodiscard]] std::vector<std::size_t> directory_files(const std::string& directory,
                                                         const model::ApplicationSource& source) {
    std::vector<std::size_t> indices;
    // What is below stands together, except below the directory "." of relative paths.
    const bool is_everywhere = directory == "." || directory == "/";
    const std::string prefix = is_everywhere ? "" : directory + "/";
    for (auto at = by_path_.lower_bound(prefix); at != by_path_.end(); ++at) {
      const auto& [path, index] = *at;
      if (!path.starts_with(prefix)) break;
      const bool is_direct = parent_of(path) == directory;
      const bool is_below = path.starts_with(directory + "/");
      if (!is_direct && !(source.recurse && is_below)) continue;
      const std::string relative =
          is_below ? path.substr(directory.size() + 1) : std::string(file_name(path));
      if (!source.include.empty() && !base::glob_matches(source.include, relative)) continue;
      if (!source.exclude.empty() && base::glob_matches(source.exclude, relative)) continue;
      indices.push_back(index);
    }
    std::sort(indices.begin(), indices.end());
    return indices;
  }

  // What it lists and nobody read, such as a base outside of the paths that were named.
  void note_unread(const Kustomization& kustomization) {
    for (const std::string& resource : kustomization.resources) {
      const std::string path = canonical(join(kustomization.directory, resource));
      if (by_path_.contains(path) || kustomizations_.contains(path)) continue;
      note("IN011", "not-rendered",
           fmt::format("`{}`, which the kustomization of `{}` lists, was not read", resource,
                       kustomization.directory),
           kustomization.span);
    }
  }

  void add_kustomization(const std::string& directory, const Kustomization& kustomization) {
    const bool is_rendered = renderer_ != nullptr;
    if (!is_rendered && (kustomization.transforms || kustomization.has_remote)) {
      note("IN011", "not-rendered",
           fmt::format("the kustomization of `{}` was not rendered: its {} not applied",
                       kustomization.directory,
                       kustomization.has_remote ? "remote bases were" : "transformations were"),
           kustomization.span);
    }
    if (!is_rendered) note_unread(kustomization);
    if (claimed_kustomizations_.contains(directory)) return;
    // What another one takes in is checked as that makes it.
    if (!named_.contains(directory) && listed_.contains(directory)) return;
    const auto indices = kustomization_files(directory);
    claimed_.insert(indices.begin(), indices.end());
    Bundle bundle{.name = kustomization.directory, .directory = kustomization.directory};
    bundle.settings.destination_namespace = kustomization.name_space;
    if (is_rendered) {
      // A component has no meaning without what takes it in.
      if (kustomization.is_component) return;
      if (!add_rendered(renderer_->kustomization(kustomization.directory), kustomization.directory,
                        false, {}, bundle)) {
        return;
      }
    } else {
      add_composed(bundle, directory, indices);
    }
    if (!bundle.resources.empty()) project_.bundles.push_back(std::move(bundle));
  }

  // What no Application and no kustomization took: a directory is an application of its own, but
  // beside a kustomization a file is a patch or the like and stands alone.
  void add_directory(const std::string& directory, const std::vector<std::size_t>& indices) {
    std::vector<std::size_t> rest;
    for (const std::size_t index : indices) {
      if (!claimed_.contains(index) && !read_[index].resources.empty()) rest.push_back(index);
    }
    if (rest.empty()) return;
    if (!is_inside_kustomization(directory)) {
      Bundle bundle{.directory = parent_of(read_[rest.front()].report.path)};
      const bool is_single = indices.size() == 1 && read_[indices.front()].is_named;
      bundle.is_declared = is_single || named_.contains(directory);
      bundle.name = is_single ? read_[indices.front()].report.path : bundle.directory;
      add_files(bundle, rest);
      project_.bundles.push_back(std::move(bundle));
      return;
    }
    for (const std::size_t index : rest) {
      Bundle bundle{.name = read_[index].report.path,
                    .directory = parent_of(read_[index].report.path),
                    .is_application = false};
      add_files(bundle, {index});
      project_.bundles.push_back(std::move(bundle));
    }
  }

  [[nodiscard]] bool is_inside_kustomization(std::string directory) const {
    for (int up = 0; up < 2; ++up) {
      if (kustomizations_.contains(directory)) return true;
      directory = parent_of(directory);
    }
    return false;
  }

  static void normalise(Bundle& bundle) {
    if (bundle.settings.name.empty()) bundle.settings.name = bundle.name;
    const std::string& destination = bundle.settings.destination_namespace;
    model::set_destination(bundle, destination.empty() ? "default" : destination);
  }

  // What one tool printed, and what was read from it.
  struct Rendered {
    std::string text;
    RenderedObjects objects;
  };

  const base::FileSystem& files_;
  const std::vector<ReadFile>& read_;
  Project& project_;
  const base::Renderer* renderer_;
  std::map<std::string, std::size_t> charts_;  // Chart.yaml by canonical directory
  kustomize::Sources sources_;
  std::set<std::string> listed_;           // canonical directories that kustomizations take in
  std::set<source::Span> unknown_;         // patches that were noted
  std::set<std::string> claimed_charts_;   // by Applications
  std::set<std::string> rendered_charts_;  // canonical
  std::map<std::string, std::vector<Rendered>> rendered_;         // by name
  std::map<std::string, std::size_t> by_path_;                    // canonical path
  std::map<std::string, std::vector<std::size_t>> by_directory_;  // canonical path
  std::map<std::string, const Kustomization*> kustomizations_;    // by canonical directory
  std::set<std::string> named_;  // canonical paths that the user named
  std::set<std::size_t> claimed_;
  std::set<std::string> claimed_kustomizations_;
  std::map<std::string, Doubt> doubtful_;           // by repository
  std::map<std::string, Repository> repositories_;  // by directory
};

}  // namespace

void group_into_bundles(const base::FileSystem& files, const std::vector<ReadFile>& read,
                        const LoadOptions& options, Project& project) {
  Grouping(files, read, options, project).group();
}

}  // namespace wavetank::load
