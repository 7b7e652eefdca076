#include "cluster/api/object/decode.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "cluster/api/object/quantity.h"

namespace wavetank::cluster::api {

using nlohmann::json;

namespace {

// Strings that Kubernetes holds as pointers: an empty one is something else than none.
constexpr std::array<std::string_view, 7> kOptionalStrings{
    "storageClassName", "ingressClassName", "volumeAttributesClassName",
    "apiGroup",         "conditionType",    "holderIdentity",
    "failedIndexes"};

bool is_empty_value(const json& value, const Field& field) {
  const Type& type = *field.type;
  const std::string& name = field.name;
  if (value.is_null()) return true;
  if (value.is_array() || (value.is_object() && type.shape == Shape::Map)) return value.empty();
  if (!value.is_string() || !value.get_ref<const std::string&>().empty()) return false;
  if (field.is_required) return false;
  return std::find(kOptionalStrings.begin(), kOptionalStrings.end(), name) ==
         kOptionalStrings.end();
}

// The position of the first byte that is not base64; npos when all are.
std::size_t bad_base64(std::string_view text) {
  std::size_t length = text.size();
  while (length > 0 && length + 2 > text.size() && text[length - 1] == '=') --length;
  for (std::size_t i = 0; i < length; ++i) {
    const char c = text[i];
    const bool is_digit = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                          (c >= '0' && c <= '9') || c == '+' || c == '/';
    if (!is_digit) return i;
  }
  return text.size() % 4 == 0 ? std::string_view::npos : text.size() / 4 * 4;
}

// How Go names the types of decoded JSON.
std::string_view go_value_type(const json& value) {
  if (value.is_string()) return "string";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "slice";
  if (value.is_object()) return "map";
  return value.is_number_float() ? "float64" : "int64";
}

constexpr const char* kQuantityText =
    "quantities must match the regular expression "
    "'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";

std::string go_type(const Type& type) {
  switch (type.shape) {
    case Shape::String: return "string";
    case Shape::Int32: return "int32";
    case Shape::Int64: return "int64";
    case Shape::Bool: return "bool";
    case Shape::Number: return "float64";
    case Shape::Bytes: return "[]uint8";
    case Shape::List: return "[]" + (type.element != nullptr ? go_type(*type.element) : "");
    case Shape::Map: return "map[string]" + (type.element != nullptr ? go_type(*type.element) : "");
    case Shape::Struct: return "v1." + type.name;
    case Shape::Time:
    case Shape::Quantity:
    case Shape::IntOrString:
    case Shape::Any: return type.name;
  }
  return "";
}

// Whether the decoder takes `value` for a scalar of this shape.
bool accepts(Shape shape, const json& value) {
  switch (shape) {
    case Shape::String:
    case Shape::Bytes:
    case Shape::Time: return value.is_string();
    case Shape::Quantity: return value.is_string() || value.is_number();
    case Shape::IntOrString: return value.is_string() || value.is_number_integer();
    case Shape::Int32:
    case Shape::Int64: return value.is_number_integer();
    case Shape::Number: return value.is_number();
    case Shape::Bool: return value.is_boolean();
    case Shape::Struct:
    case Shape::Map: return value.is_object();
    case Shape::List: return value.is_array();
    case Shape::Any: return true;
  }
  return true;
}

class Decoder {
 public:
  Decoder(const KindInfo& kind, Decoded& result) : is_custom_(kind.is_custom), result_(result) {}

  // `go_field` names the innermost struct and the path, as Go's decoder does; `path` the place as
  // warnings do.
  json visit(const Type& type, const json& value, const std::string& path,
             const std::string& go_field) {
    if (value.is_null() || type.shape == Shape::Any) return value;
    if (!accepts(type.shape, value)) {
      refuse(type, value, go_field);
      return value;
    }
    switch (type.shape) {
      case Shape::Struct: return visit_struct(type, value, path, go_field);
      case Shape::Map: {
        json result = json::object();
        for (const auto& [name, member] : value.items()) {
          json visited = visit(*type.element, member, path + "." + name, go_field);
          // Go's maps of strings hold "" where JSON said null.
          if (visited.is_null() && type.element->shape == Shape::String) visited = "";
          result[name] = std::move(visited);
        }
        return result;
      }
      case Shape::List: {
        json result = json::array();
        for (std::size_t i = 0; i < value.size(); ++i) {
          result.push_back(
              visit(*type.element, value[i], fmt::format("{}[{}]", path, i), go_field));
        }
        return result;
      }
      case Shape::Quantity: {
        const std::string quantity = value.is_string() ? value.get<std::string>() : value.dump();
        if (!parse_quantity(quantity)) note(kQuantityText, kQuantityText);
        return canonical_quantity(quantity);
      }
      case Shape::Bytes: {
        const auto bad = bad_base64(value.get_ref<const std::string&>());
        if (bad != std::string_view::npos) {
          const std::string text = fmt::format("illegal base64 data at input byte {}", bad);
          note(text, "error decoding from json: " + text);
        }
        return value;
      }
      case Shape::String:
      case Shape::Time:
      case Shape::IntOrString:
      case Shape::Int32:
      case Shape::Int64:
      case Shape::Number:
      case Shape::Bool:
      case Shape::Any: return value;
    }
    return value;
  }

