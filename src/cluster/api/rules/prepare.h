// What the strategy of a kind makes of an object before it is validated: fields that only the
// server writes, allocated addresses, generated selectors, the generation.
//
// Source: the PrepareForCreate and PrepareForUpdate of pkg/registry/*/*/strategy.go, and the
// allocators of pkg/registry/core/service. What would be random or a matter of time comes in as
// `Stamps`.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster::api {

struct Stamps {
  std::string uid;
  std::string now;         // RFC 3339
  std::string cluster_ip;  // the next free address and port
  int node_port = 0;
};

void prepare_create(const KindInfo& kind, nlohmann::json& object, const Stamps& stamps);

// `object` is what a PUT or patch wants; what belongs to the server is taken from `live`.
void prepare_update(const KindInfo& kind, nlohmann::json& object, const nlohmann::json& live);
// A write of the status subresource changes nothing else, but the annotations of Deployments.
void prepare_status_update(const KindInfo& kind, nlohmann::json& object,
                           const nlohmann::json& live);
// A write of the finalize subresource changes nothing but the finalizers in the spec.
void prepare_finalize(nlohmann::json& object, const nlohmann::json& live);
// Counts the generation if `object` asks for something else than `live`.
void count_generation(const KindInfo& kind, nlohmann::json& object, const nlohmann::json& live);
// Addresses and ports that an update needs and does not have yet; those no longer needed go.
void allocate_service(nlohmann::json& object, const Stamps& stamps);

}  // namespace wavetank::cluster::api
