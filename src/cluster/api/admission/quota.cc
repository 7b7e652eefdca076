// Quotas and limit ranges. Source: plugin/pkg/admission/{limitranger,resourcequota} and
// pkg/quota/v1/evaluator/core.
#include <fmt/format.h>

#include <map>
#include <set>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

using Amounts = std::map<std::string, Quantity>;

std::optional<Quantity> quantity_at(const json& values, const std::string& name) {
  if (!values.is_object() || !values.contains(name) || !values.at(name).is_string()) {
    return std::nullopt;
  }
  return parse_quantity(values.at(name).get<std::string>());
}

Quantity one() { return *parse_quantity("1"); }

void add(Amounts& amounts, const std::string& name, const Quantity& quantity) {
  const auto [place, is_new] = amounts.emplace(name, quantity);
  if (!is_new) place->second.nano += quantity.nano;
}

// Requests or limits of a pod: the sum over its containers, or the largest of its init containers.
Amounts pod_resources(const json& spec, const char* which) {
  Amounts total;
  for (const json& container : list(spec, "/containers")) {
    const json& values = at(container, std::string("/resources/") + which);
    if (!values.is_object()) continue;
    for (const auto& [name, value] : values.items()) {
      if (const auto quantity = quantity_at(values, name)) add(total, name, *quantity);
    }
  }
  for (const json& container : list(spec, "/initContainers")) {
    const json& values = at(container, std::string("/resources/") + which);
    if (!values.is_object()) continue;
    for (const auto& [name, value] : values.items()) {
      const auto quantity = quantity_at(values, name);
      if (quantity && (!total.contains(name) || total[name] < *quantity)) total[name] = *quantity;
    }
  }
  return total;
}

void pod_usage(const json& object, Amounts& usage) {
  usage["count/pods"] = one();
  const std::string phase = text(object, "/status/phase");
  if (phase == "Succeeded" || phase == "Failed") return;
  usage["pods"] = one();
  const json& spec = at(object, "/spec");
  for (const auto& [name, quantity] : pod_resources(spec, "requests")) {
    usage["requests." + name] = quantity;
    if (name == "cpu" || name == "memory" || name == "ephemeral-storage") usage[name] = quantity;
  }
  for (const auto& [name, quantity] : pod_resources(spec, "limits")) {
    usage["limits." + name] = quantity;
  }
}

void service_usage(const json& object, Amounts& usage) {
  usage["services"] = one();
  const std::string type = text(object, "/spec/type");
  const auto ports = static_cast<int>(list(object, "/spec/ports").size());
  if (type == "LoadBalancer") {
    usage["services.loadbalancers"] = one();
    usage["services.nodeports"] = *parse_quantity(std::to_string(
        at(object, "/spec/allocateLoadBalancerNodePorts") == json(false) ? 0 : ports));
  } else if (type == "NodePort") {
    usage["services.nodeports"] = *parse_quantity(std::to_string(ports));
  }
}

void claim_usage(const json& object, Amounts& usage) {
  usage["persistentvolumeclaims"] = one();
  const auto storage = quantity_at(at(object, "/spec/resources/requests"), "storage");
  const std::string name = text(object, "/spec/storageClassName");
  if (storage) usage["requests.storage"] = *storage;
  if (name.empty()) return;
  const std::string prefix = name + ".storageclass.storage.k8s.io/";
  usage[prefix + "persistentvolumeclaims"] = one();
  if (storage) usage[prefix + "requests.storage"] = *storage;
}

// What one object uses, by the names that quotas know.
Amounts usage_of(const KindInfo& kind, const json& object) {
  Amounts usage;
  usage["count/" + resource_name(kind)] = one();
  if (!kind.group.empty()) return usage;
  if (kind.kind == "Pod") pod_usage(object, usage);
  if (kind.kind == "Service") service_usage(object, usage);
  if (kind.kind == "PersistentVolumeClaim") claim_usage(object, usage);
  for (const auto& [of_kind, name] :
       std::map<std::string, std::string>{{"ConfigMap", "configmaps"},
                                          {"Secret", "secrets"},
                                          {"ResourceQuota", "resourcequotas"},
                                          {"ReplicationController", "replicationcontrollers"}}) {
    if (kind.kind == of_kind) usage[name] = one();
  }
  return usage;
}

std::string listed(const Amounts& amounts, const std::set<std::string>& names) {
  std::vector<std::string> parts;
  for (const std::string& name : names) {
    const auto found = amounts.find(name);
    const Quantity quantity = found == amounts.end() ? Quantity{} : found->second;
    parts.push_back(fmt::format("{}={}", name, to_text(quantity)));
  }
  return fmt::format("{}", fmt::join(parts, ","));
}

