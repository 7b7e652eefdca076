// Who may do what, and what stands in the way of a write that is valid in itself: namespaces,
// permissions, quotas, limit ranges, service accounts, pod security, webhooks.
//
// All of them read the store; none writes. Mutating plugins change the object that is passed in.
// Source: plugin/pkg/admission and apiserver/pkg/admission of Kubernetes 1.36, in their order.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/api/error.h"
#include "cluster/store.h"

namespace wavetank::cluster::api {

enum class Operation : std::uint8_t { Create, Update, Delete };

struct Admission {
  const Store& store;
  const KindInfo& kind;
  Operation operation = Operation::Create;
  std::string_view name_space;
  std::string_view name;
  std::string_view user;  // empty: a cluster administrator
  std::string_view subresource;
  bool is_dry_run = false;
};

// The plugins that run before an object is prepared and validated; they may change it.
[[nodiscard]] std::optional<ApiError> admit(const Admission& admission, nlohmann::json& object,
                                            std::vector<std::string>& warnings);
// Those that run afterwards and only look. `live` is null for a creation.
[[nodiscard]] std::optional<ApiError> admit_valid(const Admission& admission,
                                                  const nlohmann::json& object,
                                                  const nlohmann::json& live,
                                                  std::vector<std::string>& warnings);

// What RBAC says to a verb, for those who are no administrators.
struct Access {
  std::string_view user;
  std::string_view verb;
  std::string_view name_space;
  std::string_view name;
};
[[nodiscard]] std::optional<ApiError> authorize(const Store& store, const KindInfo& kind,
                                                const Access& access);

// Parts of `admit`, each a plugin.
[[nodiscard]] std::optional<ApiError> check_namespace(const Admission& admission);
[[nodiscard]] std::optional<ApiError> apply_limit_ranges(const Admission& admission,
                                                         nlohmann::json& object);
[[nodiscard]] std::optional<ApiError> check_pod_references(const Admission& admission,
                                                           nlohmann::json& object);
void add_default_class(const Admission& admission, nlohmann::json& object);
[[nodiscard]] std::optional<ApiError> check_quota(const Admission& admission,
                                                  const nlohmann::json& object,
                                                  const nlohmann::json& live);
[[nodiscard]] std::optional<ApiError> call_webhooks(const Admission& admission,
                                                    const nlohmann::json& object, bool is_mutating);
[[nodiscard]] std::optional<ApiError> check_pod_security(const Admission& admission,
                                                         const nlohmann::json& object,
                                                         std::vector<std::string>& warnings);
[[nodiscard]] std::optional<ApiError> check_escalation(const Admission& admission,
                                                       const nlohmann::json& object,
                                                       const nlohmann::json& live);

// The class for claims that name none; nothing when none is marked.
[[nodiscard]] std::optional<std::string> default_storage_class(const Store& store);

// What a namespace's objects use of a quota's resources; `hard` names them.
[[nodiscard]] nlohmann::json quota_usage(const Store& store, std::string_view name_space,
                                         const nlohmann::json& hard);

}  // namespace wavetank::cluster::api
