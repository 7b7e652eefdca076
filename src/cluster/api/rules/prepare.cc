#include "cluster/api/rules/prepare.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr const char* kServerFields[] = {"uid", "creationTimestamp", "deletionTimestamp",
                                         "deletionGracePeriodSeconds", "generation"};

// Selector and labels that tie a Job to its pods. Source: batch/job strategy, generateSelector.
void generate_job_selector(json& object, const Stamps& stamps) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr || flag(*spec, "/manualSelector")) return;
  json* pod_template = find_object(*spec, "/template");
  if (pod_template == nullptr) return;
  json& labels = (*pod_template)["metadata"]["labels"];
  if (!labels.is_object()) labels = json::object();
  const std::string name = text(object, "/metadata/name");
  set_default(labels, "job-name", name);
  set_default(labels, "batch.kubernetes.io/job-name", name);
  set_default(labels, "controller-uid", stamps.uid);
  set_default(labels, "batch.kubernetes.io/controller-uid", stamps.uid);
  json& selector = (*spec)["selector"];
  if (!selector.is_object()) selector = json::object();
  json& match = selector["matchLabels"];
  if (!match.is_object()) match = json::object();
  set_default(match, "batch.kubernetes.io/controller-uid", stamps.uid);
}

// Best effort, burstable or guaranteed. Source: pkg/apis/core/helper/qos.
std::string qos_class(const json& spec) {
  bool any = false;
  bool guaranteed = true;
  for (const char* group : {"/containers", "/initContainers"}) {
    for (const json& container : list(spec, group)) {
      for (const char* resource : {"cpu", "memory"}) {
        const json& limits = at(container, "/resources/limits");
        const json& requests = at(container, "/resources/requests");
        const bool has_limit = limits.is_object() && limits.contains(resource);
        const bool has_request = requests.is_object() && requests.contains(resource);
        any = any || has_limit || has_request;
        const bool is_equal =
            has_limit && (!has_request || limits.at(resource) == requests.at(resource));
        guaranteed = guaranteed && is_equal;
      }
    }
  }
  if (!any) return "BestEffort";
  return guaranteed ? "Guaranteed" : "Burstable";
}

void prepare_pod(json& object) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  object["status"] = {{"phase", "Pending"}, {"qosClass", qos_class(*spec)}};
  set_default(*spec, "serviceAccountName", "default");
  (*spec)["serviceAccount"] = (*spec)["serviceAccountName"];
  set_default(*spec, "priority", 0);
  set_default(*spec, "preemptionPolicy", "PreemptLowerPriority");
}

// The token that every pod gets. Source: the ServiceAccount admission plugin.
void mount_service_account(json& object, const Stamps& stamps) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr || at(*spec, "/automountServiceAccountToken") == json(false)) return;
  constexpr const char* kPath = "/var/run/secrets/kubernetes.io/serviceaccount";
  const std::string name = "kube-api-access-" + stamps.uid.substr(0, 5);
  bool mounted = false;
  for (const char* group : {"containers", "initContainers"}) {
    if (!spec->contains(group)) continue;
    for (json& container : (*spec)[group]) {
      if (!container.is_object()) continue;
      json& mounts = container["volumeMounts"];
      if (!mounts.is_array()) mounts = json::array();
      const bool has = std::any_of(mounts.begin(), mounts.end(), [&](const json& mount) {
        return text(mount, "/mountPath") == kPath;
      });
      if (has) continue;
      mounts.push_back({{"name", name}, {"mountPath", kPath}, {"readOnly", true}});
      mounted = true;
    }
  }
  if (!mounted) return;
  json& volumes = (*spec)["volumes"];
  if (!volumes.is_array()) volumes = json::array();
  volumes.push_back(
      {{"name", name},
       {"projected",
        {{"defaultMode", 420},
         {"sources",
          json::array(
              {{{"serviceAccountToken", {{"path", "token"}, {"expirationSeconds", 3607}}}},
               {{"configMap",
                 {{"name", "kube-root-ca.crt"},
                  {"items", json::array({{{"key", "ca.crt"}, {"path", "ca.crt"}}})}}}},
               {{"downwardAPI",
                 {{"items", json::array({{{"path", "namespace"},
                                          {"fieldRef",
                                           {{"apiVersion", "v1"},
                                            {"fieldPath", "metadata.namespace"}}}}})}}}}})}}}});
}

