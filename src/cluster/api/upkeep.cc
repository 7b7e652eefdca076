#include "cluster/api/upkeep.h"

#include <algorithm>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

const WriteRequest kStatus{.caller = {.user = "", .manager = "kube-controller-manager"},
                           .subresource = "status"};
const WriteRequest kObject{.caller = {.user = "", .manager = "kube-controller-manager"}};

void write(Server& server, const model::ObjectKey& key, const WriteRequest& request, json object) {
  const Target target{.kind = server.find_kind(key.group, key.kind),
                      .name_space = key.name_space,
                      .name = key.name};
  if (target.kind == nullptr) return;
  (void)server.patch(
      target, [&](const json&) { return Patched{.object = object}; }, request);
}

bool is_taken(const Server& server, const model::ObjectKey& key, const json& names,
              const std::string& group) {
  for (const auto& [other, entry] : server.store().entries()) {
    if (other == key || other.kind != "CustomResourceDefinition") continue;
    const json& content = entry.object.content;
    if (text(content, "/spec/group") != group) continue;
    const json& accepted = at(content, "/status/acceptedNames");
    for (const char* name : {"/kind", "/plural", "/singular", "/listKind"}) {
      if (!text(accepted, name).empty() && text(accepted, name) == text(names, name)) return true;
    }
  }
  return false;
}

void accept_definition(Server& server, const model::ObjectKey& key, json object) {
  if (has(object, "/metadata/deletionTimestamp")) return;
  const json& names = at(object, "/spec/names");
  json accepted = {{"kind", text(names, "/kind")},
                   {"listKind", text(names, "/listKind")},
                   {"plural", text(names, "/plural")},
                   {"singular", text(names, "/singular")}};
  for (const char* name : {"shortNames", "categories"}) {
    if (names.contains(name)) accepted[name] = names.at(name);
  }
  json& status = object["status"];
  if (at(status, "/acceptedNames") == accepted) return;
  const bool taken = is_taken(server, key, names, text(object, "/spec/group"));
  if (taken && has(status, "/conditions")) return;
  const std::string now = timestamp(server.now);
  if (taken) {
    status["acceptedNames"] = {{"kind", ""}, {"plural", ""}};
    status["conditions"] =
        json::array({{{"lastTransitionTime", now},
                      {"message", "\"" + text(names, "/plural") + "\" is already in use"},
                      {"reason", "PluralConflict"},
                      {"status", "False"},
                      {"type", "NamesAccepted"}},
                     {{"lastTransitionTime", now},
                      {"message", "not all names are accepted"},
                      {"reason", "NotAccepted"},
                      {"status", "False"},
                      {"type", "Established"}}});
  } else {
    status["acceptedNames"] = std::move(accepted);
    status["conditions"] = json::array({{{"lastTransitionTime", now},
                                         {"message", "no conflicts found"},
                                         {"reason", "NoConflicts"},
                                         {"status", "True"},
                                         {"type", "NamesAccepted"}},
                                        {{"lastTransitionTime", now},
                                         {"message", "the initial names have been accepted"},
                                         {"reason", "InitialNamesAccepted"},
                                         {"status", "True"},
                                         {"type", "Established"}}});
  }
  write(server, key, kStatus, std::move(object));
}

void count_quota(Server& server, const model::ObjectKey& key, json object) {
  const json& hard = at(object, "/spec/hard");
  json used = quota_usage(server.store(), key.name_space, hard);
  if (at(object, "/status/hard") == hard && at(object, "/status/used") == used) return;
  object["status"] = {{"hard", hard}, {"used", std::move(used)}};
  write(server, key, kStatus, std::move(object));
}

void furnish_namespace(Server& server, const model::ObjectKey& key, const json& object) {
  if (has(object, "/metadata/deletionTimestamp") || key.name == "demo") return;
  for (const auto& [kind, name] :
       {std::pair{"ServiceAccount", "default"}, std::pair{"ConfigMap", "kube-root-ca.crt"}}) {
    const Target target{.kind = built_in_kind("", kind), .name_space = key.name, .name = name};
    if (server.store().find(target.key()) != nullptr) continue;
    (void)server.create(
        target, {{"apiVersion", "v1"}, {"kind", kind}, {"metadata", {{"name", name}}}}, kObject);
  }
}

}  // namespace

void keep_up(Server& server) {
  std::vector<model::ObjectKey> keys;
  for (const auto& [key, entry] : server.store().entries()) keys.push_back(key);
  for (const model::ObjectKey& key : keys) {
    const Entry* entry = server.store().find(key);
    if (entry == nullptr) continue;
    const json object = entry->object.content;
    if (key.kind == "CustomResourceDefinition") accept_definition(server, key, object);
    if (key.group.empty() && key.kind == "ResourceQuota") count_quota(server, key, object);
    if (key.group.empty() && key.kind == "Namespace") furnish_namespace(server, key, object);
  }
}

}  // namespace wavetank::cluster::api
