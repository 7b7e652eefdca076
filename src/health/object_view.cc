#include "health/object_view.h"

namespace wavetank::health {

using nlohmann::json;

namespace {

const json kNull;
const json kEmptyList = json::array();

}  // namespace

const json& at(const json& object, std::string_view path) {
  const json* value = &object;
  while (!path.empty()) {
    path.remove_prefix(1);  // the slash
    const auto end = path.find('/');
    if (!value->is_object()) return kNull;
    const auto found = value->find(std::string(path.substr(0, end)));
    if (found == value->end()) return kNull;
    value = &*found;
    path = end == std::string_view::npos ? std::string_view{} : path.substr(end);
  }
  return *value;
}

bool has(const json& object, std::string_view path) { return !at(object, path).is_null(); }

std::string text(const json& object, std::string_view path) {
  const json& value = at(object, path);
  return value.is_string() ? value.get<std::string>() : std::string();
}

std::int64_t number(const json& object, std::string_view path, std::int64_t otherwise) {
  const json& value = at(object, path);
  return value.is_number_integer() ? value.get<std::int64_t>() : otherwise;
}

bool flag(const json& object, std::string_view path) {
  const json& value = at(object, path);
  return value.is_boolean() && value.get<bool>();
}

const json& list(const json& object, std::string_view path) {
  const json& value = at(object, path);
  return value.is_array() ? value : kEmptyList;
}

std::vector<std::string> texts(const json& object, std::string_view path) {
  std::vector<std::string> result;
  for (const json& item : list(object, path)) {
    if (item.is_string()) result.push_back(item.get<std::string>());
  }
  return result;
}

}  // namespace wavetank::health