 private:
  // Only the first error is told.
  void note(std::string type_error, std::string convert_error) {
    if (!result_.type_error.empty()) return;
    result_.type_error = std::move(type_error);
    result_.convert_error = std::move(convert_error);
  }

  // Source: runtime/converter.go, fromUnstructured.
  static std::string conversion(const Type& type, const json& value) {
    const std::string target = go_type(type);
    const std::string_view source = go_value_type(value);
    switch (type.shape) {
      case Shape::Struct: return fmt::format("cannot restore struct from: {}", source);
      case Shape::Map: return fmt::format("cannot restore map from {}", source);
      case Shape::List:
      case Shape::Bytes: return fmt::format("cannot restore slice from {}", source);
      case Shape::String:
      case Shape::Int32:
      case Shape::Int64:
      case Shape::Number:
      case Shape::Bool:
      case Shape::Time:
      case Shape::Quantity:
      case Shape::IntOrString:
      case Shape::Any: break;
    }
    const bool convertible =
        value.is_number() && (type.shape == Shape::Int32 || type.shape == Shape::Int64 ||
                              (type.shape == Shape::String && value.is_number_integer()));
    return convertible ? fmt::format("cannot convert {} to {}", source, target)
                       : fmt::format("unrecognized type: {}", target);
  }

  json visit_struct(const Type& type, const json& value, const std::string& path,
                    const std::string& go_field) {
    json result = json::object();
    const auto dot = go_field.find('.');
    const std::string go_path = dot == std::string::npos ? "" : go_field.substr(dot + 1) + ".";
    for (const auto& [name, member] : value.items()) {
      const std::string member_path = path.empty() ? name : path + "." + name;
      const Field* field = type.field(name);
      if (field == nullptr) {
        if (type.preserves_unknown) {
          result[name] = member;
        } else {
          result_.warnings.push_back(fmt::format("unknown field \"{}\"", member_path));
        }
        continue;
      }
      json visited = visit(*field->type, member, member_path,
                           fmt::format("{}.{}{}", type.name, go_path, name));
      const bool drops = is_custom_ && !path.starts_with("metadata") && path != ""
                             ? false
                             : is_empty_value(visited, *field);
      if (!drops) result[name] = std::move(visited);
    }
    return result;
  }

  void refuse(const Type& type, const json& value, const std::string& go_field) {
    // The schema of a custom resource is checked by its validation, not by the decoder.
    if (is_custom_ && go_field.find("metadata.") == std::string::npos) return;
    if (type.shape == Shape::IntOrString || type.shape == Shape::Quantity ||
        type.shape == Shape::Time) {
      note(fmt::format("json: cannot unmarshal {} into Go value of type {}", go_json_type(value),
                       go_type(type)),
           conversion(type, value));
      return;
    }
    std::string shown(go_json_type(value));
    if (value.is_number() && (type.shape == Shape::Int32 || type.shape == Shape::Int64)) {
      shown += " " + value.dump();
    }
    note(fmt::format("json: cannot unmarshal {} into Go struct field {} of type {}", shown,
                     go_field, go_type(type)),
         conversion(type, value));
  }

  bool is_custom_;
  Decoded& result_;
};

}  // namespace

Decoded decode(const KindInfo& kind, const json& body) {
  Decoded result;
  if (kind.type == nullptr) {
    result.object = body;
    return result;
  }
  result.object = Decoder(kind, result).visit(*kind.type, body, "", "");
  if (!result.object.is_object()) result.object = json::object();
  if (!result.object.contains("metadata") || !result.object["metadata"].is_object()) {
    result.object["metadata"] = json::object();
  }
  return result;
}

std::string_view go_json_type(const json& value) {
  if (value.is_string()) return "string";
  if (value.is_number()) return "number";
  if (value.is_boolean()) return "bool";
  if (value.is_array()) return "array";
  return "object";
}

std::string metadata_type_error(const json& manifest) {
  if (!manifest.contains("metadata") || !manifest.at("metadata").is_object()) return "";
  const json& meta = manifest.at("metadata");
  for (const char* name : {"annotations", "labels"}) {
    if (!meta.contains(name) || !meta.at(name).is_object()) continue;
    for (const auto& [key, value] : meta.at(name).items()) {
      if (value.is_string() || value.is_null()) continue;
      return fmt::format(
          "json: cannot unmarshal {} into Go struct field ObjectMeta.metadata.{} of type string",
          go_json_type(value), name);
    }
  }
  return "";
}

}  // namespace wavetank::cluster::api
