// Kinds with few rules of their own.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

void complain(FieldErrors& errors, const std::string& path, const std::string& value,
              const Complaints& complaints) {
  for (const std::string& each : complaints) errors.push_back(invalid(path, value, each));
}

// Words of a text, separated by blanks.
std::vector<std::string> fields_of(const std::string& value) {
  std::vector<std::string> words;
  std::string word;
  for (char c : value + " ") {
    if (c != ' ' && c != '\t') {
      word += c;
    } else if (!word.empty()) {
      words.push_back(std::move(word));
      word.clear();
    }
  }
  return words;
}

FieldErrors validate_cron_job(const json& object) {
  FieldErrors errors;
  const json& spec = at(object, "/spec");
  const std::string name = text(object, "/metadata/name");
  if (name.size() > 52) {
    errors.push_back(invalid("metadata.name", name, "must be no more than 52 characters"));
  }
  const std::string schedule = text(spec, "/schedule");
  const auto fields = fields_of(schedule);
  if (schedule.empty()) {
    errors.push_back(required("spec.schedule"));
  } else if (schedule.find("TZ") != std::string::npos) {
    errors.push_back(invalid("spec.schedule", schedule,
                             "cannot use TZ or CRON_TZ in schedule, use timeZone field instead"));
  } else if (schedule.front() != '@' && fields.size() != 5) {
    errors.push_back(invalid("spec.schedule", schedule,
                             fmt::format("expected exactly 5 fields, found {}: [{}]", fields.size(),
                                         fmt::join(fields, " "))));
  }
  if (has(spec, "/timeZone")) {
    const std::string zone = text(spec, "/timeZone");
    // Which zones there are is the machine's affair; those that no database has begin like this.
    static constexpr std::array<std::string_view, 14> kRegions{
        "Africa/", "America/", "Antarctica/", "Arctic/", "Asia/",   "Atlantic/", "Australia/",
        "Brazil/", "Canada/",  "Etc/",        "Europe/", "Indian/", "Pacific/",  "US/"};
    const bool is_known =
        zone.find('/') == std::string::npos ||
        std::any_of(kRegions.begin(), kRegions.end(),
                    [&](std::string_view region) { return zone.starts_with(region); });
    if (!is_known) {
      errors.push_back(invalid("spec.timeZone", zone, "unknown time zone " + zone));
    }
  }
  const std::string policy = text(spec, "/concurrencyPolicy");
  if (policy != "Allow" && policy != "Forbid" && policy != "Replace") {
    errors.push_back(
        not_supported("spec.concurrencyPolicy", policy, {"Allow", "Forbid", "Replace"}));
  }
  for (const char* limit : {"successfulJobsHistoryLimit", "failedJobsHistoryLimit"}) {
    const json& value = at(spec, std::string("/") + limit);
    if (value.is_number_integer() && value < 0) {
      errors.push_back(
          invalid(std::string("spec.") + limit, value, "must be greater than or equal to 0"));
    }
  }
  append(errors, validate_job_spec(object, at(spec, "/jobTemplate/spec"), "spec.jobTemplate.spec"));
  return errors;
}

FieldErrors validate_autoscaler(const json& spec) {
  FieldErrors errors;
  const json& low = at(spec, "/minReplicas");
  const json& high = at(spec, "/maxReplicas");
  if (low.is_number_integer() && low < 1) {
    errors.push_back(invalid("spec.minReplicas", low, "must be greater than or equal to 1"));
  }
  if (!high.is_number_integer() || high < 1) {
    errors.push_back(
        invalid("spec.maxReplicas", high.is_null() ? json(0) : high, "must be greater than 0"));
  }
  if (low.is_number_integer() && high.is_number_integer() && high < low) {
    errors.push_back(
        invalid("spec.maxReplicas", high, "must be greater than or equal to `minReplicas`"));
  }
  if (low == json(0)) {
    errors.push_back(forbidden_field("spec.metrics",
                                     "must specify at least one Object or External metric to "
                                     "support scaling to zero replicas"));
  }
  for (const char* name : {"kind", "name"}) {
    if (text(spec, std::string("/scaleTargetRef/") + name).empty()) {
      errors.push_back(required(std::string("spec.scaleTargetRef.") + name));
    }
  }
  if (text(spec, "/scaleTargetRef/apiVersion").empty()) {
    errors.push_back(
        invalid("spec.scaleTargetRef.apiVersion", "", "apiVersion must specify API group"));
  }
  return errors;
}

