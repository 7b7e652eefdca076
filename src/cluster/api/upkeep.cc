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

bool is_taken(const Server& server, const model::ObjectKey& key, const std::string& group,
              const char* field, const std::string& name) {
  for (const auto& [other, entry] : server.store().entries()) {
    if (other == key || other.kind != "CustomResourceDefinition") continue;
    const json& content = entry.object.content;
    if (text(content, "/spec/group") == group &&
        text(content, std::string("/status/acceptedNames/") + field) == name) {
      return true;
    }
  }
  return false;
}

json condition(const Server& server, const char* type, bool holds, std::string reason,
               std::string message) {
  return {{"lastTransitionTime", timestamp(server.now)},
          {"message", std::move(message)},
          {"reason", std::move(reason)},
          {"status", holds ? "True" : "False"},
          {"type", type}};
}

// Source: apiextensions-apiserver, naming_controller.go; of several conflicts the last one checked
// gives the reason.
void accept_definition(Server& server, const model::ObjectKey& key, json object) {
  if (has(object, "/metadata/deletionTimestamp")) return;
  const json names = at(object, "/spec/names");
  const std::string group = text(object, "/spec/group");
  json& status = object["status"];
  json accepted = {{"kind", text(status, "/acceptedNames/kind")},
                   {"plural", text(status, "/acceptedNames/plural")}};
  std::string reason;
  std::string message;
  for (const auto& [field, why] :
       {std::pair{"plural", "PluralConflict"}, std::pair{"singular", "SingularConflict"},
        std::pair{"kind", "KindConflict"}, std::pair{"listKind", "ListKindConflict"}}) {
    const std::string name = text(names, std::string("/") + field);
    if (is_taken(server, key, group, field, name)) {
      reason = why;
      message = "\"" + name + "\" is already in use";
    } else {
      accepted[field] = name;
    }
  }
  for (const char* name : {"shortNames", "categories"}) {
    if (names.contains(name)) accepted[name] = names.at(name);
  }
  if (at(status, "/acceptedNames") == accepted && has(status, "/conditions")) return;
  status["acceptedNames"] = std::move(accepted);
  if (!reason.empty()) {
    status["conditions"] = json::array(
        {condition(server, "NamesAccepted", false, reason, message),
         condition(server, "Established", false, "NotAccepted", "not all names are accepted")});
  } else {
    status["conditions"] =
        json::array({condition(server, "NamesAccepted", true, "NoConflicts", "no conflicts found"),
                     condition(server, "Established", true, "InitialNamesAccepted",
                               "the initial names have been accepted")});
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

bool is_claim_used(const Server& server, const model::ObjectKey& claim) {
  for (const auto& [key, entry] : server.store().entries()) {
    if (!key.group.empty() || key.kind != "Pod" || key.name_space != claim.name_space) continue;
    const json& pod = entry.object.content;
    // Pods without a node do not use anything yet.
    if (text(pod, "/spec/nodeName").empty()) continue;
    for (const json& volume : list(pod, "/spec/volumes")) {
      if (text(volume, "/persistentVolumeClaim/claimName") == claim.name) return true;
    }
  }
  return false;
}

// Source: pkg/controller/volume/{pvcprotection,pvprotection}.
void release_storage(Server& server, const model::ObjectKey& key, json object) {
  const bool is_claim = key.kind == "PersistentVolumeClaim";
  const json name = is_claim ? "kubernetes.io/pvc-protection" : "kubernetes.io/pv-protection";
  const json finalizers = list(object, "/metadata/finalizers");
  if (!has(object, "/metadata/deletionTimestamp")) {
    // A PUT without the finalizer loses it for a moment only.
    if (std::find(finalizers.begin(), finalizers.end(), name) != finalizers.end()) return;
    object["metadata"]["finalizers"].push_back(name);
    write(server, key, kObject, std::move(object));
    return;
  }
  if (is_claim ? is_claim_used(server, key) : text(object, "/status/phase") == "Bound") return;
  json kept = json::array();
  for (const json& each : finalizers) {
    if (each != name) kept.push_back(each);
  }
  if (kept.size() == finalizers.size()) return;
  object["metadata"]["finalizers"] = std::move(kept);
  write(server, key, kObject, std::move(object));
}

// The Deployment controller numbers revisions in an annotation, written with the status. Only that
// there is one matters here: a PUT that drops it makes a new generation.
void number_revision(Server& server, const model::ObjectKey& key, json object) {
  constexpr const char* kRevision = "deployment.kubernetes.io/revision";
  const json& annotations = at(object, "/metadata/annotations");
  if (annotations.is_object() && annotations.contains(kRevision)) return;
  if (flag(object, "/spec/paused") || has(object, "/metadata/deletionTimestamp")) return;
  object["metadata"]["annotations"][kRevision] = "1";
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

void react(Server& server) {
  std::vector<model::ObjectKey> keys;
  for (const auto& [key, entry] : server.store().entries()) {
    if (key.group.empty() && key.kind == "PersistentVolume") keys.push_back(key);
  }
  for (const model::ObjectKey& key : keys) {
    if (const Entry* entry = server.store().find(key)) {
      release_storage(server, key, entry->object.content);
    }
  }
}

void keep_up(Server& server) {
  std::vector<model::ObjectKey> keys;
  for (const auto& [key, entry] : server.store().entries()) keys.push_back(key);
  for (const model::ObjectKey& key : keys) {
    const Entry* entry = server.store().find(key);
    if (entry == nullptr) continue;
    const json object = entry->object.content;
    if (key.group == "apps" && key.kind == "Deployment") number_revision(server, key, object);
    if (key.kind == "CustomResourceDefinition") accept_definition(server, key, object);
    if (key.group.empty() && key.kind == "ResourceQuota") count_quota(server, key, object);
    if (key.group.empty() &&
        (key.kind == "PersistentVolumeClaim" || key.kind == "PersistentVolume")) {
      release_storage(server, key, object);
    }
    if (key.group.empty() && key.kind == "Namespace") furnish_namespace(server, key, object);
  }
}

}  // namespace wavetank::cluster::api
