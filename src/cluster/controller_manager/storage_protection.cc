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

// A PUT without the finalizer loses it for a moment only.
void protect(Context& context, const ObjectKey& key, const char* finalizer, bool is_used) {
  const bool is_going = has(*context.find(key), "/metadata/deletionTimestamp");
  if (!is_going) {
    context.edit(key, [&](json& each) { add_finalizer(each, finalizer); });
  } else if (!is_used) {
    context.edit(key, [&](json& each) { drop_finalizer(each, finalizer); });
  }
}

SyncResult sync_volume(Context& context, const ObjectKey& key) {
  const json* volume = context.find(key);
  if (volume == nullptr) return SyncResult::Done;
  const bool is_used = text(*volume, "/status/phase") == "Bound";
  protect(context, key, "kubernetes.io/pv-protection", is_used);
  return SyncResult::Done;
}

SyncResult sync_claim(Context& context, const ObjectKey& key) {
  if (context.find(key) == nullptr) return SyncResult::Done;
  protect(context, key, "kubernetes.io/pvc-protection", is_claim_used(context, key));
  return SyncResult::Done;
}

void notice_volume(Context& context, const Notice& notice) {
  if (notice.key.group.empty() && notice.key.kind == kVolume) context.wake(notice.key);
}

void notice_claim(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  if (!key.group.empty()) return;
  if (key.kind == kClaim) context.wake(key);
  if (key.kind != "Pod") return;
  for (const ObjectKey& claim : context.all_of("", kClaim, key.name_space)) context.wake(claim);
}

}  // namespace

const Controller kVolumeProtection{.name = "persistentvolume-protection-controller",
                                   .notice = notice_volume,
                                   .sync = sync_volume,
                                   .is_immediate = true};
const Controller kClaimProtection{"persistentvolumeclaim-protection-controller", notice_claim,
                                  sync_claim};

}  // namespace wavetank::cluster