void validate_path(const json& path, const std::string& place, FieldErrors& errors) {
  const std::string type = text(path, "/pathType");
  if (!has(path, "/pathType")) {
    errors.push_back(required(place + ".pathType", "pathType must be specified"));
  } else if (type != "Exact" && type != "Prefix" && type != "ImplementationSpecific") {
    errors.push_back(
        not_supported(place + ".pathType", type, {"Exact", "ImplementationSpecific", "Prefix"}));
  } else if (type != "ImplementationSpecific" && !text(path, "/path").starts_with('/')) {
    errors.push_back(invalid(place + ".path", text(path, "/path"), "must be an absolute path"));
  }
  if (!has(path, "/backend/service") && !has(path, "/backend/resource")) {
    errors.push_back(invalid(place + ".backend", "", "resource or service backend is required"));
  }
}

FieldErrors validate_ingress(const json& spec) {
  FieldErrors errors;
  const json& rules = list(spec, "/rules");
  if (rules.empty() && !has(spec, "/defaultBackend")) {
    errors.push_back(
        invalid("spec", nullptr, "either `defaultBackend` or `rules` must be specified"));
  }
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string place = fmt::format("spec.rules[{}]", i);
    const std::string host = text(rules[i], "/host");
    if (host.find('*') != std::string::npos) {
      complain(errors, place + ".host", host, check_wildcard_subdomain(host));
    } else if (!host.empty()) {
      complain(errors, place + ".host", host, check_dns_subdomain(host));
    }
    const json& paths = list(rules[i], "/http/paths");
    for (std::size_t j = 0; j < paths.size(); ++j) {
      validate_path(paths[j], fmt::format("{}.http.paths[{}]", place, j), errors);
    }
  }
  return errors;
}

void validate_percentage(const json& value, const std::string& path, FieldErrors& errors) {
  if (value.is_number_integer() && value < 0) {
    errors.push_back(invalid(path, value, "must be greater than or equal to 0"));
  }
  if (!value.is_string()) return;
  const auto& percent = value.get_ref<const std::string&>();
  int amount = 0;
  const auto [end, code] = std::from_chars(percent.data(), percent.data() + percent.size(), amount);
  if (code != std::errc() || end + 1 != percent.data() + percent.size() || *end != '%') {
    errors.push_back(invalid(
        path, value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or "
        "'93%', regex used for validation is '[0-9]+%')"));
  } else if (amount > 100) {
    errors.push_back(invalid(path, value, "must not be greater than 100%"));
  }
}

FieldErrors validate_disruption_budget(const json& spec) {
  FieldErrors errors;
  if (has(spec, "/minAvailable") && has(spec, "/maxUnavailable")) {
    errors.push_back(invalid("spec", spec, "minAvailable and maxUnavailable cannot be both set"));
  }
  validate_percentage(at(spec, "/minAvailable"), "spec.minAvailable", errors);
  validate_percentage(at(spec, "/maxUnavailable"), "spec.maxUnavailable", errors);
  return errors;
}

FieldErrors validate_role(const KindInfo& kind, const json& object) {
  FieldErrors errors;
  const json& rules = list(object, "/rules");
  const bool is_namespaced = kind.kind == "Role";
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string path = fmt::format("rules[{}]", i);
    if (list(rules[i], "/verbs").empty()) {
      errors.push_back(required(path + ".verbs", "verbs must contain at least one value"));
    }
    if (!list(rules[i], "/nonResourceURLs").empty()) {
      if (is_namespaced) {
        errors.push_back(invalid(path + ".nonResourceURLs", at(rules[i], "/nonResourceURLs"),
                                 "namespaced rules cannot apply to non-resource URLs"));
      }
      if (!list(rules[i], "/resources").empty() || !list(rules[i], "/apiGroups").empty()) {
        errors.push_back(invalid(path + ".nonResourceURLs", at(rules[i], "/nonResourceURLs"),
                                 "rules cannot apply to both regular resources and non-resource "
                                 "URLs"));
      }
      continue;
    }
    if (list(rules[i], "/apiGroups").empty()) {
      errors.push_back(
          required(path + ".apiGroups", "resource rules must supply at least one api group"));
    }
    if (list(rules[i], "/resources").empty()) {
      errors.push_back(
          required(path + ".resources", "resource rules must supply at least one resource"));
    }
  }
  return errors;
}

