// Whether a pod may run on a node, as far as node and pod alone decide it: selectors, required
// affinity, taints.
//
// Source: component-helpers, scheduling/corev1/{helpers.go,nodeaffinity} of Kubernetes 1.36.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace wavetank::cluster {

// The node that the pod is on, or that its affinity names as the only one; empty: none.
[[nodiscard]] std::string target_node(const nlohmann::json& pod);

// The nodeSelector and the required node affinity of a pod's spec.
[[nodiscard]] bool node_matches(const nlohmann::json& pod_spec, const nlohmann::json& node);

// The first toleration of a pod's spec that matches the taint; null: none does.
[[nodiscard]] const nlohmann::json* toleration_of(const nlohmann::json& pod_spec,
                                                  const nlohmann::json& taint);
[[nodiscard]] bool tolerates(const nlohmann::json& pod_spec, const nlohmann::json& taint);

}  // namespace wavetank::cluster
