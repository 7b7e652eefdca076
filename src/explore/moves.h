// All that can happen next in a compact World when no clock decides: the transitions of an
// exploration.
//
// Between two passes any object may take its next step, and a pass may come at any moment. Most of
// these orders cannot be told apart, because the engine only takes notes as long as something that
// it waits for is under way. `Orders::Barriers` leaves those out (docs/explore.md says why that is
// sound); `Orders::All` is the dull twin that leaves out nothing.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/fault.h"
#include "explore/model.h"
#include "explore/motion.h"
#include "explore/player.h"
#include "explore/world.h"

namespace wavetank::explore {

enum class Orders : std::uint8_t { Barriers, All };

// A fault as it strikes; the how-manieth time only a whole run can say.
struct Strike {
  SlotId slot;
  FaultKind kind = FaultKind::Fail;
  friend bool operator==(const Strike&, const Strike&) = default;
};

// One way on.
struct Move {
  World world;
  std::vector<Strike> strikes;
  enum class Kind : std::uint8_t { Pass, Step } kind = Kind::Pass;
};

class Moves final : private Weather {
 public:
  // REQUIRES: `model` outlives it; it writes to the interner only.
  Moves(Model& model, Orders orders, FaultKinds kinds);

  // What can happen next, with at most `budget` faults in this move. The operation has ended, or
  // nothing moves any more, exactly when there is no move. The result is valid until the next call.
  std::span<const Move> from(const World& world, std::size_t budget) WAVETANK_LIFETIMEBOUND;

  // Whether a further fault could have struck in the moves asked for last, with a larger budget.
  [[nodiscard]] bool could_strike() const { return could_strike_; }
  [[nodiscard]] std::uint64_t passes() const { return player_.passes(); }

 private:
  // What may go wrong in a pass, in order, and what does.
  struct Point {
    Strike strike;
  };

  bool fails(Call call, SlotId slot) override;
  Fate fate(SlotId slot) override;
  bool holds(SlotId slot) override;
  void changed(World&, SlotId) override {}
  void sleep(World&) override {}
  bool strikes(SlotId slot, FaultKind kind);

  Move& add(const World& world);
  void take_unseen_steps(World& world);
  [[nodiscard]] bool is_unseen(const World& world, SlotId slot) const;
  [[nodiscard]] bool is_awaited(const World& world, SlotId slot) const;
  bool add_steps(const World& world, Step kind);
  bool add_passes(const World& world, std::size_t budget);
  void add_timeout(const World& world);
  [[nodiscard]] std::size_t left_to_strike() const;
  bool next_script(std::size_t budget);
  void add_fates(const Move& move, std::size_t first, std::size_t budget);

  Model& model_;
  Orders orders_;
  FaultKinds kinds_;
  Player player_;
  bool has_several_groups_ = false;
  std::vector<std::vector<TaskId>> tasks_of_;  // by slot
  std::vector<bool> needs_hook_;               // by slot: a hook, to run
  std::vector<Move> moves_;
  std::size_t count_ = 0;
  bool could_strike_ = false;
  std::vector<std::size_t> script_;        // indices of the points that strike, rising
  std::vector<Point> points_;              // of the pass under way
  std::vector<std::size_t> point_counts_;  // by length of the script
  std::vector<SlotId> begun_;              // lives that began in it
};

}  // namespace wavetank::explore