// Resources that a quota counts and a pod's containers do not name.
std::string missing_in(const json& spec, const json& hard) {
  std::map<std::string, std::set<std::string>> missing;
  for (const auto& [resource, value] : hard.items()) {
    std::string which = "requests";
    std::string name = resource;
    if (name.starts_with("limits.")) {
      which = "limits";
      name = name.substr(7);
    } else if (name.starts_with("requests.")) {
      name = name.substr(9);
    }
    if (name != "cpu" && name != "memory" && name != "ephemeral-storage") continue;
    if (name == "ephemeral-storage") continue;
    for (const char* group : {"/containers", "/initContainers"}) {
      for (const json& container : list(spec, group)) {
        if (!quantity_at(at(container, "/resources/" + which), name)) {
          missing[resource].insert(text(container, "/name"));
        }
      }
    }
  }
  std::vector<std::string> parts;
  for (const auto& [resource, names] : missing) {
    parts.push_back(fmt::format("{} for: {}", resource, fmt::join(names, ",")));
  }
  return fmt::format("{}", fmt::join(parts, "; "));
}

std::optional<ApiError> check_one_quota(const Admission& admission, const json& quota,
                                        const Amounts& wanted, const json& object) {
  const std::string name = text(quota, "/metadata/name");
  const json& hard = at(quota, "/spec/hard");
  if (!hard.is_object()) return std::nullopt;
  if (admission.kind.is("", "Pod") && admission.operation == Operation::Create) {
    const std::string missing = missing_in(at(object, "/spec"), hard);
    if (!missing.empty()) {
      return forbidden_error(admission.kind, admission.name,
                             fmt::format("failed quota: {}: must specify {}", name, missing));
    }
  }
  json used = at(quota, "/status/used");
  if (!used.is_object()) used = quota_usage(admission.store, admission.name_space, hard);
  std::set<std::string> exceeded;
  Amounts use;
  Amounts limits;
  for (const auto& [resource, value] : hard.items()) {
    const auto found = wanted.find(resource);
    if (found == wanted.end()) continue;
    const auto limit = quantity_at(hard, resource);
    use[resource] = quantity_at(used, resource).value_or(Quantity{});
    if (!limit) continue;
    limits[resource] = *limit;
    Quantity sum = use[resource];
    sum.nano += found->second.nano;
    if (*limit < sum && found->second.nano > 0) exceeded.insert(resource);
  }
  if (exceeded.empty()) return std::nullopt;
  return forbidden_error(
      admission.kind, admission.name,
      fmt::format("exceeded quota: {}, requested: {}, used: {}, limited: {}", name,
                  listed(wanted, exceeded), listed(use, exceeded), listed(limits, exceeded)));
}

json& resources_of(json& container, const char* which) {
  json& values = container["resources"][which];
  if (!values.is_object()) values = json::object();
  return values;
}

void fill_container(const json& limit, json& container) {
  for (const auto& [from, to] :
       {std::pair{"/default", "limits"}, std::pair{"/defaultRequest", "requests"}}) {
    const json& defaults = at(limit, from);
    if (!defaults.is_object()) continue;
    json& values = resources_of(container, to);
    for (const auto& [name, value] : defaults.items()) set_default(values, name.c_str(), value);
  }
}

void check_bounds(const json& limit, const std::string& what, const json& requests,
                  const json& limits, std::vector<std::string>& errors) {
  const json& low = at(limit, "/min");
  const json& high = at(limit, "/max");
  if (low.is_object()) {
    for (const auto& [name, value] : low.items()) {
      const auto bound = quantity_at(low, name);
      const auto request = quantity_at(requests, name);
      if (!bound) continue;
      if (!request) {
        errors.push_back(fmt::format("minimum {} usage per {} is {}.  No request is specified",
                                     name, what, to_text(*bound)));
      } else if (*request < *bound) {
        errors.push_back(fmt::format("minimum {} usage per {} is {}, but request is {}", name, what,
                                     to_text(*bound), to_text(*request)));
      }
    }
  }
  if (!high.is_object()) return;
  for (const auto& [name, value] : high.items()) {
    const auto bound = quantity_at(high, name);
    const auto cap = quantity_at(limits, name);
    const auto request = quantity_at(requests, name);
    if (!bound) continue;
    if (!cap && what != "PersistentVolumeClaim") {
      errors.push_back(fmt::format("maximum {} usage per {} is {}.  No limit is specified", name,
                                   what, to_text(*bound)));
    } else if (cap && *bound < *cap) {
      errors.push_back(fmt::format("maximum {} usage per {} is {}, but limit is {}", name, what,
                                   to_text(*bound), to_text(*cap)));
    } else if (request && *bound < *request) {
      errors.push_back(fmt::format("maximum {} usage per {} is {}, but request is {}", name, what,
                                   to_text(*bound), to_text(*request)));
    }
  }
}

