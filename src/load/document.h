// Reads one file into what it holds: Kubernetes objects, Argo CD Applications, a kustomization.
#pragma once

#include <string>
#include <vector>

#include "load/project.h"
#include "load/walk.h"
#include "model/application.h"
#include "model/resource.h"

namespace wavetank::load {

// What a kustomization lists; paths are relative to its directory.
struct Kustomization {
  std::string directory;
  std::string name_space;              // empty: none
  std::vector<std::string> resources;  // files and directories, `bases` and `components` included
  bool has_remote = false;             // a resource that is a URL
  bool transforms = false;             // in ways that load/kustomize does not know
  bool is_component = false;           // kind: Component
  source::Span span;
  const yaml::Tree* tree = nullptr;  // its document
  yaml::NodeId root;
};

struct ApplicationObject {
  model::ApplicationSettings settings;
  std::string file;           // the path of its manifest
  bool has_template = false;  // a source path with `{{`, as in an ApplicationSet's template
};

struct ReadFile {
  FileReport report;
  bool is_named = false;  // the user named the file itself
  std::vector<model::Resource> resources;
  std::vector<ApplicationObject> applications;
  std::vector<Kustomization> kustomizations;
};

// Adds texts, trees, diagnostics and notes to the project.
[[nodiscard]] ReadFile read_file(const base::FileSystem& files, const FoundFile& found,
                                 const LoadOptions& options, Project& project);

// The same for a text that stands in no file, such as what a tool printed.
[[nodiscard]] ReadFile read_text(const std::string& name, std::string text, Project& project);

}  // namespace wavetank::load
