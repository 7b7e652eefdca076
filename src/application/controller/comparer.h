// Compares an application's manifests with the cluster: gathers what belongs to the application,
// asks which objects differ and how healthy they are, and remembers the answers while an object
// stays as it is.
//
// Two objects differ if applying the one would change the other; that is what Argo CD's three-way
// and structured-merge comparisons come down to. Source: controller/state.go, util/argo/diff.
#pragma once

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "application/comparison.h"
#include "application/controller/installation.h"
#include "application/targets.h"
#include "cluster/cluster.h"
#include "health/application_health.h"

namespace wavetank::application {

// A comparison and what it was made of; its indices point into the two lists.
struct Compare {
  std::vector<const TargetObject*> targets;
  std::vector<const cluster::StoredObject*> live;  // valid until the cluster changes
  std::vector<Comparand> target_comparands;
  std::vector<Comparand> live_comparands;
  std::unique_ptr<TargetObject> managed_namespace;  // one of the targets, which git does not have
  // Of each target, with RespectIgnoreDifferences: the manifest that leaves ignored fields alone.
  std::vector<std::optional<nlohmann::json>> respectful;
  Comparison comparison;
};

struct CompareRequest {
  const ApplicationSpec* spec = nullptr;
  const Project* project = nullptr;
  const Targets* targets = nullptr;  // null: they cannot be had
  std::vector<std::string> load_errors;
  bool has_changed_namespace_metadata = false;
  // Whether anybody wants to know which objects differ, which costs time.
  enum class Depth : std::uint8_t { Membership, Differences } depth = Depth::Differences;
  bool respects_ignored = false;  // fills `respectful`
};

class Comparer {
 public:
  // REQUIRES: all references outlive it.
  Comparer(const Installation& installation, cluster::Cluster& cluster, base::Interner& interner)
      : installation_(installation), cluster_(cluster), interner_(interner) {}

  [[nodiscard]] Compare compare(const CompareRequest& request);
  [[nodiscard]] health::ApplicationHealth health(const Compare& compare,
                                                 const ApplicationSpec& spec) const;
  // The settings have changed.
  void forget() { answers_.clear(); }
  // Whether the object carries the application's mark and nobody owns it.
  [[nodiscard]] bool is_marked(const cluster::StoredObject& object,
                               const std::string& application) const;

 private:
  struct Answer {
    std::uint64_t resource_version = 0;
    bool differs = false;
  };

  void gather(const CompareRequest& request, Compare& result) const;
  [[nodiscard]] bool differs(const Comparand& target, const Comparand& live,
                             const ApplicationSpec& spec);
  [[nodiscard]] std::vector<std::string> ignored_pointers(const model::ObjectKey& key,
                                                          const ApplicationSpec& spec) const;
  void respect_ignored(const ApplicationSpec& spec, Compare& compare) const;
  [[nodiscard]] bool is_excluded(const model::ObjectKey& key) const;

  const Installation& installation_;
  cluster::Cluster& cluster_;
  base::Interner& interner_;
  std::map<const nlohmann::json*, Answer> answers_;  // by the target's manifest
};

}  // namespace wavetank::application
