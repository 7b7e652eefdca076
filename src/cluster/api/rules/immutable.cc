#include <algorithm>
#include <array>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

enum class Refusal : std::uint8_t {
  Immutable,    // Invalid value: field is immutable
  RoleRef,      // Invalid value: cannot change roleRef
  NotByUpdate,  // Forbidden: may not be changed in an update.
};

struct ImmutableField {
  std::string_view group;
  std::string_view kind;
  std::string_view path;
  Refusal refusal = Refusal::Immutable;
};

constexpr std::array kImmutable{
    ImmutableField{"apps", "Deployment", "/spec/selector"},
    ImmutableField{"apps", "ReplicaSet", "/spec/selector"},
    ImmutableField{"apps", "DaemonSet", "/spec/selector"},
    ImmutableField{"rbac.authorization.k8s.io", "RoleBinding", "/roleRef", Refusal::RoleRef},
    ImmutableField{"rbac.authorization.k8s.io", "ClusterRoleBinding", "/roleRef", Refusal::RoleRef},
    ImmutableField{"storage.k8s.io", "StorageClass", "/parameters"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/provisioner"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/reclaimPolicy"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/volumeBindingMode"},
    ImmutableField{"storage.k8s.io", "CSIDriver", "/spec/attachRequired"},
    ImmutableField{"storage.k8s.io", "CSIDriver", "/spec/volumeLifecycleModes"},
    ImmutableField{"storage.k8s.io", "VolumeAttachment", "/spec"},
    ImmutableField{"storage.k8s.io", "VolumeAttributesClass", "/driverName"},
    ImmutableField{"storage.k8s.io", "VolumeAttributesClass", "/parameters"},
    ImmutableField{"networking.k8s.io", "IngressClass", "/spec/controller"},
    ImmutableField{"node.k8s.io", "RuntimeClass", "/handler"},
    ImmutableField{"discovery.k8s.io", "EndpointSlice", "/addressType"},
    ImmutableField{"scheduling.k8s.io", "PriorityClass", "/value", Refusal::NotByUpdate},
    ImmutableField{"scheduling.k8s.io", "PriorityClass", "/preemptionPolicy"},
    ImmutableField{"resource.k8s.io", "ResourceClaim", "/spec"},
    ImmutableField{"", "ResourceQuota", "/spec/scopes"},
};

}  // namespace

FieldErrors validate_immutable(const KindInfo& kind, const json& object, const json& live) {
  FieldErrors errors;
  for (const ImmutableField& field : kImmutable) {
    if (!kind.is(field.group, field.kind)) continue;
    const json& wanted = at(object, field.path);
    if (wanted == at(live, field.path)) continue;
    std::string path(field.path.substr(1));
    std::replace(path.begin(), path.end(), '/', '.');
    switch (field.refusal) {
      case Refusal::Immutable: errors.push_back(invalid(path, wanted, "field is immutable")); break;
      case Refusal::RoleRef:
        errors.push_back(invalid(path, wanted, "cannot change roleRef"));
        break;
      case Refusal::NotByUpdate:
        errors.push_back(forbidden_field(path, "may not be changed in an update."));
        break;
    }
  }
  return errors;
}

}  // namespace wavetank::cluster::api
