// A cluster, Argo CD's application controller over it, and time: what happens when nobody acts.
//
// At one instant the cluster moves first, then the controller. The world is at rest when nothing
// is under way that could change anything; what only repeats itself does not count.
#pragma once

#include <functional>
#include <memory>
#include <optional>

#include "application/controller/controller.h"
#include "base/chooser.h"
#include "cluster/cluster.h"
#include "sim/recorder.h"

namespace wavetank::sim {

class World {
 public:
  // Without a seed every duration is its median.
  // REQUIRES: `installation` and `repository` outlive it.
  World(const application::Installation& installation, const application::Repository& repository,
        std::optional<std::uint64_t> seed);

  [[nodiscard]] base::Interner& interner() { return interner_; }
  [[nodiscard]] cluster::Cluster& cluster() { return *cluster_; }
  [[nodiscard]] application::Controller& controller() { return *controller_; }
  [[nodiscard]] Recorder& recorder() { return *recorder_; }
  [[nodiscard]] base::Instant now() const { return cluster_->now(); }

  // By the checks of the installation.
  [[nodiscard]] std::optional<health::Health> health_of(const cluster::StoredObject& object) const;

  // Asked after every step; false stops the world there.
  using Probe = std::function<bool()>;
  enum class Pause : std::uint8_t { AtRest, Limit, Stopped };
  // Lets everything happen up to and including `limit`, unless it comes to rest before.
  Pause run(base::Instant limit, const Probe& probe = {});
  // Somebody has changed the cluster: everybody notices.
  void react();
  // Lets the clock stand at `at`. REQUIRES: nothing is due before.
  void wait_until(base::Instant at);

 private:
  [[nodiscard]] std::optional<base::Instant> next() const;
  void step(base::Instant at);

  const application::Installation& installation_;
  base::Interner interner_;
  std::unique_ptr<base::Chooser> chooser_;
  std::unique_ptr<cluster::Cluster> cluster_;
  std::unique_ptr<application::Controller> controller_;
  std::unique_ptr<Recorder> recorder_;
};

}  // namespace wavetank::sim
