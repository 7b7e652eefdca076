// Everything that was read from the paths a user named: texts, trees, applications, and an account
// of every single file.
//
// Reading never fails: what is wrong with the input is a Diagnostic, what was left out is counted
// in `files`. Nothing is ever skipped without a FileReport.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/file_system.h"
#include "base/renderer.h"
#include "model/bundle.h"
#include "source/diagnostic.h"
#include "source/source_map.h"
#include "yaml/tree.h"

namespace wavetank::load {

// What became of a file (or of a path that is none).
enum class FileStatus : std::uint8_t {
  Checked,       // at least one Kubernetes object was read from it
  Support,       // understood but no manifest: kustomization, Chart.yaml, values file (IN005)
  NoKubernetes,  // YAML or JSON without a Kubernetes object (IN005)
  Empty,         // no document with content (IN005)
  Template,      // a Helm (or other) template that is no YAML (IN006)
  Unreadable,    // IN001
  NotText,       // binary or undecodable (IN002)
  SyntaxError,   // some document is broken (IN003); the others were read
  OverLimit,     // depth, aliases or size (IN004)
  Missing,       // IN008
};

struct FileReport {
  std::string path;
  FileStatus status = FileStatus::Checked;
  std::uint32_t documents = 0;  // with content
  std::uint32_t objects = 0;    // Kubernetes objects, those in Lists counted one by one
  source::FileId file;          // none when there is no text
  bool is_named = false;        // the user named this file, not a directory above it
};

struct Project {
  source::SourceMap sources;
  std::deque<yaml::Tree> trees;  // stable addresses: Resources point into them
  // Objects as a kustomization changes them. Each node keeps the place it comes from, so one tree
  // may point into several files; what it says must not be fixed where it stands.
  std::deque<yaml::Tree> composed;
  std::vector<model::Bundle> bundles;           // by name, then directory
  std::vector<source::Diagnostic> diagnostics;  // the IN family, in order of files
  // What the summary only counts: IN005, IN006, IN010, IN011, IN012 (suppressed), IN013
  // (in the baseline), IN015 (in files that were not asked for).
  std::vector<source::Diagnostic> notes;
  std::vector<FileReport> files;  // by path
};

struct LoadOptions {
  std::vector<std::string> paths;  // files, directories or "-"; none means "."
  std::string stdin_filename = "<stdin>";
  std::vector<std::string> exclude;  // globs on paths as shown; matching files are not read
  // Renders kustomizations and charts, and sees the same files; null: they are taken as far as
  // their files tell.
  std::shared_ptr<const base::Renderer> renderer;
};

[[nodiscard]] Project load_project(const base::FileSystem& files, const LoadOptions& options);

}  // namespace wavetank::load
