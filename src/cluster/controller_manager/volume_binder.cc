// Claims and volumes that find each other, and what becomes of a volume that is given back.
//
// Source: pkg/controller/volume/persistentvolume/{pv_controller,index}.go of Kubernetes 1.36.
// Nobody provisions volumes here: a claim of a class with a provisioner waits.

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/api/rules/selector.h"
#include "cluster/controller_manager/controllers.h"
#include "cluster/volume_annotations.h"

namespace wavetank::cluster {

using api::annotation;
using api::at;
using api::has;
using api::has_annotation;
using api::list;
using api::text;
using model::ObjectKey;
using nlohmann::json;

namespace {

constexpr std::string_view kClaim = "PersistentVolumeClaim";
constexpr std::string_view kVolume = "PersistentVolume";
constexpr const char* kBoundByController = "pv.kubernetes.io/bound-by-controller";
constexpr const char* kBindCompleted = "pv.kubernetes.io/bind-completed";
constexpr const char* kProvisionedBy = "pv.kubernetes.io/provisioned-by";
constexpr const char* kClassAnnotation = "volume.beta.kubernetes.io/storage-class";
// Claims that found nothing are tried again this often.
constexpr base::Duration kResync = std::chrono::seconds(15);

std::string class_of(const json& object) {
  return has_annotation(object, kClassAnnotation) ? annotation(object, kClassAnnotation)
                                                  : text(object, "/spec/storageClassName");
}

bool has_no_class(const json& claim) {
  return !has_annotation(claim, kClassAnnotation) && !has(claim, "/spec/storageClassName");
}

api::Quantity storage_of(const json& object, const char* path) {
  return api::parse_quantity(text(object, path)).value_or(api::Quantity{});
}

ObjectKey volume_key(const std::string& name) {
  return {.group = "", .kind = std::string(kVolume), .name_space = "", .name = name};
}

ObjectKey claim_of(const json& volume) {
  return {.group = "",
          .kind = std::string(kClaim),
          .name_space = text(volume, "/spec/claimRef/namespace"),
          .name = text(volume, "/spec/claimRef/name")};
}

// The volume names this claim, or one of its name before there was a uid.
bool is_bound_to(const json& volume, const ObjectKey& key, const json& claim) {
  if (!has(volume, "/spec/claimRef") || claim_of(volume) != key) return false;
  const std::string uid = text(volume, "/spec/claimRef/uid");
  return uid.empty() || uid == text(claim, "/metadata/uid");
}

bool offers_modes(const json& volume, const json& claim) {
  const json& offered = list(volume, "/spec/accessModes");
  const json& wanted = list(claim, "/spec/accessModes");
  return std::all_of(wanted.begin(), wanted.end(), [&](const json& mode) {
    return std::find(offered.begin(), offered.end(), mode) != offered.end();
  });
}

bool is_big_enough(const json& volume, const json& claim) {
  return !(storage_of(volume, "/spec/capacity/storage") <
           storage_of(claim, "/spec/resources/requests/storage"));
}

bool has_same_mode(const json& volume, const json& claim) {
  const auto mode = [](const json& object) {
    const std::string given = text(object, "/spec/volumeMode");
    return given.empty() ? std::string("Filesystem") : given;
  };
  return mode(volume) == mode(claim);
}

const json* find_class(Context& context, const std::string& name) {
  return context.find(
      {.group = "storage.k8s.io", .kind = "StorageClass", .name_space = "", .name = name});
}

// Plug-ins that moved out of Kubernetes; provisioners of these names answer in their place.
std::string provisioner_name(const std::string& provisioner) {
  static constexpr std::pair<std::string_view, std::string_view> kMoved[] = {
      {"kubernetes.io/aws-ebs", "ebs.csi.aws.com"},
      {"kubernetes.io/azure-disk", "disk.csi.azure.com"},
      {"kubernetes.io/azure-file", "file.csi.azure.com"},
      {"kubernetes.io/cinder", "cinder.csi.openstack.org"},
      {"kubernetes.io/gce-pd", "pd.csi.storage.gke.io"},
      {"kubernetes.io/portworx-volume", "pxd.portworx.com"},
      {"kubernetes.io/vsphere-volume", "csi.vsphere.vmware.com"}};
  for (const auto& [old, name] : kMoved) {
    if (provisioner == old) return std::string(name);
  }
  return provisioner.starts_with("kubernetes.io/") ? "" : provisioner;
}

// One look at a claim.
class ClaimLook {
 public:
  ClaimLook(Context& context, const ObjectKey& key)
      : context_(context), key_(key), claim_(*context.find(key)) {}

