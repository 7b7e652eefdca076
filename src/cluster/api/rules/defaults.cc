#include "cluster/api/rules/defaults.h"

#include <algorithm>
#include <string>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

template <class Visit>
void each_object(json& parent, const char* name, Visit visit) {
  const auto found = parent.find(name);
  if (found == parent.end() || !found->is_array()) return;
  for (json& item : *found) {
    if (item.is_object()) visit(item);
  }
}

void default_probe(json& container, const char* name) {
  json* probe = find_object(container, std::string("/") + name);
  if (probe == nullptr) return;
  set_default(*probe, "timeoutSeconds", 1);
  set_default(*probe, "periodSeconds", 10);
  set_default(*probe, "successThreshold", 1);
  set_default(*probe, "failureThreshold", 3);
  if (json* get = find_object(*probe, "/httpGet")) {
    set_default(*get, "path", "/");
    set_default(*get, "scheme", "HTTP");
  }
  if (json* grpc = find_object(*probe, "/grpc")) set_default(*grpc, "service", "");
}

// Source: parsers.ParseImageName; without a tag or with `latest` the image is always pulled.
std::string pull_policy(const std::string& image) {
  if (image.find('@') != std::string::npos) return "IfNotPresent";
  const auto slash = image.rfind('/');
  const auto colon = image.rfind(':');
  const bool has_tag = colon != std::string::npos && (slash == std::string::npos || colon > slash);
  return !has_tag || image.substr(colon + 1) == "latest" ? "Always" : "IfNotPresent";
}

void default_handler(json& container, const char* path) {
  if (json* get = find_object(container, path)) {
    set_default(*get, "path", "/");
    set_default(*get, "scheme", "HTTP");
  }
}

void default_container(json& container, bool uses_host_network) {
  set_default(container, "terminationMessagePath", "/dev/termination-log");
  set_default(container, "terminationMessagePolicy", "File");
  set_default(container, "imagePullPolicy", pull_policy(text(container, "/image")));
  set_default(container, "resources", json::object());
  each_object(container, "ports", [&](json& port) {
    set_default(port, "protocol", "TCP");
    if (uses_host_network && port.contains("containerPort")) {
      set_default(port, "hostPort", port["containerPort"]);
    }
  });
  each_object(container, "env", [](json& variable) {
    if (json* field = find_object(variable, "/valueFrom/fieldRef")) {
      set_default(*field, "apiVersion", "v1");
    }
    if (json* field = find_object(variable, "/valueFrom/resourceFieldRef")) {
      set_default(*field, "divisor", "0");
    }
  });
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    default_probe(container, probe);
  }
  default_handler(container, "/lifecycle/preStop/httpGet");
  default_handler(container, "/lifecycle/postStart/httpGet");
}

void default_volume(json& volume) {
  if (volume.size() <= 1) volume["emptyDir"] = json::object();
  for (const char* name : {"secret", "configMap", "downwardAPI", "projected"}) {
    json* source = find_object(volume, std::string("/") + name);
    if (source == nullptr) continue;
    set_default(*source, "defaultMode", 420);
    each_object(*source, "sources", [](json& each) {
      if (json* token = find_object(each, "/serviceAccountToken")) {
        set_default(*token, "expirationSeconds", 3600);
      }
      if (json* downward = find_object(each, "/downwardAPI")) {
        each_object(*downward, "items", [](json& item) {
          if (json* field = find_object(item, "/fieldRef")) set_default(*field, "apiVersion", "v1");
        });
      }
    });
    each_object(*source, "items", [](json& item) {
      if (json* field = find_object(item, "/fieldRef")) set_default(*field, "apiVersion", "v1");
    });
  }
  if (json* path = find_object(volume, "/hostPath")) set_default(*path, "type", "");
}

void default_pod_spec(json& spec) {
  set_default(spec, "restartPolicy", "Always");
  set_default(spec, "dnsPolicy", "ClusterFirst");
  set_default(spec, "schedulerName", "default-scheduler");
  set_default(spec, "terminationGracePeriodSeconds", 30);
  set_default(spec, "securityContext", json::object());
  if (spec.contains("serviceAccountName")) {
    spec["serviceAccount"] = spec["serviceAccountName"];
  } else if (spec.contains("serviceAccount")) {
    spec["serviceAccountName"] = spec["serviceAccount"];
  }
  const bool uses_host_network = flag(spec, "/hostNetwork");
  each_object(spec, "containers", [&](json& c) { default_container(c, uses_host_network); });
  each_object(spec, "initContainers", [&](json& c) { default_container(c, uses_host_network); });
  each_object(spec, "volumes", default_volume);
}

