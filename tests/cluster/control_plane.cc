#include "cluster/control_plane.h"

#include <catch2/catch.hpp>

#include "cluster/api/object/json_access.h"
#include "yaml/json.h"
#include "yaml/parser.h"

namespace wavetank::cluster {

using api::text;
using nlohmann::json;

namespace {

constexpr const char* kManager = "test";

json from_yaml(const std::string& text) {
  const auto documents = yaml::parse_documents(source::FileId{0}, text);
  REQUIRE(documents.size() == 1);
  REQUIRE_FALSE(documents[0].error.has_value());
  return yaml::to_json(documents[0].tree, documents[0].tree.root());
}

api::WriteRequest request(const std::string& subresource = "") {
  return {.caller = {.user = "", .manager = kManager}, .subresource = subresource};
}

}  // namespace

ControlPlane::ControlPlane(std::span<const Controller* const> controllers)
    : manager(server, controllers) {
  write("{apiVersion: v1, kind: Namespace, metadata: {name: demo}}");
}

model::ObjectKey ControlPlane::key(const std::string& group, const std::string& kind,
                                   const std::string& name) const {
  const api::KindInfo* info = api::built_in_kind(group, kind);
  const bool is_namespaced = info == nullptr || info->is_namespaced;
  return {
      .group = group, .kind = kind, .name_space = is_namespaced ? kNamespace : "", .name = name};
}

std::string ControlPlane::write(const std::string& yaml) {
  json object = from_yaml(yaml);
  const std::string api_version = text(object, "/apiVersion");
  const std::string name = text(object, "/metadata/name");
  const model::ObjectKey wanted =
      key(std::string(model::group_of(api_version)), text(object, "/kind"), name);
  api::Target target{
      .kind = server.find_kind(wanted.group, model::version_of(api_version), wanted.kind),
      .name_space = wanted.name_space,
      .name = name};
  REQUIRE(target.kind != nullptr);
  if (!target.kind->is_namespaced) target.name_space.clear();
  if (store.find(target.key()) != nullptr) {
    return patch(wanted.group, wanted.kind, name, object);
  }
  if (target.kind->is_namespaced) object["metadata"]["namespace"] = target.name_space;
  target.name.clear();
  const api::Reply reply = server.create(target, std::move(object), request());
  settle();
  return reply.error ? reply.error->message : "";
}

std::string ControlPlane::patch(const std::string& group, const std::string& kind,
                                const std::string& name, const json& patch,
                                const std::string& subresource) {
  const model::ObjectKey wanted = key(group, kind, name);
  const api::Target target{
      .kind = server.find_kind(group, kind), .name_space = wanted.name_space, .name = name};
  REQUIRE(target.kind != nullptr);
  const api::Reply reply = server.patch(
      target,
      [&](const json& live) {
        api::Patched patched{.object = live};
        patched.object.merge_patch(patch);
        return patched;
      },
      request(subresource));
  settle();
  return reply.error ? reply.error->message : "";
}

void ControlPlane::remove(const std::string& group, const std::string& kind,
                          const std::string& name, api::DeletePolicy policy) {
  const model::ObjectKey wanted = key(group, kind, name);
  const api::Target target{
      .kind = server.find_kind(group, kind), .name_space = wanted.name_space, .name = name};
  REQUIRE(target.kind != nullptr);
  (void)server.remove(target, {.caller = {.user = "", .manager = kManager}, .policy = policy});
  settle();
}

void ControlPlane::pass(base::Duration time) {
  const base::Instant until = server.now + time;
  manager.run(until);
  server.now = until;
}

json ControlPlane::running(const char* ready) const {
  return {{"phase", "Running"},
          {"conditions", json::array({{{"type", "Ready"},
                                       {"status", ready},
                                       {"lastTransitionTime", timestamp(server.now)}}})}};
}

void ControlPlane::report(const std::vector<std::string>& pods, const json& status) {
  for (const std::string& pod : pods) {
    const api::Target target{
        .kind = server.find_kind("", "Pod"), .name_space = kNamespace, .name = pod};
    (void)server.patch(
        target,
        [&](const json& live) {
          api::Patched patched{.object = live};
          patched.object["status"].merge_patch(status);
          return patched;
        },
        request("status"));
  }
  settle();
}

void ControlPlane::set_ready(const std::string& pod) { report({pod}, running("True")); }

void ControlPlane::set_unready(const std::string& pod) { report({pod}, running("False")); }

void ControlPlane::set_phase(const std::string& pod, const std::string& phase) {
  report({pod}, {{"phase", phase}, {"conditions", json::array()}});
}

const json* ControlPlane::find(const std::string& group, const std::string& kind,
                               const std::string& name) const {
  const Entry* entry = store.find(key(group, kind, name));
  return entry == nullptr ? nullptr : &entry->object.content;
}

json ControlPlane::value(const std::string& group, const std::string& kind, const std::string& name,
                         const std::string& pointer) const {
  const json* object = find(group, kind, name);
  const json::json_pointer path(pointer);
  return object != nullptr && object->contains(path) ? object->at(path) : json();
}

std::vector<std::string> ControlPlane::names(const std::string& group,
                                             const std::string& kind) const {
  std::vector<std::string> found;
  for (const auto& [each, entry] : store.entries()) {
    if (each.group == group && each.kind == kind) found.push_back(each.name);
  }
  return found;
}

std::vector<std::string> ControlPlane::pods() const {
  std::vector<std::string> found;
  for (const std::string& name : names("", "Pod")) {
    const json image = value("", "Pod", name, "/spec/containers/0/image");
    found.push_back(name + " " + (image.is_string() ? image.get<std::string>() : ""));
  }
  return found;
}

json ControlPlane::condition(const std::string& group, const std::string& kind,
                             const std::string& name, const std::string& type) const {
  const json conditions = value(group, kind, name, "/status/conditions");
  for (const json& each : conditions) {
    if (text(each, "/type") == type) return each;
  }
  return {};
}

}  // namespace wavetank::cluster
