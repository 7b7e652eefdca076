// CustomResourceDefinitions. Source: apiextensions-apiserver, validation.go.
#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

// Structural schemas: every object has a type. Source: structuralschema validation.
void validate_structure(const json& schema, const std::string& path, FieldErrors& errors) {
  const json& properties = at(schema, "/properties");
  if (!properties.is_object()) return;
  for (const auto& [name, property] : properties.items()) {
    const std::string at_property = fmt::format("{}.properties[{}]", path, name);
    const bool needs_type = text(property, "/type").empty() &&
                            !flag(property, "/x-kubernetes-int-or-string") &&
                            !flag(property, "/x-kubernetes-preserve-unknown-fields");
    if (needs_type) {
      errors.push_back(
          required(at_property + ".type", "must not be empty for specified object fields"));
    }
    validate_structure(property, at_property, errors);
    if (property.is_object() && property.contains("items")) {
      if (text(property, "/items/type").empty() &&
          !flag(property, "/items/x-kubernetes-int-or-string") &&
          !flag(property, "/items/x-kubernetes-preserve-unknown-fields")) {
        errors.push_back(
            required(at_property + ".items.type", "must not be empty for specified array items"));
      }
      validate_structure(property["items"], at_property + ".items", errors);
    }
  }
}

void validate_schema(const json& version, const std::string& path, FieldErrors& errors) {
  const json& schema = at(version, "/schema/openAPIV3Schema");
  if (schema.is_null()) {
    errors.push_back(required(path, "schemas are required"));
    return;
  }
  const std::string type = text(schema, "/type");
  if (type != "object") {
    if (has(version, "/subresources/status")) {
      errors.push_back(invalid(path + ".type", type,
                               "only \"object\" is allowed as the type at the root of the schema "
                               "if the status subresource is enabled"));
    }
    if (type.empty()) {
      errors.push_back(required(path + ".type", "must not be empty at the root"));
    } else {
      errors.push_back(invalid(path + ".type", type, "must be object at the root"));
    }
  }
  validate_structure(schema, path, errors);
}

void validate_versions(const json& spec, FieldErrors& errors) {
  const json& versions = list(spec, "/versions");
  const bool is_single = versions.size() == 1;
  int storage = 0;
  for (std::size_t i = 0; i < versions.size(); ++i) {
    const std::string path = fmt::format("spec.versions[{}]", i);
    if (flag(versions[i], "/storage")) ++storage;
    const std::string name = text(versions[i], "/name");
    for (const std::string& each : check_dns_1035_label(name)) {
      errors.push_back(invalid(path + ".name", name, each));
      if (i == 0) errors.push_back(invalid("spec.version", name, each));
    }
    validate_schema(
        versions[i],
        is_single ? "spec.validation.openAPIV3Schema" : path + ".schema.openAPIV3Schema", errors);
  }
  if (storage != 1) {
    errors.push_back(invalid("spec.versions", versions,
                             "must have exactly one version marked as storage version"));
  }
}

void validate_kind_names(const json& spec, FieldErrors& errors) {
  const auto check = [&](const char* field, const std::string& value) {
    if (value.empty()) {
      errors.push_back(required(std::string("spec.names.") + field));
      return;
    }
    for (const std::string& each : check_dns_1035_label(lower(value))) {
      errors.push_back(
          invalid(std::string("spec.names.") + field, value,
                  std::string_view(field) == "kind" || std::string_view(field) == "listKind"
                      ? "may have mixed case, but should otherwise match: " + each
                      : each));
    }
  };
  check("plural", text(spec, "/names/plural"));
  check("singular", text(spec, "/names/singular"));
  check("kind", text(spec, "/names/kind"));
  check("listKind", text(spec, "/names/listKind"));
  if (!text(spec, "/names/kind").empty() &&
      text(spec, "/names/kind") == text(spec, "/names/listKind")) {
    errors.push_back(invalid("spec.names.listKind", text(spec, "/names/listKind"),
                             "kind and listKind may not be the same"));
  }
}

}  // namespace

FieldErrors validate_definition(const json& object) {
  FieldErrors errors;
  const json& spec = at(object, "/spec");
  const std::string group = text(spec, "/group");
  const std::string name = text(object, "/metadata/name");
  const std::string expected = text(spec, "/names/plural") + "." + group;
  if (name != expected) {
    errors.push_back(invalid("metadata.name", name, "must be spec.names.plural+\".\"+spec.group"));
  }
  if (group.empty()) {
    errors.push_back(required("spec.group"));
  } else {
    for (const std::string& each : check_dns_subdomain(group)) {
      errors.push_back(invalid("spec.group", group, each));
    }
    if (group.find('.') == std::string::npos) {
      errors.push_back(invalid("spec.group", group, "should be a domain with at least one dot"));
    }
  }
  const std::string scope = text(spec, "/scope");
  if (scope != "Cluster" && scope != "Namespaced") {
    errors.push_back(not_supported("spec.scope", scope, {"Cluster", "Namespaced"}));
  }
  if (flag(spec, "/preserveUnknownFields")) {
    errors.push_back(invalid("spec.preserveUnknownFields", true,
                             "cannot set to true, set x-kubernetes-preserve-unknown-fields to true "
                             "in spec.versions[*].schema instead"));
  }
  validate_versions(spec, errors);
  validate_kind_names(spec, errors);
  return errors;
}

FieldErrors validate_definition_update(const json& object, const json& live) {
  const json& spec = at(object, "/spec");
  const json& old = at(live, "/spec");
  FieldErrors errors;
  // The name no longer fits a changed group or plural; the server tells only what is immutable.
  for (FieldError& error : validate_definition(object)) {
    if (error.path != "metadata.name") errors.push_back(std::move(error));
  }
  const auto immutable = [&](std::string_view pointer) {
    if (at(spec, pointer) == at(old, pointer)) return;
    std::string path(pointer.substr(1));
    std::replace(path.begin(), path.end(), '/', '.');
    errors.push_back(invalid("spec." + path, at(spec, pointer), "field is immutable"));
  };
  bool established = false;
  for (const json& condition : list(live, "/status/conditions")) {
    established = established || (text(condition, "/type") == "Established" &&
                                  text(condition, "/status") == "True");
  }
  immutable("/group");
  if (established) {
    immutable("/scope");
    immutable("/names/kind");
  }
  immutable("/names/plural");
  const json& stored = list(live, "/status/storedVersions");
  const json& versions = list(spec, "/versions");
  for (std::size_t i = 0; i < stored.size(); ++i) {
    const bool present = std::any_of(versions.begin(), versions.end(), [&](const json& version) {
      return at(version, "/name") == stored[i];
    });
    if (present) continue;
    const std::string version = stored[i].is_string() ? stored[i].get<std::string>() : "";
    errors.push_back(invalid(
        fmt::format("status.storedVersions[{}]", i), version,
        fmt::format("missing from spec.versions; {0} was previously a storage version, and must "
                    "remain in spec.versions until a storage migration ensures no data remains "
                    "persisted in {0} and removes {0} from status.storedVersions",
                    version)));
  }
  return errors;
}

}  // namespace wavetank::cluster::api
