#include "cluster/api/rules/selector.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster::api {

using nlohmann::json;

bool selector_matches(const json& selector, const json& labels) {
  const auto value_of = [&](const std::string& key) -> const json& {
    static const json none;
    return labels.is_object() && labels.contains(key) ? labels.at(key) : none;
  };
  const json& match = at(selector, "/matchLabels");
  if (match.is_object()) {
    for (const auto& [key, value] : match.items()) {
      if (value_of(key) != value) return false;
    }
  }
  for (const json& expression : list(selector, "/matchExpressions")) {
    const json& value = value_of(text(expression, "/key"));
    const json& values = list(expression, "/values");
    const std::string operation = text(expression, "/operator");
    const bool is_in = std::find(values.begin(), values.end(), value) != values.end();
    if (operation == "Exists" && value.is_null()) return false;
    if (operation == "DoesNotExist" && !value.is_null()) return false;
    if (operation == "In" && (value.is_null() || !is_in)) return false;
    if (operation == "NotIn" && !value.is_null() && is_in) return false;
  }
  return true;
}

}  // namespace wavetank::cluster::api
