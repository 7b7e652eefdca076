#include "cluster/api/schema/kinds.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "health/object_view.h"

namespace wavetank::cluster::api {

extern const std::string_view kKindTable;

namespace {

using nlohmann::json;

// Source: PrepareForCreate of the strategies in pkg/registry; measured for the kinds in the
// records.
constexpr std::array<std::string_view, 29> kWithGeneration{"Deployment",
                                                           "ReplicaSet",
                                                           "StatefulSet",
                                                           "DaemonSet",
                                                           "Job",
                                                           "CronJob",
                                                           "Pod",
                                                           "Ingress",
                                                           "IngressClass",
                                                           "NetworkPolicy",
                                                           "PodDisruptionBudget",
                                                           "PriorityClass",
                                                           "EndpointSlice",
                                                           "CustomResourceDefinition",
                                                           "ValidatingWebhookConfiguration",
                                                           "MutatingWebhookConfiguration",
                                                           "ValidatingAdmissionPolicy",
                                                           "ValidatingAdmissionPolicyBinding",
                                                           "MutatingAdmissionPolicy",
                                                           "MutatingAdmissionPolicyBinding",
                                                           "FlowSchema",
                                                           "PriorityLevelConfiguration",
                                                           "ReplicationController",
                                                           "DeviceClass",
                                                           "ResourceSlice",
                                                           "IPAddress",
                                                           "ServiceCIDR",
                                                           "PodTemplate",
                                                           "StorageVersionMigration"};

std::string_view next(std::string_view& text, char separator) {
  const auto end = std::min(text.find(separator), text.size());
  const std::string_view word = text.substr(0, end);
  text.remove_prefix(std::min(end + 1, text.size()));
  return word;
}

std::vector<KindInfo> parse_kinds() {
  std::vector<KindInfo> kinds;
  std::string_view table = kKindTable;
  while (!table.empty()) {
    std::string_view line = next(table, '\n');
    if (line.empty()) continue;
    KindInfo info;
    info.group = std::string(next(line, ' '));
    if (info.group == "-") info.group.clear();
    info.version = std::string(next(line, ' '));
    info.kind = std::string(next(line, ' '));
    info.resource = std::string(next(line, ' '));
    info.is_namespaced = next(line, ' ') == "n";
    info.has_status = next(line, ' ') == "s";
    info.type = built_in_schema().find(next(line, ' '));
    info.has_generation = std::find(kWithGeneration.begin(), kWithGeneration.end(), info.kind) !=
                          kWithGeneration.end();
    kinds.push_back(std::move(info));
  }
  return kinds;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return result;
}

// Custom resources have what every object has, whatever their schema says of it.
const Type* root_type(Schema& schema, const json& version) {
  const json empty;
  const json& holder = version.contains("schema") ? version.at("schema") : empty;
  const json& open_api = holder.is_object() && holder.contains("openAPIV3Schema")
                             ? holder.at("openAPIV3Schema")
                             : empty;
  Type& root = schema.make(Shape::Struct);
  const Type* parsed = custom_type(schema, open_api);
  root.rules = parsed->rules;
  root.preserves_unknown = parsed->preserves_unknown;
  for (const Field& field : parsed->fields) {
    if (field.name != "apiVersion" && field.name != "kind" && field.name != "metadata") {
      root.fields.push_back(field);
    }
  }
  const Type& text = schema.make(Shape::String);
  root.fields.push_back({.name = "apiVersion", .type = &text});
  root.fields.push_back({.name = "kind", .type = &text});
  root.fields.push_back({.name = "metadata", .type = built_in_schema().find("ObjectMeta")});
  std::sort(root.fields.begin(), root.fields.end(),
            [](const Field& a, const Field& b) { return a.name < b.name; });
  return &root;
}

}  // namespace

const std::vector<KindInfo>& built_in_kinds() {
  static const std::vector<KindInfo> kinds = parse_kinds();
  return kinds;
}

const KindInfo* built_in_kind(std::string_view group, std::string_view kind) {
  const KindInfo* best = nullptr;
  for (const KindInfo& each : built_in_kinds()) {
    // Of several versions the newest one is preferred; the table lists them in ascending order.
    if (each.is(group, kind)) best = &each;
  }
  return best;
}

std::vector<KindInfo> custom_kinds(const json& definition, Schema& schema) {
  std::vector<KindInfo> kinds;
  const json& spec = health::at(definition, "/spec");
  for (const json& version : health::list(spec, "/versions")) {
    if (!health::flag(version, "/served")) continue;
    KindInfo info;
    info.group = health::text(spec, "/group");
    info.version = health::text(version, "/name");
    info.kind = health::text(spec, "/names/kind");
    info.resource = health::text(spec, "/names/plural");
    info.is_namespaced = health::text(spec, "/scope") != "Cluster";
    info.has_status = health::has(version, "/subresources/status");
    info.has_generation = true;
    info.is_custom = true;
    info.type = root_type(schema, version);
    kinds.push_back(std::move(info));
  }
  return kinds;
}

std::string guessed_resource(std::string_view kind) {
  const std::string singular = lower(kind);
  if (singular.ends_with('s')) return singular + "es";
  if (singular.ends_with('y')) return singular.substr(0, singular.size() - 1) + "ies";
  return singular + "s";
}

std::string resource_name(const KindInfo& kind) {
  return kind.group.empty() ? kind.resource : fmt::format("{}.{}", kind.resource, kind.group);
}

std::string kind_name(const KindInfo& kind) {
  return kind.group.empty() ? kind.kind : fmt::format("{}.{}", kind.kind, kind.group);
}

std::string printed_name(const KindInfo& kind, std::string_view name) {
  const std::string singular = lower(kind.kind);
  return kind.group.empty() ? fmt::format("{}/{}", singular, name)
                            : fmt::format("{}.{}/{}", singular, kind.group, name);
}

}  // namespace wavetank::cluster::api
