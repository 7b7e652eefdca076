// What may not be changed once an object exists.
//
// Source: pkg/apis/*/validation of Kubernetes 1.36; texts as the API server words them. Kinds and
// fields that are not named here may be changed freely.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "model/key.h"

namespace wavetank::cluster::api {

// The errors of writing `target` over `live`, as they stand behind "is invalid: "; nothing when the
// write is allowed.
[[nodiscard]] std::optional<std::string> refused_change(const model::ObjectKey& key,
                                                        const nlohmann::json& live,
                                                        const nlohmann::json& target);

// New finalizers on an object that is being deleted are refused.
[[nodiscard]] std::optional<std::string> refused_finalizers(const nlohmann::json& live,
                                                            const nlohmann::json& target);

}  // namespace wavetank::cluster::api
