#include "model/bundle.h"

#include <algorithm>
#include <tuple>

#include "model/target_names.h"

namespace wavetank::model {

std::vector<std::size_t> Bundle::targets() const {
  std::vector<TargetName> names;
  for (const Resource& resource : resources) {
    names.push_back({.key = resource.key, .generate_name = resource.generate_name});
  }
  std::vector<std::size_t> kept = distinct_targets(names).kept;
  std::stable_sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(resources[a].key, a) < std::tie(resources[b].key, b);
  });
  return kept;
}

}  // namespace wavetank::model
