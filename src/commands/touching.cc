#include "commands/touching.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "load/path.h"
#include "load/rendered.h"

namespace wavetank::commands {

namespace {

class Touched {
 public:
  Touched(const base::FileSystem& files, const std::vector<std::string>& paths) : files_(files) {
    for (const std::string& path : paths) paths_.insert(canonical(path));
  }

  [[nodiscard]] bool has(const std::string& path) {
    const auto [at, is_new] = known_.try_emplace(path, false);
    if (is_new) {
      const std::string name(load::path_of_rendered(path));
      at->second = is_below(canonical(name)) || (name != path && holds(canonical(name)));
    }
    return at->second;
  }

 private:
  // A directory stands for all that is in it.
  [[nodiscard]] bool is_below(std::string path) const {
    while (!paths_.contains(path)) {
      const std::string parent = load::parent_of(path);
      if (parent == path || parent == ".") return false;
      path = parent;
    }
    return true;
  }

  // What changes any file of a kustomization or chart may change all that is rendered from it.
  [[nodiscard]] bool holds(const std::string& directory) const {
    const auto at = paths_.lower_bound(directory + "/");
    return at != paths_.end() && at->starts_with(directory + "/");
  }

  // Deleted files have no other name than the one they are called by.
  [[nodiscard]] std::string canonical(const std::string& path) const {
    return files_.canonical(path).value_or(load::join(files_.canonical(".").value_or("/"), path));
  }

  const base::FileSystem& files_;
  std::set<std::string> paths_;
  std::map<std::string, bool> known_;
};

source::Diagnostic elsewhere(source::Diagnostic diagnostic) {
  diagnostic.message =
      fmt::format("{} {}: in files that were not asked for", diagnostic.code, diagnostic.slug);
  diagnostic.code = "IN015";
  diagnostic.slug = "elsewhere";
  return diagnostic;
}

}  // namespace

void keep_touching(const base::FileSystem& files, const std::vector<std::string>& touched,
                   Inspection& inspection) {
  Touched wanted(files, touched);
  load::Project& project = inspection.project;
  const auto is_wanted = [&](source::Span span) {
    return span.valid() && wanted.has(std::string(project.sources.name(span.file)));
  };
  std::vector<lint::Finding> kept;
  for (lint::Finding& finding : inspection.findings) {
    const auto& related = finding.diagnostic.related;
    if (is_wanted(finding.diagnostic.primary.span) ||
        std::any_of(related.begin(), related.end(),
                    [&](const source::Label& label) { return is_wanted(label.span); })) {
      kept.push_back(std::move(finding));
    } else {
      project.notes.push_back(elsewhere(std::move(finding.diagnostic)));
    }
  }
  inspection.findings = std::move(kept);
  std::vector<source::Diagnostic> diagnostics;
  for (source::Diagnostic& each : project.diagnostics) {
    // What has no place is about everything.
    if (each.subject.empty() || each.code == "IN008" || wanted.has(each.subject)) {
      diagnostics.push_back(std::move(each));
    } else {
      project.notes.push_back(elsewhere(std::move(each)));
    }
  }
  project.diagnostics = std::move(diagnostics);
}

}  // namespace wavetank::commands