// A template is a value, not a pointer: it has its defaults even where the manifest has none.
void default_template(json& parent) {
  json& pod_template = parent["template"];
  if (!pod_template.is_object()) pod_template = json::object();
  json& spec = pod_template["spec"];
  if (!spec.is_object()) spec = json::object();
  default_pod_spec(spec);
}

// Limits stand in for missing requests, for pods only. Source: SetDefaults_Pod.
void default_requests(json& container) {
  json* limits = find_object(container, "/resources/limits");
  if (limits == nullptr) return;
  json& requests = container["resources"]["requests"];
  if (!requests.is_object()) requests = json::object();
  for (const auto& [name, value] : limits->items()) set_default(requests, name.c_str(), value);
}

void default_pod(json& object) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  default_pod_spec(*spec);
  set_default(*spec, "enableServiceLinks", true);
  each_object(*spec, "containers", default_requests);
  each_object(*spec, "initContainers", default_requests);
}

void default_rolling_update(json& strategy, const char* first, const json& first_value,
                            const char* second, const json& second_value) {
  json& rolling = strategy["rollingUpdate"];
  if (!rolling.is_object()) rolling = json::object();
  set_default(rolling, first, first_value);
  if (second != nullptr) set_default(rolling, second, second_value);
}

void default_deployment(json& spec) {
  set_default(spec, "replicas", 1);
  set_default(spec, "revisionHistoryLimit", 10);
  set_default(spec, "progressDeadlineSeconds", 600);
  set_default(spec, "strategy", json::object());
  json& strategy = spec["strategy"];
  set_default(strategy, "type", "RollingUpdate");
  if (text(strategy, "/type") == "RollingUpdate") {
    default_rolling_update(strategy, "maxUnavailable", "25%", "maxSurge", "25%");
  }
}

void default_daemon_set(json& spec) {
  set_default(spec, "revisionHistoryLimit", 10);
  set_default(spec, "updateStrategy", json::object());
  json& strategy = spec["updateStrategy"];
  set_default(strategy, "type", "RollingUpdate");
  if (text(strategy, "/type") == "RollingUpdate") {
    default_rolling_update(strategy, "maxUnavailable", 1, "maxSurge", 0);
  }
}

void default_claim_spec(json& spec) { set_default(spec, "volumeMode", "Filesystem"); }

void default_stateful_set(json& spec) {
  set_default(spec, "replicas", 1);
  set_default(spec, "revisionHistoryLimit", 10);
  set_default(spec, "podManagementPolicy", "OrderedReady");
  set_default(spec, "updateStrategy", json::object());
  json& strategy = spec["updateStrategy"];
  // A type without its block stays without: such a set remembers by its status how many pods of the
  // old template there are.
  const bool has_type = !text(strategy, "/type").empty();
  set_default(strategy, "type", "RollingUpdate");
  if (text(strategy, "/type") == "RollingUpdate" &&
      (!has_type || has(strategy, "/rollingUpdate"))) {
    default_rolling_update(strategy, "partition", 0, nullptr, json());
  }
  set_default(spec, "persistentVolumeClaimRetentionPolicy", json::object());
  json& retention = spec["persistentVolumeClaimRetentionPolicy"];
  set_default(retention, "whenDeleted", "Retain");
  set_default(retention, "whenScaled", "Retain");
  each_object(spec, "volumeClaimTemplates", [](json& claim) {
    set_default(claim, "apiVersion", "v1");
    set_default(claim, "kind", "PersistentVolumeClaim");
    if (json* claim_spec = find_object(claim, "/spec")) default_claim_spec(*claim_spec);
    claim["status"] = {{"phase", "Pending"}};
  });
}

