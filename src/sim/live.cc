#include "sim/live.h"

#include <algorithm>

#include "application/controller/installation.h"

namespace wavetank::sim {

using nlohmann::json;

namespace {

// Every text that is a time, below what only the cluster writes.
template <class Visit>
void visit_times(json& value, const Visit& visit) {
  if (value.is_string()) {
    if (const auto time = model::parse_rfc3339(value.get_ref<const std::string&>())) {
      visit(value, *time);
    }
    return;
  }
  if (!value.is_structured()) return;
  for (json& child : value) visit_times(child, visit);
}

template <class Visit>
void visit_all(std::vector<json>& objects, const Visit& visit) {
  for (json& object : objects) {
    for (const char* part : {"metadata", "status", "operation"}) {
      const auto found = object.find(part);
      if (found != object.end()) visit_times(*found, visit);
    }
  }
}

}  // namespace

std::optional<model::WallTime> shift_times(std::vector<json>& objects) {
  std::optional<model::WallTime> latest;
  visit_all(objects, [&](const json& /*place*/, model::WallTime time) {
    latest = latest ? std::max(*latest, time) : time;
  });
  if (!latest) return latest;
  const std::int64_t shift = application::Installation{}.epoch.seconds - latest->seconds;
  visit_all(objects, [&](json& place, model::WallTime time) {
    place = model::format_rfc3339({.seconds = time.seconds + shift});
  });
  return latest;
}

}  // namespace wavetank::sim
