// Where in an object a place stands, as a path of keys; it stays when lines move.
#pragma once

#include <string>

#include "load/project.h"

namespace wavetank::load {

// "spec.template.spec.containers[migrate].image": items of a list by their `name`, else by their
// number. A key and its value have the same path. Empty when no document holds the place.
[[nodiscard]] std::string key_path(const Project& project, source::Span place);

}  // namespace wavetank::load