json total_of(const Amounts& amounts) {
  json values = json::object();
  for (const auto& [name, quantity] : amounts) values[name] = to_text(quantity);
  return values;
}

void check_pod_limits(const json& limit, json& object, std::vector<std::string>& errors) {
  json* spec = find_object(object, "/spec");
  if (spec == nullptr) return;
  const std::string type = text(limit, "/type");
  if (type == "Pod") {
    check_bounds(limit, "Pod", total_of(pod_resources(*spec, "requests")),
                 total_of(pod_resources(*spec, "limits")), errors);
  }
  if (type != "Container") return;
  for (const char* group : {"/containers", "/initContainers"}) {
    for (const json& container : list(*spec, group)) {
      check_bounds(limit, "Container", at(container, "/resources/requests"),
                   at(container, "/resources/limits"), errors);
    }
  }
}

}  // namespace

std::optional<ApiError> apply_limit_ranges(const Admission& admission, json& object) {
  const bool is_pod = admission.kind.is("", "Pod");
  const bool is_claim = admission.kind.is("", "PersistentVolumeClaim");
  if (!is_pod && !is_claim) return std::nullopt;
  if (is_pod && admission.operation != Operation::Create) return std::nullopt;
  std::vector<json> limits;
  for (const auto& [key, entry] : admission.store.of_kind("", "LimitRange", admission.name_space)) {
    for (const json& limit : list(entry.object.content, "/spec/limits")) limits.push_back(limit);
  }
  std::vector<std::string> errors;
  for (const json& limit : limits) {
    if (is_pod && text(limit, "/type") == "Container") {
      for (const char* group : {"containers", "initContainers"}) {
        json* spec = find_object(object, "/spec");
        if (spec == nullptr || !spec->contains(group)) continue;
        for (json& container : (*spec)[group]) fill_container(limit, container);
      }
    }
  }
  for (const json& limit : limits) {
    if (is_pod) check_pod_limits(limit, object, errors);
    if (is_claim && text(limit, "/type") == "PersistentVolumeClaim") {
      check_bounds(limit, "PersistentVolumeClaim", at(object, "/spec/resources/requests"), json(),
                   errors);
    }
  }
  if (errors.empty()) return std::nullopt;
  const std::string joined =
      errors.size() == 1 ? errors.front() : fmt::format("[{}]", fmt::join(errors, ", "));
  return forbidden_error(admission.kind, admission.name, joined);
}

std::optional<ApiError> check_quota(const Admission& admission, const json& object,
                                    const json& live) {
  if (admission.name_space.empty() || admission.operation == Operation::Delete) {
    return std::nullopt;
  }
  const bool updates = admission.operation == Operation::Update;
  // Of updates only these may use more than before. Source: Handles of the evaluators.
  if (updates && !admission.kind.is("", "Service") &&
      !admission.kind.is("", "PersistentVolumeClaim")) {
    return std::nullopt;
  }
  Amounts wanted = usage_of(admission.kind, object);
  if (updates) {
    for (const auto& [name, quantity] : usage_of(admission.kind, live)) {
      wanted[name].nano -= quantity.nano;
    }
    std::erase_if(wanted, [](const auto& each) { return each.second.nano <= 0; });
  }
  for (const auto& [key, entry] :
       admission.store.of_kind("", "ResourceQuota", admission.name_space)) {
    if (auto error = check_one_quota(admission, entry.object.content, wanted, object)) return error;
  }
  return std::nullopt;
}

json quota_usage(const Store& store, std::string_view name_space, const json& hard) {
  Amounts total;
  for (const auto& [key, entry] : store.entries()) {
    if (key.name_space != name_space) continue;
    const KindInfo* kind = built_in_kind(key.group, key.kind);
    KindInfo custom;
    if (kind == nullptr) continue;
    for (const auto& [name, quantity] : usage_of(*kind, entry.object.content)) {
      add(total, name, quantity);
    }
  }
  json used = json::object();
  if (!hard.is_object()) return used;
  for (const auto& [name, value] : hard.items()) {
    const auto found = total.find(name);
    used[name] = to_text(found == total.end() ? Quantity{} : found->second);
  }
  return used;
}

}  // namespace wavetank::cluster::api
