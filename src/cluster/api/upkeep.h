// What small controllers write at once after a change: names of new definitions are accepted and
// become served, quotas learn what is used, new namespaces get their ServiceAccount and ConfigMap,
// Deployments their revision.
//
// Source: apiextensions-apiserver (naming, establishing), pkg/controller/{resourcequota,
// serviceaccount,deployment}. None of them takes time that a sync would notice.
#pragma once

#include "cluster/api/server.h"

namespace wavetank::cluster::api {

// Only what reacts so fast that even a client that looks at once sees it: the volume that nobody
// uses any more.
void react(Server& server);

// Works until nothing is left to do.
void keep_up(Server& server);

}  // namespace wavetank::cluster::api