void prepare_namespace(json& object) {
  object["status"] = {{"phase", "Active"}};
  json& finalizers = object["spec"]["finalizers"];
  if (!finalizers.is_array()) finalizers = json::array();
  if (std::find(finalizers.begin(), finalizers.end(), "kubernetes") == finalizers.end()) {
    finalizers.push_back("kubernetes");
  }
}

// Source: the StorageObjectInUseProtection admission plugin.
void protect(json& object, const char* finalizer) {
  object["status"] = {{"phase", "Pending"}};
  json& finalizers = object["metadata"]["finalizers"];
  if (!finalizers.is_array()) finalizers = json::array();
  if (std::find(finalizers.begin(), finalizers.end(), finalizer) == finalizers.end()) {
    finalizers.push_back(finalizer);
  }
}

std::string base64(const std::string& bytes) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t block = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      block = block << 8U | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j < 4; ++j) {
      result += i + j > bytes.size() ? '=' : kAlphabet[block >> (18U - 6U * j) & 63U];
    }
  }
  return result;
}

// stringData is written into data and never kept.
void fold_string_data(json& object) {
  json* strings = find_object(object, "/stringData");
  if (strings != nullptr) {
    for (const auto& [name, value] : strings->items()) {
      if (value.is_string()) object["data"][name] = base64(value.get<std::string>());
    }
  }
  object.erase("stringData");
}

// What was allocated stays where the new object says nothing of it.
// Source: registry/core/service/storage, patchAllocatedValues.
void keep_allocated(json& object, const json& live) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  const auto needs_ip = [](const std::string& type) {
    return type == "ClusterIP" || type == "NodePort" || type == "LoadBalancer";
  };
  const auto needs_port = [](const std::string& type) {
    return type == "NodePort" || type == "LoadBalancer";
  };
  const std::string old_type = text(live, "/spec/type");
  const std::string new_type = text(*spec, "/type");
  if (needs_ip(old_type) && needs_ip(new_type)) {
    const bool has_ip = !text(*spec, "/clusterIP").empty();
    const bool has_ips = !list(*spec, "/clusterIPs").empty();
    if (!has_ip && has(live, "/spec/clusterIP")) (*spec)["clusterIP"] = at(live, "/spec/clusterIP");
    if (!has_ip && !has_ips && has(live, "/spec/clusterIPs")) {
      (*spec)["clusterIPs"] = at(live, "/spec/clusterIPs");
    }
  }
  if (needs_port(old_type) && needs_port(new_type) && spec->contains("ports")) {
    const json& old_ports = list(live, "/spec/ports");
    for (json& port : (*spec)["ports"]) {
      if (!port.is_object() || number(port, "/nodePort") != 0) continue;
      for (const json& old : old_ports) {
        if (at(old, "/port") == at(port, "/port") &&
            text(old, "/protocol") == text(port, "/protocol") && old.contains("nodePort")) {
          port["nodePort"] = old["nodePort"];
        }
      }
    }
  }
  const bool was_local = text(live, "/spec/externalTrafficPolicy") == "Local";
  if (was_local && text(*spec, "/externalTrafficPolicy") == "Local" && new_type == old_type &&
      has(live, "/spec/healthCheckNodePort") && number(*spec, "/healthCheckNodePort") == 0) {
    (*spec)["healthCheckNodePort"] = at(live, "/spec/healthCheckNodePort");
  }
}

// Fields of the old type that the new one cannot have go when nobody changed them.
// Source: registry/core/service/strategy, dropTypeDependentFields.
void drop_by_type(json& object, const json& live) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  const std::string old_type = text(live, "/spec/type");
  const std::string type = text(*spec, "/type");
  const auto same = [&](const char* name) {
    const json& old = at(live, std::string("/spec/") + name);
    return spec->contains(name) && (*spec)[name] == old;
  };
  const auto drop = [&](const char* name) {
    if (same(name)) spec->erase(name);
  };
  const auto needs_port = [](const std::string& of) {
    return of == "NodePort" || of == "LoadBalancer";
  };
  if (old_type != "ExternalName" && type == "ExternalName") {
    for (const char* name :
         {"clusterIP", "clusterIPs", "ipFamilies", "ipFamilyPolicy", "internalTrafficPolicy"}) {
      drop(name);
    }
  }
  if (needs_port(old_type) && !needs_port(type)) {
    if (spec->contains("ports")) {
      for (json& port : (*spec)["ports"]) {
        for (const json& old : list(live, "/spec/ports")) {
          if (port.is_object() && port.contains("nodePort") &&
              at(old, "/nodePort") == port["nodePort"]) {
            port.erase("nodePort");
            break;
          }
        }
      }
    }
    drop("externalTrafficPolicy");
  }
  if (old_type == "LoadBalancer" && type != "LoadBalancer") {
    drop("allocateLoadBalancerNodePorts");
    drop("loadBalancerClass");
  }
  if (old_type == "ExternalName" && type != "ExternalName") drop("externalName");
  if (text(*spec, "/externalTrafficPolicy") != "Local" || type != "LoadBalancer") {
    drop("healthCheckNodePort");
  }
}

