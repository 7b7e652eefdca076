#include <fmt/format.h>

#include "cluster/api/object/json_access.h"
#include "cluster/api/object/quantity.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr const char* kClassAnnotation = "volume.beta.kubernetes.io/storage-class";
constexpr const char* kClaimText =
    "spec is immutable after creation except resources.requests and volumeAttributesClassName for "
    "bound claims";

std::optional<Quantity> storage_of(const json& object, std::string_view pointer) {
  const json& value = at(object, pointer);
  return value.is_string() ? parse_quantity(value.get<std::string>()) : std::nullopt;
}

FieldErrors validate_claim(const json& spec) {
  FieldErrors errors;
  const json& modes = list(spec, "/accessModes");
  if (modes.empty()) {
    errors.push_back(required("spec.accessModes", "at least 1 access mode is required"));
  }
  for (const json& mode : modes) {
    if (mode != "ReadWriteOnce" && mode != "ReadOnlyMany" && mode != "ReadWriteMany" &&
        mode != "ReadWriteOncePod") {
      errors.push_back(
          not_supported("spec.accessModes", mode,
                        {"ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"}));
    }
  }
  const auto storage = storage_of(spec, "/resources/requests/storage");
  if (!has(spec, "/resources/requests/storage")) {
    errors.push_back(required("spec.resources[storage]"));
  } else if (storage && storage->nano <= 0) {
    errors.push_back(invalid("spec.resources[storage]", at(spec, "/resources/requests/storage"),
                             "must be greater than zero"));
  }
  return errors;
}

FieldErrors validate_volume(const json& spec) {
  FieldErrors errors;
  if (list(spec, "/accessModes").empty()) {
    errors.push_back(required("spec.accessModes"));
  }
  if (!has(spec, "/capacity") || at(spec, "/capacity").empty()) {
    errors.push_back(required("spec.capacity"));
  }
  bool has_source = false;
  for (const auto& [name, value] : spec.items()) {
    has_source = has_source || (value.is_object() && name != "capacity" && name != "claimRef" &&
                                name != "nodeAffinity");
  }
  if (!has_source) errors.push_back(required("spec", "must specify a volume type"));
  return errors;
}

json sources_of(json spec) {
  for (const char* name : {"accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity",
                           "persistentVolumeReclaimPolicy", "storageClassName", "volumeMode",
                           "volumeAttributesClassName"}) {
    spec.erase(name);
  }
  return spec;
}

FieldErrors validate_volume_update(const json& object, const json& live) {
  FieldErrors errors = validate_volume(at(object, "/spec"));
  if (sources_of(at(object, "/spec")) != sources_of(at(live, "/spec"))) {
    errors.push_back(forbidden_field("spec.persistentvolumesource",
                                     "spec.persistentvolumesource is immutable after creation"));
  }
  if (at(object, "/spec/volumeMode") != at(live, "/spec/volumeMode")) {
    errors.push_back(invalid("volumeMode", at(object, "/spec/volumeMode"), "field is immutable"));
  }
  if (has(live, "/spec/nodeAffinity") &&
      at(object, "/spec/nodeAffinity") != at(live, "/spec/nodeAffinity")) {
    errors.push_back(
        invalid("nodeAffinity", at(object, "/spec/nodeAffinity"), "field is immutable"));
  }
  return errors;
}

FieldErrors validate_claim_update(const json& object, const json& live) {
  FieldErrors errors = validate_claim(at(object, "/spec"));
  json wanted = at(object, "/spec");
  json present = at(live, "/spec");
  const bool bound = text(live, "/status/phase") == "Bound";
  // A claim gets its volume once.
  if (text(present, "/volumeName").empty()) {
    for (json* spec : {&wanted, &present}) spec->erase("volumeName");
  }
  // A class may come later, once.
  const bool has_old_class =
      has(present, "/storageClassName") || has_annotation(live, kClassAnnotation);
  if (!has_old_class) wanted.erase("storageClassName");
  if (bound) {
    const auto new_size = storage_of(wanted, "/resources/requests/storage");
    const auto old_size = storage_of(present, "/resources/requests/storage");
    for (json* spec : {&wanted, &present}) {
      if (json* requests = find_object(*spec, "/resources/requests")) requests->erase("storage");
      spec->erase("volumeAttributesClassName");
    }
    const auto capacity = storage_of(live, "/status/capacity/storage");
    if (wanted == present) {
      if (new_size && old_size && *new_size < *old_size && (!capacity || *new_size < *capacity)) {
        errors.push_back(forbidden_field("spec.resources.requests.storage",
                                         "field can not be less than status.capacity"));
      }
    }
  }
  if (wanted != present) errors.push_back(forbidden_field("spec", kClaimText));
  if (at(object, "/spec/volumeMode") != at(live, "/spec/volumeMode")) {
    errors.push_back(invalid("volumeMode", at(object, "/spec/volumeMode"), "field is immutable"));
  }
  return errors;
}

}  // namespace

FieldErrors validate_storage(const KindInfo& kind, const json& object) {
  const json& spec = at(object, "/spec");
  return kind.kind == "PersistentVolume" ? validate_volume(spec) : validate_claim(spec);
}

FieldErrors validate_storage_update(const KindInfo& kind, const json& object, const json& live) {
  return kind.kind == "PersistentVolume" ? validate_volume_update(object, live)
                                         : validate_claim_update(object, live);
}

}  // namespace wavetank::cluster::api