FieldErrors validate_binding(const KindInfo& kind, const json& object) {
  FieldErrors errors;
  const std::string role = text(object, "/roleRef/kind");
  const bool is_cluster = kind.kind == "ClusterRoleBinding";
  if (is_cluster ? role != "ClusterRole" : role != "Role" && role != "ClusterRole") {
    errors.push_back(is_cluster ? not_supported("roleRef.kind", role, {"ClusterRole"})
                                : not_supported("roleRef.kind", role, {"Role", "ClusterRole"}));
  }
  if (text(object, "/roleRef/name").empty()) errors.push_back(required("roleRef.name"));
  const json& subjects = list(object, "/subjects");
  for (std::size_t i = 0; i < subjects.size(); ++i) {
    const std::string path = fmt::format("subjects[{}]", i);
    const std::string subject = text(subjects[i], "/kind");
    if (text(subjects[i], "/name").empty()) errors.push_back(required(path + ".name"));
    if (subject == "ServiceAccount") {
      // A binding within a namespace may leave it to that namespace.
      if (is_cluster && text(subjects[i], "/namespace").empty()) {
        errors.push_back(required(path + ".namespace"));
      }
    } else if (subject != "User" && subject != "Group") {
      errors.push_back(not_supported(path + ".kind", subject, {"ServiceAccount", "User", "Group"}));
    }
  }
  return errors;
}

bool exceeds(const json& a, const json& b) {
  const auto left = a.is_string() ? parse_quantity(a.get<std::string>()) : std::nullopt;
  const auto right = b.is_string() ? parse_quantity(b.get<std::string>()) : std::nullopt;
  return left && right && *right < *left;
}

// Compares two of the maps of a limit; the value shown is a quirk of the server, which prints the
// bound's neighbour. Source: ValidateLimitRange.
struct LimitRule {
  const char* lower;
  const char* upper;
  const char* lower_word;
  const char* upper_word;
  const char* path;
  const char* shown;
};

FieldErrors validate_limit_range(const json& spec) {
  FieldErrors errors;
  static constexpr std::array kRules{
      LimitRule{"min", "max", "min", "max", "min", "min"},
      LimitRule{"min", "defaultRequest", "", "", "defaultRequest", "defaultRequest"},
      LimitRule{"defaultRequest", "max", "default request", "max", "defaultRequest",
                "defaultRequest"},
      LimitRule{"defaultRequest", "default", "default request", "default limit", "defaultRequest",
                "defaultRequest"},
      LimitRule{"min", "default", "", "", "default", "min"},
      LimitRule{"default", "max", "default", "max", "default", "max"},
  };
  const json& limits = list(spec, "/limits");
  for (std::size_t i = 0; i < limits.size(); ++i) {
    const std::string type = text(limits[i], "/type");
    if (type != "Pod" && type != "Container" && type != "PersistentVolumeClaim" &&
        type.find('/') == std::string::npos) {
      errors.push_back(invalid(fmt::format("spec.limits[{}].type", i), type,
                               "must be a standard limit type or fully qualified"));
    }
    for (const LimitRule& rule : kRules) {
      const json& lower = at(limits[i], std::string("/") + rule.lower);
      const json& upper = at(limits[i], std::string("/") + rule.upper);
      if (!lower.is_object() || !upper.is_object()) continue;
      for (const auto& [resource, value] : lower.items()) {
        if (!upper.contains(resource) || !exceeds(value, upper.at(resource))) continue;
        const std::string path = fmt::format("spec.limits[{}].{}[{}]", i, rule.path, resource);
        const json& shown = at(limits[i], std::string("/") + rule.shown);
        const std::string low = value.get<std::string>();
        const std::string high = upper.at(resource).get<std::string>();
        const std::string detail =
            *rule.lower_word != '\0'
                ? fmt::format("{} value {} is greater than {} value {}", rule.lower_word, low,
                              rule.upper_word, high)
                : fmt::format(
                      "min value {} is greater than {} value {}", low,
                      std::string_view(rule.upper) == "default" ? "default" : "default request",
                      high);
        errors.push_back(invalid(path, shown.value(resource, ""), detail));
      }
    }
  }
  return errors;
}

