#include "cluster/api/rules/names.h"

#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

bool is_lower(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_alnum(char c) { return is_lower(c) || (c >= 'A' && c <= 'Z'); }

constexpr std::size_t kLabelMax = 63;
constexpr std::size_t kSubdomainMax = 253;
constexpr std::size_t kAnnotationsMax = 262144;

constexpr const char* kLabelText =
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and "
    "must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')";
constexpr const char* kSubdomainText =
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used "
    "for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')";
constexpr const char* kLabel1035Text =
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an "
    "alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', "
    "regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')";
constexpr const char* kNamePartText =
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an "
    "alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for "
    "validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";
constexpr const char* kLabelValueText =
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or "
    "'.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  "
    "or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')";
constexpr const char* kConfigKeyText =
    "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. "
    "'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is "
    "'[-._a-zA-Z0-9]+')";

std::string longer_than(std::size_t max, std::string_view unit) {
  return fmt::format("must be no more than {} {}", max, unit);
}

bool is_label(std::string_view name) {
  return !name.empty() && is_lower(name.front()) && is_lower(name.back()) &&
         std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || c == '-'; });
}

bool is_subdomain(std::string_view name) {
  while (true) {
    const auto dot = name.find('.');
    if (!is_label(name.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    name.remove_prefix(dot + 1);
  }
}

bool is_name_part(std::string_view name) {
  return !name.empty() && is_alnum(name.front()) && is_alnum(name.back()) &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return is_alnum(c) || c == '-' || c == '_' || c == '.'; });
}

// A generated name is checked without its random end. Source: maskTrailingDash.
std::string masked(std::string_view prefix) {
  std::string result(prefix);
  if (result.size() > 1 && result.back() == '-') result.back() = 'a';
  return result;
}

Complaints check_name(const KindInfo& kind, std::string_view name) {
  if (kind.group == "rbac.authorization.k8s.io") return check_path_segment(name);
  if (kind.group.empty() && (kind.kind == "Namespace" || kind.kind == "Service")) {
    return check_dns_label(name);
  }
  if (kind.is("apps", "StatefulSet")) return check_dns_label(name);
  if (kind.is("", "ReplicationController")) return check_dns_subdomain(name);
  return check_dns_subdomain(name);
}

FieldErrors validate_owners(const json& meta) {
  FieldErrors errors;
  std::string controller;
  const json& owners = list(meta, "/ownerReferences");
  for (const json& owner : owners) {
    // Source: validateOwnerReference; the index is not part of the path.
    const std::string path = "metadata.ownerReferences";
    if (text(owner, "/apiVersion").empty()) {
      errors.push_back(
          invalid(path + ".apiVersion", text(owner, "/apiVersion"), "version must not be empty"));
    }
    for (const char* name : {"kind", "name", "uid"}) {
      if (text(owner, std::string("/") + name).empty()) {
        errors.push_back(invalid(path + "." + name, "", "must not be empty"));
      }
    }
    if (!flag(owner, "/controller")) continue;
    if (!controller.empty()) {
      errors.push_back(invalid(
          path, owners,
          fmt::format("Only one reference can have Controller set to true. Found \"true\" in "
                      "references for {} and {}",
                      controller, text(owner, "/kind") + "/" + text(owner, "/name"))));
    }
    controller = text(owner, "/kind") + "/" + text(owner, "/name");
  }
  return errors;
}

bool is_standard_finalizer(std::string_view name) {
  return name == "foregroundDeletion" || name == "orphan" || name == "kubernetes";
}

FieldErrors validate_finalizers(const KindInfo& kind, const json& meta) {
  FieldErrors errors;
  bool orphans = false;
  bool foreground = false;
  const json& finalizers = list(meta, "/finalizers");
  for (std::size_t i = 0; i < finalizers.size(); ++i) {
    const std::string name = finalizers[i].is_string() ? finalizers[i].get<std::string>() : "";
    const std::string path = "metadata.finalizers";
    for (const std::string& complaint : check_qualified_name(name)) {
      errors.push_back(invalid(path, name, complaint));
    }
    orphans = orphans || name == "orphan";
    foreground = foreground || name == "foregroundDeletion";
    const bool is_qualified = name.find('/') != std::string::npos || is_standard_finalizer(name);
    if (kind.group.empty() && !is_qualified) {
      errors.push_back(invalid(fmt::format("{}[{}]", path, i), name,
                               "name is neither a standard finalizer name nor is it fully "
                               "qualified"));
    }
  }
  if (orphans && foreground) {
    errors.push_back(invalid("metadata.finalizers", finalizers,
                             "finalizer orphan and foregroundDeletion cannot be both set"));
  }
  return errors;
}

}  // namespace

