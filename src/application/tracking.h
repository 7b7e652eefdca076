// The mark by which Argo CD knows an application's objects again.
//
// Source: util/argo/resource_tracking.go; controller/state.go (isSelfReferencedObj).
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "model/key.h"

namespace wavetank::application {

// The value of the tracking annotation: "<app>:<group>/<kind>:<namespace>/<name>".
[[nodiscard]] std::string tracking_id(const std::string& application, const model::ObjectKey& key);

struct TrackedObject {
  std::string application;
  model::ObjectKey key;
};

// Nothing for a text of another form.
[[nodiscard]] std::optional<TrackedObject> parse_tracking_id(std::string_view text);

// `application.resourceTrackingMethod`.
enum class TrackingMethod : std::uint8_t { Annotation, Label, AnnotationAndLabel };
[[nodiscard]] std::optional<TrackingMethod> tracking_method(std::string_view word);

// A live object and what git wants it to be; either may be missing.
struct ObjectPair {
  const nlohmann::json* live = nullptr;
  const nlohmann::json* target = nullptr;
};

// Whether the live object can be the application's, and no copy that somebody made of one together
// with its annotations.
[[nodiscard]] bool refers_to_itself(const ObjectPair& pair, TrackingMethod method);

}  // namespace wavetank::application