  void run() {
    if (has_annotation(claim_, kBindCompleted)) {
      keep_bound();
    } else if (text(claim_, "/spec/volumeName").empty()) {
      look_for_volume();
    } else {
      take_named_volume();
    }
  }

 private:
  void look_for_volume();
  void take_named_volume();
  void keep_bound();
  [[nodiscard]] bool waits_for_consumer() const;
  [[nodiscard]] std::optional<ObjectKey> best_volume(bool waits) const;
  bool take_default_class();
  void ask_provisioner();
  void bind(const ObjectKey& volume);
  void set_phase(const char* phase, const json* volume);

  Context& context_;
  const ObjectKey& key_;
  const json claim_;
};

bool ClaimLook::waits_for_consumer() const {
  const json* found = find_class(context_, class_of(claim_));
  return found != nullptr && text(*found, "/volumeBindingMode") == "WaitForFirstConsumer";
}

// The smallest that is big enough, among those with the fewest access modes beyond what is needed.
// A volume that names the claim is taken at once.
std::optional<ObjectKey> ClaimLook::best_volume(bool waits) const {
  std::optional<ObjectKey> best;
  std::optional<std::pair<std::size_t, api::Quantity>> best_rank;
  const json& selector = at(claim_, "/spec/selector");
  for (const ObjectKey& key : context_.all_of("", kVolume, "")) {
    const json& volume = *context_.find(key);
    if (has(volume, "/spec/claimRef") && !is_bound_to(volume, key_, claim_)) continue;
    if (!offers_modes(volume, claim_) || !is_big_enough(volume, claim_) ||
        !has_same_mode(volume, claim_) || has(volume, "/metadata/deletionTimestamp")) {
      continue;
    }
    if (is_bound_to(volume, key_, claim_)) return key;
    if (waits || text(volume, "/status/phase") != "Available") continue;
    if (selector.is_object() && !api::selector_matches(selector, at(volume, "/metadata/labels"))) {
      continue;
    }
    if (class_of(volume) != class_of(claim_)) continue;
    const std::pair rank{list(volume, "/spec/accessModes").size(),
                         storage_of(volume, "/spec/capacity/storage")};
    if (best_rank && !(rank < *best_rank)) continue;
    best = key;
    best_rank = rank;
  }
  return best;
}

void ClaimLook::look_for_volume() {
  const bool waits = waits_for_consumer();
  if (const auto volume = best_volume(waits)) {
    bind(*volume);
    return;
  }
  if (take_default_class()) return;
  const bool has_node = has_annotation(claim_, kSelectedNode);
  if (!class_of(claim_).empty() && (!waits || has_node)) ask_provisioner();
  set_phase("Pending", nullptr);
}

// A claim made before there was a default class gets it later.
bool ClaimLook::take_default_class() {
  if (!has_no_class(claim_)) return false;
  const auto name = api::default_storage_class(context_.store());
  if (!name) return false;
  return context_.edit(key_, [&](json& claim) { claim["spec"]["storageClassName"] = *name; }).ok();
}

void ClaimLook::ask_provisioner() {
  const json* found = find_class(context_, class_of(claim_));
  if (found == nullptr) return;
  const std::string name = provisioner_name(text(*found, "/provisioner"));
  if (name.empty()) return;
  context_.edit(key_, [&](json& claim) {
    json& annotations = claim["metadata"]["annotations"];
    annotations[kOldStorageProvisioner] = name;
    annotations[kStorageProvisioner] = name;
  });
}

void ClaimLook::take_named_volume() {
  const ObjectKey name = volume_key(text(claim_, "/spec/volumeName"));
  const json* volume = context_.find(name);
  const bool is_free = volume != nullptr && !has(*volume, "/spec/claimRef");
  const bool fits = is_free && is_big_enough(*volume, claim_) && offers_modes(*volume, claim_) &&
                    has_same_mode(*volume, claim_) && class_of(*volume) == class_of(claim_);
  if (fits || (volume != nullptr && is_bound_to(*volume, key_, claim_))) {
    bind(name);
  } else {
    set_phase("Pending", nullptr);
  }
}

// A claim that was bound once never gets another volume.
void ClaimLook::keep_bound() {
  const ObjectKey name = volume_key(text(claim_, "/spec/volumeName"));
  const json* volume = name.name.empty() ? nullptr : context_.find(name);
  if (volume != nullptr && (!has(*volume, "/spec/claimRef") ||
                            text(*volume, "/spec/claimRef/uid") == text(claim_, "/metadata/uid"))) {
    bind(name);
  } else {
    set_phase("Lost", nullptr);
  }
}

void ClaimLook::bind(const ObjectKey& volume) {
  const api::Reply on_volume = context_.edit(volume, [&](json& object) {
    if (is_bound_to(object, key_, claim_) && !text(object, "/spec/claimRef/uid").empty()) return;
    if (!has(object, "/spec/claimRef")) {
      object["metadata"]["annotations"][kBoundByController] = "yes";
    }
    object["spec"]["claimRef"] = {{"apiVersion", "v1"},
                                  {"kind", kClaim},
                                  {"namespace", key_.name_space},
                                  {"name", key_.name},
                                  {"uid", text(claim_, "/metadata/uid")},
                                  {"resourceVersion", text(claim_, "/metadata/resourceVersion")}};
  });
  if (!on_volume.ok()) return;
  context_.edit_status(volume, [&](json& object) {
    if (text(object, "/status/phase") == "Bound") return;
    object["status"] = {{"phase", "Bound"}, {"lastPhaseTransitionTime", context_.time()}};
  });
  const api::Reply on_claim = context_.edit(key_, [&](json& object) {
    json& annotations = object["metadata"]["annotations"];
    if (text(object, "/spec/volumeName").empty()) {
      object["spec"]["volumeName"] = volume.name;
      annotations[kBoundByController] = "yes";
    }
    annotations[kBindCompleted] = "yes";
  });
  if (on_claim.ok()) set_phase("Bound", context_.find(volume));
}

void ClaimLook::set_phase(const char* phase, const json* volume) {
  const json bound = volume == nullptr ? json() : *volume;
  context_.edit_status(key_, [&](json& object) {
    json& status = object["status"];
    const bool was_bound = text(status, "/phase") == "Bound";
    status["phase"] = phase;
    if (bound.is_null()) {
      status.erase("accessModes");
      status.erase("capacity");
      return;
    }
    status["accessModes"] = at(bound, "/spec/accessModes");
    if (!was_bound) status["capacity"] = at(bound, "/spec/capacity");
  });
}

void set_volume_phase(Context& context, const ObjectKey& key, const char* phase,
                      const std::string& message = "") {
  context.edit_status(key, [&](json& object) {
    if (text(object, "/status/phase") == phase && text(object, "/status/message") == message) {
      return;
    }
    object["status"] = {{"phase", phase}, {"lastPhaseTransitionTime", context.time()}};
    if (!message.empty()) object["status"]["message"] = message;
  });
}

// A volume whose claim is gone. Those that an external provisioner made are its own affair.
void reclaim(Context& context, const ObjectKey& key) {
  const json volume = *context.find(key);
  if (text(volume, "/status/phase") != "Failed") set_volume_phase(context, key, "Released");
  if (text(volume, "/spec/persistentVolumeReclaimPolicy") != "Delete") return;
  const std::string provisioner = annotation(volume, kProvisionedBy);
  if (!provisioner.empty() && !provisioner.starts_with("kubernetes.io/")) return;
  if (!has(volume, "/spec/hostPath")) {
    set_volume_phase(context, key, "Failed",
                     fmt::format("error getting deleter volume plugin for volume \"{}\": no "
                                 "deletable volume plugin matched",
                                 key.name));
    return;
  }
  const std::string path = text(volume, "/spec/hostPath/path");
  if (path.starts_with("/tmp/") && path.size() > 5) {
    context.remove(key);
  } else {
    set_volume_phase(
        context, key, "Failed",
        fmt::format("host_path deleter only supports /tmp/.+ but received provided {}", path));
  }
}

// Takes the claim out of a volume that bound another one. What a user wrote stays, without the uid.
void unbind(Context& context, const ObjectKey& key) {
  context.edit(key, [](json& object) {
    if (has_annotation(object, kBoundByController)) {
      object["spec"].erase("claimRef");
      object["metadata"]["annotations"].erase(kBoundByController);
    } else {
      object["spec"]["claimRef"].erase("uid");
    }
  });
  set_volume_phase(context, key, "Available");
}

void look_at_volume(Context& context, const ObjectKey& key) {
  const json volume = *context.find(key);
  const std::string uid = text(volume, "/spec/claimRef/uid");
  if (uid.empty()) {
    set_volume_phase(context, key, "Available");
    return;
  }
  const ObjectKey claim_key = claim_of(volume);
  const json* claim = context.find(claim_key);
  if (claim == nullptr || text(*claim, "/metadata/uid") != uid) {
    reclaim(context, key);
    return;
  }
  const std::string name = text(*claim, "/spec/volumeName");
  if (name.empty()) {
    context.wake(claim_key);
  } else if (name == key.name) {
    set_volume_phase(context, key, "Bound");
  } else if (has_annotation(volume, kProvisionedBy) &&
             text(volume, "/spec/persistentVolumeReclaimPolicy") == "Delete") {
    reclaim(context, key);
  } else {
    unbind(context, key);
  }
}

SyncResult sync(Context& context, const ObjectKey& key) {
  if (context.find(key) == nullptr) return SyncResult::Done;
  if (key.kind == kVolume) {
    look_at_volume(context, key);
  } else {
    ClaimLook(context, key).run();
  }
  return SyncResult::Done;
}

// Claims that wait hear of new volumes and classes only when they are tried again; a claim that
// lost its volume hears of it at once.
void notice(Context& context, const Notice& notice) {
  const ObjectKey& key = notice.key;
  const bool is_volume = key.group.empty() && key.kind == kVolume;
  const bool is_claim = key.group.empty() && key.kind == kClaim;
  const bool is_class = key.group == "storage.k8s.io" && key.kind == "StorageClass";
  if ((is_volume || is_claim) && !notice.is_removed) context.wake(key);
  if (is_claim && notice.is_removed) {
    for (const ObjectKey& volume : context.all_of("", kVolume, "")) {
      if (claim_of(*context.find(volume)) == key) context.wake(volume);
    }
  }
  if (!is_volume && !is_class) return;
  for (const auto& [claim, entry] : context.store().everywhere("", kClaim)) {
    const json& object = entry.object.content;
    if (is_volume && notice.is_removed && text(object, "/spec/volumeName") == key.name) {
      context.wake(claim);
    } else if (text(object, "/status/phase") == "Pending" && !notice.is_removed) {
      context.wake(claim, kResync);
    }
  }
}

}  // namespace

const Controller kVolumeBinder{"persistentvolume-binder-controller", notice, sync};

}  // namespace wavetank::cluster
