#include "cluster/controller_manager/controller.h"

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/conditions.h"

namespace wavetank::cluster {

using model::ObjectKey;
using nlohmann::json;

namespace {

const api::Caller kCaller{.user = "", .manager = "kube-controller-manager"};

}  // namespace

const json* Context::find(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? nullptr : &entry->object.content;
}

std::vector<ObjectKey> Context::all_of(std::string_view group, std::string_view kind,
                                       std::string_view name_space) const {
  std::vector<ObjectKey> found;
  for (const auto& [key, entry] : server_.store().of_kind(group, kind, name_space)) {
    found.push_back(key);
  }
  return found;
}

std::optional<NextStep> Context::next_step_of(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? std::nullopt : entry->next_step;
}

void Context::schedule(const ObjectKey& key, std::uint8_t step, base::Duration after,
                       Prospect prospect) {
  Entry* entry = server_.store().find(key);
  if (entry == nullptr) return;
  entry->next_step = NextStep{.step = step, .at = now() + after};
  wake(key, after, prospect);
}

void Context::hold(const ObjectKey& key, std::uint8_t step) {
  if (Entry* entry = server_.store().find(key))
    entry->next_step = NextStep{.step = step, .at = now()};
}

void Context::drop_next_step(const ObjectKey& key) {
  if (Entry* entry = server_.store().find(key)) entry->next_step.reset();
}

api::Reply Context::create(const json& object) {
  const std::string api_version = api::text(object, "/apiVersion");
  const api::Target target{
      .kind = server_.find_kind(model::group_of(api_version), api::text(object, "/kind")),
      .name_space = api::text(object, "/metadata/namespace"),
      .name = ""};
  return server_.create(target, object, {.caller = kCaller});
}

// In the version it is stored in: others would lose what they do not know.
api::Target Context::target_of(const ObjectKey& key) {
  api::Target target{.kind = nullptr, .name_space = key.name_space, .name = key.name};
  if (const json* object = find(key)) {
    const std::string version = api::text(*object, "/apiVersion");
    target.kind = server_.find_kind(key.group, model::version_of(version), key.kind);
  }
  if (target.kind == nullptr) target.kind = server_.find_kind(key.group, key.kind);
  return target;
}

api::Reply Context::write(const ObjectKey& key, const Change& change, const char* subresource) {
  const api::Target target = target_of(key);
  const json* live = find(key);
  if (target.kind == nullptr || live == nullptr) return {.code = 404, .changed = false};
  json wanted = *live;
  change(wanted);
  if (wanted == *live) return {.changed = false};
  const api::Patch patch = [&](const json&) { return api::Patched{.object = std::move(wanted)}; };
  return server_.patch(target, patch, {.caller = kCaller, .subresource = subresource});
}

api::Reply Context::edit(const ObjectKey& key, const Change& change) {
  return write(key, change, "");
}

api::Reply Context::edit_status(const ObjectKey& key, const Change& change) {
  const json* live = find(key);
  if (live == nullptr) return {.code = 404, .changed = false};
  json part = {{"metadata", api::at(*live, "/metadata")}, {"status", api::at(*live, "/status")}};
  change(part);
  json annotations = api::at(part, "/metadata/annotations");
  const bool is_annotated = annotations != api::at(*live, "/metadata/annotations");
  if (!is_annotated && part["status"] == api::at(*live, "/status")) return {.changed = false};
  server_.write_status(key, std::move(part["status"]), is_annotated ? &annotations : nullptr);
  return {};
}

void Context::bind(const ObjectKey& pod, const std::string& node) {
  json status = api::at(*find(pod), "/status");
  remove_condition(status, "PodScheduled");
  set_condition(status, {.type = "PodScheduled", .status = "True", .reason = "", .message = ""},
                time());
  server_.bind(pod, node, std::move(status));
}

api::Reply Context::edit_spec_finalizers(const ObjectKey& key, const Change& change) {
  return write(key, change, "finalize");
}

api::Reply Context::remove(const ObjectKey& key, api::DeletePolicy policy) {
  return remove(key, {.caller = kCaller, .policy = policy});
}

api::Reply Context::remove_now(const ObjectKey& key) {
  return remove(key, {.caller = kCaller, .grace_seconds = 0});
}

api::Reply Context::remove(const ObjectKey& key, const api::DeleteRequest& request) {
  const api::Target target = target_of(key);
  return target.kind == nullptr ? api::Reply{} : server_.remove(target, request);
}

json Context::recall(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? json() : entry->memory;
}

void Context::remember(const ObjectKey& key, json what) {
  if (Entry* entry = server_.store().find(key)) entry->memory = std::move(what);
}

}  // namespace wavetank::cluster
