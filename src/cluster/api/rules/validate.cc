#include "cluster/api/rules/validate.h"

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

FieldErrors validate_content(const KindInfo& kind, const json& object) {
  if (kind.is_custom) return validate_custom(kind, object);
  if (kind.is("", "Pod")) return validate_pod_spec(at(object, "/spec"), "spec");
  if (kind.group == "apps") return validate_workload(kind, object);
  if (kind.is("batch", "Job")) return validate_job_spec(object, at(object, "/spec"), "spec");
  if (kind.is("", "Service")) return validate_service(object);
  if (kind.is("", "ConfigMap") || kind.is("", "Secret")) return validate_data(kind, object);
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition")) {
    return validate_definition(object);
  }
  if (kind.is("", "PersistentVolume") || kind.is("", "PersistentVolumeClaim")) {
    return validate_storage(kind, object);
  }
  return validate_other(kind, object);
}

}  // namespace

FieldErrors validate_create(const KindInfo& kind, const json& object) {
  FieldErrors errors = validate_metadata(kind, object);
  append(errors, validate_content(kind, object));
  return errors;
}

FieldErrors validate_update(const KindInfo& kind, const json& object, const json& live) {
  FieldErrors errors;
  if (kind.is("batch", "Job")) {
    // The strategy validates the whole Job and its update, which validates the spec once more.
    append(errors, validate_job_spec(object, at(object, "/spec"), "spec"));
    append(errors, validate_metadata_update(kind, object, live));
    append(errors, validate_job_update(object, live));
    return errors;
  }
  append(errors, validate_metadata_update(kind, object, live));
  if (kind.is("", "Pod")) {
    append(errors, validate_pod_update(object, live));
    return errors;
  }
  if (kind.is("", "PersistentVolume") || kind.is("", "PersistentVolumeClaim")) {
    append(errors, validate_storage_update(kind, object, live));
    return errors;
  }
  if (kind.is("", "ConfigMap") || kind.is("", "Secret")) {
    append(errors, validate_data_update(kind, object, live));
    append(errors, validate_data(kind, object));
    return errors;
  }
  if (kind.is("apiextensions.k8s.io", "CustomResourceDefinition")) {
    append(errors, validate_definition_update(object, live));
    return errors;
  }
  if (kind.is("", "Service")) append(errors, validate_service_update(object, live));
  // Most kinds validate the new object first; a few begin with what must not change.
  const bool content_first = !kind.is("apps", "DaemonSet");
  if (content_first) append(errors, validate_content(kind, object));
  append(errors, validate_immutable(kind, object, live));
  if (kind.is("apps", "StatefulSet")) append(errors, validate_stateful_set_update(object, live));
  if (!content_first) append(errors, validate_content(kind, object));
  return errors;
}

}  // namespace wavetank::cluster::api