void default_job_spec(json& spec) {
  if (!spec.contains("completions") && !spec.contains("parallelism")) {
    spec["completions"] = 1;
    spec["parallelism"] = 1;
  }
  set_default(spec, "parallelism", 1);
  const bool per_index = spec.contains("backoffLimitPerIndex");
  set_default(spec, "backoffLimit", per_index ? 2147483647 : 6);
  set_default(spec, "completionMode", "NonIndexed");
  set_default(spec, "suspend", false);
  set_default(spec, "manualSelector", false);
  set_default(spec, "podReplacementPolicy",
              spec.contains("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
  if (json* policy = find_object(spec, "/podFailurePolicy")) {
    each_object(*policy, "rules", [](json& rule) {
      each_object(rule, "onPodConditions", [](json& c) { set_default(c, "status", "True"); });
    });
  }
}

void default_cron_job(json& spec) {
  set_default(spec, "concurrencyPolicy", "Allow");
  set_default(spec, "suspend", false);
  set_default(spec, "successfulJobsHistoryLimit", 3);
  set_default(spec, "failedJobsHistoryLimit", 1);
  if (json* job = find_object(spec, "/jobTemplate/spec")) default_template(*job);
}

void default_service(json& spec) {
  set_default(spec, "sessionAffinity", "None");
  set_default(spec, "type", "ClusterIP");
  const std::string type = text(spec, "/type");
  if (text(spec, "/sessionAffinity") == "ClientIP") {
    json& config = spec["sessionAffinityConfig"];
    if (!config.is_object()) config = json::object();
    json& client = config["clientIP"];
    if (!client.is_object()) client = json::object();
    set_default(client, "timeoutSeconds", 10800);
  } else {
    spec.erase("sessionAffinityConfig");
  }
  if (type == "NodePort" || type == "LoadBalancer") {
    set_default(spec, "externalTrafficPolicy", "Cluster");
  }
  if (type == "LoadBalancer") set_default(spec, "allocateLoadBalancerNodePorts", true);
  if (type != "ExternalName") set_default(spec, "internalTrafficPolicy", "Cluster");
  each_object(spec, "ports", [](json& port) {
    set_default(port, "protocol", "TCP");
    if (port.contains("port")) set_default(port, "targetPort", port["port"]);
  });
}

void default_role_binding(json& object) {
  if (json* role = find_object(object, "/roleRef")) {
    set_default(*role, "apiGroup", "rbac.authorization.k8s.io");
  }
  each_object(object, "subjects", [](json& subject) {
    const std::string kind = text(subject, "/kind");
    if (kind == "User" || kind == "Group") {
      set_default(subject, "apiGroup", "rbac.authorization.k8s.io");
    }
  });
}

void default_network_policy(json& spec) {
  set_default(spec, "podSelector", json::object());
  if (!spec.contains("policyTypes")) {
    spec["policyTypes"] = json::array({"Ingress"});
    if (spec.contains("egress") && !spec["egress"].empty()) spec["policyTypes"].push_back("Egress");
  }
  for (const char* direction : {"ingress", "egress"}) {
    each_object(spec, direction, [](json& rule) {
      each_object(rule, "ports", [](json& port) { set_default(port, "protocol", "TCP"); });
    });
  }
}

void default_autoscaler(json& spec) {
  set_default(spec, "minReplicas", 1);
  if (!spec.contains("metrics") || spec["metrics"].empty()) {
    spec["metrics"] = json::array(
        {{{"type", "Resource"},
          {"resource",
           {{"name", "cpu"}, {"target", {{"type", "Utilization"}, {"averageUtilization", 80}}}}}}});
  }
}

void default_webhook(json& webhook, bool is_mutating) {
  set_default(webhook, "failurePolicy", "Fail");
  set_default(webhook, "matchPolicy", "Equivalent");
  set_default(webhook, "namespaceSelector", json::object());
  set_default(webhook, "objectSelector", json::object());
  set_default(webhook, "timeoutSeconds", 10);
  if (is_mutating) set_default(webhook, "reinvocationPolicy", "Never");
  if (json* service = find_object(webhook, "/clientConfig/service")) {
    set_default(*service, "port", 443);
  }
  each_object(webhook, "rules", [](json& rule) { set_default(rule, "scope", "*"); });
}

void default_definition(json& spec) {
  set_default(spec, "conversion", json::object());
  set_default(spec["conversion"], "strategy", "None");
  json* names = find_object(spec, "/names");
  if (names == nullptr) return;
  std::string singular = text(*names, "/kind");
  std::transform(singular.begin(), singular.end(), singular.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  set_default(*names, "singular", singular);
  set_default(*names, "listKind", text(*names, "/kind") + "List");
}

void default_limits(json& spec) {
  each_object(spec, "limits", [](json& limit) {
    if (text(limit, "/type") != "Container") return;
    // max stands in for default, default for defaultRequest, min for what is still missing.
    const auto fill = [&](const char* name, const char* from) {
      if (!limit.contains(from) || !limit[from].is_object()) return;
      json& target = limit[name];
      if (!target.is_object()) target = json::object();
      for (const auto& [resource, value] : limit[from].items()) {
        set_default(target, resource.c_str(), value);
      }
    };
    fill("default", "max");
    fill("defaultRequest", "default");
    fill("defaultRequest", "min");
  });
}

void default_volume_object(json& spec) {
  set_default(spec, "volumeMode", "Filesystem");
  set_default(spec, "persistentVolumeReclaimPolicy", "Retain");
  if (json* path = find_object(spec, "/hostPath")) set_default(*path, "type", "");
}

void default_core(const KindInfo& kind, json& object, json* spec) {
  if (kind.kind == "Pod") default_pod(object);
  if (kind.kind == "Secret") set_default(object, "type", "Opaque");
  if (kind.kind == "Namespace") {
    json& labels = object["metadata"]["labels"];
    if (!labels.is_object()) labels = json::object();
    labels["kubernetes.io/metadata.name"] = text(object, "/metadata/name");
  }
  if (spec == nullptr) return;
  if (kind.kind == "Service") default_service(*spec);
  if (kind.kind == "PersistentVolumeClaim") default_claim_spec(*spec);
  if (kind.kind == "PersistentVolume") default_volume_object(*spec);
  if (kind.kind == "LimitRange") default_limits(*spec);
  if (kind.kind == "PodTemplate" || kind.kind == "ReplicationController") default_template(*spec);
}

void default_apps(const KindInfo& kind, json& spec) {
  if (kind.kind == "Deployment") default_deployment(spec);
  if (kind.kind == "ReplicaSet") set_default(spec, "replicas", 1);
  if (kind.kind == "DaemonSet") default_daemon_set(spec);
  if (kind.kind == "StatefulSet") default_stateful_set(spec);
  default_template(spec);
}

}  // namespace

void set_defaults(const KindInfo& kind, json& object) {
  json* spec = find_object(object, "/spec");
  if (kind.group.empty()) default_core(kind, object, spec);
  if (kind.group == "rbac.authorization.k8s.io") default_role_binding(object);
  if (kind.is("scheduling.k8s.io", "PriorityClass")) {
    set_default(object, "preemptionPolicy", "PreemptLowerPriority");
  }
  if (kind.is("storage.k8s.io", "StorageClass")) {
    set_default(object, "reclaimPolicy", "Delete");
    set_default(object, "volumeBindingMode", "Immediate");
  }
  if (kind.is("discovery.k8s.io", "EndpointSlice")) {
    each_object(object, "ports", [](json& port) {
      set_default(port, "name", "");
      set_default(port, "protocol", "TCP");
    });
  }
  if (kind.group == "admissionregistration.k8s.io") {
    const bool is_mutating = kind.kind == "MutatingWebhookConfiguration";
    each_object(object, "webhooks", [&](json& hook) { default_webhook(hook, is_mutating); });
  }
  if (spec == nullptr && (kind.group == "apps" || kind.is("batch", "Job"))) {
    object["spec"] = json::object();
    spec = find_object(object, "/spec");
  }
  if (spec == nullptr) return;
  if (kind.group == "apps" && kind.kind != "ControllerRevision") default_apps(kind, *spec);
  if (kind.is("batch", "Job")) {
    default_job_spec(*spec);
    default_template(*spec);
  }
  if (kind.is("batch", "CronJob")) default_cron_job(*spec);
  if (kind.is("networking.k8s.io", "NetworkPolicy")) default_network_policy(*spec);
  if (kind.is("autoscaling", "HorizontalPodAutoscaler") && kind.version == "v2") {
    default_autoscaler(*spec);
  }
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition")) default_definition(*spec);
  if (kind.is("storage.k8s.io", "CSIDriver")) {
    set_default(*spec, "attachRequired", true);
    set_default(*spec, "podInfoOnMount", false);
    set_default(*spec, "storageCapacity", false);
    set_default(*spec, "fsGroupPolicy", "ReadWriteOnceWithFSType");
  }
}

}  // namespace wavetank::cluster::api
