// One sync in a compact world, in time: the twin of sim::simulate, thousands of times as fast.
//
// Passes are played when Argo CD plays them, events happen when the recordings say.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/time.h"
#include "explore/ending.h"
#include "explore/event_queue.h"
#include "explore/fault.h"
#include "explore/model.h"
#include "explore/player.h"
#include "explore/world.h"

namespace wavetank::explore {

class Run final : private Weather {
 public:
  // REQUIRES: `model` outlives the run, which writes to its interner only.
  explicit Run(Model& model);

  // Plays a sync to its end with exactly these faults, and then until everything rests. Can be
  // called again and again, and takes nothing from the heap once it has been.
  const World& play(std::span<const Fault> faults) WAVETANK_LIFETIMEBOUND;
  // When the operation ended.
  [[nodiscard]] base::Instant ended() const { return ended_; }
  [[nodiscard]] std::uint64_t passes() const { return player_.passes(); }
  [[nodiscard]] std::uint64_t events() const { return events_; }

 private:
  bool fails(Call call, SlotId slot) override;
  Fate fate(SlotId slot) override;
  bool holds(SlotId slot) override;
  void changed(World& world, SlotId slot) override;
  void sleep(World& world) override;

  static constexpr base::Instant kNever = base::Instant::max();
  struct Clock {
    base::Instant life_began;
    base::Instant looks_at = kNever;  // when a blocked object looks for what it needs
    std::uint32_t version = 0;
    std::uint32_t touch = 0;  // the next of its life
    std::uint8_t writes = 0;  // wet ones so far
    std::uint8_t removals = 0;
    std::uint8_t lives = 0;
  };

  [[nodiscard]] bool is_faulty(FaultKind kind, SlotId slot, std::uint8_t occurrence) const;
  void begin(std::span<const Fault> faults);
  void play_attempt();
  void wait_for_attempt();
  bool wait_for_change();
  void plan(SlotId slot);
  void begin_life(SlotId slot);
  void wake_blocked();
  void look_for_needs(SlotId slot);
  void happen();
  void advance(base::Instant until);
  void drop_void();

  Model& model_;
  Player player_;
  World empty_;
  World world_;
  EventQueue queue_;
  std::vector<Clock> clocks_;
  std::vector<SlotId> blocked_;
  std::span<const Fault> faults_;
  base::Instant now_;
  base::Instant ended_;
  std::uint64_t events_ = 0;
};

}  // namespace wavetank::explore
