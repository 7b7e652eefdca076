#include "cluster/api/admission/admission.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

const Entry* find_in(const Store& store, std::string_view group, std::string_view kind,
                     std::string_view name_space, std::string_view name) {
  return store.find({.group = std::string(group),
                     .kind = std::string(kind),
                     .name_space = std::string(name_space),
                     .name = std::string(name)});
}

// Source: apiextensions-apiserver, customresource_handler.go.
std::optional<ApiError> check_definition(const Admission& admission) {
  if (!admission.kind.is_custom || admission.operation != Operation::Create) return std::nullopt;
  const Entry* definition =
      find_in(admission.store, "apiextensions.k8s.io", "CustomResourceDefinition", "",
              admission.kind.resource + "." + admission.kind.group);
  if (definition == nullptr || !definition->object.deleting) return std::nullopt;
  return forbidden_error(admission.kind, admission.name,
                         "create not allowed while custom resource definition is terminating");
}

// Growing a claim needs a class that can. Source: PersistentVolumeClaimResize.
std::optional<ApiError> check_resize(const Admission& admission, const json& object,
                                     const json& live) {
  if (!admission.kind.is("", "PersistentVolumeClaim") || live.is_null()) return std::nullopt;
  if (text(live, "/status/phase") != "Bound") return std::nullopt;
  constexpr std::string_view kSize = "/spec/resources/requests/storage";
  if (at(object, kSize) == at(live, kSize)) return std::nullopt;
  const Entry* storage = find_in(admission.store, "storage.k8s.io", "StorageClass", "",
                                 text(live, "/spec/storageClassName"));
  if (storage != nullptr && flag(storage->object.content, "/allowVolumeExpansion")) {
    return std::nullopt;
  }
  return forbidden_error(admission.kind, admission.name,
                         "only dynamically provisioned pvc can be resized and the storageclass "
                         "that provisions the pvc must support resize");
}

// Source: the DefaultTolerationSeconds admission plugin.
void add_tolerations(const Admission& admission, json& object) {
  json* spec = find_object(object, "/spec");
  if (!admission.kind.is("", "Pod") || spec == nullptr) return;
  json& tolerations = (*spec)["tolerations"];
  if (!tolerations.is_array()) tolerations = json::array();
  for (const char* key : {"node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable"}) {
    const bool has = std::any_of(tolerations.begin(), tolerations.end(), [&](const json& each) {
      const std::string effect = text(each, "/effect");
      const std::string of_key = text(each, "/key");
      return (of_key == key || of_key.empty()) && (effect.empty() || effect == "NoExecute");
    });
    if (!has) {
      tolerations.push_back({{"key", key},
                             {"operator", "Exists"},
                             {"effect", "NoExecute"},
                             {"tolerationSeconds", 300}});
    }
  }
}

}  // namespace

std::optional<ApiError> check_namespace(const Admission& admission) {
  if (admission.operation != Operation::Create || admission.name_space.empty()) return std::nullopt;
  if (!admission.kind.is_namespaced) return std::nullopt;
  const Entry* found = find_in(admission.store, "", "Namespace", "", admission.name_space);
  if (found == nullptr) {
    return not_found_error(*built_in_kind("", "Namespace"), admission.name_space);
  }
  if (!found->object.deleting) return std::nullopt;
  ApiError error =
      forbidden_error(admission.kind, admission.name,
                      fmt::format("unable to create new content in namespace {} because it is "
                                  "being terminated",
                                  admission.name_space));
  error.causes.push_back({"metadata.namespace", "NamespaceTerminating"});
  return error;
}

std::optional<ApiError> check_pod_references(const Admission& admission, json& object) {
  if (!admission.kind.is("", "Pod") || admission.operation != Operation::Create) {
    return std::nullopt;
  }
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return std::nullopt;
  const std::string priority = text(*spec, "/priorityClassName");
  if (!priority.empty()) {
    const Entry* found =
        find_in(admission.store, "scheduling.k8s.io", "PriorityClass", "", priority);
    if (found != nullptr) {
      (*spec)["priority"] = number(found->object.content, "/value");
      (*spec)["preemptionPolicy"] = text(found->object.content, "/preemptionPolicy");
    } else if (priority != "system-cluster-critical" && priority != "system-node-critical") {
      return forbidden_error(admission.kind, admission.name,
                             fmt::format("no PriorityClass with name {} was found", priority));
    }
  }
  const std::string runtime = text(*spec, "/runtimeClassName");
  if (!runtime.empty() &&
      find_in(admission.store, "node.k8s.io", "RuntimeClass", "", runtime) == nullptr) {
    return forbidden_error(admission.kind, admission.name,
                           fmt::format("pod rejected: RuntimeClass \"{}\" not found", runtime));
  }
  std::string account = text(*spec, "/serviceAccountName");
  if (account.empty()) account = "default";
  if (find_in(admission.store, "", "ServiceAccount", admission.name_space, account) == nullptr) {
    return forbidden_error(
        admission.kind, admission.name,
        fmt::format("error looking up service account {}/{}: serviceaccount \"{}\" not found",
                    admission.name_space, account, account));
  }
  return std::nullopt;
}

std::optional<ApiError> admit(const Admission& admission, json& object, std::vector<std::string>&) {
  if (auto error = check_definition(admission)) return error;
  if (auto error = check_namespace(admission)) return error;
  if (!admission.subresource.empty()) return std::nullopt;
  if (auto error = apply_limit_ranges(admission, object)) return error;
  if (auto error = check_pod_references(admission, object)) return error;
  add_tolerations(admission, object);
  add_default_class(admission, object);
  return call_webhooks(admission, object, true);
}

std::optional<ApiError> admit_valid(const Admission& admission, const json& object,
                                    const json& live, std::vector<std::string>& warnings) {
  if (!admission.subresource.empty()) return std::nullopt;
  if (auto error = check_pod_security(admission, object, warnings)) return error;
  if (auto error = check_resize(admission, object, live)) return error;
  if (auto error = call_webhooks(admission, object, false)) return error;
  return check_quota(admission, object, live);
}

}  // namespace wavetank::cluster::api