FieldErrors validate_quota(const json& spec) {
  FieldErrors errors;
  static constexpr std::array<std::string_view, 21> kStandard{"cpu",
                                                              "memory",
                                                              "ephemeral-storage",
                                                              "requests.cpu",
                                                              "requests.memory",
                                                              "requests.storage",
                                                              "requests.ephemeral-storage",
                                                              "limits.cpu",
                                                              "limits.memory",
                                                              "limits.ephemeral-storage",
                                                              "pods",
                                                              "resourcequotas",
                                                              "services",
                                                              "replicationcontrollers",
                                                              "secrets",
                                                              "persistentvolumeclaims",
                                                              "configmaps",
                                                              "services.nodeports",
                                                              "services.loadbalancers",
                                                              "storage",
                                                              "hugepages"};
  const json& hard = at(spec, "/hard");
  if (!hard.is_object()) return errors;
  for (const auto& [name, value] : hard.items()) {
    const bool standard = std::find(kStandard.begin(), kStandard.end(), name) != kStandard.end();
    if (standard || name.find('/') != std::string::npos || name.starts_with("requests.")) continue;
    const std::string path = fmt::format("spec.hard[{}]", name);
    errors.push_back(invalid(path, name, "must be a standard resource type or fully qualified"));
    errors.push_back(invalid(path, name, "must be a standard resource for quota"));
  }
  return errors;
}

FieldErrors validate_priority_class(const json& object) {
  FieldErrors errors;
  constexpr std::int64_t kUserMax = 1000000000;
  const std::string name = text(object, "/metadata/name");
  if (name.starts_with("system-")) {
    errors.push_back(forbidden_field(
        "metadata.name",
        fmt::format("priority class names with 'system-' prefix are reserved for system use only. "
                    "error: {} is not a known system priority class",
                    name)));
  } else if (number(object, "/value") > kUserMax) {
    errors.push_back(forbidden_field(
        "value", fmt::format("maximum allowed value of a user defined priority is {}", kUserMax)));
  }
  return errors;
}

FieldErrors validate_webhooks(const json& object) {
  FieldErrors errors;
  const json& webhooks = list(object, "/webhooks");
  for (std::size_t i = 0; i < webhooks.size(); ++i) {
    const std::string path = fmt::format("webhooks[{}]", i);
    const std::string name = text(webhooks[i], "/name");
    if (std::count(name.begin(), name.end(), '.') < 2) {
      errors.push_back(invalid(path + ".name", name,
                               "should be a domain with at least three segments separated by "
                               "dots"));
    }
    if (!has(webhooks[i], "/sideEffects")) {
      errors.push_back(required(path + ".sideEffects", "must specify one of None, NoneOnDryRun"));
    }
  }
  return errors;
}

}  // namespace

FieldErrors validate_other(const KindInfo& kind, const json& object) {
  const json& spec = at(object, "/spec");
  if (kind.is("batch", "CronJob")) return validate_cron_job(object);
  if (kind.is("autoscaling", "HorizontalPodAutoscaler")) return validate_autoscaler(spec);
  if (kind.is("networking.k8s.io", "Ingress")) return validate_ingress(spec);
  if (kind.is("policy", "PodDisruptionBudget")) return validate_disruption_budget(spec);
  if (kind.is("", "LimitRange")) return validate_limit_range(spec);
  if (kind.is("", "ResourceQuota")) return validate_quota(spec);
  if (kind.is("scheduling.k8s.io", "PriorityClass")) return validate_priority_class(object);
  if (kind.kind.ends_with("WebhookConfiguration")) return validate_webhooks(object);
  if (kind.group == "rbac.authorization.k8s.io") {
    return kind.kind.ends_with("Binding") ? validate_binding(kind, object)
                                          : validate_role(kind, object);
  }
  if (kind.is("coordination.k8s.io", "Lease")) {
    const json& duration = at(spec, "/leaseDurationSeconds");
    if (duration.is_number_integer() && duration <= 0) {
      return {invalid("spec.leaseDurationSeconds", duration, "must be greater than 0")};
    }
  }
  if (kind.is("storage.k8s.io", "StorageClass") && text(object, "/provisioner").empty()) {
    return {required("provisioner")};
  }
  return {};
}

}  // namespace wavetank::cluster::api
