// The namespace that `syncPolicy.managedNamespaceMetadata` makes of an application's destination.
//
// Source: controller/sync_namespace.go.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace wavetank::application {

// A Namespace with the labels and annotations; it is applied server-side. `metadata` null: with
// none.
[[nodiscard]] nlohmann::json managed_namespace(const std::string& name,
                                               const nlohmann::json& metadata);

}  // namespace wavetank::application
