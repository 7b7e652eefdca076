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

Manager::Manager(api::Server& server, std::span<const Controller* const> controllers,
                 Surroundings* surroundings)
    : server_(server),
      controllers_(controllers),
      context_(
          server,
          [this](const ObjectKey& key, base::Instant at, Prospect prospect) {
            add(current_, key, at, prospect);
          },
          surroundings) {
  server_.store().on_change = [this](const Notice& each) { notice(each); };
}

Manager::~Manager() { server_.store().on_change = nullptr; }

void Manager::add(std::size_t controller, const ObjectKey& key, base::Instant at,
                  Prospect prospect) {
  const Item item{controller, key};
  Pending& pending = pending_[item];
  if (pending.at) {
    if (prospect == Prospect::Open) {
      pending.prospect = Prospect::Open;
      pending.failed_at = 0;
    }
    if (*pending.at <= at) return;
    due_.erase({*pending.at, item});
  } else {
    pending.prospect = prospect;
    pending.failed_at = 0;
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

bool Manager::is_at_rest() const {
  return std::all_of(due_.begin(), due_.end(), [&](const auto& each) {
    const Pending& pending = pending_.at(each.second);
    return pending.prospect == Prospect::Idle || pending.failed_at == server_.store().version();
  });
}

void Manager::step() {
  WAVETANK_CHECK(!due_.empty());
  const auto [at, item] = *due_.begin();
  server_.now = std::max(server_.now, at);
  look(item);
}

void Manager::look(const Item& item) {
  due_.erase({*pending_[item].at, item});
  pending_[item].at.reset();
  current_ = item.first;
  const SyncResult outcome = controllers_[current_]->sync(context_, item.second);
  const auto pending = pending_.find(item);
  if (outcome == SyncResult::Again) {
    const base::Duration wait = backoff(pending->second.failures++);
    const bool is_woken = pending->second.at.has_value();
    add(item.first, item.second, server_.now + wait, Prospect::Open);
    if (!is_woken) pending->second.failed_at = server_.store().version();
  } else if (pending->second.at) {
    pending->second.failures = 0;
  } else {
    pending_.erase(pending);
  }
}

void Manager::react() {
  std::vector<Item> items;
  for (const auto& [at, item] : due_) {
    if (at <= server_.now) items.push_back(item);
  }
  for (const Item& item : items) {
    const auto pending = pending_.find(item);
    if (pending != pending_.end() && pending->second.at) look(item);
  }
}

void Manager::run(base::Instant until) {
  while (!due_.empty() && due_.begin()->first <= until) step();
}

std::span<const Controller* const> built_in_controllers() {
  static const std::array kAll{
      &kGarbageCollector, &kDefinitionNaming, &kNamespaceFurnisher, &kQuotaCounter,
      &kStorageProtection, &kDeploymentController, &kReplicaSetController,
  };
  return kAll;
}

}  // namespace wavetank::cluster
