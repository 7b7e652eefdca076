// The garbage collector and the other clean-up that follows a deletion at once: dependents of what
// is gone, the finalizers `foregroundDeletion` and `orphan`, the objects of a deleted definition.
//
// Source: pkg/controller/garbagecollector and the finalizing controller of apiextensions.

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/finalizers.h"
#include "cluster/controller_manager/owned_pods.h"

namespace wavetank::cluster {

using api::flag;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr const char* kForeground = "foregroundDeletion";
constexpr const char* kOrphan = "orphan";
constexpr const char* kDefinitionCleanup = "customresourcecleanup.apiextensions.k8s.io";
constexpr std::string_view kDefinition = "CustomResourceDefinition";
constexpr std::string_view kExtensions = "apiextensions.k8s.io";

// The object behind an owner reference, if it is still the same one. An owner of an unknown kind
// is never taken for absent.
enum class Owner : std::uint8_t { Present, Going, Absent, Unknown };
Owner look_up(Context& context, const ObjectKey& dependent, const json& reference) {
  const std::string api_version = text(reference, "/apiVersion");
  const api::KindInfo* kind = context.server().find_kind(
      model::group_of(api_version), model::version_of(api_version), text(reference, "/kind"));
  if (kind == nullptr) return Owner::Unknown;
  const Entry* owner =
      context.store().find({.group = kind->group,
                            .kind = kind->kind,
                            .name_space = kind->is_namespaced ? dependent.name_space : "",
                            .name = text(reference, "/name")});
  if (owner == nullptr || owner->object.uid != text(reference, "/uid")) return Owner::Absent;
  const bool is_going = owner->object.deleting && has_finalizer(owner->object.content, kForeground);
  return is_going ? Owner::Going : Owner::Present;
}

bool are_all_absent(Context& context, const ObjectKey& key, const json& owners) {
  return !owners.empty() && std::all_of(owners.begin(), owners.end(), [&](const json& each) {
    return look_up(context, key, each) == Owner::Absent;
  });
}

bool are_all_going(Context& context, const ObjectKey& key, const json& owners) {
  return std::all_of(owners.begin(), owners.end(), [&](const json& each) {
    const Owner owner = look_up(context, key, each);
    return owner == Owner::Going || owner == Owner::Absent;
  });
}

// References to owners that are gone are taken away while another owner is left.
void drop_dangling(Context& context, const ObjectKey& key, const json& owners) {
  json kept = json::array();
  for (const json& each : owners) {
    const Owner owner = look_up(context, key, each);
    if (owner != Owner::Absent && owner != Owner::Going) kept.push_back(each);
  }
  if (kept.empty() || kept.size() == owners.size()) return;
  context.edit(key, [&](json& object) { object["metadata"]["ownerReferences"] = kept; });
}

// Deletes the dependents of an owner that waits for them; lets it go when none blocks it.
void go_foreground(Context& context, const ObjectKey& key, const std::string& uid) {
  bool acted = false;
  bool is_blocked = false;
  for (const ObjectKey& dependent : context.store().dependents(uid)) {
    const Entry* entry = context.store().find(dependent);
    if (entry == nullptr) continue;
    const json owners = list(entry->object.content, "/metadata/ownerReferences");
    for (const json& owner : owners) {
      is_blocked = is_blocked || (text(owner, "/uid") == uid && flag(owner, "/blockOwnerDeletion"));
    }
    if (!entry->object.deleting && are_all_going(context, dependent, owners)) {
      acted = context.remove(dependent, api::DeletePolicy::Foreground).ok() || acted;
    }
  }
  if (acted) {
    context.wake(key);
  } else if (!is_blocked || context.store().dependents(uid).empty()) {
    context.edit(key, [](json& object) { drop_finalizer(object, kForeground); });
  }
}

void orphan(Context& context, const ObjectKey& key, const std::string& uid) {
  for (const ObjectKey& dependent : context.store().dependents(uid)) {
    const api::Reply reply = context.edit(dependent, [&](json& object) {
      json kept = json::array();
      for (const json& owner : list(object, "/metadata/ownerReferences")) {
        if (text(owner, "/uid") != uid) kept.push_back(owner);
      }
      object["metadata"]["ownerReferences"] = std::move(kept);
    });
    if (!reply.ok()) return;
  }
  context.edit(key, [](json& object) { drop_finalizer(object, kOrphan); });
}

// Instances are counted at once and then every five seconds. Source: apiextensions-apiserver,
// pkg/controller/finalizer/crd_finalizer.go.
bool may_count_now(Context& context, const ObjectKey& key, const json& definition) {
  constexpr base::Duration kPeriod = std::chrono::seconds(5);
  const auto deleted = instant_of(text(definition, "/metadata/deletionTimestamp"));
  if (!deleted) return true;
  // The timestamp has no fractions of a second.
  const base::Duration age = context.now() - *deleted;
  if (age < std::chrono::seconds(1) || age % kPeriod == base::Duration::zero()) return true;
  context.wake(key, kPeriod - age % kPeriod);
  return false;
}

void clean_up_definition(Context& context, const ObjectKey& key, const json& definition) {
  if (!may_count_now(context, key, definition)) return;
  const std::string group = text(definition, "/spec/group");
  const std::string kind = text(definition, "/spec/names/kind");
  std::vector<ObjectKey> keys;
  for (const auto& [each, entry] : context.store().everywhere(group, kind)) keys.push_back(each);
  bool any = false;
  for (const ObjectKey& each : keys) {
    context.remove(each);
    any = any || context.store().find(each) != nullptr;
  }
  if (!any) context.edit(key, [](json& object) { drop_finalizer(object, kDefinitionCleanup); });
}

// The collector learns of a new kind only at its next look, every 30 seconds: the moment from which
// it knows the kind; nothing when the kind is not served.
std::optional<base::Instant> noticed_at(Context& context, const ObjectKey& key) {
  if (api::built_in_kind(key.group, key.kind) != nullptr) return base::Instant{};
  const api::KindInfo* kind = context.server().find_kind(key.group, key.kind);
  if (kind == nullptr) return std::nullopt;
  const Entry* definition = context.store().find({.group = std::string(kExtensions),
                                                  .kind = std::string(kDefinition),
                                                  .name_space = "",
                                                  .name = kind->resource + "." + kind->group});
  if (definition == nullptr) return base::Instant{};
  return definition->object.created + std::chrono::seconds(30);
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const Entry* entry = context.store().find(key);
  if (entry == nullptr) return SyncResult::Done;
  if (!entry->object.deleting && entry->owner_uids.empty()) return SyncResult::Done;
  const json object = entry->object.content;
  const std::string uid = entry->object.uid;
  if (entry->object.deleting && has_finalizer(object, kDefinitionCleanup)) {
    clean_up_definition(context, key, object);
    // Its other finalizers are a matter of their own.
    entry = context.store().find(key);
    if (entry == nullptr) return SyncResult::Done;
  }
  const json& owners = list(object, "/metadata/ownerReferences");
  const bool is_waiting = has_finalizer(object, kForeground) || has_finalizer(object, kOrphan);
  if (entry->object.deleting ? !is_waiting : owners.empty()) return SyncResult::Done;
  const auto noticed = noticed_at(context, key);
  if (!noticed) return SyncResult::Done;
  if (*noticed > context.now()) {
    context.wake(key, *noticed - context.now());
    return SyncResult::Done;
  }
  if (entry->object.deleting) {
    if (has_finalizer(object, kForeground)) {
      go_foreground(context, key, uid);
    } else {
      orphan(context, key, uid);
    }
  } else if (are_all_absent(context, key, owners)) {
    context.remove(key);
  } else {
    drop_dangling(context, key, owners);
  }
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  // Its own look matters only when it is going, or when its owners have changed.
  const Entry* entry = context.store().find(notice.key);
  const bool has_owners = entry != nullptr && !entry->owner_uids.empty();
  if (entry != nullptr && (notice.is_deleting || (has_owners && notice.has_new_owners))) {
    context.wake(notice.key);
  }
  if (notice.is_removed || notice.is_deleting) {
    for (const ObjectKey& dependent : context.store().dependents(notice.uid)) {
      context.wake(dependent);
    }
  }
  // An owner waits for those that are going or gone.
  if (!notice.is_removed && !notice.is_deleting && !notice.has_new_owners) return;
  for (const std::string& uid : notice.owner_uids) {
    if (const ObjectKey* owner = context.store().key_of(uid)) context.wake(*owner);
  }
  if (notice.is_removed && api::built_in_kind(notice.key.group, notice.key.kind) == nullptr) {
    for (const ObjectKey& each : context.all_of(kExtensions, kDefinition, "")) context.wake(each);
  }
}

}  // namespace

const Controller kGarbageCollector{"garbage-collector-controller", notice, sync};

}  // namespace wavetank::cluster
