#include "yaml/typed.h"

#include <yaml-cpp/yaml.h>

#include <nlohmann/json.hpp>

#include "yaml/emit.h"
#include "yaml/scalar.h"

namespace wavetank::yaml {

namespace {

std::uint32_t one_based(int value) { return static_cast<std::uint32_t>(value + 1); }

Value convert(const YAML::Node& node) {
  Value value;
  value.line = one_based(node.Mark().line);
  value.column = one_based(node.Mark().column);
  switch (node.Type()) {
    case YAML::NodeType::Undefined:
    case YAML::NodeType::Null: break;
    case YAML::NodeType::Scalar:
      value.kind = Value::Kind::Scalar;
      value.text = node.Scalar();
      value.is_quoted = node.Tag() == "!";
      break;
    case YAML::NodeType::Sequence:
      value.kind = Value::Kind::Sequence;
      for (const auto& item : node) value.items.push_back(convert(item));
      break;
    case YAML::NodeType::Map:
      value.kind = Value::Kind::Mapping;
      for (const auto& entry : node) {
        value.keys.push_back(convert(entry.first));
        value.items.push_back(convert(entry.second));
      }
      break;
  }
  return value;
}

}  // namespace

std::vector<ValueEntry> Value::entries() const {
  std::vector<ValueEntry> all;
  for (std::size_t i = 0; i < keys.size(); ++i) all.push_back({.key = keys[i], .value = items[i]});
  return all;
}

const Value* Value::find(std::string_view key) const {
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].text == key) return &items[i];
  }
  return nullptr;
}

std::string_view Value::string(std::string_view key) const {
  const Value* value = find(key);
  return value != nullptr && value->kind == Kind::Scalar ? std::string_view(value->text)
                                                         : std::string_view{};
}

tl::expected<Value, TypedError> read_value(std::string_view text) {
  try {
    return convert(YAML::Load(std::string(text)));
  } catch (const YAML::Exception& error) {
    return tl::unexpected(TypedError{.message = error.msg,
                                     .line = one_based(error.mark.line),
                                     .column = one_based(error.mark.column)});
  }
}

namespace {

nlohmann::json scalar_json(const Value& value) {
  if (value.is_quoted) return value.text;
  if (value.text == "true") return true;
  if (value.text == "false") return false;
  if (value.text == "null" || value.text == "~" || value.text.empty()) return nullptr;
  // Numbers are read as JSON reads them; what JSON does not know stays a text.
  const bool may_be_number = value.text.find_first_not_of("0123456789+-.eE") == std::string::npos;
  if (may_be_number) {
    nlohmann::json number = nlohmann::json::parse(value.text, nullptr, false);
    if (number.is_number()) return number;
  }
  return value.text;
}

}  // namespace

nlohmann::json to_json(const Value& value) {
  switch (value.kind) {
    case Value::Kind::Null: return nullptr;
    case Value::Kind::Scalar: return scalar_json(value);
    case Value::Kind::Sequence: {
      nlohmann::json list = nlohmann::json::array();
      for (const Value& item : value.items) list.push_back(to_json(item));
      return list;
    }
    case Value::Kind::Mapping: break;
  }
  nlohmann::json map = nlohmann::json::object();
  for (const auto& [key, child] : value.entries()) map[key.text] = to_json(child);
  return map;
}

namespace {

void emit(YAML::Emitter& out, const nlohmann::json& value) {
  if (value.is_object()) {
    out << YAML::BeginMap;
    for (const auto& [key, child] : value.items()) {
      out << YAML::Key << key << YAML::Value;
      emit(out, child);
    }
    out << YAML::EndMap;
  } else if (value.is_array()) {
    out << YAML::BeginSeq;
    for (const nlohmann::json& child : value) emit(out, child);
    out << YAML::EndSeq;
  } else if (value.is_string()) {
    // Quoted unless it is surely read back as a string: `yes`, `1.10` and `~` are none.
    const auto text = value.get<std::string>();
    const bool is_plain = scalar_type(text, "", ScalarStyle::Plain) == ScalarType::String;
    if (!is_plain) out << YAML::DoubleQuoted;
    out << text;
  } else if (value.is_null()) {
    out << YAML::Null;
  } else {
    out << value.dump();
  }
}

}  // namespace

std::string to_yaml(const nlohmann::json& value) {
  YAML::Emitter out;
  emit(out, value);
  return std::string(out.c_str()) + "\n";
}

}  // namespace wavetank::yaml
