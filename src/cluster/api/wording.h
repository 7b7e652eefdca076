// The words of kubectl and of the API server; Argo CD passes them on to the user.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "model/key.h"

namespace wavetank::cluster::api {

// "deployments.apps", as error texts name resources. Unknown kinds are guessed as kubectl does.
[[nodiscard]] std::string resource_name(std::string_view group, std::string_view kind);
// "Deployment.apps", as validation errors name kinds.
[[nodiscard]] std::string kind_name(std::string_view group, std::string_view kind);

// "deployment.apps/web created", with " (dry run)" behind it if asked.
[[nodiscard]] std::string printed(const model::ObjectKey& key, std::string_view verb, bool dry_run);

[[nodiscard]] std::string not_found(const model::ObjectKey& key);
[[nodiscard]] std::string already_exists(const model::ObjectKey& key, bool is_deleting);
// `<Kind>.<group> "<name>" is invalid: <errors>`.
[[nodiscard]] std::string invalid(const model::ObjectKey& key, std::string_view errors);

}  // namespace wavetank::cluster::api
