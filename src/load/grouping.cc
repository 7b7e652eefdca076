#include "load/grouping.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/glob.h"
#include "load/path.h"

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
           const std::vector<std::string>& named, Project& project)
      : files_(files), read_(read), project_(project) {
    for (const std::string& path : named) named_.insert(canonical(path));
    for (std::size_t i = 0; i < read.size(); ++i) {
      const std::string& path = read[i].report.path;
      by_path_[canonical(path)] = i;
      by_directory_[canonical(parent_of(path))].push_back(i);
      for (const Kustomization& each : read[i].kustomizations) {
        kustomizations_[canonical(each.directory)] = &each;
      }
    }
  }

  void group() {
    for (const ReadFile& file : read_) {
      for (const ApplicationObject& application : file.applications) add_application(application);
    }
    for (const auto& [directory, kustomization] : kustomizations_) {
      add_kustomization(directory, *kustomization);
    }
    for (const auto& [directory, indices] : by_directory_) add_directory(directory, indices);
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
    for (const model::ApplicationSource& each : application.settings.sources) {
      add_source(application, each, bundle);
    }
    if (!bundle.resources.empty()) project_.bundles.push_back(std::move(bundle));
  }

  void add_source(const ApplicationObject& application, const model::ApplicationSource& source,
                  Bundle& bundle) {
    if (!source.chart.empty()) {
      note("IN011", "not-rendered",
           fmt::format("the chart `{}` of Application `{}` was not rendered", source.chart,
                       bundle.name),
           bundle.settings.span);
      return;
    }
    if (source.path.text.empty()) return;  // only a `ref` for values
    const Place place = find_source(application, source);
    if (place.is_elsewhere) {
      note("IN010", "another-repository",
           fmt::format("Application `{}` takes its manifests from another repository, `{}`",
                       bundle.name, source.repo_url),
           source.path.span);
      return;
    }
    if (place.directory.empty()) {
      missing_path(source, bundle.name, place.is_this_repository);
      return;
    }
    bundle.directory = shown(place.directory);
    if (kustomizations_.contains(place.directory)) {
      const auto indices = kustomization_files(place.directory);
      add_files(bundle, indices);
      claimed_kustomizations_.insert(place.directory);
      claimed_.insert(indices.begin(), indices.end());
      return;
    }
    if (files_.kind(join(place.directory, "Chart.yaml")) != base::FileKind::Missing) {
      note("IN011", "not-rendered",
           fmt::format("the chart at `{}` of Application `{}` was not rendered", source.path.text,
                       bundle.name),
           source.path.span);
      return;
    }
    const auto indices = directory_files(place.directory, source);
    add_files(bundle, indices);
    claimed_.insert(indices.begin(), indices.end());
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

  void add_kustomization(const std::string& directory, const Kustomization& kustomization) {
    if (kustomization.transforms || kustomization.has_remote) {
      note("IN011", "not-rendered",
           fmt::format("the kustomization of `{}` was not rendered: its {} not applied",
                       kustomization.directory,
                       kustomization.has_remote ? "remote bases were" : "transformations were"),
           kustomization.span);
    }
    if (claimed_kustomizations_.contains(directory)) return;
    const auto indices = kustomization_files(directory);
    claimed_.insert(indices.begin(), indices.end());
    Bundle bundle{.name = kustomization.directory, .directory = kustomization.directory};
    bundle.settings.destination_namespace = kustomization.name_space;
    add_files(bundle, indices);
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

  const base::FileSystem& files_;
  const std::vector<ReadFile>& read_;
  Project& project_;
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
                        const std::vector<std::string>& named, Project& project) {
  Grouping(files, read, named, project).group();
}

}  // namespace wavetank::load