// Every version that ever stored objects stays named. Source: apiextensions,
// customresourcedefinition strategy.
void note_stored_version(json& object) {
  for (const json& version : list(object, "/spec/versions")) {
    if (!flag(version, "/storage")) continue;
    json& stored = object["status"]["storedVersions"];
    if (!stored.is_array()) stored = json::array();
    if (std::find(stored.begin(), stored.end(), at(version, "/name")) == stored.end()) {
      stored.push_back(at(version, "/name"));
    }
  }
}

bool asks_for_the_same(const KindInfo& kind, const json& object, const json& live) {
  const auto equal = [&](const char* path) { return at(object, path) == at(live, path); };
  if (kind.is("apps", "Deployment")) return equal("/spec") && equal("/metadata/annotations");
  if (kind.is("discovery.k8s.io", "EndpointSlice")) {
    return equal("/endpoints") && equal("/ports") && equal("/metadata/labels");
  }
  if (kind.is("scheduling.k8s.io", "PriorityClass")) return true;
  const bool whole =
      kind.is_custom ? !kind.has_status : kind.kind.ends_with("WebhookConfiguration");
  if (!kind.is_custom && !whole) return equal("/spec");
  // Everything but metadata counts, and status where it has no door of its own.
  json a = object;
  json b = live;
  for (json* each : {&a, &b}) {
    each->erase("metadata");
    if (kind.has_status) each->erase("status");
  }
  return a == b;
}

// The status of a new object: what Go writes for an empty one.
void start_status(const KindInfo& kind, json& object) {
  if (kind.is("", "Node")) {
    json& status = object["status"];
    if (!status.is_object()) status = json::object();
    set_default(status, "daemonEndpoints", json{{"kubeletEndpoint", {{"Port", 0}}}});
    set_default(status, "nodeInfo", json::object());
    for (const char* field :
         {"architecture", "bootID", "containerRuntimeVersion", "kernelVersion", "kubeProxyVersion",
          "kubeletVersion", "machineID", "operatingSystem", "osImage", "systemUUID"}) {
      set_default(status["nodeInfo"], field, "");
    }
    return;
  }
  if (kind.has_status || kind.is("", "Namespace")) object.erase("status");
  if (kind.is("batch", "Job")) {
    object["status"] = json::object();  // there even if nobody ever writes it
  } else if (kind.is("apps", "StatefulSet")) {
    object["status"] = {{"availableReplicas", 0}, {"replicas", 0}};
  } else if (kind.is("apps", "DaemonSet")) {
    object["status"] = {{"currentNumberScheduled", 0},
                        {"desiredNumberScheduled", 0},
                        {"numberMisscheduled", 0},
                        {"numberReady", 0}};
  } else if (kind.is("autoscaling", "HorizontalPodAutoscaler")) {
    object["status"] = {{"desiredReplicas", 0}};
    object["status"][kind.version == "v1" ? "currentReplicas" : "currentMetrics"] =
        kind.version == "v1" ? json(0) : json();
  } else if (kind.is("policy", "PodDisruptionBudget")) {
    object["status"] = {{"currentHealthy", 0},
                        {"desiredHealthy", 0},
                        {"disruptionsAllowed", 0},
                        {"expectedPods", 0}};
  } else if (kind.is("networking.k8s.io", "Ingress")) {
    object["status"] = {{"loadBalancer", json::object()}};
  }
}

}  // namespace

