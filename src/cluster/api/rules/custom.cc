// Custom resources against the schema of their definition. Source: kube-openapi's validation as the
// apiextensions-apiserver words it. Properties are visited in the order of their names; the
// server's own order is random.
#include <fmt/format.h>

#include <algorithm>

#include "cluster/api/object/json_access.h"
#include "cluster/api/rules/validate.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

std::string_view open_api_type(const json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "boolean";
  if (value.is_array()) return "array";
  if (value.is_object()) return "object";
  if (value.is_null()) return "null";
  return value.is_number_float() ? "number" : "integer";
}

bool fits(std::string_view type, const json& value) {
  const std::string_view actual = open_api_type(value);
  return actual == type || (type == "number" && actual == "integer");
}

class SchemaChecker {
 public:
  FieldErrors errors;

  void visit(const json& schema, const json& value, const std::string& path) {
    if (!schema.is_object()) return;
    if (value.is_null() && flag(schema, "/nullable")) return;
    const std::string type = text(schema, "/type");
    if (flag(schema, "/x-kubernetes-int-or-string")) {
      if (!value.is_string() && !value.is_number_integer())
        wrong_type("integer,string", value, path);
      return;
    }
    if (!type.empty() && !fits(type, value)) {
      wrong_type(type, value, path);
      if (value.is_number_float() && type == "integer") {
        errors.push_back({.type = FieldErrorType::Invalid,
                          .path = "<nil>",
                          .value = "\"\"",
                          .detail = fmt::format("Checked value must be of type integer (default "
                                                "format) in {}",
                                                path)});
      }
      check_enum(schema, value, path);
      return;
    }
    check_enum(schema, value, path);
    if (value.is_number()) check_range(schema, value, path);
    if (value.is_string()) check_length(schema, value, path);
    if (value.is_array()) visit_items(schema, value, path);
    if (value.is_object()) visit_members(schema, value, path);
  }

 private:
  void wrong_type(std::string_view type, const json& value, const std::string& path) {
    const std::string actual(open_api_type(value));
    errors.push_back(
        {.type = FieldErrorType::TypeInvalid,
         .path = path.empty() ? "<nil>" : path,
         .value = json(actual).dump(),
         .detail = fmt::format("{} in body must be of type {}: \"{}\"", path, type, actual)});
  }

  void check_enum(const json& schema, const json& value, const std::string& path) {
    const json& allowed = list(schema, "/enum");
    if (allowed.empty() || std::find(allowed.begin(), allowed.end(), value) != allowed.end()) {
      return;
    }
    std::string detail;
    for (const json& each : allowed) {
      detail += (detail.empty() ? "supported values: " : ", ") + each.dump();
    }
    errors.push_back({.type = FieldErrorType::NotSupported,
                      .path = path,
                      .value = value.dump(),
                      .detail = std::move(detail)});
  }

  void body(const std::string& path, const json& value, std::string_view what, const json& bound) {
    errors.push_back(
        invalid(path, value, fmt::format("{} in body {} {}", path, what, bound.dump())));
  }

  void check_range(const json& schema, const json& value, const std::string& path) {
    const json& low = at(schema, "/minimum");
    const json& high = at(schema, "/maximum");
    if (high.is_number() && value > high)
      body(path, value, "should be less than or equal to", high);
    if (low.is_number() && value < low)
      body(path, value, "should be greater than or equal to", low);
  }

  void check_length(const json& schema, const json& value, const std::string& path) {
    const auto size = static_cast<std::int64_t>(value.get_ref<const std::string&>().size());
    if (has(schema, "/minLength") && size < number(schema, "/minLength")) {
      errors.push_back(invalid(path, value,
                               fmt::format("{} in body should be at least {} chars long", path,
                                           number(schema, "/minLength"))));
    }
    if (has(schema, "/maxLength") && size > number(schema, "/maxLength")) {
      errors.push_back(too_long(
          path, fmt::format("may not be more than {} bytes", number(schema, "/maxLength"))));
    }
  }

  void visit_items(const json& schema, const json& value, const std::string& path) {
    for (std::size_t i = 0; i < value.size(); ++i) {
      visit(at(schema, "/items"), value[i], fmt::format("{}[{}]", path, i));
    }
  }

  void visit_members(const json& schema, const json& value, const std::string& path) {
    for (const json& name : list(schema, "/required")) {
      if (!name.is_string() || value.contains(name.get<std::string>())) continue;
      const std::string member = name.get<std::string>();
      errors.push_back(required(path.empty() ? member : path + "." + member));
    }
    const json& properties = at(schema, "/properties");
    const json& others = at(schema, "/additionalProperties");
    for (const auto& [name, member] : value.items()) {
      const std::string at_member = path.empty() ? name : path + "." + name;
      if (path.empty() && (name == "metadata" || name == "apiVersion" || name == "kind")) continue;
      if (properties.is_object() && properties.contains(name)) {
        visit(properties.at(name), member, at_member);
      } else if (others.is_object()) {
        visit(others, member, at_member);
      }
    }
  }
};

}  // namespace

FieldErrors validate_custom(const KindInfo& kind, const json& object) {
  SchemaChecker checker;
  if (kind.type != nullptr) checker.visit(kind.type->rules, object, "");
  return std::move(checker.errors);
}

}  // namespace wavetank::cluster::api
