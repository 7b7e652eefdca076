// Strategic merge patches and JSON patches (RFC 6902), as kustomize applies them.
#pragma once

#include "load/kustomize/value.h"

namespace wavetank::load::kustomize {

enum class Lists : std::uint8_t {
  ByKey,  // of built-in kinds: containers are the same by their name, and so on
  Whole,  // of custom resources: a list takes the place of another
};

// Whether the object is to be deleted: `$patch: delete` at its top.
[[nodiscard]] bool deletes_object(const Value& patch);
// Merges a patch into an object, whose kind and name stay as they are.
void merge(Value& object, const Value& patch, Lists lists);

// Applies the operations of a JSON patch in order; false when one does not apply or is not
// modelled (`move`, `copy`): then kustomize fails or does something else, and the object must not
// be trusted.
[[nodiscard]] bool apply_operations(Value& object, const Value& operations);

}  // namespace wavetank::load::kustomize
