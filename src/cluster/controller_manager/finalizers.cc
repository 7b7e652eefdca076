#include "cluster/controller_manager/finalizers.h"

#include <algorithm>

#include "cluster/api/object/json_access.h"

namespace wavetank::cluster {

using api::list;
using nlohmann::json;

bool has_finalizer(const json& object, std::string_view finalizer) {
  const json& finalizers = list(object, "/metadata/finalizers");
  return std::find(finalizers.begin(), finalizers.end(), finalizer) != finalizers.end();
}

void add_finalizer(json& object, std::string_view finalizer) {
  if (!has_finalizer(object, finalizer)) object["metadata"]["finalizers"].push_back(finalizer);
}

void drop_finalizer(json& object, std::string_view finalizer) {
  if (!has_finalizer(object, finalizer)) return;
  json kept = json::array();
  for (const json& each : list(object, "/metadata/finalizers")) {
    if (each != finalizer) kept.push_back(each);
  }
  if (kept.empty()) {
    object["metadata"].erase("finalizers");
  } else {
    object["metadata"]["finalizers"] = std::move(kept);
  }
}

}  // namespace wavetank::cluster
