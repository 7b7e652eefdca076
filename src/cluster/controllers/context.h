// What a controller may do: read the store, write statuses, plan events, create and delete objects.
//
// Controllers never call each other; they plan events on objects, and the dispatcher (dispatch.h)
// hands each event to the controller of its kind.
#pragma once

#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "base/chooser.h"
#include "cluster/behavior.h"
#include "cluster/durations.h"
#include "cluster/event_queue.h"
#include "cluster/store.h"

namespace wavetank::cluster {

class Context {
 public:
  Context(base::Interner& interner, base::Chooser& chooser, std::vector<BehaviorRule> rules)
      : store(interner), chooser_(chooser), rules_(std::move(rules)) {}

  Store store;
  EventQueue queue;
  base::Instant now;
  std::vector<Change> changes;  // since the last time somebody took them

  // Plans a step of an object's controller, `delay` from now.
  void plan(const model::ObjectKey& key, base::Duration delay, Step step);

  // Replaces the status; `note` is what a person would want to know of it.
  void set_status(const model::ObjectKey& key, nlohmann::json status, std::string note);
  void note(const model::ObjectKey& key, ChangeKind kind, std::string text);

  // How the object behaves: the most specific rule, of equal ones the last.
  [[nodiscard]] Behavior behavior_of(const model::ObjectKey& key) const;
  [[nodiscard]] base::Duration lapse(Lapse lapse, const model::ObjectKey& key,
                                     std::uint32_t occurrence);

  // Creates an object that belongs to `owner`.
  void create_dependent(const model::ObjectKey& owner, nlohmann::json content);
  // Marks for deletion; removes at once when nothing holds the object.
  void remove(const model::ObjectKey& key, model::Propagation propagation);
  // Removes the object if it is marked, has no finalizers and no controller holds it.
  void reap(const model::ObjectKey& key);

  // Pods and workloads that could not start for want of another object are tried again whenever
  // an object of their namespace appears or is bound.
  void wait_for_needs(const model::ObjectKey& key) { waiting_.insert(key); }
  void wake_waiting(const std::string& name_space);

 private:
  base::Chooser& chooser_;
  std::vector<BehaviorRule> rules_;
  std::set<model::ObjectKey> waiting_;
};

}  // namespace wavetank::cluster
