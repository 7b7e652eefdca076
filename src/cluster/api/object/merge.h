// How a manifest, a patch or an edit becomes part of a live object: kubectl's three-way merge of a
// client-side apply, strategic merge patches, JSON merge patches (RFC 7386), JSON patches (RFC
// 6902).
//
// The three-way merge does in one step what kubectl and the server do in two: kubectl's patch is
// never built, only the answer to whether it would be empty.
// Source: apimachinery, util/strategicpatch and util/jsonmergepatch.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "cluster/api/schema/schema.h"

namespace wavetank::cluster::api {

struct ThreeWay {
  nlohmann::json object;
  bool is_changed = false;  // kubectl's patch is not empty
};

// Fields of `last` that `manifest` has no more go; what `manifest` names wins; the rest stays.
// Without a type (custom resources) every list is taken as a whole.
[[nodiscard]] ThreeWay three_way_merge(const Type* type, const nlohmann::json& last,
                                       const nlohmann::json& manifest, const nlohmann::json& live);

[[nodiscard]] nlohmann::json merge_patch(nlohmann::json object, const nlohmann::json& patch);

[[nodiscard]] nlohmann::json strategic_merge(const Type* type, nlohmann::json object,
                                             const nlohmann::json& patch);

// Nothing when the patch does not fit the object.
[[nodiscard]] std::optional<nlohmann::json> json_patch(nlohmann::json object,
                                                       const nlohmann::json& patch);

}  // namespace wavetank::cluster::api
