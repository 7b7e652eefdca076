// Which objects a list of resources names: exactly, as an operation asks, or as the filter of the
// command line with wildcards and exclusions.
#pragma once

#include <span>
#include <string>

#include "model/key.h"

namespace wavetank::application {

// As in `operation.sync.resources`.
struct ResourceSelector {
  model::ObjectKey key;  // without a namespace: in any
  bool is_exclusion = false;
};

// Whether the list names the object; "*" is a name like others, exclusions are not known here.
// Source: util/argo/argo.go (ContainsSyncResource).
[[nodiscard]] bool selects(std::span<const ResourceSelector> selectors,
                           const model::ObjectKey& object);

// Whether the object passes the list as a filter: "*" stands for any group, kind, namespace or
// name, an exclusion wins, and without any inclusion everything else passes.
// Source: util/argo/argo.go (IncludeResource).
[[nodiscard]] bool passes_filter(std::span<const ResourceSelector> selectors,
                                 const model::ObjectKey& object);

}  // namespace wavetank::application
