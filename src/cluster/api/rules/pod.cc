#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

using Names = std::set<std::string>;

constexpr const char* kPodUpdateText =
    "pod updates may not change fields other than "
    "`spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,"
    "`spec.tolerations` (only additions to existing tolerations),"
    "`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)";

void complain(FieldErrors& errors, const std::string& path, const std::string& value,
              const Complaints& complaints) {
  for (const std::string& each : complaints) errors.push_back(invalid(path, value, each));
}

void validate_port(const json& port, const std::string& path, Names& names, FieldErrors& errors) {
  const std::string name = text(port, "/name");
  if (!name.empty()) {
    const Complaints complaints = check_port_name(name);
    complain(errors, path + ".name", name, complaints);
    if (complaints.empty() && !names.insert(name).second) {
      errors.push_back(duplicate(path + ".name", name));
    }
  }
  const std::int64_t container_port = number(port, "/containerPort");
  if (container_port == 0) {
    errors.push_back(required(path + ".containerPort"));
  } else if (container_port < 1 || container_port > 65535) {
    errors.push_back(
        invalid(path + ".containerPort", container_port, "must be between 1 and 65535, inclusive"));
  }
  const std::int64_t host_port = number(port, "/hostPort");
  if (host_port < 0 || host_port > 65535) {
    errors.push_back(
        invalid(path + ".hostPort", host_port, "must be between 1 and 65535, inclusive"));
  }
  const std::string protocol = text(port, "/protocol");
  if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.push_back(not_supported(path + ".protocol", protocol, {"SCTP", "TCP", "UDP"}));
  }
}

void validate_resources(const json& resources, const std::string& path, FieldErrors& errors) {
  const json& limits = at(resources, "/limits");
  const json& requests = at(resources, "/requests");
  if (!requests.is_object()) return;
  for (const auto& [name, value] : requests.items()) {
    if (!limits.is_object() || !limits.contains(name)) continue;
    const auto request = parse_quantity(value.is_string() ? value.get<std::string>() : "");
    const json& bound = limits.at(name);
    const auto limit = parse_quantity(bound.is_string() ? bound.get<std::string>() : "");
    if (request && limit && *limit < *request) {
      errors.push_back(invalid(path + ".requests", value,
                               fmt::format("must be less than or equal to {} limit of {}", name,
                                           bound.get<std::string>())));
    }
  }
}

void validate_mounts(const json& container, const std::string& path, const Names& volumes,
                     FieldErrors& errors) {
  Names paths;
  const json& mounts = list(container, "/volumeMounts");
  for (std::size_t i = 0; i < mounts.size(); ++i) {
    const std::string at_mount = fmt::format("{}.volumeMounts[{}]", path, i);
    const std::string name = text(mounts[i], "/name");
    if (name.empty()) {
      errors.push_back(required(at_mount + ".name"));
    } else if (!volumes.contains(name)) {
      errors.push_back(not_found_value(at_mount + ".name", name));
    }
    const std::string mount_path = text(mounts[i], "/mountPath");
    if (mount_path.empty()) {
      errors.push_back(required(at_mount + ".mountPath"));
    } else if (!paths.insert(mount_path).second) {
      errors.push_back(invalid(at_mount + ".mountPath", mount_path, "must be unique"));
    }
  }
}

void validate_probe(const json& container, const char* name, const std::string& path,
                    FieldErrors& errors) {
  const json& probe = at(container, std::string("/") + name);
  if (!probe.is_object()) return;
  int handlers = 0;
  for (const char* handler : {"exec", "httpGet", "tcpSocket", "grpc"}) {
    if (!probe.contains(handler)) continue;
    if (++handlers > 1) {
      errors.push_back(forbidden_field(fmt::format("{}.{}.{}", path, name, handler),
                                       "may not specify more than 1 handler type"));
    }
  }
  if (handlers == 0) {
    errors.push_back(required(path + "." + name, "must specify a handler type"));
  }
  const std::int64_t success = number(probe, "/successThreshold", 1);
  if (std::string_view(name) != "readinessProbe" && success != 1) {
    errors.push_back(
        invalid(fmt::format("{}.{}.successThreshold", path, name), success, "must be 1"));
  }
}