Complaints check_dns_label(std::string_view name) {
  Complaints complaints;
  if (name.size() > kLabelMax) complaints.push_back(longer_than(kLabelMax, "characters"));
  if (!is_label(name)) {
    complaints.emplace_back(is_subdomain(name) ? "must not contain dots" : kLabelText);
  }
  return complaints;
}

Complaints check_dns_subdomain(std::string_view name) {
  Complaints complaints;
  if (name.size() > kSubdomainMax) complaints.push_back(longer_than(kSubdomainMax, "characters"));
  if (!is_subdomain(name)) complaints.emplace_back(kSubdomainText);
  return complaints;
}

Complaints check_dns_1035_label(std::string_view name) {
  Complaints complaints;
  if (name.size() > kLabelMax) complaints.push_back(longer_than(kLabelMax, "characters"));
  if (!is_label(name) || (name.front() >= '0' && name.front() <= '9')) {
    complaints.emplace_back(kLabel1035Text);
  }
  return complaints;
}

Complaints check_qualified_name(std::string_view name) {
  Complaints complaints;
  const auto slash = name.find('/');
  if (slash != std::string_view::npos) {
    const std::string_view prefix = name.substr(0, slash);
    name.remove_prefix(slash + 1);
    if (name.find('/') != std::string_view::npos) {
      return {
          fmt::format("a qualified name {} with an optional DNS subdomain prefix and '/' "
                      "(e.g. 'example.com/MyName')",
                      kNamePartText)};
    }
    if (prefix.empty()) {
      complaints.emplace_back("prefix part must be non-empty");
    } else {
      if (prefix.size() > kSubdomainMax) {
        complaints.push_back("prefix part " + longer_than(kSubdomainMax, "bytes"));
      }
      if (!is_subdomain(prefix)) {
        complaints.push_back(std::string("prefix part ") + kSubdomainText);
      }
    }
  }
  if (name.empty()) {
    complaints.emplace_back("name part must be non-empty");
  } else if (name.size() > kLabelMax) {
    complaints.push_back("name part " + longer_than(kLabelMax, "bytes"));
  }
  if (!is_name_part(name)) complaints.push_back(std::string("name part ") + kNamePartText);
  return complaints;
}

Complaints check_label_value(std::string_view value) {
  Complaints complaints;
  if (value.size() > kLabelMax) complaints.push_back(longer_than(kLabelMax, "bytes"));
  if (!value.empty() && !is_name_part(value)) complaints.emplace_back(kLabelValueText);
  return complaints;
}

Complaints check_config_key(std::string_view key) {
  Complaints complaints;
  if (key.size() > kSubdomainMax) complaints.push_back(longer_than(kSubdomainMax, "characters"));
  const bool is_valid = !key.empty() && std::all_of(key.begin(), key.end(), [](char c) {
    return is_alnum(c) || c == '-' || c == '_' || c == '.';
  });
  if (!is_valid) {
    complaints.emplace_back(kConfigKeyText);
  } else if (key == ".") {
    complaints.emplace_back("must not be '.'");
  } else if (key == "..") {
    complaints.emplace_back("must not be '..'");
  } else if (key.starts_with("..")) {
    complaints.emplace_back("must not start with '..'");
  }
  return complaints;
}

Complaints check_path_segment(std::string_view name) {
  if (name == "." || name == "..") return {fmt::format("may not be '{}'", name)};
  Complaints complaints;
  for (char illegal : {'/', '%'}) {
    if (name.find(illegal) != std::string_view::npos) {
      complaints.push_back(fmt::format("may not contain '{}'", illegal));
    }
  }
  return complaints;
}

Complaints check_port_name(std::string_view name) {
  Complaints complaints;
  if (name.size() > 15) complaints.push_back(longer_than(15, "characters"));
  const bool is_set =
      std::all_of(name.begin(), name.end(), [](char c) { return is_lower(c) || c == '-'; });
  if (!is_set) {
    complaints.emplace_back(
        "must contain only alpha-numeric characters (a-z, 0-9), and hyphens "
        "(-)");
  }
  if (std::none_of(name.begin(), name.end(), [](char c) { return c >= 'a' && c <= 'z'; })) {
    complaints.emplace_back("must contain at least one letter (a-z)");
  }
  if (name.find("--") != std::string_view::npos) {
    complaints.emplace_back("must not contain consecutive hyphens");
  }
  if (!name.empty() && (name.front() == '-' || name.back() == '-')) {
    complaints.emplace_back("must not begin or end with a hyphen");
  }
  return complaints;
}

