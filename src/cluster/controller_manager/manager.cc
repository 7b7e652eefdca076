#include "cluster/controller_manager/manager.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/check.h"
#include "cluster/controller_manager/controllers.h"

namespace wavetank::cluster {

using model::ObjectKey;

namespace {

base::Duration backoff(const Controller& controller, std::uint32_t failures) {
  const base::Duration wait = controller.first_retry * (1LL << std::min(failures, 18U));
  return std::min(wait, controller.longest_retry);
}

}  // namespace

Manager::Manager(api::Server& server, std::span<const Controller* const> controllers,
                 Surroundings* surroundings)
    : server_(server),
      controllers_(controllers),
      context_(server,
               {.wake = [this](const ObjectKey& key, base::Instant at,
                               Prospect prospect) { add(current_, key, at, prospect); },
                .sleep = [this](const ObjectKey& key) { drop(current_, key); }},
               surroundings) {
  server_.store().on_change = [this](const Notice& each) { notice(each); };
}

Manager::~Manager() { server_.store().on_change = nullptr; }

// Keeps the books of what is due; `by` is 1 or -1.
void Manager::count(const Item& item, const Pending& pending, int by) {
  if (pending.failed_at != 0) {
    if (by > 0) {
      repeated_.insert(item);
    } else {
      repeated_.erase(item);
    }
  } else if (pending.prospect == Prospect::Open) {
    open_ += by;
  }
}

void Manager::add(std::size_t controller, const ObjectKey& key, base::Instant at,
                  Prospect prospect) {
  const Item item{.controller = controller, .key = key, .is_delayed = at > server_.now};
  const auto [found, is_new] = pending_.try_emplace(item, Pending{.at = at, .prospect = prospect});
  Pending& pending = found->second;
  if (is_new) {
    due_.emplace(at, item);
  } else {
    count(item, pending, -1);
    if (at < pending.at) {
      due_.erase({pending.at, item});
      due_.emplace(at, item);
      pending.at = at;
    }
    if (prospect == Prospect::Open) pending.prospect = Prospect::Open;
    pending.failed_at = 0;
  }
  count(item, pending, 1);
}

void Manager::drop(std::size_t controller, const ObjectKey& key) {
  const Item item{.controller = controller, .key = key, .is_delayed = true};
  const auto found = pending_.find(item);
  if (found == pending_.end()) return;
  count(item, found->second, -1);
  due_.erase({found->second.at, item});
  pending_.erase(found);
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
  return open_ == 0 && std::all_of(repeated_.begin(), repeated_.end(), [&](const Item& item) {
           return pending_.at(item).failed_at == server_.store().version();
         });
}

void Manager::step() {
  WAVETANK_CHECK(!due_.empty());
  const auto [at, item] = *due_.begin();
  server_.now = std::max(server_.now, at);
  look(item);
}

void Manager::look(Item item) {
  const auto taken = pending_.find(item);
  count(item, taken->second, -1);
  due_.erase({taken->second.at, item});
  pending_.erase(taken);
  current_ = item.controller;
  const SyncResult result = controllers_[current_]->sync(context_, item.key);
  const std::pair failing{item.controller, item.key};
  if (result == SyncResult::Done) {
    failures_.erase(failing);
    return;
  }
  const base::Duration wait = backoff(*controllers_[item.controller], failures_[failing]++);
  item.is_delayed = true;
  const bool is_planned = pending_.contains(item);
  add(item.controller, item.key, server_.now + wait, Prospect::Open);
  if (is_planned) return;
  Pending& pending = pending_.at(item);
  count(item, pending, -1);
  pending.failed_at = server_.store().version();
  count(item, pending, 1);
}

void Manager::look_at(const std::vector<Item>& items) {
  for (const Item& item : items) {
    if (pending_.contains(item)) look(item);
  }
}

void Manager::react() {
  std::vector<Item> items;
  for (const auto& [at, item] : due_) {
    if (at <= server_.now) items.push_back(item);
  }
  look_at(items);
}

void Manager::wait(base::Duration time) {
  if (time > base::Duration::zero()) {
    const base::Instant until = server_.now + time;
    run(until);
    server_.now = until;
    return;
  }
  std::vector<Item> items;
  for (const auto& [at, item] : due_) {
    if (at <= server_.now && controllers_[item.controller]->is_immediate) items.push_back(item);
  }
  look_at(items);
}

void Manager::run(base::Instant until) {
  while (!due_.empty() && due_.begin()->first <= until) step();
}

std::span<const Controller* const> built_in_controllers() {
  static const std::array kAll{
      // Counts the pods of a deleted Job before the garbage collector deletes them, which takes it
      // longer in a real cluster.
      &kJobController,         &kGarbageCollector,     &kDefinitionNaming,
      &kNamespaceFurnisher,    &kQuotaCounter,         &kVolumeProtection,
      &kClaimProtection,       &kNamespaceLifecycle,   &kVolumeBinder,
      &kPodAutoscaler,         &kDisruptionController, &kDaemonSetController,
      &kStatefulSetController, &kDeploymentController, &kReplicaSetController,
      &kTtlAfterFinished,      &kCronJobController,    &kApiAvailability,
  };
  return kAll;
}

}  // namespace wavetank::cluster
