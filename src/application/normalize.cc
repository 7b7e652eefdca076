#include "application/normalize.h"

#include <fmt/format.h>

#include <algorithm>

namespace wavetank::application {

NormalizedManifests normalize(std::span<const Manifest> manifests, model::Destination destination) {
  NormalizedManifests result;
  std::vector<model::TargetName> names;
  for (std::size_t i = 0; i < manifests.size(); ++i) {
    const Manifest& manifest = manifests[i];
    model::ObjectKey key = manifest.key;
    key.name_space = model::target_namespace(manifest.scope, manifest.key.name_space, destination);
    // A missing namespace is set even where the destination has none.
    const bool lacks_namespace =
        manifest.scope != model::Scope::Cluster && manifest.key.name_space.empty();
    if (lacks_namespace || key.name_space != manifest.key.name_space) result.stamped.push_back(i);
    names.push_back({.key = std::move(key), .generate_name = manifest.generate_name});
  }
  const model::DistinctTargets distinct = model::distinct_targets(names);
  for (const std::size_t index : distinct.kept) {
    result.kept.push_back({.index = index, .name_space = names[index].key.name_space});
  }
  result.repeated = repetition_messages(distinct.repetitions);
  return result;
}

std::vector<std::string> repetition_messages(std::span<const model::Repetition> repetitions) {
  std::vector<std::string> messages;
  for (const model::Repetition& repetition : repetitions) {
    messages.push_back(fmt::format("Resource {} appeared {} times among application resources.",
                                   model::full_name(repetition.key), repetition.count));
  }
  std::sort(messages.begin(), messages.end());
  return messages;
}

}  // namespace wavetank::application
