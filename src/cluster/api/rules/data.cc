// ConfigMaps and Secrets.
#include <fmt/format.h>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/names.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

constexpr std::size_t kDataMax = 1048576;
constexpr const char* kImmutableText = "field is immutable when `immutable` is set";

std::size_t decoded_size(const json& value) {
  const std::string content = value.is_string() ? value.get<std::string>() : "";
  std::size_t padding = 0;
  while (padding < content.size() && content[content.size() - 1 - padding] == '=') ++padding;
  return content.size() / 4 * 3 - std::min<std::size_t>(padding, 2);
}

// Whether some key of a map of bytes or strings is missing.
void needs_key(const json& object, const char* key, FieldErrors& errors) {
  const json& data = at(object, "/data");
  if (!data.is_object() || !data.contains(key)) {
    errors.push_back(required(fmt::format("data[{}]", key)));
  }
}

void validate_secret_type(const json& object, FieldErrors& errors) {
  const std::string type = text(object, "/type");
  if (type == "kubernetes.io/tls") {
    needs_key(object, "tls.crt", errors);
    needs_key(object, "tls.key", errors);
  }
  if (type == "kubernetes.io/dockerconfigjson") needs_key(object, ".dockerconfigjson", errors);
  if (type == "kubernetes.io/dockercfg") needs_key(object, ".dockercfg", errors);
  if (type == "kubernetes.io/ssh-auth") needs_key(object, "ssh-privatekey", errors);
  if (type == "kubernetes.io/service-account-token") {
    constexpr const char* kAccount = "kubernetes.io/service-account.name";
    if (!has_annotation(object, kAccount)) {
      errors.push_back(required(fmt::format("metadata.annotations[{}]", kAccount)));
    }
  }
  if (type == "kubernetes.io/basic-auth") {
    const json& data = at(object, "/data");
    if (!data.is_object() || (!data.contains("username") && !data.contains("password"))) {
      errors.push_back(required("data[username]"));
      errors.push_back(required("data[password]"));
    }
  }
}

}  // namespace

FieldErrors validate_data(const KindInfo& kind, const json& object) {
  FieldErrors errors;
  const bool is_secret = kind.kind == "Secret";
  std::size_t total = 0;
  const json& data = at(object, "/data");
  const json& binary = at(object, "/binaryData");
  const auto check = [&](const json& values, const char* field, bool is_base64) {
    if (!values.is_object()) return;
    for (const auto& [key, value] : values.items()) {
      for (const std::string& each : check_config_key(key)) {
        errors.push_back(invalid(fmt::format("{}[{}]", field, key), key, each));
      }
      if (std::string_view(field) == "data" && binary.is_object() && binary.contains(key)) {
        errors.push_back(invalid(fmt::format("{}[{}]", field, key), key,
                                 "duplicate of key present in binaryData"));
      }
      total += is_base64 ? decoded_size(value)
                         : (value.is_string() ? value.get_ref<const std::string&>().size() : 0);
    }
  };
  check(data, "data", is_secret);
  check(binary, "binaryData", true);
  if (total > kDataMax) {
    errors.push_back(too_long(is_secret ? "data" : "[]",
                              fmt::format("may not be more than {} bytes", kDataMax)));
  }
  if (is_secret) validate_secret_type(object, errors);
  return errors;
}

FieldErrors validate_data_update(const KindInfo& kind, const json& object, const json& live) {
  FieldErrors errors;
  if (kind.kind == "Secret" && at(object, "/type") != at(live, "/type")) {
    errors.push_back(invalid("type", at(object, "/type"), "field is immutable"));
  }
  if (!flag(live, "/immutable")) return errors;
  if (!flag(object, "/immutable")) {
    errors.push_back(forbidden_field("immutable", kImmutableText));
  }
  if (at(object, "/data") != at(live, "/data")) {
    errors.push_back(forbidden_field("data", kImmutableText));
  }
  if (at(object, "/binaryData") != at(live, "/binaryData")) {
    errors.push_back(forbidden_field("binaryData", kImmutableText));
  }
  return errors;
}

}  // namespace wavetank::cluster::api
