#include "load/project.h"

#include <fmt/format.h>

#include <algorithm>

#include "load/document.h"
#include "load/grouping.h"
#include "load/walk.h"

namespace wavetank::load {

namespace {

void add_problem(const WalkProblem& problem, Project& project) {
  source::Diagnostic diagnostic{.severity = source::Severity::Error};
  diagnostic.code = problem.is_missing ? "IN008" : "IN001";
  diagnostic.slug = problem.is_missing ? "no-such-path" : "unreadable";
  diagnostic.message = problem.is_missing ? fmt::format("`{}` does not exist", problem.path)
                                          : fmt::format("cannot read it: {}", problem.reason);
  diagnostic.subject = problem.path;
  project.diagnostics.push_back(std::move(diagnostic));
  project.files.push_back(
      {.path = problem.path,
       .status = problem.is_missing ? FileStatus::Missing : FileStatus::Unreadable});
}

}  // namespace

Project load_project(const base::FileSystem& files, const LoadOptions& options) {
  Project project;
  const std::vector<std::string> here{"."};
  const std::vector<std::string>& named = options.paths.empty() ? here : options.paths;
  const Walk found = walk(files, named, options.exclude);
  for (const WalkProblem& problem : found.problems) add_problem(problem, project);
  std::vector<ReadFile> read;
  read.reserve(found.files.size());
  for (const FoundFile& file : found.files) {
    read.push_back(read_file(files, file, options, project));
    project.files.push_back(read.back().report);
  }
  std::stable_sort(project.files.begin(), project.files.end(),
                   [](const FileReport& a, const FileReport& b) { return a.path < b.path; });
  group_into_bundles(files, read, options, project);
  const bool has_object = std::any_of(project.files.begin(), project.files.end(),
                                      [](const FileReport& file) { return file.objects > 0; });
  if (!has_object && project.diagnostics.empty()) {
    project.diagnostics.push_back({.severity = source::Severity::Error,
                                   .code = "IN007",
                                   .slug = "nothing-to-check",
                                   .message = "no Kubernetes manifest was found"});
  }
  return project;
}

}  // namespace wavetank::load
