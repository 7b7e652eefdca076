// The garbage collector and the other clean-up that follows a deletion at once: dependents of what
// is gone, the finalizers `foregroundDeletion` and `orphan`, the objects of a deleted definition.
//
// Source: pkg/controller/garbagecollector and the finalizing controller of apiextensions. It takes
// no time here: the real ones act within milliseconds.
#pragma once

#include "cluster/api/server.h"

namespace wavetank::cluster::api {

// Works until nothing is left to do.
void collect_garbage(Server& server);

}  // namespace wavetank::cluster::api
