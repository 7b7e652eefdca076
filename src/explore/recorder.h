// Lets the full cluster play one object, and writes down its life.
//
// Every recording is made in a cluster of its own, which holds what the object may need and nothing
// else. Objects that differ in their own name only share their recordings.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/chooser.h"
#include "base/interner.h"
#include "cluster/cluster.h"
#include "explore/life.h"
#include "model/facts.h"
#include "model/key.h"
#include "sim/furnish.h"
#include "sync/operation.h"

namespace wavetank::explore {

// An object to be played: as the engine would write it.
struct Subject {
  model::ObjectKey key;
  nlohmann::json manifest;
  model::ObjectFacts facts;
  bool is_hook = false;
  std::string signature;  // equal for objects that differ in their names only
};

struct Recording {
  WriteAnswer answer;
  WriteAnswer again;
  Life life;
};

class Recorder {
 public:
  // REQUIRES: everything outlives the recorder.
  Recorder(const sim::Furnished& application, const std::vector<cluster::BehaviorRule>& behaviors,
           const sync::Operation& operation, base::Interner& interner)
      : application_(application),
        behaviors_(behaviors),
        operation_(operation),
        interner_(interner) {}

  struct Play {
    const Subject* subject = nullptr;
    std::vector<const Subject*> others;  // there before, in the order of their writing
    const Subject* hanging = nullptr;    // one of the others, which never becomes well
    const Subject* before = nullptr;     // the same object in the old revision, written over
    Fate fate = Fate::Succeed;
  };
  const Recording& record(const Play& play) WAVETANK_LIFETIMEBOUND;

  [[nodiscard]] std::uint32_t count() const { return static_cast<std::uint32_t>(taken_.size()); }

 private:
  [[nodiscard]] Recording take(const Play& play);
  [[nodiscard]] cluster::CallResult write(cluster::Cluster& cluster, const Subject& subject) const;
  [[nodiscard]] Look look(const cluster::Cluster& cluster, const Subject& subject) const;
  [[nodiscard]] Life follow(cluster::Cluster& cluster, const Subject& subject) const;
  [[nodiscard]] WriteAnswer write_again(cluster::Cluster& cluster, const Subject& subject) const;

  const sim::Furnished& application_;
  const std::vector<cluster::BehaviorRule>& behaviors_;
  const sync::Operation& operation_;
  base::Interner& interner_;
  base::DefaultChooser chooser_;
  std::map<std::string, Recording> taken_;
};

// REQUIRES: `manifest` has its final name and namespace.
[[nodiscard]] Subject make_subject(nlohmann::json manifest, base::Interner& interner);

}  // namespace wavetank::explore
