#include "sim/application_object.h"

#include "yaml/json.h"

namespace wavetank::sim {

using nlohmann::json;

namespace {

json& mapping(json& parent, const char* key) {
  json& child = parent[key];
  if (!child.is_object()) child = json::object();
  return child;
}

}  // namespace

json application_object(const model::Bundle& bundle) {
  const model::ApplicationSettings& settings = bundle.settings;
  json object = json::object();
  if (settings.tree != nullptr) object = yaml::to_json(*settings.tree, settings.root);
  object["apiVersion"] = "argoproj.io/v1alpha1";
  object["kind"] = "Application";
  json& metadata = mapping(object, "metadata");
  metadata["name"] = settings.name;
  metadata["namespace"] = kArgocdNamespace;
  json& spec = mapping(object, "spec");
  mapping(spec, "destination")["namespace"] = settings.destination_namespace;
  if (!spec.contains("source") && !spec.contains("sources")) {
    spec["source"] = {{"path", bundle.directory}};
  }
  json options = json::array();
  for (const auto& option : settings.sync_options) options.push_back(option.text);
  if (!options.empty()) mapping(spec, "syncPolicy")["syncOptions"] = std::move(options);
  return object;
}

}  // namespace wavetank::sim
