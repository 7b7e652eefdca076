#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/selector.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

void not_negative(const json& spec, const char* name, const std::string& path,
                  FieldErrors& errors) {
  const json& value = at(spec, std::string("/") + name);
  if (value.is_number_integer() && value < 0) {
    errors.push_back(invalid(path + "." + name, value, "must be greater than or equal to 0"));
  }
}

// Source: ValidateGeneratedSelector.
void validate_generated(const json& object, FieldErrors& errors) {
  const json& spec = at(object, "/spec");
  const json& selector = at(spec, "/selector");
  if (flag(spec, "/manualSelector") || selector.is_null()) return;
  const std::string uid = text(object, "/metadata/uid");
  const json& labels = at(spec, "/template/metadata/labels");
  const std::string name = text(object, "/metadata/name");
  const auto expects = [&](const char* label, const std::string& value) {
    const std::string found =
        labels.is_object() && labels.contains(label) && labels.at(label).is_string()
            ? labels.at(label).get<std::string>()
            : "";
    const std::string path = fmt::format("spec.template.metadata.labels[{}]", label);
    if (labels.is_object() && labels.contains(label) && found != value) {
      errors.push_back(invalid(path, found, fmt::format("must be '{}'", value)));
    } else if (!labels.is_object() || !labels.contains(label)) {
      errors.push_back(required(path, fmt::format("must be '{}'", value)));
    }
  };
  expects("controller-uid", uid);
  expects("batch.kubernetes.io/controller-uid", uid);
  expects("job-name", name);
  expects("batch.kubernetes.io/job-name", name);
  const json generated = {{"matchLabels", {{"batch.kubernetes.io/controller-uid", uid}}}};
  if (!selector_matches(selector, generated["matchLabels"])) {
    errors.push_back(invalid("spec.selector", selector, "`selector` not auto-generated"));
  }
}

void validate_index_rules(const json& spec, const std::string& path, FieldErrors& errors) {
  const bool indexed = text(spec, "/completionMode") == "Indexed";
  if (indexed && !has(spec, "/completions")) {
    errors.push_back(required(path + ".completions", "when completion mode is Indexed"));
  }
  if (!indexed && has(spec, "/backoffLimitPerIndex")) {
    errors.push_back(invalid(path + ".backoffLimitPerIndex", at(spec, "/backoffLimitPerIndex"),
                             "requires indexed completion mode"));
  }
  constexpr std::int64_t kParallelismMax = 100000;
  if (indexed && number(spec, "/parallelism") > kParallelismMax) {
    errors.push_back(invalid(path + ".parallelism", at(spec, "/parallelism"),
                             fmt::format("must be less than or equal to {} when completion mode is "
                                         "Indexed",
                                         kParallelismMax)));
  }
  if (!indexed && has(spec, "/maxFailedIndexes")) {
    errors.push_back(invalid(path + ".maxFailedIndexes", at(spec, "/maxFailedIndexes"),
                             "requires indexed completion mode"));
  }
  if (!indexed && has(spec, "/successPolicy")) {
    errors.push_back(invalid(path + ".successPolicy", at(spec, "/successPolicy"),
                             "requires indexed completion mode"));
  }
}

void validate_failure_policy(const json& spec, const std::string& path, FieldErrors& errors) {
  const json& rules = list(spec, "/podFailurePolicy/rules");
  for (std::size_t i = 0; i < rules.size(); ++i) {
    const std::string place = fmt::format("{}.podFailurePolicy.rules[{}]", path, i);
    const std::string action = text(rules[i], "/action");
    if (action != "Count" && action != "FailIndex" && action != "FailJob" && action != "Ignore") {
      errors.push_back(
          not_supported(place + ".action", action, {"Count", "FailIndex", "FailJob", "Ignore"}));
    }
    const json& values = list(rules[i], "/onExitCodes/values");
    for (std::size_t j = 0; j < values.size(); ++j) {
      if (values[j] == 0 && text(rules[i], "/onExitCodes/operator") == "In") {
        errors.push_back(invalid(fmt::format("{}.onExitCodes.values[{}]", place, j), 0,
                                 "must not be 0 for the In operator"));
      }
    }
  }
  if (has(spec, "/podFailurePolicy") && text(spec, "/template/spec/restartPolicy") != "Never") {
    errors.push_back(invalid(path + ".template.spec.restartPolicy",
                             text(spec, "/template/spec/restartPolicy"),
                             "only \"Never\" is supported when podFailurePolicy is specified"));
  }
}

