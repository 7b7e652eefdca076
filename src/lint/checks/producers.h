// Secrets that no manifest holds because a controller makes them from another object, and hosts
// that are Services of the same application.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lint/context.h"
#include "model/resource.h"

namespace wavetank::lint::checks {

// The name of the Secret that a controller makes of this object (rules/data/secret-producers.yaml);
// empty when it makes none.
[[nodiscard]] std::string_view produced_secret(const model::Resource& resource);
// The object of this application that yields the Secret; null when there is none.
[[nodiscard]] const model::Resource* secret_producer(const Context& context, std::string_view name,
                                                     std::string_view name_space);

// A place in a pod spec that names a host of the cluster.
struct HostMention {
  std::string_view host;  // the first part: the name of the Service
  source::Span span;      // of the whole value
};
// Hosts in the environment, commands and arguments of the pods of an object.
[[nodiscard]] std::vector<HostMention> hosts_of(const model::Resource& resource);

}  // namespace wavetank::lint::checks
