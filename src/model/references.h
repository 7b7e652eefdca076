// What the pods of an object need before they can start: the objects that their spec names.
#pragma once

#include <string_view>
#include <vector>

#include "model/resource.h"

namespace wavetank::model {

struct Reference {
  std::string_view kind;  // ConfigMap, Secret, ServiceAccount or PersistentVolumeClaim
  std::string_view name;
  source::Span span;      // of the name
  bool optional = false;  // the pod starts without it
};

// The mapping that holds `metadata` and `spec` of the object's pods; none for kinds without pods.
[[nodiscard]] yaml::NodeId pod_template_of(const Resource& resource);
// The pod spec itself.
[[nodiscard]] yaml::NodeId pod_spec_of(const Resource& resource);

// References of the pod spec in written order; the same object may occur several times.
[[nodiscard]] std::vector<Reference> references_of(const Resource& resource);

}  // namespace wavetank::model
