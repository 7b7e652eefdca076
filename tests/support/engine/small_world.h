// A small scripted world in which an Application is synced: it shows the engine what it may see,
// answers its calls, and moves on by one step between two passes.
//
// It is no cluster: objects have an age and a fate and nothing else, so that a million operations
// take seconds. What a real API server would say is tested elsewhere.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/interner.h"
#include "model/facts.h"
#include "support/engine/application.h"
#include "sync/pass.h"

namespace wavetank::support {

// The namespace that Argo CD gives an item's manifest; none if it is cluster-scoped.
[[nodiscard]] std::string name_space_of(const Item& item);

// Facts of manifests, read once; outlives the worlds that use it.
class FactsCache {
 public:
  explicit FactsCache(base::Interner& interner) : interner_(interner) {}
  [[nodiscard]] const model::ObjectFacts& of(const Item& item, const Annotations& annotations);
  [[nodiscard]] base::Interner& interner() { return interner_; }

 private:
  base::Interner& interner_;
  std::map<std::string, std::unique_ptr<model::ObjectFacts>> facts_;
};

class SmallWorld {
 public:
  // REQUIRES: the application and the cache outlive the world.
  SmallWorld(const Application& application, FactsCache& cache);

  // Items with the same key count once, the last one; all else is about those.
  [[nodiscard]] const std::vector<const Item*>& items() const { return items_; }

  void begin_sync(std::size_t number);
  // What the engine sees at the `pass`th pass of this sync; valid until the next look.
  const sync::PassInput& look(int pass);
  [[nodiscard]] sync::Answer answer(const sync::Request& request);
  void step();
  // Nothing will change any more unless somebody calls.
  [[nodiscard]] bool is_idle() const;
  // The item of a target of the last look.
  [[nodiscard]] const Item& item_of(sync::TargetId target) const;

  // Lists show the engine targets in reverse order, too.
  enum class Order : std::uint8_t { AsWritten, Reversed };
  void set_order(Order order) { order_ = order; }

 private:
  struct Object {
    model::Key key;  // without a namespace if cluster-scoped
    std::size_t item = 0;
    const model::ObjectFacts* facts = nullptr;
    bool managed = false;
    bool was_there = false;  // from before the first sync: it has reached its end long ago
    bool deleting = false;
    bool has_finalizer = false;
    bool had_conflict = false;
    int age = 0;
    int deleting_for = 0;
    base::Symbol uid;
    std::uint64_t resource_version = 1;
  };

  [[nodiscard]] const Fate& fate(const Object& object) const;
  [[nodiscard]] const Fate& fate(const sync::Request& request) const;
  [[nodiscard]] bool is_in_git(const Item& item) const;
  [[nodiscard]] sync::KindCheck check(const Item& item);
  [[nodiscard]] model::Scope scope(const Item& item);
  [[nodiscard]] sync::KindCheck namespace_check(const SyncScript& script);
  [[nodiscard]] sync::LiveObject live_object(const Object& object);
  void add_health(sync::LiveObject& live, const Object& object);
  [[nodiscard]] bool is_visible(const Object& object) const;
  [[nodiscard]] Object* find(const model::Key& key);
  [[nodiscard]] model::Key store_key(model::Key key) const;
  Object& insert(Object object);
  void reap(const model::Key& key);
  [[nodiscard]] bool may_go(const Object& object) const;
  [[nodiscard]] sync::Answer failure(sync::AnswerStatus status, const std::string& text);
  [[nodiscard]] sync::Answer write(const sync::Request& request);
  [[nodiscard]] sync::Answer remove(const sync::Request& request);
  [[nodiscard]] sync::Answer unfinalize(const sync::Request& request);
  [[nodiscard]] sync::Answer get(const sync::Request& request);
  [[nodiscard]] sync::Answer get_namespace(const sync::Request& request);
  [[nodiscard]] base::Symbol intern(const std::string& text) { return interner_.intern(text); }
  [[nodiscard]] std::string name_text(const model::Key& key) const;

  const Application& application_;
  FactsCache& cache_;
  base::Interner& interner_;
  Item nobody_;  // stands for objects that no item names, such as the destination namespace
  std::vector<const Item*> items_;
  std::vector<const model::ObjectFacts*> target_facts_;  // of items_, as git has them
  std::deque<model::ObjectFacts> named_facts_;           // of generateName objects
  std::vector<Object> objects_;                          // in the project's total order
  std::size_t sync_ = 0;
  int incarnations_ = 0;
  Order order_ = Order::AsWritten;

  // What the last look has shown.
  sync::Operation operation_;
  std::vector<sync::Target> targets_;
  std::vector<std::size_t> target_items_;
  std::vector<sync::LiveObject> live_;
  sync::PassInput input_;
};

using Call = std::function<sync::Answer(const sync::Request&)>;

// What one pass of our engine leaves behind.
struct Played {
  sync::SyncState state;
  std::vector<sync::Reason> reasons;
};

// Plays one pass of our engine, asking the world through a function. The only place in these tests
// that knows how sync::Pass is driven.
[[nodiscard]] Played play_engine(const sync::PassInput& input, const sync::SyncState& before,
                                 base::Interner& interner, const Call& call);

// Lines for humans: "apply batch/Job/shop/a (PreSync, wave 0) dry", "PreSync … Synced/Running …".
[[nodiscard]] std::string to_text(const sync::Request& request, const base::Interner& interner);
[[nodiscard]] std::string to_text(const sync::Answer& answer, const base::Interner& interner);
[[nodiscard]] std::string to_text(const sync::Result& result, const base::Interner& interner);
[[nodiscard]] std::string to_text(const sync::SyncState& state, const base::Interner& interner);

}  // namespace wavetank::support
