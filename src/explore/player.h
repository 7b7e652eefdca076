// Plays passes of the real engine over a compact World.
//
// The engine is sync::Pass, no copy of it; only the cluster that answers it is compact. Whatever
// the world leaves open during a pass is asked of a Weather.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/model.h"
#include "explore/world.h"
#include "sync/pass.h"

namespace wavetank::explore {

// What the cluster decides while a pass runs.
class Weather {
 public:
  virtual ~Weather() = default;
  enum class Call : std::uint8_t { Write, Remove };
  // Whether the API server fails a call that it would answer well.
  [[nodiscard]] virtual bool fails(Call call, SlotId slot) = 0;
  // An object was made, or begins a new life: how it will fare.
  [[nodiscard]] virtual Fate fate(SlotId slot) = 0;
  // Deletion was asked for: whether a finalizer of others holds the object for ever.
  [[nodiscard]] virtual bool holds(SlotId slot) = 0;
  // The object in `slot` was written, deleted or released.
  virtual void changed(World& world, SlotId slot) = 0;
  // Argo CD sleeps between two waves.
  virtual void sleep(World& world) = 0;
};

// Nothing bad happens.
class FairWeather : public Weather {
 public:
  bool fails(Call, SlotId) override { return false; }
  Fate fate(SlotId) override { return Fate::Succeed; }
  bool holds(SlotId) override { return false; }
  void changed(World&, SlotId) override {}
  void sleep(World&) override {}
};

class Player {
 public:
  // REQUIRES: `model` outlives the player, which writes to its interner only.
  explicit Player(Model& model);

  enum class Mode : std::uint8_t { Sync, Terminate };
  // Returns whether the engine remembers anything new. (In the real system a change of its message
  // alone brings another pass, too; that can show nothing new.)
  bool pass(World& world, Weather& weather, Mode mode = Mode::Sync);

  // Why the last pass did what it did.
  [[nodiscard]] std::span<const sync::Reason> reasons() const { return pass_.reasons(); }
  [[nodiscard]] const sync::SyncState& state() const { return pass_.state(); }
  [[nodiscard]] std::uint64_t passes() const { return passes_; }

 private:
  void gather(const World& world);
  [[nodiscard]] sync::LiveObject live_object(const World& world, SlotId slot) const;
  [[nodiscard]] sync::KindCheck check(const World& world, SlotId slot) const;
  [[nodiscard]] SlotId slot_of(const sync::Request& request) const;
  sync::Answer answer(const sync::Request& request, World& world, Weather& weather);
  sync::Answer write(const sync::Request& request, SlotId slot, World& world, Weather& weather);
  sync::Answer remove(SlotId slot, World& world, Weather& weather);
  bool keep(World& world);

  Model& model_;
  sync::Pass pass_;
  sync::SyncState before_;
  std::vector<TaskId> known_;  // the task of each result of `before_`
  std::vector<sync::LiveObject> live_;
  std::vector<SlotId> live_slots_;
  std::vector<sync::Answer> answers_;
  base::Symbol failure_;
  std::uint64_t passes_ = 0;
};

}  // namespace wavetank::explore