Complaints check_env_name(std::string_view name) {
  const bool is_valid = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c >= ' ' && c < 127 && c != '=';
  });
  if (is_valid) return {};
  return {
      "a valid environment variable name must consist only of printable ASCII characters other "
      "than '='"};
}

Complaints check_wildcard_subdomain(std::string_view name) {
  if (name.starts_with("*.") && is_subdomain(name.substr(2))) return {};
  return {
      "a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, "
      "which must consist of lower case alphanumeric characters, '-' or '.' and end with an "
      "alphanumeric character (e.g. '*.example.com', regex used for validation is "
      "'\\*\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')"};
}

FieldErrors validate_labels(const json& labels, const std::string& path) {
  FieldErrors errors;
  if (!labels.is_object()) return errors;
  for (const auto& [key, value] : labels.items()) {
    for (const std::string& complaint : check_qualified_name(key)) {
      errors.push_back(invalid(path, key, complaint));
    }
    const std::string content = value.is_string() ? value.get<std::string>() : "";
    for (const std::string& complaint : check_label_value(content)) {
      errors.push_back(invalid(path, content, complaint));
    }
  }
  return errors;
}

FieldErrors validate_annotations(const json& annotations, const std::string& path) {
  FieldErrors errors;
  if (!annotations.is_object()) return errors;
  std::size_t total = 0;
  for (const auto& [key, value] : annotations.items()) {
    std::string lower = key;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return is_letter(c) ? static_cast<char>(c | 0x20) : c; });
    for (const std::string& complaint : check_qualified_name(lower)) {
      errors.push_back(invalid(path, key, complaint));
    }
    total += key.size() + (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
  }
  if (total > kAnnotationsMax) {
    errors.push_back(too_long(path, fmt::format("may not be more than {} bytes", kAnnotationsMax)));
  }
  return errors;
}

FieldErrors validate_metadata(const KindInfo& kind, const json& object) {
  FieldErrors errors;
  const json& meta = at(object, "/metadata");
  const std::string prefix = text(meta, "/generateName");
  if (!prefix.empty()) {
    for (const std::string& complaint : check_name(kind, masked(prefix))) {
      errors.push_back(invalid("metadata.generateName", prefix, complaint));
    }
  }
  const std::string name = text(meta, "/name");
  if (name.empty()) {
    errors.push_back(required("metadata.name", "name or generateName is required"));
  } else {
    for (const std::string& complaint : check_name(kind, name)) {
      errors.push_back(invalid("metadata.name", name, complaint));
    }
  }
  const auto append = [&](FieldErrors more) {
    errors.insert(errors.end(), more.begin(), more.end());
  };
  append(validate_labels(at(meta, "/labels"), "metadata.labels"));
  append(validate_annotations(at(meta, "/annotations"), "metadata.annotations"));
  append(validate_owners(meta));
  append(validate_finalizers(kind, meta));
  return errors;
}

FieldErrors validate_metadata_update(const KindInfo& kind, const json& object, const json& live) {
  FieldErrors errors;
  const json& meta = at(object, "/metadata");
  const json& old = at(live, "/metadata");
  if (has(old, "/deletionTimestamp")) {
    const json& present = list(old, "/finalizers");
    std::vector<std::string> added;
    for (const json& finalizer : list(meta, "/finalizers")) {
      if (std::find(present.begin(), present.end(), finalizer) == present.end()) {
        added.push_back(finalizer.dump());
      }
    }
    if (!added.empty()) {
      errors.push_back(forbidden_field(
          "metadata.finalizers",
          fmt::format("no new finalizers can be added if the object is being deleted, found new "
                      "finalizers []string{{{}}}",
                      fmt::join(added, ", "))));
    }
  }
  const auto append = [&](FieldErrors more) {
    errors.insert(errors.end(), more.begin(), more.end());
  };
  append(validate_labels(at(meta, "/labels"), "metadata.labels"));
  append(validate_annotations(at(meta, "/annotations"), "metadata.annotations"));
  append(validate_owners(meta));
  append(validate_finalizers(kind, meta));
  return errors;
}

}  // namespace wavetank::cluster::api
