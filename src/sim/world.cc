#include "sim/world.h"

#include <algorithm>

namespace wavetank::sim {

World::World(const application::Installation& installation,
             const application::Repository& repository, std::optional<std::uint64_t> seed)
    : installation_(installation) {
  if (seed) {
    chooser_ = std::make_unique<base::SeededChooser>(*seed);
  } else {
    chooser_ = std::make_unique<base::DefaultChooser>();
  }
  cluster_ = std::make_unique<cluster::Cluster>(interner_, *chooser_);
  cluster_->assume_kind(std::string(application::kApplicationGroup),
                        std::string(application::kApplicationKind));
  controller_ =
      std::make_unique<application::Controller>(installation, repository, *cluster_, interner_);
  recorder_ = std::make_unique<Recorder>(*cluster_, *controller_, interner_);
}

std::optional<health::Health> World::health_of(const cluster::StoredObject& object) const {
  return health::assess_live(object.content, application::health_settings(installation_));
}

std::optional<base::Instant> World::next() const {
  const auto event = cluster_->next_event();
  const auto due = controller_->next();
  if (!due || due->is_idle) return event;
  return event ? std::min(*event, due->at) : due->at;
}

void World::react() { wait_until(cluster_->now()); }

void World::wait_until(base::Instant at) {
  const auto changes = cluster_->advance(at);
  controller_->notice(changes);
  recorder_->record(changes);
}

void World::step(base::Instant at) {
  const auto event = cluster_->next_event();
  if (event && *event <= at) return wait_until(*event);
  wait_until(at);
  recorder_->record(controller_->process());
  react();
}

World::Pause World::run(base::Instant limit, const Probe& probe) {
  while (const auto at = next()) {
    if (*at > limit) return Pause::Limit;
    step(*at);
    if (probe && !probe()) return Pause::Stopped;
  }
  return Pause::AtRest;
}

}  // namespace wavetank::sim
