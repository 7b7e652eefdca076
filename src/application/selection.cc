#include "application/selection.h"

#include <algorithm>

namespace wavetank::application {

namespace {

bool names(const ResourceSelector& selector, const model::ObjectKey& object) {
  const model::ObjectKey& key = selector.key;
  return key.group == object.group && key.kind == object.kind && key.name == object.name &&
         (key.name_space.empty() || key.name_space == object.name_space);
}

bool fits(const std::string& wanted, const std::string& actual) {
  return wanted == "*" || wanted == actual;
}

bool covers(const ResourceSelector& selector, const model::ObjectKey& object) {
  const model::ObjectKey& key = selector.key;
  return fits(key.group, object.group) && fits(key.kind, object.kind) &&
         fits(key.name, object.name) &&
         (key.name_space.empty() || fits(key.name_space, object.name_space));
}

}  // namespace

bool selects(std::span<const ResourceSelector> selectors, const model::ObjectKey& object) {
  return std::any_of(selectors.begin(), selectors.end(),
                     [&](const ResourceSelector& selector) { return names(selector, object); });
}

bool passes_filter(std::span<const ResourceSelector> selectors, const model::ObjectKey& object) {
  bool has_inclusion = false;
  bool is_included = false;
  for (const ResourceSelector& selector : selectors) {
    const bool is_covered = covers(selector, object);
    if (selector.is_exclusion && is_covered) return false;
    if (selector.is_exclusion) continue;
    has_inclusion = true;
    is_included = is_included || is_covered;
  }
  return is_included || !has_inclusion;
}

}  // namespace wavetank::application
