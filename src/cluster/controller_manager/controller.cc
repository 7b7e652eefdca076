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
  const ObjectKey first{.group = std::string(group),
                        .kind = std::string(kind),
                        .name_space = std::string(name_space),
                        .name = ""};
  std::vector<ObjectKey> found;
  const auto& entries = server_.store().entries();
  for (auto each = entries.lower_bound(first); each != entries.end(); ++each) {
    const ObjectKey& key = each->first;
    if (key.group != group || key.kind != kind || key.name_space != name_space) break;
    found.push_back(key);
  }
  return found;
}

std::optional<Plan> Context::plan_of(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? std::nullopt : entry->plan;
}

void Context::plan(const ObjectKey& key, std::uint8_t step, base::Duration after,
                   Prospect prospect) {
  Entry* entry = server_.store().find(key);
  if (entry == nullptr) return;
  entry->plan = Plan{.step = step, .at = now() + after};
  wake(key, after, prospect);
}

void Context::hold(const ObjectKey& key, std::uint8_t step) {
  if (Entry* entry = server_.store().find(key)) entry->plan = Plan{.step = step, .at = now()};
}

void Context::drop_plan(const ObjectKey& key) {
  if (Entry* entry = server_.store().find(key)) entry->plan.reset();
}

api::Reply Context::create(const json& object) {
  const std::string api_version = api::text(object, "/apiVersion");
  const api::Target target{
      .kind = server_.find_kind(model::group_of(api_version), api::text(object, "/kind")),
      .name_space = api::text(object, "/metadata/namespace"),
      .name = ""};
  return server_.create(target, object, {.caller = kCaller});
}

api::Reply Context::write(const ObjectKey& key, const Change& change, const char* subresource) {
  const Entry* entry = server_.store().find(key);
  api::Target target{.kind = nullptr, .name_space = key.name_space, .name = key.name};
  if (entry != nullptr) {
    // In the version it is stored in: others would lose what they do not know.
    const std::string version = api::text(entry->object.content, "/apiVersion");
    target.kind = server_.find_kind(key.group, model::version_of(version), key.kind);
    if (target.kind == nullptr) target.kind = server_.find_kind(key.group, key.kind);
  }
  if (target.kind == nullptr || entry == nullptr) return {.code = 404, .changed = false};
  json wanted = entry->object.content;
  change(wanted);
  if (wanted == entry->object.content) return {.changed = false};
  const api::Patch patch = [&](const json&) { return api::Patched{.object = std::move(wanted)}; };
  return server_.patch(target, patch, {.caller = kCaller, .subresource = subresource});
}

api::Reply Context::edit(const ObjectKey& key, const Change& change) {
  return write(key, change, "");
}

api::Reply Context::edit_status(const ObjectKey& key, const Change& change) {
  const Entry* entry = server_.store().find(key);
  api::Reply reply;
  reply.changed = false;
  if (entry == nullptr) {
    reply.code = 404;
    return reply;
  }
  const json& live = entry->object.content;
  json part = {{"metadata", api::at(live, "/metadata")}, {"status", api::at(live, "/status")}};
  change(part);
  json annotations = api::at(part, "/metadata/annotations");
  const bool is_annotated = annotations != api::at(live, "/metadata/annotations");
  if (!is_annotated && part["status"] == api::at(live, "/status")) return reply;
  server_.write_status(key, std::move(part["status"]), is_annotated ? &annotations : nullptr);
  reply.changed = true;
  return reply;
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
  const api::Target target{.kind = server_.find_kind(key.group, key.kind),
                           .name_space = key.name_space,
                           .name = key.name};
  if (target.kind == nullptr) return {};
  return server_.remove(target, {.caller = kCaller, .policy = policy});
}

api::Reply Context::remove_now(const ObjectKey& key) {
  const api::Target target{.kind = server_.find_kind(key.group, key.kind),
                           .name_space = key.name_space,
                           .name = key.name};
  if (target.kind == nullptr) return {};
  return server_.remove(target, {.caller = kCaller, .grace_seconds = 0});
}

json Context::recall(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? json() : entry->memory;
}

void Context::remember(const ObjectKey& key, json what) {
  if (Entry* entry = server_.store().find(key)) entry->memory = std::move(what);
}

}  // namespace wavetank::cluster
