#include "model/target_names.h"

#include <algorithm>
#include <map>

namespace wavetank::model {

std::string_view target_namespace(Scope scope, std::string_view written, Destination destination) {
  if (scope == Scope::Cluster) return {};
  return written.empty() ? destination.name_space : written;
}

DistinctTargets distinct_targets(std::span<const TargetName> names) {
  struct Group {
    std::size_t last = 0;
    std::size_t count = 0;
  };
  std::map<ObjectKey, Group> groups;
  for (std::size_t i = 0; i < names.size(); ++i) {
    ObjectKey key = names[i].key;
    if (key.name.empty() && !names[i].generate_name.empty()) {
      key.name = names[i].generate_name + std::to_string(i);
    }
    Group& group = groups[std::move(key)];
    group.last = i;
    ++group.count;
  }
  DistinctTargets result;
  for (const auto& [key, group] : groups) {
    result.kept.push_back(group.last);
    if (group.count > 1) result.repetitions.push_back({.key = key, .count = group.count});
  }
  std::sort(result.kept.begin(), result.kept.end());
  return result;
}

}  // namespace wavetank::model
