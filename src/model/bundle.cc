#include "model/bundle.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "model/kinds.h"
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

void set_destination(Bundle& bundle, std::string name_space) {
  std::map<std::pair<std::string, std::string>, Scope> defined;  // by the bundle's own CRDs
  for (const Resource& resource : bundle.resources) {
    if (resource.key.kind != "CustomResourceDefinition") continue;
    defined[{std::string(resource.string({"spec", "group"})),
             std::string(resource.string({"spec", "names", "kind"}))}] =
        resource.string({"spec", "scope"}) == "Cluster" ? Scope::Cluster : Scope::Namespaced;
  }
  bundle.settings.destination_namespace = std::move(name_space);
  const Destination destination{.name_space = bundle.settings.destination_namespace};
  for (Resource& resource : bundle.resources) {
    const auto found = defined.find({resource.key.group, resource.key.kind});
    const Scope scope =
        found != defined.end() ? found->second : scope_of(resource.key.group, resource.key.kind);
    resource.key.name_space = target_namespace(scope, resource.written_namespace, destination);
  }
}

}  // namespace wavetank::model
