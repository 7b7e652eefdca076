#include "cluster/controller_manager/controller.h"

#include "cluster/api/object/json_access.h"

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

api::Reply Context::create(const json& object) {
  const std::string api_version = api::text(object, "/apiVersion");
  const api::Target target{
      .kind = server_.find_kind(model::group_of(api_version), api::text(object, "/kind")),
      .name_space = api::text(object, "/metadata/namespace"),
      .name = ""};
  return server_.create(target, object, {.caller = kCaller});
}

api::Reply Context::write(const ObjectKey& key, const Change& change, const char* subresource) {
  const api::Target target{.kind = server_.find_kind(key.group, key.kind),
                           .name_space = key.name_space,
                           .name = key.name};
  const Entry* entry = server_.store().find(key);
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
  return write(key, change, "status");
}

api::Reply Context::remove(const ObjectKey& key, api::DeletePolicy policy) {
  const api::Target target{.kind = server_.find_kind(key.group, key.kind),
                           .name_space = key.name_space,
                           .name = key.name};
  if (target.kind == nullptr) return {};
  return server_.remove(target, {.caller = kCaller, .policy = policy});
}

json Context::recall(const ObjectKey& key) const {
  const Entry* entry = server_.store().find(key);
  return entry == nullptr ? json() : entry->memory;
}

void Context::remember(const ObjectKey& key, json what) {
  if (Entry* entry = server_.store().find(key)) entry->memory = std::move(what);
}

}  // namespace wavetank::cluster
