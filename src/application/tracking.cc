#include "application/tracking.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "model/annotation.h"

namespace wavetank::application {

using nlohmann::json;

namespace {

constexpr const char* kInstallationId = "argocd.argoproj.io/installation-id";
constexpr std::size_t kLongestLabel = 63;

std::string text(const json& object, const char* key) {
  if (!object.is_object()) return {};
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

model::ObjectKey key_of(const json& object) {
  const std::string api_version = text(object, "apiVersion");
  const json metadata = object.is_object() ? object.value("metadata", json()) : json();
  return {.group = std::string(model::group_of(api_version)),
          .kind = text(object, "kind"),
          .name_space = text(metadata, "namespace"),
          .name = text(metadata, "name")};
}

// Two parts around the only slash.
struct Halves {
  std::string_view first;
  std::string_view second;
};

std::optional<Halves> halves(std::string_view text) {
  if (std::count(text.begin(), text.end(), '/') != 1) return std::nullopt;
  const auto slash = text.find('/');
  return Halves{.first = text.substr(0, slash), .second = text.substr(slash + 1)};
}

// A cluster-scoped object carries the destination's namespace in its mark.
bool is_named(const model::ObjectKey& object, const model::ObjectKey& by) {
  return (object.name_space.empty() || object.name_space == by.name_space) &&
         object.name == by.name && object.group == by.group && object.kind == by.kind;
}

// Here, unlike elsewhere, an annotation that is null hides the others, too.
std::optional<TrackedObject> mark_of(const json& object) {
  static const json::json_pointer kAnnotations("/metadata/annotations");
  if (object.contains(kAnnotations)) {
    for (const json& value : object[kAnnotations]) {
      if (!value.is_string()) return std::nullopt;
    }
  }
  const auto annotations = model::annotations_of(object);
  return parse_tracking_id(model::find(annotations, model::kTrackingId).value_or(""));
}

}  // namespace

std::string tracking_id(const std::string& application, const model::ObjectKey& key) {
  return fmt::format("{}:{}/{}:{}/{}", application, key.group, key.kind, key.name_space, key.name);
}

std::optional<TrackedObject> parse_tracking_id(std::string_view text) {
  const auto first = text.find(':');
  if (first == std::string_view::npos) return std::nullopt;
  const auto second = text.find(':', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  const auto kind = halves(text.substr(first + 1, second - first - 1));
  const auto name = halves(text.substr(second + 1));
  if (!kind || !name) return std::nullopt;
  return TrackedObject{.application = std::string(text.substr(0, first)),
                       .key = {.group = std::string(kind->first),
                               .kind = std::string(kind->second),
                               .name_space = std::string(name->first),
                               .name = std::string(name->second)}};
}

std::optional<TrackingMethod> tracking_method(std::string_view word) {
  if (word == "annotation") return TrackingMethod::Annotation;
  if (word == "label") return TrackingMethod::Label;
  if (word == "annotation+label") return TrackingMethod::AnnotationAndLabel;
  return std::nullopt;
}

void mark(json& manifest, const std::string& application, const model::ObjectKey& key,
          const Tracking& tracking) {
  json& metadata = manifest["metadata"];
  const auto entries = [&](const char* name) -> json& {
    json& map = metadata[name];
    if (!map.is_object()) map = json::object();
    return map;
  };
  if (tracking.method != TrackingMethod::Annotation) {
    entries("labels")[tracking.label] = application.substr(0, kLongestLabel);
  }
  if (tracking.method == TrackingMethod::Label) return;
  json& annotations = entries("annotations");
  annotations[std::string(model::kTrackingId)] = tracking_id(application, key);
  if (!tracking.installation_id.empty()) annotations[kInstallationId] = tracking.installation_id;
}

std::string marked_application(const json& live, const Tracking& tracking) {
  const json metadata = live.is_object() ? live.value("metadata", json()) : json();
  const auto entry = [&](const char* map, const std::string& name) {
    const auto found = metadata.is_object() ? metadata.find(map) : metadata.end();
    return found == metadata.end() ? std::string() : text(*found, name.c_str());
  };
  if (tracking.method == TrackingMethod::Label) return entry("labels", tracking.label);
  const bool is_of_another = !tracking.installation_id.empty() &&
                             entry("annotations", kInstallationId) != tracking.installation_id;
  if (is_of_another) return {};
  const auto tracked = mark_of(live);
  return tracked ? tracked->application : std::string();
}

bool refers_to_itself(const ObjectPair& pair, TrackingMethod method) {
  if (pair.live == nullptr || method == TrackingMethod::Label) return true;
  const model::ObjectKey live = key_of(*pair.live);
  if (pair.target != nullptr) return is_named(live, key_of(*pair.target));
  const auto mark = mark_of(*pair.live);
  return !mark || is_named(live, mark->key);
}

}  // namespace wavetank::application
