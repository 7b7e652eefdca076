// Storage drivers: a volume for every claim that a class with a provisioner is to serve, and the
// end of those that their claims have released.
//
// The binder of kube-controller-manager says which claims these are, and binds what is made here.
// Source: kubernetes-csi/external-provisioner.

#include "cluster/api/object/json_access.h"
#include "cluster/surroundings/agents.h"
#include "cluster/surroundings/surroundings.h"
#include "cluster/volume_annotations.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

enum Step : std::uint8_t { kMakeVolume = 1, kDropVolume };

bool is_asked_for(const json& claim) {
  return api::has_annotation(claim, kStorageProvisioner) &&
         text(claim, "/spec/volumeName").empty() && !has(claim, "/metadata/deletionTimestamp");
}

json volume_for(const ObjectKey& key, const json& claim) {
  const std::string provisioner = api::annotation(claim, kStorageProvisioner);
  const std::string uid = text(claim, "/metadata/uid");
  json volume = {{"apiVersion", "v1"},
                 {"kind", "PersistentVolume"},
                 {"metadata",
                  {{"name", "pvc-" + uid},
                   {"annotations", {{"pv.kubernetes.io/provisioned-by", provisioner}}}}},
                 {"spec",
                  {{"capacity", {{"storage", at(claim, "/spec/resources/requests/storage")}}},
                   {"accessModes", at(claim, "/spec/accessModes")},
                   {"persistentVolumeReclaimPolicy", "Delete"},
                   {"storageClassName", text(claim, "/spec/storageClassName")},
                   {"claimRef",
                    {{"apiVersion", "v1"},
                     {"kind", "PersistentVolumeClaim"},
                     {"namespace", key.name_space},
                     {"name", key.name},
                     {"uid", uid}}},
                   {"csi", {{"driver", provisioner}, {"volumeHandle", "volume-" + uid}}}}}};
  const std::string mode = text(claim, "/spec/volumeMode");
  if (!mode.empty()) volume["spec"]["volumeMode"] = mode;
  return volume;
}

// A volume that was made here, is released and is not to be kept.
SyncResult sync_volume(Context& context, const ObjectKey& key) {
  const json* volume = context.find(key);
  const bool goes = volume != nullptr && text(*volume, "/status/phase") == "Released" &&
                    text(*volume, "/spec/persistentVolumeReclaimPolicy") == "Delete" &&
                    api::has_annotation(*volume, "pv.kubernetes.io/provisioned-by");
  if (!goes) return SyncResult::Done;
  const auto next = context.next_step_of(key);
  if (!next) {
    context.schedule(key, kDropVolume, context.surroundings()->lapse(Lapse::Provisioning, key, 1));
    return SyncResult::Done;
  }
  if (next->at > context.now()) return SyncResult::Done;
  context.drop_next_step(key);
  return context.remove(key).ok() ? SyncResult::Done : SyncResult::Again;
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (key.kind == "PersistentVolume") return sync_volume(context, key);
  const json* claim = context.find(key);
  if (claim == nullptr || !is_asked_for(*claim)) return SyncResult::Done;
  const Surroundings& world = *context.surroundings();
  const Conduct behavior = world.behavior_of(key);
  if (behavior.outcome == Outcome::Hang || behavior.outcome == Outcome::Fail) {
    return SyncResult::Done;
  }
  const auto next = context.next_step_of(key);
  if (!next) {
    context.schedule(key, kMakeVolume,
                     behavior.duration.value_or(world.lapse(Lapse::Provisioning, key, 0)));
    return SyncResult::Done;
  }
  if (next->at > context.now()) return SyncResult::Done;
  context.drop_next_step(key);
  const json volume = volume_for(key, *claim);
  const ObjectKey made{.group = "",
                       .kind = "PersistentVolume",
                       .name_space = "",
                       .name = text(volume, "/metadata/name")};
  if (context.find(made) != nullptr) return SyncResult::Done;
  return context.create(volume).ok() ? SyncResult::Done : SyncResult::Again;
}

void notice(Context& context, const Notice& notice) {
  const bool is_storage =
      notice.key.kind == "PersistentVolumeClaim" || notice.key.kind == "PersistentVolume";
  if (notice.key.group.empty() && is_storage) context.wake(notice.key);
}

}  // namespace

const Controller kProvisioner{"external-provisioner", notice, sync};

}  // namespace wavetank::cluster
