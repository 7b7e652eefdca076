#include "cluster/api/update_rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "health/object_view.h"

namespace wavetank::cluster::api {

using health::at;
using health::list;
using health::text;
using nlohmann::json;

namespace {

struct ImmutableField {
  std::string_view group;
  std::string_view kind;
  std::string_view path;
};

constexpr std::array kImmutable{
    ImmutableField{"apps", "Deployment", "/spec/selector"},
    ImmutableField{"apps", "ReplicaSet", "/spec/selector"},
    ImmutableField{"apps", "DaemonSet", "/spec/selector"},
    ImmutableField{"batch", "Job", "/spec/selector"},
    ImmutableField{"batch", "Job", "/spec/template"},
    ImmutableField{"batch", "Job", "/spec/completions"},
    ImmutableField{"batch", "Job", "/spec/completionMode"},
    ImmutableField{"batch", "Job", "/spec/podFailurePolicy"},
    ImmutableField{"batch", "Job", "/spec/backoffLimitPerIndex"},
    ImmutableField{"batch", "Job", "/spec/managedBy"},
    ImmutableField{"batch", "Job", "/spec/successPolicy"},
    ImmutableField{"", "Secret", "/type"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/parameters"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/provisioner"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/reclaimPolicy"},
    ImmutableField{"storage.k8s.io", "StorageClass", "/volumeBindingMode"},
    ImmutableField{"networking.k8s.io", "IngressClass", "/spec/controller"},
    ImmutableField{"node.k8s.io", "RuntimeClass", "/handler"},
    ImmutableField{"apiextensions.k8s.io", "CustomResourceDefinition", "/spec/group"},
    ImmutableField{"apiextensions.k8s.io", "CustomResourceDefinition", "/spec/scope"},
};

std::string dotted(std::string_view path) {
  std::string result(path.substr(1));
  std::replace(result.begin(), result.end(), '/', '.');
  return result;
}

// Fields that the manifest leaves out keep the server's value, so only what it names can differ.
bool differs(const json& live, const json& target, std::string_view path) {
  const json& wanted = at(target, path);
  return !wanted.is_null() && !at(live, path).is_null() && wanted != at(live, path);
}

// Whether `target` changes anything of /spec but the named fields.
bool changes_spec_besides(const json& live, const json& target,
                          const std::vector<std::string_view>& allowed) {
  const json& wanted = at(target, "/spec");
  const json& present = at(live, "/spec");
  if (!wanted.is_object() || !present.is_object()) return false;
  for (const auto& [name, value] : wanted.items()) {
    if (std::find(allowed.begin(), allowed.end(), name) != allowed.end()) continue;
    if (!present.contains(name) || present.at(name) != value) return true;
  }
  return false;
}

std::optional<std::string> stateful_set_rule(const json& live, const json& target) {
  const bool changed = changes_spec_besides(
      live, target,
      {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
       "persistentVolumeClaimRetentionPolicy", "minReadySeconds"});
  if (!changed) return std::nullopt;
  return "spec: Forbidden: updates to statefulset spec for fields other than 'replicas', "
         "'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', "
         "'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden";
}

std::optional<std::string> service_rule(const json& live, const json& target) {
  const std::string wanted = text(target, "/spec/clusterIP");
  const std::string present = text(live, "/spec/clusterIP");
  if (wanted.empty() || present.empty() || wanted == present) return std::nullopt;
  if (text(target, "/spec/type") == "ExternalName") return std::nullopt;
  return fmt::format("spec.clusterIPs[0]: Invalid value: [\"{}\"]: may not change once set",
                     wanted);
}

std::optional<std::string> volume_claim_rule(const json& live, const json& target) {
  std::vector<std::string_view> allowed{"volumeAttributesClassName", "volumeName"};
  if (text(live, "/status/phase") == "Bound") allowed.emplace_back("resources");
  if (!changes_spec_besides(live, target, allowed)) return std::nullopt;
  return "spec: Forbidden: spec is immutable after creation except resources.requests and "
         "volumeAttributesClassName for bound claims";
}

std::optional<std::string> data_rule(const json& live, const json& target) {
  if (!health::flag(live, "/immutable")) return std::nullopt;
  for (const char* path : {"/data", "/binaryData"}) {
    if (at(live, path) != at(target, path)) {
      return fmt::format("{}: Forbidden: field is immutable when `immutable` is set", dotted(path));
    }
  }
  return std::nullopt;
}

std::optional<std::string> pod_rule(const json& live, const json& target) {
  // Images and a few more may change; comparing what is left would need every default.
  json wanted = at(target, "/spec");
  json present = at(live, "/spec");
  for (json* spec : {&wanted, &present}) {
    if (!spec->is_object()) return std::nullopt;
    for (const char* name : {"activeDeadlineSeconds", "tolerations"}) spec->erase(name);
    for (const char* name : {"containers", "initContainers"}) {
      if (!spec->contains(name) || !(*spec)[name].is_array()) continue;
      for (json& container : (*spec)[name]) {
        if (container.is_object()) container.erase("image");
      }
    }
  }
  for (const auto& [name, value] : wanted.items()) {
    if (!present.contains(name) || present.at(name) != value) {
      return "spec: Forbidden: pod updates may not change fields other than "
             "`spec.containers[*].image`,`spec.initContainers[*].image`,"
             "`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing "
             "tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was "
             "previously negative)";
    }
  }
  return std::nullopt;
}

}  // namespace

std::optional<std::string> refused_change(const model::ObjectKey& key, const json& live,
                                          const json& target) {
  std::vector<std::string> errors;
  for (const ImmutableField& field : kImmutable) {
    if (field.group != key.group || field.kind != key.kind) continue;
    if (!differs(live, target, field.path)) continue;
    errors.push_back(fmt::format("{}: Invalid value: {}: field is immutable", dotted(field.path),
                                 at(target, field.path).dump()));
  }
  const auto add = [&](std::optional<std::string> error) {
    if (error) errors.push_back(std::move(*error));
  };
  if (key.group == "apps" && key.kind == "StatefulSet") add(stateful_set_rule(live, target));
  if (key.group.empty()) {
    if (key.kind == "Service") add(service_rule(live, target));
    if (key.kind == "PersistentVolumeClaim") add(volume_claim_rule(live, target));
    if (key.kind == "ConfigMap" || key.kind == "Secret") add(data_rule(live, target));
    if (key.kind == "Pod") add(pod_rule(live, target));
  }
  if (errors.empty()) return std::nullopt;
  if (errors.size() == 1) return errors.front();
  return fmt::format("[{}]", fmt::join(errors, ", "));
}

std::optional<std::string> refused_finalizers(const json& live, const json& target) {
  if (!health::has(live, "/metadata/deletionTimestamp")) return std::nullopt;
  const json& present = list(live, "/metadata/finalizers");
  std::vector<std::string> added;
  for (const json& finalizer : list(target, "/metadata/finalizers")) {
    if (std::find(present.begin(), present.end(), finalizer) == present.end()) {
      added.push_back(finalizer.dump());
    }
  }
  if (added.empty()) return std::nullopt;
  return fmt::format(
      "metadata.finalizers: Forbidden: no new finalizers can be added if the object is being "
      "deleted, found new finalizers []string{{{}}}",
      fmt::join(added, ", "));
}

}  // namespace wavetank::cluster::api
