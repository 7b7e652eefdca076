// Deletion: what a DELETE makes of an object, by propagation policy, finalizers and grace.
//
// Source: apiserver, registry/generic/registry/store.go and registry/rest/delete.go; the grace of
// pods from registry/core/pod/strategy.go.
#pragma once

#include "base/time.h"
#include "cluster/api/server.h"

namespace wavetank::cluster::api {

// Marks the object of `entry` for deletion. Returns whether it stays for now, held by a finalizer,
// a grace period or a controller; if not, the caller removes it.
[[nodiscard]] bool mark_deleted(const KindInfo& kind, Entry& entry, const DeleteRequest& request,
                                base::Instant now);

// Whether nothing holds a marked object any more.
[[nodiscard]] bool is_released(const nlohmann::json& object);

}  // namespace wavetank::cluster::api
