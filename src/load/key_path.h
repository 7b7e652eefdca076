// Where in an object a place stands, as a path of keys; it stays when lines move.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "load/project.h"

namespace wavetank::load {

class KeyPaths {
 public:
  // REQUIRES: `project` outlives it and does not change.
  explicit KeyPaths(const Project& project);

  // "spec.template.spec.containers[migrate].image": items of a list by their `name`, else by their
  // number. A key and its value have the same path. Empty when no document holds the place.
  [[nodiscard]] std::string of(source::Span place) const;

 private:
  std::map<source::FileId, std::vector<const yaml::Tree*>> trees_;
};

}  // namespace wavetank::load
