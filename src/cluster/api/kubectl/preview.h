// What an apply would make of a live object, without making it: how Argo CD compares.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster/api/server.h"
#include "cluster/cluster.h"

namespace wavetank::cluster::api {

// Client-side as kubectl's three-way merge with what was applied last, server-side as the manager
// of Argo CD. A write that the server refuses changes the object if the merge does.
// REQUIRES: the object exists.
[[nodiscard]] Preview preview(Server& server, const Target& target, const nlohmann::json& manifest,
                              bool server_side);

}  // namespace wavetank::cluster::api
