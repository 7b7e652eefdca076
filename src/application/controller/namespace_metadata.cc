#include "application/controller/namespace_metadata.h"

#include <fmt/format.h>

#include "health/object_view.h"
#include "model/annotation.h"

namespace wavetank::application {

using nlohmann::json;

json managed_namespace(const std::string& name, const json& metadata) {
  json object = {{"apiVersion", "v1"}, {"kind", "Namespace"}, {"metadata", {{"name", name}}}};
  if (!metadata.is_object()) return object;
  if (const json& labels = health::at(metadata, "/labels"); labels.is_object()) {
    object["metadata"]["labels"] = labels;
  }
  json annotations = health::at(metadata, "/annotations");
  if (!annotations.is_object()) annotations = json::object();
  constexpr std::string_view kServerSide = "ServerSideApply=true";
  json& options = annotations[std::string(model::kSyncOptions)];
  const std::string written = options.is_string() ? options.get<std::string>() : "";
  options = written.empty() ? std::string(kServerSide) : fmt::format("{},{}", written, kServerSide);
  object["metadata"]["annotations"] = std::move(annotations);
  return object;
}

}  // namespace wavetank::application
