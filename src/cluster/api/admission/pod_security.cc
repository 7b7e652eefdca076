// The Pod Security Standards, as far as the checks that manifests meet.
// Source: k8s.io/pod-security-admission, policy/check_*.go.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/api/admission/admission.h"
#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

struct Violation {
  std::string what;    // "privileged"
  std::string detail;  // what stands in the parentheses
};
using Violations = std::vector<Violation>;

std::vector<const json*> containers_of(const json& spec) {
  std::vector<const json*> all;
  for (const char* group : {"/initContainers", "/containers", "/ephemeralContainers"}) {
    for (const json& container : list(spec, group)) all.push_back(&container);
  }
  return all;
}

// `container "a"` or `containers "a", "b"`.
std::string named(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back(fmt::format("\"{}\"", name));
  return fmt::format("container{} {}", names.size() == 1 ? "" : "s", fmt::join(quoted, ", "));
}

template <class Test>
std::vector<std::string> failing(const json& spec, Test test) {
  std::vector<std::string> names;
  for (const json* container : containers_of(spec)) {
    if (test(at(*container, "/securityContext"))) names.push_back(text(*container, "/name"));
  }
  return names;
}

void check_host(const json& spec, Violations& violations) {
  std::vector<std::string> used;
  for (const char* name : {"hostNetwork", "hostPID", "hostIPC"}) {
    if (flag(spec, std::string("/") + name)) used.push_back(fmt::format("{}=true", name));
  }
  if (!used.empty()) {
    violations.push_back({"host namespaces", fmt::format("{}", fmt::join(used, ", "))});
  }
  std::vector<std::string> volumes;
  for (const json& volume : list(spec, "/volumes")) {
    if (volume.is_object() && volume.contains("hostPath")) {
      volumes.push_back(fmt::format("\"{}\"", text(volume, "/name")));
    }
  }
  if (!volumes.empty()) {
    violations.push_back(
        {"hostPath volumes",
         fmt::format("volume{} {}", volumes.size() == 1 ? "" : "s", fmt::join(volumes, ", "))});
  }
}

void check_baseline(const json& spec, Violations& violations) {
  check_host(spec, violations);
  const auto privileged =
      failing(spec, [](const json& context) { return flag(context, "/privileged"); });
  if (!privileged.empty()) {
    violations.push_back(
        {"privileged", named(privileged) + " must not set securityContext.privileged=true"});
  }
  std::vector<std::string> ports;
  std::vector<std::string> holders;
  for (const json* container : containers_of(spec)) {
    bool any = false;
    for (const json& port : list(*container, "/ports")) {
      if (number(port, "/hostPort") == 0) continue;
      ports.push_back(std::to_string(number(port, "/hostPort")));
      any = true;
    }
    if (any) holders.push_back(text(*container, "/name"));
  }
  if (!ports.empty()) {
    violations.push_back(
        {"hostPort",
         fmt::format("{} use{} hostPort{} {}", named(holders), holders.size() == 1 ? "s" : "",
                     ports.size() == 1 ? "" : "s", fmt::join(ports, ", "))});
  }
}

void check_restricted(const json& spec, Violations& violations) {
  const auto escalates = failing(spec, [](const json& context) {
    return at(context, "/allowPrivilegeEscalation") != json(false);
  });
  if (!escalates.empty()) {
    violations.push_back(
        {"allowPrivilegeEscalation != false",
         named(escalates) + " must set securityContext.allowPrivilegeEscalation=false"});
  }
  const auto capable = failing(spec, [](const json& context) {
    const json& drop = list(context, "/capabilities/drop");
    return std::find(drop.begin(), drop.end(), "ALL") == drop.end();
  });
  if (!capable.empty()) {
    violations.push_back(
        {"unrestricted capabilities",
         named(capable) + " must set securityContext.capabilities.drop=[\"ALL\"]"});
  }
  const bool pod_is_non_root = flag(spec, "/securityContext/runAsNonRoot");
  const auto roots = failing(spec, [&](const json& context) {
    const json& own = at(context, "/runAsNonRoot");
    return own.is_null() ? !pod_is_non_root : own != json(true);
  });
  if (!roots.empty()) {
    violations.push_back({"runAsNonRoot != true", fmt::format("pod or {} must set "
                                                              "securityContext.runAsNonRoot=true",
                                                              named(roots))});
  }
  const auto confined = [](const json& context) {
    const std::string type = text(context, "/seccompProfile/type");
    return type == "RuntimeDefault" || type == "Localhost";
  };
  const bool pod_is_confined = confined(at(spec, "/securityContext"));
  const auto unconfined = failing(spec, [&](const json& context) {
    return has(context, "/seccompProfile") ? !confined(context) : !pod_is_confined;
  });
  if (!unconfined.empty()) {
    violations.push_back(
        {"seccompProfile", fmt::format("pod or {} must set securityContext.seccompProfile.type to "
                                       "\"RuntimeDefault\" or \"Localhost\"",
                                       named(unconfined))});
  }
}

