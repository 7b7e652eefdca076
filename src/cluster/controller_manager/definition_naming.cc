// Names of CustomResourceDefinitions: accepted when no other definition of the group has them; a
// definition whose names are accepted is established, and its kinds are served.
//
// Source: apiextensions-apiserver, naming_controller.go and establishing_controller.go; of several
// conflicts the last one checked gives the reason.

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kKind = "CustomResourceDefinition";
constexpr std::string_view kGroup = "apiextensions.k8s.io";

bool is_taken(Context& context, const ObjectKey& key, const std::string& group, const char* field,
              const std::string& name) {
  for (const ObjectKey& other : context.all_of(kGroup, kKind, "")) {
    if (other == key) continue;
    const json& content = *context.find(other);
    if (text(content, "/spec/group") == group &&
        text(content, std::string("/status/acceptedNames/") + field) == name) {
      return true;
    }
  }
  return false;
}

json condition(Context& context, const char* type, bool holds, std::string reason,
               std::string message) {
  return {{"lastTransitionTime", context.time()},
          {"message", std::move(message)},
          {"reason", std::move(reason)},
          {"status", holds ? "True" : "False"},
          {"type", type}};
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* found = context.find(key);
  if (found == nullptr || has(*found, "/metadata/deletionTimestamp")) return SyncResult::Done;
  const json object = *found;
  const json names = at(object, "/spec/names");
  const std::string group = text(object, "/spec/group");
  json accepted = {{"kind", text(object, "/status/acceptedNames/kind")},
                   {"plural", text(object, "/status/acceptedNames/plural")}};
  std::string reason;
  std::string message;
  for (const auto& [field, why] :
       {std::pair{"plural", "PluralConflict"}, std::pair{"singular", "SingularConflict"},
        std::pair{"kind", "KindConflict"}, std::pair{"listKind", "ListKindConflict"}}) {
    const std::string name = text(names, std::string("/") + field);
    if (is_taken(context, key, group, field, name)) {
      reason = why;
      message = "\"" + name + "\" is already in use";
    } else {
      accepted[field] = name;
    }
  }
  for (const char* name : {"shortNames", "categories"}) {
    if (names.contains(name)) accepted[name] = names.at(name);
  }
  if (at(object, "/status/acceptedNames") == accepted && has(object, "/status/conditions")) {
    return SyncResult::Done;
  }
  context.edit_status(key, [&](json& changed) {
    json& status = changed["status"];
    status["acceptedNames"] = accepted;
    if (!reason.empty()) {
      status["conditions"] = json::array(
          {condition(context, "NamesAccepted", false, reason, message),
           condition(context, "Established", false, "NotAccepted", "not all names are accepted")});
    } else {
      status["conditions"] = json::array(
          {condition(context, "NamesAccepted", true, "NoConflicts", "no conflicts found"),
           condition(context, "Established", true, "InitialNamesAccepted",
                     "the initial names have been accepted")});
    }
  });
  return SyncResult::Done;
}

// Names that one definition gives up are free for the others.
void notice(Context& context, const Notice& notice) {
  if (notice.key.kind != kKind || notice.key.group != kGroup) return;
  for (const ObjectKey& each : context.all_of(kGroup, kKind, "")) context.wake(each);
}

}  // namespace

const Controller kDefinitionNaming{"crd-naming-controller", notice, sync};

}  // namespace wavetank::cluster
