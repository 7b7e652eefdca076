// What a cluster must have had before an application came: namespaces, kinds, classes of storage
// and backends of webhooks that its manifests use but do not bring. All of it is said, for a real
// cluster may lack it.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "application/targets.h"
#include "cluster/cluster.h"
#include "model/application.h"
#include "model/version.h"

namespace wavetank::sim {

struct Furnished {
  const application::Targets* targets = nullptr;
  const model::ApplicationSettings* settings = nullptr;
  model::ArgocdVersion version = model::kNewestVersion;
  std::set<std::string> absent{};  // not taken for granted: see ScenarioReader::read_absent
};

// Puts it into the cluster. Returns what was taken for granted, in words.
[[nodiscard]] std::vector<std::string> furnish(const Furnished& application,
                                               cluster::Cluster& cluster,
                                               const base::Interner& interner);

}  // namespace wavetank::sim
