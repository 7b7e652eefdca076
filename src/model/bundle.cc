#include "model/bundle.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace wavetank::model {

std::vector<std::size_t> Bundle::targets() const {
  std::map<ObjectKey, std::size_t> last;
  std::vector<std::size_t> kept;
  for (std::size_t i = 0; i < resources.size(); ++i) {
    if (resources[i].key.name.empty()) {
      kept.push_back(i);
    } else {
      last[resources[i].key] = i;
    }
  }
  for (const auto& [key, index] : last) kept.push_back(index);
  std::stable_sort(kept.begin(), kept.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(resources[a].key, a) < std::tie(resources[b].key, b);
  });
  return kept;
}

}  // namespace wavetank::model