void prepare_create(const KindInfo& kind, json& object, const Stamps& stamps) {
  json& meta = object["metadata"];
  for (const char* field : {"managedFields", "resourceVersion", "selfLink", "deletionTimestamp",
                            "deletionGracePeriodSeconds", "generation"}) {
    meta.erase(field);
  }
  meta["uid"] = stamps.uid;
  meta["creationTimestamp"] = stamps.now;
  if (kind.has_generation) meta["generation"] = 1;
  start_status(kind, object);
  if (kind.is("batch", "Job")) generate_job_selector(object, stamps);
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition")) note_stored_version(object);
  if (!kind.group.empty()) return;
  if (kind.kind == "Pod") {
    prepare_pod(object);
    mount_service_account(object, stamps);
  }
  if (kind.kind == "Namespace") prepare_namespace(object);
  if (kind.kind == "PersistentVolumeClaim") protect(object, "kubernetes.io/pvc-protection");
  if (kind.kind == "PersistentVolume") {
    protect(object, "kubernetes.io/pv-protection");
    object["status"]["lastPhaseTransitionTime"] = stamps.now;
  }
  if (kind.kind == "Secret") fold_string_data(object);
  if (kind.kind == "Service") {
    object["status"] = {{"loadBalancer", json::object()}};
    allocate_service(object, stamps);
  }
}

void prepare_update(const KindInfo& kind, json& object, const json& live) {
  json& meta = object["metadata"];
  meta.erase("managedFields");
  for (const char* field : kServerFields) {
    const json& old = at(live, std::string("/metadata/") + field);
    if (old.is_null()) {
      meta.erase(field);
    } else {
      meta[field] = old;
    }
  }
  if (kind.has_status) {
    if (has(live, "/status")) {
      object["status"] = at(live, "/status");
    } else {
      object.erase("status");
    }
  }
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition")) {
    note_stored_version(object);
  }
  if (!kind.group.empty()) return;
  if (kind.kind == "Namespace") {
    object["spec"] = at(live, "/spec");
    if (object["spec"].is_null()) object.erase("spec");
  }
  if (kind.kind == "Secret") fold_string_data(object);
  if (kind.kind == "Service") {
    keep_allocated(object, live);
    drop_by_type(object, live);
  }
}

void prepare_status_update(const KindInfo& kind, json& object, const json& live) {
  json status = at(object, "/status");
  json annotations = at(object, "/metadata/annotations");
  object = live;
  if (kind.is("apps", "Deployment") && annotations.is_object()) {
    object["metadata"]["annotations"] = std::move(annotations);
  }
  if (status.is_null()) {
    object.erase("status");
  } else {
    object["status"] = std::move(status);
  }
}

void prepare_finalize(json& object, const json& live) {
  json finalizers = list(object, "/spec/finalizers");
  object = live;
  json& spec = object["spec"];
  if (!spec.is_object()) spec = json::object();
  if (finalizers.empty()) {
    spec.erase("finalizers");
  } else {
    spec["finalizers"] = std::move(finalizers);
  }
}

void count_generation(const KindInfo& kind, json& object, const json& live) {
  if (!kind.has_generation) return;
  const std::int64_t old = number(live, "/metadata/generation");
  object["metadata"]["generation"] = asks_for_the_same(kind, object, live) ? old : old + 1;
}

void allocate_service(json& object, const Stamps& stamps) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  const std::string type = text(*spec, "/type");
  if (type == "ExternalName") return;
  std::string address = text(*spec, "/clusterIP");
  if (address.empty()) address = stamps.cluster_ip;
  (*spec)["clusterIP"] = address;
  if (list(*spec, "/clusterIPs").empty()) (*spec)["clusterIPs"] = json::array({address});
  set_default(*spec, "ipFamilies", json::array({"IPv4"}));
  set_default(*spec, "ipFamilyPolicy", "SingleStack");
  if (type != "NodePort" && type != "LoadBalancer") return;
  const bool allocates = at(*spec, "/allocateLoadBalancerNodePorts") != json(false);
  int next = stamps.node_port;
  if (allocates && spec->contains("ports")) {
    for (json& port : (*spec)["ports"]) {
      if (port.is_object() && number(port, "/nodePort") == 0) port["nodePort"] = next++;
    }
  }
  if (type == "LoadBalancer" && text(*spec, "/externalTrafficPolicy") == "Local" &&
      number(*spec, "/healthCheckNodePort") == 0) {
    (*spec)["healthCheckNodePort"] = next;
  }
}

}  // namespace wavetank::cluster::api
