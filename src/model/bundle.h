// All resources of one application at one revision, with the settings of its syncs.
//
// The namespace of every resource key is normalised as Argo CD does before a comparison:
// cluster-scoped kinds have none, others without one get the destination namespace. Duplicates are
// all kept here (rules report them); `targets` names those that Argo CD keeps, the last of each
// key.
#pragma once

#include <string>
#include <vector>

#include "model/application.h"
#include "model/resource.h"

namespace wavetank::model {

struct Bundle {
  std::string name;       // the Application's name, else the directory or file it was found in
  std::string directory;  // where its manifests were found, as shown to the user
  // False: a file that no application lists, such as a kustomize patch; it is linted by itself.
  bool is_application = true;
  // An Application, a kustomization or the user says that these belong together; else it is only
  // supposed, because they lie in one directory.
  bool is_declared = true;
  ApplicationSettings settings;
  std::vector<Resource> resources;  // in reading order: files by path, documents in order

  // Indices into `resources`, in the project's total order of keys (objects with a generateName
  // come in reading order among equals).
  [[nodiscard]] std::vector<std::size_t> targets() const;
};

// Sets the destination's namespace, and with it the namespaces of all keys.
void set_destination(Bundle& bundle, std::string name_space);

}  // namespace wavetank::model
