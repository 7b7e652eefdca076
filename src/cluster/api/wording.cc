#include "cluster/api/wording.h"

#include <fmt/format.h>

#include <algorithm>

namespace wavetank::cluster::api {

namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

std::string with_group(std::string name, std::string_view group) {
  return group.empty() ? name : fmt::format("{}.{}", name, group);
}

// Source: k8s.io/apimachinery meta.UnsafeGuessKindToResource.
std::string plural(std::string_view kind) {
  const std::string singular = lower(kind);
  if (singular.ends_with('s')) return singular + "es";
  if (singular.ends_with('y')) return singular.substr(0, singular.size() - 1) + "ies";
  return singular + "s";
}

}  // namespace

std::string resource_name(std::string_view group, std::string_view kind) {
  if (group.empty() && kind == "Endpoints") return "endpoints";
  return with_group(plural(kind), group);
}

std::string kind_name(std::string_view group, std::string_view kind) {
  return with_group(std::string(kind), group);
}

std::string printed(const model::ObjectKey& key, std::string_view verb, bool dry_run) {
  return fmt::format("{}/{} {}{}", with_group(lower(key.kind), key.group), key.name, verb,
                     dry_run ? " (dry run)" : "");
}

std::string not_found(const model::ObjectKey& key) {
  return fmt::format("{} \"{}\" not found", resource_name(key.group, key.kind), key.name);
}

std::string already_exists(const model::ObjectKey& key, bool is_deleting) {
  return fmt::format("{}{} \"{}\" already exists", is_deleting ? "object is being deleted: " : "",
                     resource_name(key.group, key.kind), key.name);
}

std::string invalid(const model::ObjectKey& key, std::string_view errors) {
  return fmt::format("{} \"{}\" is invalid: {}", kind_name(key.group, key.kind), key.name, errors);
}

}  // namespace wavetank::cluster::api
