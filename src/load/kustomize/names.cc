#include "load/kustomize/names.h"

#include <algorithm>
#include <array>

namespace wavetank::load::kustomize {

namespace {

using Visit = std::function<void(const NameUse&)>;

Value* at(Value* value, std::initializer_list<std::string_view> path) {
  for (const std::string_view key : path) {
    if (value == nullptr) return nullptr;
    value = find(*value, key);
  }
  return value;
}

void use(std::string_view kind, Value* name, const Visit& visit, Value* name_space = nullptr) {
  if (name == nullptr || !name->is_scalar() || name->text().empty()) return;
  visit({.kind = kind, .name = *name, .name_space = name_space});
}

template <class Each>
void each_item(Value* list, const Each& each) {
  if (list == nullptr || !list->is_sequence()) return;
  for (Value& item : list->children) each(&item);
}

void visit_pod(Value* spec, const Visit& visit) {
  if (spec == nullptr) return;
  use("ServiceAccount", at(spec, {"serviceAccountName"}), visit);
  use("PriorityClass", at(spec, {"priorityClassName"}), visit);
  each_item(at(spec, {"imagePullSecrets"}),
            [&](Value* item) { use("Secret", at(item, {"name"}), visit); });
  each_item(at(spec, {"volumes"}), [&](Value* item) {
    use("ConfigMap", at(item, {"configMap", "name"}), visit);
    use("Secret", at(item, {"secret", "secretName"}), visit);
    use("PersistentVolumeClaim", at(item, {"persistentVolumeClaim", "claimName"}), visit);
    each_item(at(item, {"projected", "sources"}), [&](Value* source) {
      use("ConfigMap", at(source, {"configMap", "name"}), visit);
      use("Secret", at(source, {"secret", "name"}), visit);
    });
  });
  for (const std::string_view list : {"initContainers", "containers"}) {
    each_item(at(spec, {list}), [&](Value* container) {
      each_item(at(container, {"envFrom"}), [&](Value* source) {
        use("ConfigMap", at(source, {"configMapRef", "name"}), visit);
        use("Secret", at(source, {"secretRef", "name"}), visit);
      });
      each_item(at(container, {"env"}), [&](Value* variable) {
        use("ConfigMap", at(variable, {"valueFrom", "configMapKeyRef", "name"}), visit);
        use("Secret", at(variable, {"valueFrom", "secretKeyRef", "name"}), visit);
      });
    });
  }
}

}  // namespace

void visit_names(std::string_view kind, Value& object, const Visit& visit) {
  constexpr std::array<std::string_view, 6> kTemplated{
      "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "ReplicationController"};
  if (kind == "Pod") visit_pod(at(&object, {"spec"}), visit);
  if (std::find(kTemplated.begin(), kTemplated.end(), kind) != kTemplated.end()) {
    visit_pod(at(&object, {"spec", "template", "spec"}), visit);
  }
  if (kind == "CronJob") {
    visit_pod(at(&object, {"spec", "jobTemplate", "spec", "template", "spec"}), visit);
  }
  if (kind == "StatefulSet") use("Service", at(&object, {"spec", "serviceName"}), visit);
  if (kind == "Ingress") {
    use("Service", at(&object, {"spec", "defaultBackend", "service", "name"}), visit);
    use("Service", at(&object, {"spec", "backend", "serviceName"}), visit);
    use("IngressClass", at(&object, {"spec", "ingressClassName"}), visit);
    each_item(at(&object, {"spec", "tls"}),
              [&](Value* item) { use("Secret", at(item, {"secretName"}), visit); });
    each_item(at(&object, {"spec", "rules"}), [&](Value* rule) {
      each_item(at(rule, {"http", "paths"}), [&](Value* path) {
        use("Service", at(path, {"backend", "service", "name"}), visit);
        use("Service", at(path, {"backend", "serviceName"}), visit);
      });
    });
  }
  if (kind == "RoleBinding" || kind == "ClusterRoleBinding") {
    const std::string role(text_at(object, {"roleRef", "kind"}));
    use(role, at(&object, {"roleRef", "name"}), visit);
    each_item(at(&object, {"subjects"}), [&](Value* item) {
      if (text_at(*item, {"kind"}) != "ServiceAccount") return;
      use("ServiceAccount", at(item, {"name"}), visit, at(item, {"namespace"}));
    });
  }
  if (kind == "ServiceAccount") {
    for (const std::string_view list : {"secrets", "imagePullSecrets"}) {
      each_item(at(&object, {list}),
                [&](Value* item) { use("Secret", at(item, {"name"}), visit); });
    }
  }
  if (kind == "HorizontalPodAutoscaler") {
    const std::string target(text_at(object, {"spec", "scaleTargetRef", "kind"}));
    use(target, at(&object, {"spec", "scaleTargetRef", "name"}), visit);
  }
  if (kind == "APIService") {
    use("Service", at(&object, {"spec", "service", "name"}), visit,
        at(&object, {"spec", "service", "namespace"}));
  }
  if (kind == "MutatingWebhookConfiguration" || kind == "ValidatingWebhookConfiguration") {
    each_item(at(&object, {"webhooks"}), [&](Value* item) {
      use("Service", at(item, {"clientConfig", "service", "name"}), visit,
          at(item, {"clientConfig", "service", "namespace"}));
    });
  }
  if (kind == "PersistentVolumeClaim" || kind == "PersistentVolume") {
    use("StorageClass", at(&object, {"spec", "storageClassName"}), visit);
  }
}

}  // namespace wavetank::load::kustomize
