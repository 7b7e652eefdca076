#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr std::int64_t kNodePortMin = 30000;
constexpr std::int64_t kNodePortMax = 32767;

bool needs_node_port(const std::string& type) {
  return type == "NodePort" || type == "LoadBalancer";
}
bool needs_cluster_ip(const std::string& type) {
  return type == "ClusterIP" || needs_node_port(type);
}

void validate_service_port(const json& port, const std::string& path, bool needs_name,
                           std::set<std::string>& names, FieldErrors& errors) {
  const std::string name = text(port, "/name");
  if (needs_name && name.empty()) {
    errors.push_back(required(path + ".name"));
  } else if (!name.empty()) {
    for (const std::string& each : check_dns_label(name)) {
      errors.push_back(invalid(path + ".name", name, each));
    }
    if (!names.insert(name).second) errors.push_back(duplicate(path + ".name", name));
  }
  const std::int64_t value = number(port, "/port");
  if (value < 1 || value > 65535) {
    errors.push_back(invalid(path + ".port", value, "must be between 1 and 65535, inclusive"));
  }
  const std::string protocol = text(port, "/protocol");
  if (protocol != "TCP" && protocol != "UDP" && protocol != "SCTP") {
    errors.push_back(not_supported(path + ".protocol", protocol, {"SCTP", "TCP", "UDP"}));
  }
}

FieldErrors validate_ports(const json& spec, const std::string& type) {
  FieldErrors errors;
  const json& ports = list(spec, "/ports");
  const bool headless = text(spec, "/clusterIP") == "None";
  if (ports.empty() && type != "ExternalName" && !headless) {
    errors.push_back(required("spec.ports"));
  }
  std::set<std::string> names;
  for (std::size_t i = 0; i < ports.size(); ++i) {
    validate_service_port(ports[i], fmt::format("spec.ports[{}]", i), ports.size() > 1, names,
                          errors);
  }
  return errors;
}

FieldErrors validate_port_uses(const json& spec, const std::string& type) {
  FieldErrors errors;
  std::set<std::string> seen;
  const json& ports = list(spec, "/ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::string path = fmt::format("spec.ports[{}]", i);
    const std::int64_t node_port = number(ports[i], "/nodePort");
    if (!needs_node_port(type) && node_port != 0) {
      errors.push_back(forbidden_field(path + ".nodePort",
                                       fmt::format("may not be used when `type` is '{}'", type)));
    }
    const std::string key =
        fmt::format("{}/{}", text(ports[i], "/protocol"), number(ports[i], "/port"));
    if (!seen.insert(key).second) {
      errors.push_back(duplicate(
          path, {{"protocol", text(ports[i], "/protocol")}, {"port", number(ports[i], "/port")}}));
    }
  }
  return errors;
}

}  // namespace

FieldErrors validate_service(const json& object) {
  FieldErrors errors;
  const json& spec = at(object, "/spec");
  const std::string type = text(spec, "/type");
  const std::string address = text(spec, "/clusterIP");
  append(errors, validate_ports(spec, type));
  if (address == "None" && needs_node_port(type)) {
    errors.push_back(invalid("spec.clusterIPs[0]", "None",
                             fmt::format("may not be set to 'None' for {} services", type)));
  }
  if (type == "ExternalName") {
    const std::string name = text(spec, "/externalName");
    std::string trimmed = name;
    if (trimmed.ends_with('.')) trimmed.pop_back();
    if (trimmed.empty()) {
      errors.push_back(required("spec.externalName"));
    } else {
      for (const std::string& each : check_dns_subdomain(trimmed)) {
        errors.push_back(invalid("spec.externalName", name, each));
      }
    }
    if (!address.empty()) {
      errors.push_back(
          forbidden_field("spec.clusterIPs", "may not be set when `type` is 'ExternalName'"));
    }
  }
  append(errors, validate_labels(at(spec, "/selector"), "spec.selector"));
  if (type != "ClusterIP" && type != "ExternalName" && !needs_node_port(type)) {
    errors.push_back(not_supported("spec.type", type,
                                   {"ClusterIP", "ExternalName", "LoadBalancer", "NodePort"}));
  }
  append(errors, validate_port_uses(spec, type));
  if (!errors.empty()) return errors;
  // The allocator runs after validation. Source: registry/core/service/portallocator.
  const json& ports = list(spec, "/ports");
  for (std::size_t i = 0; i < ports.size(); ++i) {
    const std::int64_t node_port = number(ports[i], "/nodePort");
    if (node_port == 0 || (node_port >= kNodePortMin && node_port <= kNodePortMax)) continue;
    errors.push_back(
        invalid(fmt::format("spec.ports[{}].nodePort", i), node_port,
                fmt::format("provided port is not in the valid range. The range of valid ports is "
                            "{}-{}",
                            kNodePortMin, kNodePortMax)));
  }
  return errors;
}

FieldErrors validate_service_update(const json& object, const json& live) {
  FieldErrors errors;
  const std::string old_type = text(live, "/spec/type");
  const std::string type = text(object, "/spec/type");
  if (needs_cluster_ip(old_type) && needs_cluster_ip(type)) {
    const json& old_ips = at(live, "/spec/clusterIPs");
    const std::string old_ip = text(live, "/spec/clusterIP");
    const std::string new_ip = text(object, "/spec/clusterIP");
    json new_ips = at(object, "/spec/clusterIPs");
    if (new_ips.is_null()) new_ips = json::array({new_ip});
    if (!old_ip.empty() && (old_ip != new_ip || (old_ips.is_array() && !old_ips.empty() &&
                                                 !new_ips.empty() && old_ips[0] != new_ips[0]))) {
      errors.push_back(
          invalid("spec.clusterIPs[0]", json::array({new_ip}), "may not change once set"));
    }
  }
  const json& old_class = at(live, "/spec/loadBalancerClass");
  const json& new_class = at(object, "/spec/loadBalancerClass");
  if (old_type == "LoadBalancer" && type == "LoadBalancer" && old_class != new_class) {
    errors.push_back(invalid("spec.loadBalancerClass", new_class, "may not change once set"));
  }
  return errors;
}

}  // namespace wavetank::cluster::api
