#include "cluster/controller_manager/manager.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/check.h"
#include "cluster/controller_manager/controllers.h"

namespace wavetank::cluster {

using model::ObjectKey;

namespace {

// Source: client-go, DefaultTypedControllerRateLimiter: 5 ms, doubled, at most 1000 s.
base::Duration backoff(std::uint32_t failures) {
  constexpr base::Duration kLongest = std::chrono::seconds(1000);
  const base::Duration wait = std::chrono::milliseconds(5) * (1LL << std::min(failures, 18U));
  return std::min(wait, kLongest);
}

}  // namespace

Manager::Manager(api::Server& server, std::span<const Controller* const> controllers)
    : server_(server),
      controllers_(controllers),
      context_(server, [this](const ObjectKey& key, base::Instant at) { add(current_, key, at); }) {
  server_.store().on_change = [this](const Notice& each) { notice(each); };
}

Manager::~Manager() { server_.store().on_change = nullptr; }

void Manager::add(std::size_t controller, const ObjectKey& key, base::Instant at) {
  const Item item{controller, key};
  Pending& pending = pending_[item];
  if (pending.at) {
    if (*pending.at <= at) return;
    due_.erase({*pending.at, item});
  }
  pending.at = at;
  due_.emplace(at, item);
}

void Manager::notice(const Notice& notice) {
  const std::size_t at_work = current_;
  for (current_ = 0; current_ < controllers_.size(); ++current_) {
    controllers_[current_]->notice(context_, notice);
  }
  current_ = at_work;
}

std::optional<base::Instant> Manager::next() const {
  if (due_.empty()) return std::nullopt;
  return due_.begin()->first;
}

void Manager::step() {
  WAVETANK_CHECK(!due_.empty());
  const auto [at, item] = *due_.begin();
  due_.erase(due_.begin());
  server_.now = std::max(server_.now, at);
  pending_[item].at.reset();
  current_ = item.first;
  const SyncResult outcome = controllers_[current_]->sync(context_, item.second);
  const auto pending = pending_.find(item);
  if (outcome == SyncResult::Again) {
    const base::Duration wait = backoff(pending->second.failures++);
    add(item.first, item.second, server_.now + wait);
  } else if (pending->second.at) {
    pending->second.failures = 0;
  } else {
    pending_.erase(pending);
  }
}

void Manager::run(base::Instant until) {
  while (!due_.empty() && due_.begin()->first <= until) step();
}

std::span<const Controller* const> built_in_controllers() {
  static const std::array kAll{
      &kGarbageCollector,     &kDefinitionNaming,      &kNamespaceFurnisher,
      &kQuotaCounter,         &kStorageProtection,     &kNamespaceLifecycle,
      &kVolumeBinder,         &kPodAutoscaler,         &kDisruptionController,
      &kDaemonSetController,  &kStatefulSetController, &kDeploymentController,
      &kReplicaSetController,
  };
  return kAll;
}

}  // namespace wavetank::cluster
