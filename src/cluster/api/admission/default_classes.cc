// The class of a claim or Ingress that names none: the one that is marked as the default.
//
// Source: plugin/pkg/admission/{storage/storageclass/setdefault,network/defaultingressclass} of
// Kubernetes 1.36.

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

// The newest object of the kind with one of the marks, of several of one moment the first by name.
std::optional<std::string> newest_marked(const Store& store, const char* group, const char* kind,
                                         std::initializer_list<const char*> marks) {
  const Entry* best = nullptr;
  std::optional<std::string> name;
  for (const auto& [key, entry] : store.of_kind(group, kind)) {
    bool is_default = false;
    for (const char* mark : marks) {
      is_default = is_default || annotation(entry.object.content, mark) == "true";
    }
    if (!is_default || (best != nullptr && entry.object.created <= best->object.created)) continue;
    best = &entry;
    name = key.name;
  }
  return name;
}

}  // namespace

std::optional<std::string> default_storage_class(const Store& store) {
  return newest_marked(store, "storage.k8s.io", "StorageClass",
                       {"storageclass.kubernetes.io/is-default-class",
                        "storageclass.beta.kubernetes.io/is-default-class"});
}

void add_default_class(const Admission& admission, json& object) {
  if (admission.operation != Operation::Create) return;
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  const bool is_claim = admission.kind.is("", "PersistentVolumeClaim");
  const char* field = is_claim ? "storageClassName" : "ingressClassName";
  const char* annotation =
      is_claim ? "volume.beta.kubernetes.io/storage-class" : "kubernetes.io/ingress.class";
  if (!is_claim && !admission.kind.is("networking.k8s.io", "Ingress")) return;
  if (!at(*spec, std::string("/") + field).is_null() || has_annotation(object, annotation)) return;
  const auto name = is_claim ? default_storage_class(admission.store)
                             : newest_marked(admission.store, "networking.k8s.io", "IngressClass",
                                             {"ingressclass.kubernetes.io/is-default-class"});
  if (name) (*spec)[field] = *name;
}

}  // namespace wavetank::cluster::api
