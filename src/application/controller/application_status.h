// The status of an Application as its object shows it: read from a cluster's dump, to go on from.
//
// Source: pkg/apis/application/v1alpha1/types.go.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "application/controller/controller.h"

namespace wavetank::application {

// Reads `operation` and `status`, as far as they are there; what is not legible counts as absent.
void read_status(const nlohmann::json& object, ApplicationState& state, base::Interner& interner);

// `status.history`.
[[nodiscard]] std::vector<HistoryEntry> read_history(const nlohmann::json& list);

}  // namespace wavetank::application
