#include <fmt/format.h>

#include <charconv>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/selector.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

void not_negative(const json& object, std::string_view pointer, const std::string& path,
                  FieldErrors& errors) {
  const json& value = at(object, pointer);
  if (value.is_number_integer() && value < 0) {
    errors.push_back(invalid(path, value, "must be greater than or equal to 0"));
  }
}

// A percentage or a number; -1 when it is neither.
std::int64_t amount(const json& value) {
  if (value.is_number_integer()) return value.get<std::int64_t>();
  if (!value.is_string()) return -1;
  const auto& percent = value.get_ref<const std::string&>();
  std::int64_t result = -1;
  const auto [end, code] = std::from_chars(percent.data(), percent.data() + percent.size(), result);
  if (code != std::errc() || end == percent.data() + percent.size() || *end != '%') return -1;
  return result;
}

void validate_amount(const json& value, const std::string& path, FieldErrors& errors) {
  if (value.is_string() && amount(value) < 0) {
    errors.push_back(invalid(
        path, value,
        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or "
        "'93%', regex used for validation is '[0-9]+%')"));
  } else if (value.is_number_integer() && value < 0) {
    errors.push_back(invalid(path, value, "must be greater than or equal to 0"));
  }
}

void validate_rollout(const json& spec, const char* field, bool unavailable_limited,
                      FieldErrors& errors) {
  const std::string path = std::string("spec.") + field;
  const json& strategy = at(spec, std::string("/") + field);
  const json& rolling = at(strategy, "/rollingUpdate");
  const std::string type = text(strategy, "/type");
  if (std::string_view(field) == "strategy" && type == "Recreate" && rolling.is_object()) {
    errors.push_back(forbidden_field(path + ".rollingUpdate",
                                     "may not be specified when strategy `type` is 'Recreate'"));
    return;
  }
  if (type != "RollingUpdate" || !rolling.is_object()) return;
  const json& unavailable = at(rolling, "/maxUnavailable");
  const json& surge = at(rolling, "/maxSurge");
  validate_amount(unavailable, path + ".rollingUpdate.maxUnavailable", errors);
  validate_amount(surge, path + ".rollingUpdate.maxSurge", errors);
  if (unavailable_limited && amount(unavailable) == 0 && amount(surge) == 0) {
    errors.push_back(invalid(path + ".rollingUpdate.maxUnavailable", unavailable,
                             "may not be 0 when `maxSurge` is 0"));
  }
}

void validate_template(const KindInfo& kind, const json& spec, FieldErrors& errors) {
  const json& selector = at(spec, "/selector");
  const json& labels = at(spec, "/template/metadata/labels");
  if (selector.is_null()) {
    errors.push_back(required("spec.selector"));
  } else if (list(selector, "/matchExpressions").empty() &&
             (!at(selector, "/matchLabels").is_object() || at(selector, "/matchLabels").empty())) {
    errors.push_back(invalid("spec.selector", selector,
                             kind.kind == "Deployment"
                                 ? "empty selector is invalid for deployment"
                                 : "empty selector is invalid for " + kind.kind));
  }
  if (selector.is_null() || !selector_matches(selector, labels)) {
    errors.push_back(invalid("spec.template.metadata.labels", labels,
                             "`selector` does not match template `labels`"));
  }
  append(errors, validate_labels(labels, "spec.template.labels"));
  append(errors, validate_annotations(at(spec, "/template/metadata/annotations"),
                                      "spec.template.annotations"));
  append(errors, validate_pod_spec(at(spec, "/template/spec"), "spec.template.spec"));
  const std::string restart = text(spec, "/template/spec/restartPolicy");
  if (restart == "Never" || restart == "OnFailure") {
    errors.push_back(not_supported("spec.template.spec.restartPolicy", restart, {"Always"}));
  }
  if (has(spec, "/template/spec/activeDeadlineSeconds")) {
    errors.push_back(
        forbidden_field("spec.template.spec.activeDeadlineSeconds",
                        fmt::format("activeDeadlineSeconds in {} is not Supported", kind.kind)));
  }
}

void validate_stateful_set(const json& spec, FieldErrors& errors) {
  const std::string policy = text(spec, "/podManagementPolicy");
  if (policy != "OrderedReady" && policy != "Parallel") {
    errors.push_back(
        invalid("spec.podManagementPolicy", policy, "must be 'OrderedReady' or 'Parallel'"));
  }
  const std::string type = text(spec, "/updateStrategy/type");
  if (type == "OnDelete" && has(spec, "/updateStrategy/rollingUpdate")) {
    errors.push_back(invalid("spec.updateStrategy.rollingUpdate",
                             at(spec, "/updateStrategy/rollingUpdate"),
                             "only allowed for updateStrategy 'RollingUpdate'"));
  }
  not_negative(spec, "/updateStrategy/rollingUpdate/partition",
               "spec.updateStrategy.rollingUpdate.partition", errors);
}

constexpr const char* kStatefulSetText =
    "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', "
    "'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and "
    "'minReadySeconds' are forbidden";

json without_changeable(json spec) {
  if (!spec.is_object()) return spec;
  for (const char* name :
       {"replicas", "ordinals", "template", "updateStrategy", "revisionHistoryLimit",
        "persistentVolumeClaimRetentionPolicy", "minReadySeconds"}) {
    spec.erase(name);
  }
  return spec;
}

}  // namespace

FieldErrors validate_stateful_set_update(const json& object, const json& live) {
  if (without_changeable(at(object, "/spec")) == without_changeable(at(live, "/spec"))) return {};
  return {forbidden_field("spec", kStatefulSetText)};
}

FieldErrors validate_workload(const KindInfo& kind, const json& object) {
  FieldErrors errors;
  const json& spec = at(object, "/spec");
  if (kind.kind == "ControllerRevision") return errors;
  if (kind.kind == "StatefulSet") validate_stateful_set(spec, errors);
  if (kind.kind != "StatefulSet") not_negative(spec, "/replicas", "spec.replicas", errors);
  validate_template(kind, spec, errors);
  if (kind.kind == "StatefulSet") not_negative(spec, "/replicas", "spec.replicas", errors);
  if (kind.kind == "Deployment") validate_rollout(spec, "strategy", true, errors);
  if (kind.kind == "DaemonSet") validate_rollout(spec, "updateStrategy", true, errors);
  not_negative(spec, "/minReadySeconds", "spec.minReadySeconds", errors);
  not_negative(spec, "/revisionHistoryLimit", "spec.revisionHistoryLimit", errors);
  if (kind.kind == "Deployment") {
    not_negative(spec, "/progressDeadlineSeconds", "spec.progressDeadlineSeconds", errors);
    const json& deadline = at(spec, "/progressDeadlineSeconds");
    if (deadline.is_number_integer() && deadline <= number(spec, "/minReadySeconds")) {
      errors.push_back(invalid("spec.progressDeadlineSeconds", deadline,
                               "must be greater than minReadySeconds"));
    }
  }
  return errors;
}

}  // namespace wavetank::cluster::api
