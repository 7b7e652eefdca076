// The Application behind a bundle, as an object of the cluster.
#pragma once

#include <nlohmann/json.hpp>

#include "model/bundle.h"

namespace wavetank::sim {

// The namespace in which Argo CD lives.
inline constexpr const char* kArgocdNamespace = "argocd";

// What the manifest of the Application says; without one, what Argo CD's defaults are.
[[nodiscard]] nlohmann::json application_object(const model::Bundle& bundle);

}  // namespace wavetank::sim
