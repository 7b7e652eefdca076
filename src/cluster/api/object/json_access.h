// Short ways into an object that may have any form: what is absent or of another type is empty.
// Beyond health/object_view.h, which these build upon, for writing and for lists of objects.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "health/object_view.h"

namespace wavetank::cluster::api {

using health::at;
using health::flag;
using health::has;
using health::list;
using health::number;
using health::text;

// A member by a name that may hold slashes, as those of annotations and labels do; null when there
// is none.
[[nodiscard]] inline const nlohmann::json& member(const nlohmann::json& object,
                                                  std::string_view path, const std::string& name) {
  static const nlohmann::json none;
  const nlohmann::json& members = at(object, path);
  if (!members.is_object()) return none;
  const auto found = members.find(name);
  return found == members.end() ? none : *found;
}

[[nodiscard]] inline bool has_annotation(const nlohmann::json& object, const std::string& name) {
  const nlohmann::json& annotations = at(object, "/metadata/annotations");
  return annotations.is_object() && annotations.contains(name);
}
// Empty when there is none, or no text.
[[nodiscard]] inline std::string annotation(const nlohmann::json& object, const std::string& name) {
  return text(member(object, "/metadata/annotations", name), "");
}
[[nodiscard]] inline std::string label(const nlohmann::json& object, const std::string& name) {
  return text(member(object, "/metadata/labels", name), "");
}

// The object at `path` ("/spec/template"), or null; null members count as absent.
[[nodiscard]] inline nlohmann::json* find_object(nlohmann::json& object, std::string_view path) {
  nlohmann::json* current = &object;
  while (!path.empty()) {
    if (!current->is_object()) return nullptr;
    path.remove_prefix(1);
    const auto slash = path.find('/');
    const auto found = current->find(std::string(path.substr(0, slash)));
    if (found == current->end()) return nullptr;
    current = &*found;
    path = slash == std::string_view::npos ? std::string_view{} : path.substr(slash);
  }
  return current->is_object() ? current : nullptr;
}

// Sets `object[name]` where it is absent or null.
template <class Value>
void set_default(nlohmann::json& object, const char* name, Value&& value) {
  const auto found = object.find(name);
  if (found == object.end() || found->is_null()) object[name] = std::forward<Value>(value);
}

// Erases members that are empty strings, lists or objects, or null.
inline void erase_empty(nlohmann::json& object, const char* name) {
  const auto found = object.find(name);
  if (found == object.end()) return;
  const bool is_empty = found->is_null() ||
                        ((found->is_array() || found->is_object()) && found->empty()) ||
                        (found->is_string() && found->get_ref<const std::string&>().empty());
  if (is_empty) object.erase(found);
}

}  // namespace wavetank::cluster::api
