#include "cluster/endpoints.h"

#include <algorithm>
#include <string>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/selector.h"

namespace wavetank::cluster {

using api::at;
using api::has;
using api::list;
using api::text;
using nlohmann::json;

namespace {

bool is_ready(const json& pod) {
  if (has(pod, "/metadata/deletionTimestamp")) return false;
  const json& conditions = list(pod, "/status/conditions");
  return std::any_of(conditions.begin(), conditions.end(), [](const json& condition) {
    return text(condition, "/type") == "Ready" && text(condition, "/status") == "True";
  });
}

// A pod serves a port by number whatever it declares; one by name only if a container has it.
bool serves(const json& pod, const json& port) {
  const json& target = at(port, "/targetPort");
  if (!target.is_string()) return true;
  const json& containers = list(pod, "/spec/containers");
  return std::any_of(containers.begin(), containers.end(), [&](const json& container) {
    const json& ports = list(container, "/ports");
    return std::any_of(ports.begin(), ports.end(),
                       [&](const json& each) { return at(each, "/name") == target; });
  });
}

Endpoints selected(const Store& store, const json& service, const json& port) {
  const std::string home = text(service, "/metadata/namespace");
  const json selector{{"matchLabels", at(service, "/spec/selector")}};
  const bool publishes_all = at(service, "/spec/publishNotReadyAddresses") == json(true);
  for (const auto& [key, entry] : store.of_kind("", "Pod", home)) {
    const json& pod = entry.object.content;
    if (!api::selector_matches(selector, at(pod, "/metadata/labels"))) continue;
    const bool counts = is_ready(pod) || (publishes_all && text(pod, "/status/phase") == "Running");
    if (counts && serves(pod, port)) return Endpoints::Ready;
  }
  return Endpoints::NotReady;
}

bool has_ready_address(const json& slice) {
  const json& endpoints = list(slice, "/endpoints");
  return std::any_of(endpoints.begin(), endpoints.end(), [](const json& endpoint) {
    return at(endpoint, "/conditions/ready") != json(false);
  });
}

bool lists_port(const json& slice, const json& port) {
  if (port.is_null()) return true;
  const json& ports = list(slice, "/ports");
  return std::any_of(ports.begin(), ports.end(), [&](const json& each) {
    return text(each, "/name") == text(port, "/name") && has(each, "/port");
  });
}

Endpoints written(const Store& store, const json& service, const json& port) {
  const std::string home = text(service, "/metadata/namespace");
  const std::string name = text(service, "/metadata/name");
  Endpoints result = Endpoints::NoSlices;
  for (const auto& [key, entry] : store.of_kind("discovery.k8s.io", "EndpointSlice", home)) {
    const json& slice = entry.object.content;
    const json& labels = at(slice, "/metadata/labels");
    if (!labels.is_object() || labels.value("kubernetes.io/service-name", json()) != name) continue;
    if (has_ready_address(slice) && lists_port(slice, port)) return Endpoints::Ready;
    result = Endpoints::NotReady;
  }
  return result;
}

}  // namespace

Endpoints endpoints_of(const Store& store, const json& service, const json& port) {
  const json& selector = at(service, "/spec/selector");
  const bool selects = selector.is_object() && !selector.empty();
  return selects ? selected(store, service, port) : written(store, service, port);
}

}  // namespace wavetank::cluster
