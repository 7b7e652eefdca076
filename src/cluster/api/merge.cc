#include "cluster/api/merge.h"

namespace wavetank::cluster::api {

using nlohmann::json;

json merge(const json& live, const json& last_applied, const json& manifest) {
  if (!manifest.is_object() || !live.is_object()) return manifest;
  json result = live;
  for (const auto& [key, value] : manifest.items()) {
    if (value.is_null()) {
      result.erase(key);
    } else if (!live.contains(key)) {
      result[key] = value;
    } else {
      const bool was_applied = last_applied.is_object() && last_applied.contains(key);
      result[key] = merge(live.at(key), was_applied ? last_applied.at(key) : json(), value);
    }
  }
  if (last_applied.is_object()) {
    for (const auto& [key, value] : last_applied.items()) {
      if (!manifest.contains(key)) result.erase(key);
    }
  }
  return result;
}

}  // namespace wavetank::cluster::api