void validate_env(const json& container, const std::string& path, FieldErrors& errors) {
  const json& env = list(container, "/env");
  for (std::size_t i = 0; i < env.size(); ++i) {
    const std::string at_env = fmt::format("{}.env[{}]", path, i);
    const std::string name = text(env[i], "/name");
    if (name.empty()) {
      errors.push_back(required(at_env + ".name"));
    } else {
      complain(errors, at_env + ".name", name, check_env_name(name));
    }
    if (!text(env[i], "/value").empty() && has(env[i], "/valueFrom")) {
      errors.push_back(
          invalid(at_env + ".valueFrom", "", "may not be specified when `value` is not empty"));
    }
  }
}

void validate_container(const json& container, const std::string& path, const Names& volumes,
                        Names& names, FieldErrors& errors) {
  const std::string name = text(container, "/name");
  if (name.empty()) {
    errors.push_back(required(path + ".name"));
  } else {
    complain(errors, path + ".name", name, check_dns_label(name));
  }
  const std::string image = text(container, "/image");
  if (image.empty()) {
    errors.push_back(required(path + ".image"));
  } else if (image.front() == ' ' || image.back() == ' ') {
    errors.push_back(
        invalid(path + ".image", image, "must not have leading or trailing whitespace"));
  }
  if (!name.empty() && !names.insert(name).second) {
    errors.push_back(duplicate(path + ".name", name));
  }
  Names port_names;
  const json& ports = list(container, "/ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    validate_port(ports[i], fmt::format("{}.ports[{}]", path, i), port_names, errors);
  }
  validate_env(container, path, errors);
  validate_mounts(container, path, volumes, errors);
  const std::string policy = text(container, "/imagePullPolicy");
  if (policy != "Always" && policy != "IfNotPresent" && policy != "Never") {
    errors.push_back(
        not_supported(path + ".imagePullPolicy", policy, {"Always", "IfNotPresent", "Never"}));
  }
  for (const char* probe : {"livenessProbe", "readinessProbe", "startupProbe"}) {
    validate_probe(container, probe, path, errors);
  }
  validate_resources(at(container, "/resources"), path + ".resources", errors);
}

Names validate_volumes(const json& spec, const std::string& path, FieldErrors& errors) {
  Names names;
  const json& volumes = list(spec, "/volumes");
  for (std::size_t i = 0; i < volumes.size(); ++i) {
    const std::string at_volume = fmt::format("{}.volumes[{}]", path, i);
    // In the order in which the server looks for them.
    int sources = 0;
    for (const char* field :
         {"emptyDir", "hostPath", "gitRepo", "secret", "nfs", "iscsi", "persistentVolumeClaim",
          "downwardAPI", "configMap", "projected", "csi", "ephemeral", "image"}) {
      if (volumes[i].contains(field) && ++sources > 1) {
        errors.push_back(
            forbidden_field(at_volume + "." + field, "may not specify more than 1 volume type"));
      }
    }
    const std::string name = text(volumes[i], "/name");
    if (name.empty()) {
      errors.push_back(required(at_volume + ".name"));
      continue;
    }
    complain(errors, at_volume + ".name", name, check_dns_label(name));
    if (!names.insert(name).second) errors.push_back(duplicate(at_volume + ".name", name));
  }
  return names;
}

void validate_tolerations(const json& spec, const std::string& path, FieldErrors& errors) {
  const json& tolerations = list(spec, "/tolerations");
  for (std::size_t i = 0; i < tolerations.size(); ++i) {
    const std::string at_one = fmt::format("{}.tolerations[{}]", path, i);
    const std::string operation = text(tolerations[i], "/operator");
    const std::string key = text(tolerations[i], "/key");
    if (!operation.empty() && operation != "Exists" && operation != "Equal") {
      errors.push_back(not_supported(at_one + ".operator", operation, {"Equal", "Exists"}));
      continue;
    }
    if (key.empty() && operation != "Exists") {
      errors.push_back(invalid(at_one + ".operator", operation,
                               "operator must be Exists when `key` is empty, which means \"match "
                               "all values and all keys\""));
    }
    if (operation == "Exists" && !text(tolerations[i], "/value").empty()) {
      errors.push_back(invalid(at_one + ".operator", tolerations[i],
                               "value must be empty when `operator` is 'Exists'"));
    }
  }
}

