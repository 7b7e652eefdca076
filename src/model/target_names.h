// What Argo CD does to the names of manifests before it compares them with the cluster: namespaces
// by scope, and of several manifests with one key only the last.
//
// Source: controller/state.go (NormalizeTargetObjects).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/key.h"
#include "model/kinds.h"

namespace wavetank::model {

struct Destination {
  std::string_view name_space;
};

// Cluster-scoped objects have no namespace, others without one get the destination's.
[[nodiscard]] std::string_view target_namespace(Scope scope, std::string_view written,
                                                Destination destination);

struct TargetName {
  ObjectKey key;  // with its final namespace
  std::string generate_name;
};

struct Repetition {
  ObjectKey key;
  std::size_t count = 0;
};

struct DistinctTargets {
  std::vector<std::size_t> kept;        // ascending
  std::vector<Repetition> repetitions;  // by key
};

// An object with a generateName counts as if its name were that and its position in the list; so it
// can meet another one of that name.
[[nodiscard]] DistinctTargets distinct_targets(std::span<const TargetName> names);

}  // namespace wavetank::model
