// What scheduler, binder and storage drivers tell each other by annotations of a claim.
#pragma once

namespace wavetank::cluster {

// The node of the first pod that uses the claim: where its volume is to be made.
inline constexpr const char* kSelectedNode = "volume.kubernetes.io/selected-node";
// The driver that is to make the volume; the second is its older name, still written.
inline constexpr const char* kStorageProvisioner = "volume.kubernetes.io/storage-provisioner";
inline constexpr const char* kOldStorageProvisioner =
    "volume.beta.kubernetes.io/storage-provisioner";

}  // namespace wavetank::cluster