// What an update of a pod may change, taken out. Source: ValidatePodUpdate.
json unchangeable(json spec) {
  for (const char* name : {"activeDeadlineSeconds", "tolerations", "schedulingGates"}) {
    spec.erase(name);
  }
  for (const char* name : {"containers", "initContainers"}) {
    if (!spec.contains(name) || !spec[name].is_array()) continue;
    for (json& container : spec[name]) container.erase("image");
  }
  return spec;
}

}  // namespace

FieldErrors validate_pod_spec(const json& spec, const std::string& path) {
  FieldErrors errors;
  const Names volumes = validate_volumes(spec, path, errors);
  Names names;
  const json& containers = list(spec, "/containers");
  if (containers.empty()) errors.push_back(required(path + ".containers"));
  for (std::size_t i = 0; i < containers.size(); ++i) {
    validate_container(containers[i], fmt::format("{}.containers[{}]", path, i), volumes, names,
                       errors);
  }
  const json& init = list(spec, "/initContainers");
  for (std::size_t i = 0; i < init.size(); ++i) {
    validate_container(init[i], fmt::format("{}.initContainers[{}]", path, i), volumes, names,
                       errors);
  }
  const std::string restart = text(spec, "/restartPolicy");
  if (restart != "Always" && restart != "OnFailure" && restart != "Never") {
    errors.push_back(
        not_supported(path + ".restartPolicy", restart, {"Always", "OnFailure", "Never"}));
  }
  append(errors, validate_labels(at(spec, "/nodeSelector"), path + ".nodeSelector"));
  validate_tolerations(spec, path, errors);
  const std::string account = text(spec, "/serviceAccountName");
  if (!account.empty()) {
    complain(errors, path + ".serviceAccountName", account, check_dns_subdomain(account));
  }
  return errors;
}

FieldErrors validate_pod_update(const json& object, const json& live) {
  FieldErrors errors = validate_pod_spec(at(object, "/spec"), "spec");
  const std::size_t invalid_fields = errors.size();
  for (const char* name : {"containers", "initContainers"}) {
    const std::string pointer = std::string("/spec/") + name;
    if (list(object, pointer).size() != list(live, pointer).size()) {
      errors.push_back(forbidden_field(std::string("spec.") + name,
                                       "pod updates may not add or remove containers"));
    }
  }
  if (errors.size() > invalid_fields) return errors;
  const json& wanted = at(object, "/spec/activeDeadlineSeconds");
  const json& present = at(live, "/spec/activeDeadlineSeconds");
  if (present.is_number_integer() && wanted.is_number_integer() && wanted > present) {
    errors.push_back(invalid("spec.activeDeadlineSeconds", wanted,
                             fmt::format("must be less than or equal to previous value")));
  } else if (present.is_number_integer() && wanted.is_null()) {
    errors.push_back(invalid("spec.activeDeadlineSeconds", wanted,
                             "must not update from a positive integer to nil value"));
  }
  // Existing tolerations stay; only what is added may differ.
  for (const json& toleration : list(live, "/spec/tolerations")) {
    const json& now = list(object, "/spec/tolerations");
    if (std::find(now.begin(), now.end(), toleration) == now.end()) {
      errors.push_back(
          forbidden_field("spec.tolerations",
                          "existing toleration can not be modified except its tolerationSeconds"));
      break;
    }
  }
  if (unchangeable(at(object, "/spec")) != unchangeable(at(live, "/spec"))) {
    errors.push_back(forbidden_field("spec", kPodUpdateText));
  }
  return errors;
}

}  // namespace wavetank::cluster::api
