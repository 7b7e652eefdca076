// Storage drivers: a volume for every claim that a class with a provisioner is to serve.
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

enum Step : std::uint8_t { kMakeVolume = 1 };

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

SyncResult sync(Context& context, const ObjectKey& key) {
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
  if (notice.key.group.empty() && notice.key.kind == "PersistentVolumeClaim") {
    context.wake(notice.key);
  }
}

}  // namespace

const Controller kProvisioner{"external-provisioner", notice, sync};

}  // namespace wavetank::cluster
