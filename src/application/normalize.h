// Manifests on their way to the comparison: namespaces, tracking, repeated objects.
//
// Source: controller/state.go (NormalizeTargetObjects).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "model/target_names.h"

namespace wavetank::application {

struct Manifest {
  model::ObjectKey key;  // as written
  std::string generate_name;
  model::Scope scope = model::Scope::Unknown;  // unknown counts as namespaced
};

struct KeptManifest {
  std::size_t index = 0;
  std::string name_space;

  friend bool operator==(const KeptManifest&, const KeptManifest&) = default;
};

struct NormalizedManifests {
  std::vector<KeptManifest> kept;     // by index
  std::vector<std::size_t> stamped;   // those that got another namespace and so a new tracking mark
  std::vector<std::string> repeated;  // messages of conditions RepeatedResourceWarning, sorted
};

[[nodiscard]] NormalizedManifests normalize(std::span<const Manifest> manifests,
                                            model::Destination destination);

// The messages of conditions RepeatedResourceWarning, sorted.
[[nodiscard]] std::vector<std::string> repetition_messages(
    std::span<const model::Repetition> repetitions);

}  // namespace wavetank::application
