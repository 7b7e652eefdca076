// From what a client sent to what the server holds: unknown fields are dropped with a warning,
// wrong types are refused, quantities and empty values take their canonical form.
//
// Source: apimachinery's strict decoder, sigs.k8s.io/json and the pruning of custom resources.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "cluster/api/error.h"
#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster::api {

struct Decoded {
  nlohmann::json object;
  std::vector<std::string> warnings;  // `unknown field "spec.foo"`
  std::string type_error;             // Go's text; empty when every type is right
  std::string convert_error;          // the same, as patches and applies say it
};

[[nodiscard]] Decoded decode(const KindInfo& kind, const nlohmann::json& body);

// The Go text of the first wrong type in labels and annotations, as kubectl itself meets it when it
// reads the manifest; empty when there is none.
[[nodiscard]] std::string metadata_type_error(const nlohmann::json& manifest);

// How a decoder names a JSON value: "string", "number", "bool", "object", "array".
[[nodiscard]] std::string_view go_json_type(const nlohmann::json& value);

}  // namespace wavetank::cluster::api
