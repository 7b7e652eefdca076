#include "model/kinds.h"

#include <algorithm>
#include <array>

namespace wavetank::model {

namespace {

struct Row {
  std::string_view group;
  std::string_view kinds;  // separated by blanks
};

// Source: the strategies and client markers of Kubernetes 1.36.
constexpr std::array kNamespaced{
    Row{"",
        "ConfigMap Endpoints Event LimitRange PersistentVolumeClaim Pod PodTemplate "
        "ReplicationController ResourceQuota Secret Service ServiceAccount"},
    Row{"apps", "ControllerRevision DaemonSet Deployment ReplicaSet StatefulSet"},
    Row{"batch", "CronJob Job"},
    Row{"autoscaling", "HorizontalPodAutoscaler"},
    Row{"networking.k8s.io", "Ingress NetworkPolicy"},
    Row{"policy", "PodDisruptionBudget"},
    Row{"rbac.authorization.k8s.io", "Role RoleBinding"},
    Row{"coordination.k8s.io", "Lease LeaseCandidate"},
    Row{"discovery.k8s.io", "EndpointSlice"},
    Row{"events.k8s.io", "Event"},
    Row{"storage.k8s.io", "CSIStorageCapacity"},
    Row{"resource.k8s.io", "ResourceClaim ResourceClaimTemplate"},
    Row{"argoproj.io", "Application ApplicationSet AppProject Workflow"},
};

constexpr std::array kCluster{
    Row{"", "Namespace Node PersistentVolume ComponentStatus"},
    Row{"rbac.authorization.k8s.io", "ClusterRole ClusterRoleBinding"},
    Row{"apiextensions.k8s.io", "CustomResourceDefinition"},
    Row{"apiregistration.k8s.io", "APIService"},
    Row{"admissionregistration.k8s.io",
        "MutatingWebhookConfiguration ValidatingWebhookConfiguration ValidatingAdmissionPolicy "
        "ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"},
    Row{"storage.k8s.io", "StorageClass CSIDriver CSINode VolumeAttachment VolumeAttributesClass"},
    Row{"networking.k8s.io", "IngressClass IPAddress ServiceCIDR"},
    Row{"scheduling.k8s.io", "PriorityClass"},
    Row{"node.k8s.io", "RuntimeClass"},
    Row{"flowcontrol.apiserver.k8s.io", "FlowSchema PriorityLevelConfiguration"},
    Row{"certificates.k8s.io", "CertificateSigningRequest ClusterTrustBundle"},
    Row{"resource.k8s.io", "DeviceClass ResourceSlice"},
};

bool holds_word(std::string_view words, std::string_view word) {
  while (!words.empty()) {
    const auto blank = words.find(' ');
    if (words.substr(0, blank) == word) return true;
    if (blank == std::string_view::npos) return false;
    words.remove_prefix(blank + 1);
  }
  return false;
}

template <std::size_t N>
bool holds(const std::array<Row, N>& table, std::string_view group, std::string_view kind) {
  return std::any_of(table.begin(), table.end(), [&](const Row& row) {
    return row.group == group && holds_word(row.kinds, kind);
  });
}

// Kinds in the order of a wave; every kind that is not named here comes after all of them.
constexpr std::array<std::string_view, 35> kKindOrder{
    "Namespace",
    "NetworkPolicy",
    "ResourceQuota",
    "LimitRange",
    "PodSecurityPolicy",
    "PodDisruptionBudget",
    "ServiceAccount",
    "Secret",
    "SecretList",
    "ConfigMap",
    "StorageClass",
    "PersistentVolume",
    "PersistentVolumeClaim",
    "CustomResourceDefinition",
    "ClusterRole",
    "ClusterRoleList",
    "ClusterRoleBinding",
    "ClusterRoleBindingList",
    "Role",
    "RoleList",
    "RoleBinding",
    "RoleBindingList",
    "Service",
    "DaemonSet",
    "Pod",
    "ReplicationController",
    "ReplicaSet",
    "Deployment",
    "HorizontalPodAutoscaler",
    "StatefulSet",
    "Job",
    "CronJob",
    "IngressClass",
    "Ingress",
    "APIService",
};

}  // namespace

Scope scope_of(std::string_view group, std::string_view kind) {
  if (holds(kNamespaced, group, kind)) return Scope::Namespaced;
  if (holds(kCluster, group, kind)) return Scope::Cluster;
  return Scope::Unknown;
}

bool runs_to_completion(std::string_view group, std::string_view kind) {
  return (group == "batch" && kind == "Job") || (group.empty() && kind == "Pod") ||
         (group == "argoproj.io" && kind == "Workflow");
}

int kind_rank(std::string_view kind) {
  const auto* const found = std::find(kKindOrder.begin(), kKindOrder.end(), kind);
  return static_cast<int>(found - kKindOrder.begin()) - static_cast<int>(kKindOrder.size());
}

}  // namespace wavetank::model
