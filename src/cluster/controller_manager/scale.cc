#include "cluster/controller_manager/scale.h"

#include <fmt/format.h>

#include <optional>

#include "cluster/api/object/json_access.h"
#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster {

using api::at;
using api::list;
using api::number;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

// Where an object has what its scale shows; paths as "/spec/replicas".
struct Paths {
  std::string wanted;
  std::string present;
  std::string selector;
};

// ".spec.replicas" as a definition of custom resources says it.
std::string as_pointer(std::string path) {
  for (char& c : path) {
    if (c == '.') c = '/';
  }
  return path;
}

std::optional<Paths> paths_of(Context& context, const api::KindInfo& kind) {
  const bool is_workload = kind.is("apps", "Deployment") || kind.is("apps", "ReplicaSet") ||
                           kind.is("apps", "StatefulSet") || kind.is("", "ReplicationController");
  if (is_workload) return Paths{"/spec/replicas", "/status/replicas", "/spec/selector"};
  if (!kind.is_custom) return std::nullopt;
  const json* definition = context.find({.group = "apiextensions.k8s.io",
                                         .kind = "CustomResourceDefinition",
                                         .name_space = "",
                                         .name = kind.resource + "." + kind.group});
  if (definition == nullptr) return std::nullopt;
  for (const json& version : list(*definition, "/spec/versions")) {
    if (text(version, "/name") != kind.version) continue;
    const json& scale = at(version, "/subresources/scale");
    if (!scale.is_object()) return std::nullopt;
    return Paths{as_pointer(text(scale, "/specReplicasPath")),
                 as_pointer(text(scale, "/statusReplicasPath")),
                 as_pointer(text(scale, "/labelSelectorPath"))};
  }
  return std::nullopt;
}

// The object at a path, made where there is none.
json& made_at(json& object, std::string_view path) {
  json* current = &object;
  while (!path.empty()) {
    path.remove_prefix(1);
    const auto slash = path.find('/');
    if (!current->is_object()) *current = json::object();
    current = &(*current)[std::string(path.substr(0, slash))];
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  }
  return *current;
}

}  // namespace

Scale scale_of(Context& context, const ObjectKey& key) {
  Scale scale;
  const api::KindInfo* kind = context.server().find_kind(key.group, key.kind);
  if (kind == nullptr) {
    scale.error = fmt::format("no matches for kind \"{}\" in group \"{}\"", key.kind, key.group);
    return scale;
  }
  scale.resource = api::resource_name(*kind);
  const auto paths = paths_of(context, *kind);
  if (!paths) {
    scale.error = "the server could not find the requested resource";
    return scale;
  }
  const json* object = context.find(key);
  if (object == nullptr) {
    scale.is_missing = true;
    scale.error = fmt::format("{} \"{}\" not found", scale.resource, key.name);
    return scale;
  }
  // A built-in kind has a default of 1; a custom one that says nothing wants none.
  scale.replicas = number(*object, paths->wanted, kind->is_custom ? 0 : 1);
  if (!paths->present.empty()) scale.status_replicas = number(*object, paths->present);
  if (!paths->selector.empty()) scale.selector = at(*object, paths->selector);
  return scale;
}

api::Reply set_scale(Context& context, const ObjectKey& key, std::int64_t replicas) {
  const api::KindInfo* kind = context.server().find_kind(key.group, key.kind);
  const auto paths = kind == nullptr ? std::nullopt : paths_of(context, *kind);
  if (!paths) return {};
  return context.edit(key, [&](json& object) { made_at(object, paths->wanted) = replicas; });
}

}  // namespace wavetank::cluster
