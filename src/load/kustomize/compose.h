// The objects that a kustomization makes, as far as its files tell: what it lists, in kustomize's
// order patched, moved to a namespace, renamed, labelled and annotated.
//
// Every text keeps the place where a user wrote it. What kustomize would also do to the inside of
// objects (images, replicas, replacements, variables) is left out, and the hash behind the name of
// a generated ConfigMap or Secret, too: references keep the plain name with it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "load/document.h"

namespace wavetank::load::kustomize {

// Where a composition finds what it needs; paths are canonical. Null: not among what was read.
struct Sources {
  std::function<std::string(const std::string&)> canonical;
  std::function<const Kustomization*(const std::string&)> kustomization;
  std::function<const ReadFile*(const std::string&)> file;
};

struct Composition {
  std::vector<model::Resource> resources;  // those that nothing changed as they were read
  std::set<std::string> patches;           // canonical paths of the patch files that were applied
  std::vector<source::Span> unknown;       // patches and the like that could not be applied
};

// Whether a kustomization, or one that it takes in, changes what it lists.
[[nodiscard]] bool changes_anything(const Sources& sources, const std::string& directory);

// New trees go to `project.composed`.
[[nodiscard]] Composition compose(const Sources& sources, const std::string& directory,
                                  Project& project);

}  // namespace wavetank::load::kustomize
