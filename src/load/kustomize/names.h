// Names that an object refers to others by, which change with them.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "load/kustomize/value.h"

namespace wavetank::load::kustomize {

// The place of a name, and the kind of what it names.
struct NameUse {
  std::string_view kind;
  Value& name;
  Value* name_space = nullptr;  // where it is said beside the name; else that of the object
};

// Visits the names of other objects that an object of this kind holds, as far as kustomize knows
// built-in kinds. Source: kustomize, api/internal/konfig/builtinpluginconsts/namereference.go.
void visit_names(std::string_view kind, Value& object,
                 const std::function<void(const NameUse&)>& visit);

}  // namespace wavetank::load::kustomize
