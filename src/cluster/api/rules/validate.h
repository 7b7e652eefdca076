// What the API server refuses, per kind: invalid objects, and changes of what may not change.
//
// Fields that simply must not change are rows of a table (immutable.cc); what takes a decision is a
// function in the file of its theme. Only what manifests in the wild get wrong is checked.
// Source: pkg/apis/*/validation/validation.go of Kubernetes 1.36.
#pragma once

#include <nlohmann/json.hpp>

#include "cluster/api/error.h"
#include "cluster/api/schema/kinds.h"

namespace wavetank::cluster::api {

// `object` has its defaults and what the server prepared.
[[nodiscard]] FieldErrors validate_create(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_update(const KindInfo& kind, const nlohmann::json& object,
                                          const nlohmann::json& live);

// The parts, for each other and for tests.
[[nodiscard]] FieldErrors validate_pod_spec(const nlohmann::json& spec, const std::string& path);
[[nodiscard]] FieldErrors validate_pod_update(const nlohmann::json& object,
                                              const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_workload(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_stateful_set_update(const nlohmann::json& object,
                                                       const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_job_spec(const nlohmann::json& object,
                                            const nlohmann::json& spec, const std::string& path);
[[nodiscard]] FieldErrors validate_job_update(const nlohmann::json& object,
                                              const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_service(const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_service_update(const nlohmann::json& object,
                                                  const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_storage(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_storage_update(const KindInfo& kind,
                                                  const nlohmann::json& object,
                                                  const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_data(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_data_update(const KindInfo& kind, const nlohmann::json& object,
                                               const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_definition(const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_definition_update(const nlohmann::json& object,
                                                     const nlohmann::json& live);
[[nodiscard]] FieldErrors validate_custom(const KindInfo& kind, const nlohmann::json& object);
[[nodiscard]] FieldErrors validate_other(const KindInfo& kind, const nlohmann::json& object);
// Fields of the table that differ.
[[nodiscard]] FieldErrors validate_immutable(const KindInfo& kind, const nlohmann::json& object,
                                             const nlohmann::json& live);

inline void append(FieldErrors& errors, FieldErrors more) {
  errors.insert(errors.end(), std::make_move_iterator(more.begin()),
                std::make_move_iterator(more.end()));
}

}  // namespace wavetank::cluster::api
