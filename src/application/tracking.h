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

// How an installation of Argo CD marks its objects.
struct Tracking {
  TrackingMethod method = TrackingMethod::Annotation;
  std::string label = "app.kubernetes.io/instance";
  std::string installation_id;  // empty: none
};

// Puts the mark on a manifest. A cluster-scoped object's mark names the destination's namespace.
void mark(nlohmann::json& manifest, const std::string& application, const model::ObjectKey& key,
          const Tracking& tracking);
// The application that a live object's mark names; empty: none.
[[nodiscard]] std::string marked_application(const nlohmann::json& live, const Tracking& tracking);

// A live object and what git wants it to be; either may be missing.
struct ObjectPair {
  const nlohmann::json* live = nullptr;
  const nlohmann::json* target = nullptr;
};

// Whether the live object can be the application's, and no copy that somebody made of one together
// with its annotations.
[[nodiscard]] bool refers_to_itself(const ObjectPair& pair, TrackingMethod method);

}  // namespace wavetank::application
