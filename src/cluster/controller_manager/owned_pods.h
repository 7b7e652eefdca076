// What controllers of pods have in common: which pods are theirs, what state these are in, and how
// one is made from a template.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

// Wakes the controller for owners of the kind: those written to, those whose pods (or other
// objects of the kind `owned`) changed, and, for an object that nobody controls, those of its
// namespace, which may want to adopt it.
struct OwnerKind {
  std::string_view group;
  std::string_view kind;
};
void wake_owners(Context& context, const Notice& notice, OwnerKind owner, OwnerKind owned);

// The objects of the kind `owned` that belong to `owner` after it has taken those that match its
// selector and belong to nobody, and let go those that match no more. In order of keys. Only
// objects that are `wanted` are looked at. Those taken get the finalizer, those let go lose it, if
// one is named. Source: pkg/controller/controller_ref_manager.go.
[[nodiscard]] std::vector<model::ObjectKey> claim(
    Context& context, const model::ObjectKey& owner, const nlohmann::json& selector,
    OwnerKind owned, const std::function<bool(const nlohmann::json& object)>& wanted = nullptr,
    std::string_view finalizer = {});

// The reference that makes `owner` the controller of what it creates.
[[nodiscard]] nlohmann::json controller_reference(const model::ObjectKey& owner,
                                                  const nlohmann::json& object);

// The pods that are on a node, whoever owns them, in order of keys.
[[nodiscard]] std::vector<model::ObjectKey> pods_on(const Store& store, const std::string& node);

// Marked for deletion.
[[nodiscard]] bool is_going(const nlohmann::json& object);
// Succeeded or failed.
[[nodiscard]] bool has_ended(const nlohmann::json& pod);
// Neither ended nor being deleted.
[[nodiscard]] bool is_active(const nlohmann::json& pod);
// Neither ended, but being deleted.
[[nodiscard]] bool is_terminating(const nlohmann::json& pod);
// Which of two active pods a controller gives up first. Source: controller.ActivePods, and
// ActivePodsWithRanks without its rank by node.
[[nodiscard]] bool goes_before(const nlohmann::json& a, const nlohmann::json& b);
[[nodiscard]] bool is_ready(const nlohmann::json& pod);
// Since when it is ready; nothing when it is not.
[[nodiscard]] std::optional<base::Instant> ready_since(const nlohmann::json& pod);
// Ready for `min_ready_seconds`; if it is only a matter of time, `wait` is set to what is left.
[[nodiscard]] bool is_available(const nlohmann::json& pod, std::int64_t min_ready_seconds,
                                base::Instant now, base::Duration* wait = nullptr);

// A pod from `template` that `owner` controls, as it is sent to the API server. Its name, or the
// prefix of its name, is left to the caller.
[[nodiscard]] nlohmann::json pod_from_template(const model::ObjectKey& owner,
                                               const nlohmann::json& object,
                                               const nlohmann::json& pod_template);

// A short hash of a template, of the form of Kubernetes' own; the values differ from Kubernetes'.
[[nodiscard]] std::string template_hash(const nlohmann::json& pod_template,
                                        std::int64_t collision_count = 0);

// The moment behind an RFC 3339 text with whole seconds; nothing when it is none.
[[nodiscard]] std::optional<base::Instant> instant_of(std::string_view text);

}  // namespace wavetank::cluster
