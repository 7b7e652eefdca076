// The kinds that the API server serves: built-in ones from a table, custom ones from the
// CustomResourceDefinitions in the store; and how messages call them.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/schema/schema.h"

namespace wavetank::cluster::api {

struct KindInfo {
  std::string group;
  std::string version;
  std::string kind;
  std::string resource;  // "deployments"
  bool is_namespaced = true;
  bool has_status = false;      // a subresource; writes of the object cannot change it
  bool has_generation = false;  // metadata.generation counts changes of what was asked for
  bool is_custom = false;
  const Type* type = nullptr;

  [[nodiscard]] bool is(std::string_view of_group, std::string_view of_kind) const {
    return group == of_group && kind == of_kind;
  }
  [[nodiscard]] std::string api_version() const {
    return group.empty() ? version : group + "/" + version;
  }
};

[[nodiscard]] const std::vector<KindInfo>& built_in_kinds();
// The first served version of a built-in kind; null when there is none.
[[nodiscard]] const KindInfo* built_in_kind(std::string_view group, std::string_view kind);
// The kinds, one per served version, that a CustomResourceDefinition serves. `schema` owns their
// types.
[[nodiscard]] std::vector<KindInfo> custom_kinds(const nlohmann::json& definition, Schema& schema);

// The resource of a kind of which nothing else is known. Source: meta.UnsafeGuessKindToResource.
[[nodiscard]] std::string guessed_resource(std::string_view kind);

// "deployments.apps", as errors name resources.
[[nodiscard]] std::string resource_name(const KindInfo& kind);
// "Deployment.apps", as validation errors name kinds.
[[nodiscard]] std::string kind_name(const KindInfo& kind);
// "deployment.apps/web", as kubectl prints objects.
[[nodiscard]] std::string printed_name(const KindInfo& kind, std::string_view name);

}  // namespace wavetank::cluster::api