FieldErrors validate_spec(const json& spec, const std::string& path) {
  FieldErrors errors;
  for (const char* name : {"parallelism", "completions", "activeDeadlineSeconds", "backoffLimit",
                           "ttlSecondsAfterFinished", "backoffLimitPerIndex"}) {
    not_negative(spec, name, path, errors);
  }
  const std::string mode = text(spec, "/completionMode");
  if (!mode.empty() && mode != "NonIndexed" && mode != "Indexed") {
    errors.push_back(not_supported(path + ".completionMode", mode, {"NonIndexed", "Indexed"}));
  }
  validate_index_rules(spec, path, errors);
  validate_failure_policy(spec, path, errors);
  // The template is validated as a Job's and as a pod's; its labels are told twice.
  for (int i = 0; i < 2; ++i) {
    append(errors,
           validate_labels(at(spec, "/template/metadata/labels"), path + ".template.labels"));
  }
  append(errors, validate_pod_spec(at(spec, "/template/spec"), path + ".template.spec"));
  const std::string restart = text(spec, "/template/spec/restartPolicy");
  if (restart == "Always") {
    errors.push_back(
        required(path + ".template.spec.restartPolicy", "valid values: \"OnFailure\", \"Never\""));
  }
  return errors;
}

// The selector's own rules, which hold for Jobs but not for the templates of CronJobs.
FieldErrors validate_with_selector(const json& spec) {
  FieldErrors errors;
  const json& selector = at(spec, "/selector");
  if (selector.is_null()) errors.push_back(required("spec.selector"));
  append(errors, validate_spec(spec, "spec"));
  const json& labels = at(spec, "/template/metadata/labels");
  if (!selector_matches(selector, labels) || selector.is_null()) {
    errors.push_back(invalid("spec.template.metadata.labels", labels,
                             "`selector` does not match template `labels`"));
  }
  return errors;
}

// What may not change even while a Job is suspended. Source: validatePodTemplateUpdate.
json suspended_view(json pod_template) {
  if (pod_template.contains("metadata")) pod_template.erase("metadata");
  if (json* spec = find_object(pod_template, "/spec")) {
    for (const char* name : {"nodeSelector", "tolerations", "schedulingGates"}) spec->erase(name);
    if (json* affinity = find_object(*spec, "/affinity")) {
      affinity->erase("nodeAffinity");
      if (affinity->empty()) spec->erase("affinity");
    }
    for (const char* group : {"containers", "initContainers"}) {
      if (!spec->contains(group)) continue;
      for (json& container : (*spec)[group]) container.erase("resources");
    }
  }
  return pod_template;
}

// Suspended, and the controller knows it and has no pod left.
// Source: validationOptionsForJob of pkg/registry/batch/job/strategy.go.
bool is_at_rest(const json& job) {
  const json& conditions = list(job, "/status/conditions");
  return flag(job, "/spec/suspend") && number(job, "/status/active") == 0 &&
         std::any_of(conditions.begin(), conditions.end(), [](const json& each) {
           return text(each, "/type") == "Suspended" && text(each, "/status") == "True";
         });
}

// Pods of Indexed Jobs are hosts that bear the Job's name and their index.
void validate_host_names(const json& job, FieldErrors& errors) {
  const std::int64_t completions = number(job, "/spec/completions");
  if (text(job, "/spec/completionMode") != "Indexed" || completions <= 0) return;
  const std::string name = text(job, "/metadata/name");
  const std::string longest = fmt::format("{}-{}", name, completions - 1);
  if (check_dns_label(longest).empty()) return;
  errors.push_back(invalid("metadata.name", name,
                           "will not able to create pod with invalid DNS label: " + longest));
}

void validate_completions(const json& spec, const json& old, FieldErrors& errors) {
  const json& wanted = at(spec, "/completions");
  if (wanted == at(old, "/completions")) return;
  if (text(old, "/completionMode") != "Indexed" || wanted.is_null()) {
    errors.push_back(invalid("spec.completions", wanted, "field is immutable"));
    return;
  }
  const json& parallelism = at(spec, "/parallelism");
  const bool in_tandem = parallelism != at(old, "/parallelism") && parallelism == wanted;
  if (!in_tandem) {
    errors.push_back(invalid("spec.completions", wanted,
                             "can only be modified in tandem with spec.parallelism"));
  }
}

}  // namespace

FieldErrors validate_job_spec(const json& object, const json& spec, const std::string& path) {
  if (path != "spec") return validate_spec(spec, path);
  FieldErrors errors;
  validate_generated(object, errors);
  append(errors, validate_with_selector(spec));
  validate_host_names(object, errors);
  return errors;
}

FieldErrors validate_job_update(const json& object, const json& live) {
  const json& spec = at(object, "/spec");
  const json& old = at(live, "/spec");
  FieldErrors errors = validate_with_selector(spec);
  validate_completions(spec, old, errors);
  const auto immutable = [&](const char* name) {
    const std::string pointer = std::string("/") + name;
    if (at(spec, pointer) != at(old, pointer)) {
      errors.push_back(
          invalid(std::string("spec.") + name, at(spec, pointer), "field is immutable"));
    }
  };
  immutable("selector");
  if (is_at_rest(live)) {
    if (suspended_view(at(spec, "/template")) != suspended_view(at(old, "/template"))) {
      errors.push_back(
          invalid("spec.template.spec", at(spec, "/template/spec"), "field is immutable"));
    }
  } else {
    immutable("template");
  }
  for (const char* name : {"completionMode", "podFailurePolicy", "backoffLimitPerIndex",
                           "managedBy", "successPolicy"}) {
    immutable(name);
  }
  return errors;
}

}  // namespace wavetank::cluster::api
