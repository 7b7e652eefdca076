// The work queues of all controllers as one: who has to look at what, and when.
//
// What is due is played in order of time, then of the controller's place in the list, then of the
// object's key: never in the order in which unrelated objects were written. Controllers react at
// once unless they say otherwise; the milliseconds of real ones are no time here.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "cluster/controller_manager/controller.h"

namespace wavetank::cluster {

class Manager {
 public:
  // Watches the store of `server` from now on. REQUIRES: all arguments outlive it.
  Manager(api::Server& server, std::span<const Controller* const> controllers,
          Surroundings* surroundings = nullptr);
  ~Manager();
  Manager(const Manager&) = delete;
  Manager& operator=(const Manager&) = delete;

  // When the next look is due; nothing when none is.
  [[nodiscard]] std::optional<base::Instant> next() const;
  // Nothing can come of the looks that are due: all are idle, or repeat what was refused while
  // nothing has changed since.
  [[nodiscard]] bool is_at_rest() const;
  // Takes the next look; the server's clock moves to its moment. REQUIRES: next() has a value.
  void step();
  // Takes every look that is due at this moment; what these set in motion waits.
  void react();
  // Tells the controllers of something that happened to an object outside the store.
  void announce(const Notice& about) { notice(about); }
  // For a client that waits: lets the controllers go on for so long, and the clock with them. For
  // no time at all only those act that are immediate.
  void wait(base::Duration time);
  // Takes every look that is due up to `until`, and leaves the clock at the last one.
  void run(base::Instant until);

 private:
  // The controller's place, the object, and whether the look was asked for in advance: as in a
  // real work queue, a look at once does not stand for one later.
  struct Item {
    std::size_t controller = 0;
    model::ObjectKey key;
    bool is_delayed = false;
    // NOLINTNEXTLINE(modernize-use-nullptr): a false alarm of clang-tidy 14 where `<` is used
    friend auto operator<=>(const Item&, const Item&) = default;
  };
  struct Pending {
    base::Instant at;
    Prospect prospect = Prospect::Open;
    std::uint64_t failed_at = 0;  // the store's version; 0: the look is no repetition
  };

  void look_at(const std::vector<Item>& items);
  void look(Item item);
  void count(const Item& item, const Pending& pending, int by);
  void add(std::size_t controller, const model::ObjectKey& key, base::Instant at,
           Prospect prospect);
  void drop(std::size_t controller, const model::ObjectKey& key);
  void notice(const Notice& notice);

  api::Server& server_;
  std::span<const Controller* const> controllers_;
  std::size_t current_ = 0;
  Context context_;
  std::map<Item, Pending> pending_;
  std::map<std::pair<std::size_t, model::ObjectKey>, std::uint32_t> failures_;  // in a row
  std::set<std::pair<base::Instant, Item>> due_;
  std::int64_t open_ = 0;    // of those due, looks of which something may come
  std::set<Item> repeated_;  // and those that repeat what was refused
};

// The controllers of kube-controller-manager, and those of the API server itself.
[[nodiscard]] std::span<const Controller* const> built_in_controllers();

}  // namespace wavetank::cluster