Violations violations_of(const json& spec, std::string_view level) {
  Violations violations;
  if (level == "baseline" || level == "restricted") check_baseline(spec, violations);
  if (level == "restricted") check_restricted(spec, violations);
  return violations;
}

std::string told(const Violations& violations) {
  std::vector<std::string> parts;
  for (const Violation& each : violations) {
    parts.push_back(fmt::format("{} ({})", each.what, each.detail));
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

// The pod spec within a workload; null for kinds without one.
const json& template_of(const KindInfo& kind, const json& object) {
  static const json none;
  if (kind.group == "apps" && kind.kind != "ControllerRevision") {
    return at(object, "/spec/template/spec");
  }
  if (kind.is("batch", "Job")) return at(object, "/spec/template/spec");
  if (kind.is("batch", "CronJob")) return at(object, "/spec/jobTemplate/spec/template/spec");
  return none;
}

std::string level_of(const json& labels, const char* mode) {
  return text(member(labels, "", std::string("pod-security.kubernetes.io/") + mode), "");
}

// A namespace that becomes stricter tells which of its pods would no longer be admitted.
void warn_of_existing(const Admission& admission, const json& object,
                      std::vector<std::string>& warnings) {
  const Entry* old = admission.store.find(
      {.group = "", .kind = "Namespace", .name_space = "", .name = std::string(admission.name)});
  const std::string level = level_of(at(object, "/metadata/labels"), "enforce");
  if (old == nullptr || level.empty() ||
      level == level_of(at(old->object.content, "/metadata/labels"), "enforce")) {
    return;
  }
  std::vector<std::string> lines;
  for (const auto& [key, entry] : admission.store.of_kind("", "Pod", admission.name)) {
    const Violations violations = violations_of(at(entry.object.content, "/spec"), level);
    if (violations.empty()) continue;
    std::vector<std::string> names;
    for (const Violation& each : violations) names.push_back(each.what);
    lines.push_back(fmt::format("{}: {}", key.name, fmt::join(names, ", ")));
  }
  if (lines.empty()) return;
  warnings.push_back(fmt::format(
      "existing pods in namespace \"{}\" violate the new PodSecurity enforce level \"{}:latest\"",
      admission.name, level));
  warnings.insert(warnings.end(), lines.begin(), lines.end());
}

}  // namespace

std::optional<ApiError> check_pod_security(const Admission& admission, const json& object,
                                           std::vector<std::string>& warnings) {
  if (admission.kind.is("", "Namespace")) {
    if (admission.operation == Operation::Update) warn_of_existing(admission, object, warnings);
    return std::nullopt;
  }
  const bool is_pod = admission.kind.is("", "Pod");
  const json& spec = is_pod ? at(object, "/spec") : template_of(admission.kind, object);
  if (!spec.is_object() || admission.operation == Operation::Delete) return std::nullopt;
  if (is_pod && admission.operation != Operation::Create) return std::nullopt;
  const Entry* home = admission.store.find({.group = "",
                                            .kind = "Namespace",
                                            .name_space = "",
                                            .name = std::string(admission.name_space)});
  if (home == nullptr) return std::nullopt;
  const json& labels = at(home->object.content, "/metadata/labels");
  const std::string enforced = level_of(labels, "enforce");
  std::string warned = level_of(labels, "warn");
  if (is_pod) {
    const Violations violations = violations_of(spec, enforced);
    if (!violations.empty()) {
      return forbidden_error(
          admission.kind, admission.name,
          fmt::format("violates PodSecurity \"{}:latest\": {}", enforced, told(violations)));
    }
  } else if (warned.empty()) {
    // Workloads are admitted; their pods will not be, so the level warns even where it enforces.
    warned = enforced;
  }
  const Violations violations = violations_of(spec, warned);
  if (!violations.empty()) {
    warnings.push_back(
        fmt::format("would violate PodSecurity \"{}:latest\": {}", warned, told(violations)));
  }
  return std::nullopt;
}

}  // namespace wavetank::cluster::api
