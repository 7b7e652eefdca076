// Finalizers that keep claims and volumes while they are used.
//
// Source: pkg/controller/volume/{pvcprotection,pvprotection}.

#include "cluster/api/object/json_access.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/controller_manager/finalizers.h"

namespace wavetank::cluster {

using api::has;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kClaim = "PersistentVolumeClaim";
constexpr std::string_view kVolume = "PersistentVolume";

// Pods without a node do not use anything yet; those that have ended still do.
bool is_claim_used(Context& context, const ObjectKey& claim) {
  for (const ObjectKey& key : context.all_of("", "Pod", claim.name_space)) {
    const json& pod = *context.find(key);
    if (text(pod, "/spec/nodeName").empty()) continue;
    for (const json& volume : list(pod, "/spec/volumes")) {
      if (text(volume, "/persistentVolumeClaim/claimName") == claim.name) return true;
    }
  }
  return false;
}

SyncResult sync(Context& context, const ObjectKey& key) {
  const json* object = context.find(key);
  if (object == nullptr) return SyncResult::Done;
  const bool is_claim = key.kind == kClaim;
  const char* name = is_claim ? "kubernetes.io/pvc-protection" : "kubernetes.io/pv-protection";
  if (!has(*object, "/metadata/deletionTimestamp")) {
    // A PUT without the finalizer loses it for a moment only.
    context.edit(key, [&](json& each) { add_finalizer(each, name); });
    return SyncResult::Done;
  }
  if (!has_finalizer(*object, name)) return SyncResult::Done;
  const bool is_used =
      is_claim ? is_claim_used(context, key) : text(*object, "/status/phase") == "Bound";
  if (!is_used) context.edit(key, [&](json& each) { drop_finalizer(each, name); });
  return SyncResult::Done;
}

void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty()) return;
  if (key.kind == kClaim || key.kind == kVolume) context.wake(key);
  if (key.kind != "Pod") return;
  for (const ObjectKey& claim : context.all_of("", kClaim, key.name_space)) context.wake(claim);
}

}  // namespace

void release_volumes(Context& context) {
  for (const ObjectKey& key : context.all_of("", kVolume, "")) (void)sync(context, key);
}

const Controller kStorageProtection{"persistentvolumeclaim-protection-controller", notice, sync};

}  // namespace wavetank::cluster
