#include "explore/run.h"

#include <algorithm>

#include "application/controller/engine_pass.h"
#include "explore/motion.h"

namespace wavetank::explore {

namespace {

// As in sim/simulate.cc: changes are gathered for 5 s.
constexpr base::Duration kBatch = std::chrono::seconds(5);
// From when an object is written, or what it lacked has come, until its pods look for it (the
// shortest of what the scheduler and the kubelet take).
constexpr base::Duration kHorizon = std::chrono::hours(24);
constexpr base::Duration kStart = std::chrono::seconds(1);

}  // namespace

Run::Run(Model& model)
    : model_(model), player_(model), empty_(model), world_(model), clocks_(model.slots.size()) {}

const World& Run::play(std::span<const Fault> faults) {
  begin(faults);
  play_attempt();
  while (!world_.has_ended(model_) && world_.phase() != sync::OperationPhase::Running &&
         now_ < base::Instant{} + kHorizon) {
    wait_for_attempt();
    play_attempt();
  }
  ended_ = now_;
  settle(model_, world_);
  return world_;
}

void Run::begin(std::span<const Fault> faults) {
  faults_ = faults;
  world_.assign(empty_.bytes());
  queue_.clear();
  blocked_.clear();
  now_ = {};
  std::fill(clocks_.begin(), clocks_.end(), Clock{});
}

bool Run::is_faulty(FaultKind kind, SlotId slot, std::uint8_t occurrence) const {
  return std::any_of(faults_.begin(), faults_.end(), [&](const Fault& fault) {
    return fault.slot == slot && fault.kind == kind && fault.occurrence == occurrence;
  });
}

bool Run::fails(Call call, SlotId slot) {
  Clock& clock = clocks_[slot.index()];
  switch (call) {
    case Call::Write: return is_faulty(FaultKind::WriteError, slot, ++clock.writes);
    case Call::Remove: return is_faulty(FaultKind::RemoveError, slot, ++clock.removals);
  }
  WAVETANK_CHECK(false);
}

Fate Run::fate(SlotId slot) {
  const std::uint8_t life = ++clocks_[slot.index()].lives;
  begin_life(slot);
  if (is_faulty(FaultKind::Fail, slot, life)) return Fate::Fail;
  if (is_faulty(FaultKind::Hang, slot, life)) return Fate::Hang;
  return Fate::Succeed;
}

bool Run::holds(SlotId slot) { return is_faulty(FaultKind::Stuck, slot, 1); }

void Run::begin_life(SlotId slot) {
  Clock& clock = clocks_[slot.index()];
  clock.life_began = now_;
  clock.looks_at = kNever;
  clock.touch = 0;
}

// Plans the next event of the object; what was planned before is void.
void Run::plan(SlotId slot) {
  Clock& clock = clocks_[slot.index()];
  ++clock.version;
  const Object object = world_.object(slot);
  if (!object.present()) return;
  const Life& life = life_of(model_, object, slot);
  Due due{.at = kNever, .number = slot.value, .version = clock.version};
  if (object.deleting) {
    if (!may_go(model_, world_, slot)) return;
    due.at = now_ + *life.removal;
  } else {
    if (clock.touch < life.touches.size()) {
      due.at = std::max(now_, clock.life_began + life.touches[clock.touch]);
    }
    if (object.blocked) due.at = std::min(due.at, clock.looks_at);
    if (due.at == kNever) return;
  }
  queue_.push(due);
}

void Run::changed(World& world, SlotId slot) {
  const Object object = world.object(slot);
  const bool is_deleting = object.present() && object.deleting;
  if (object.blocked && !is_deleting) {
    Clock& clock = clocks_[slot.index()];
    if (clock.life_began == now_) clock.looks_at = now_ + kStart;
  }
  if (object.blocked || (is_deleting && !model_.slot(slot).holders.empty())) {
    if (std::find(blocked_.begin(), blocked_.end(), slot) == blocked_.end()) {
      blocked_.push_back(slot);
    }
  }
  plan(slot);
  wake_blocked();
}

// Those whose needs are filled by now will look again; those that nothing holds any more may go.
void Run::wake_blocked() {
  for (std::size_t i = 0; i < blocked_.size();) {
    const SlotId slot = blocked_[i];
    const Object object = world_.object(slot);
    const bool is_waiting = object.present() && (object.blocked || object.deleting);
    const bool may_go_now = is_waiting && object.deleting && may_go(model_, world_, slot);
    if (!is_waiting || may_go_now) {
      blocked_[i] = blocked_.back();
      blocked_.pop_back();
      if (may_go_now) plan(slot);
      continue;
    }
    Clock& clock = clocks_[slot.index()];
    if (!object.deleting && clock.looks_at == kNever &&
        has_needs(model_, world_, slot, Need::Of::Run)) {
      clock.looks_at = now_ + kStart;
      plan(slot);
    }
    ++i;
  }
}

void Run::look_for_needs(SlotId slot) {
  Clock& clock = clocks_[slot.index()];
  const bool is_first = clock.looks_at == clock.life_began + kStart;
  clock.looks_at = kNever;
  if (!has_needs(model_, world_, slot, Need::Of::Run)) return;
  take_step(model_, world_, slot);
  if (!is_first) begin_life(slot);
  clock.touch = 0;
}

void Run::drop_void() {
  while (!queue_.empty() && clocks_[queue_.top().number].version != queue_.top().version) {
    queue_.pop();
  }
}

// Plays the first event of the queue.
void Run::happen() {
  const Due due = queue_.top();
  queue_.pop();
  now_ = std::max(now_, due.at);
  ++events_;
  const SlotId slot{due.number};
  const Object object = world_.object(slot);
  if (object.deleting) {
    take_step(model_, world_, slot);
  } else if (object.blocked && clocks_[slot.index()].looks_at <= now_) {
    look_for_needs(slot);
    plan(slot);
  } else {
    Clock& clock = clocks_[slot.index()];
    ++clock.touch;
    const Life& life = life_of(model_, object, slot);
    std::uint8_t stage = object.stage;
    while (stage < life.stages.size() &&
           clock.life_began + life.stages[stage].since_write <= now_) {
      ++stage;
    }
    if (stage != object.stage) reach(model_, world_, slot, stage);
    plan(slot);
  }
  wake_blocked();
}

void Run::advance(base::Instant until) {
  for (drop_void(); !queue_.empty() && queue_.top().at <= until; drop_void()) happen();
  now_ = std::max(now_, until);
}

void Run::sleep(World&) { advance(now_ + application::kWaveDelay); }

// Waits until something has changed and Argo CD has gathered what follows. False: all is at rest.
bool Run::wait_for_change() {
  drop_void();
  if (queue_.empty()) return false;
  happen();
  advance(now_ + kBatch);
  return true;
}

void Run::wait_for_attempt() {
  using Counted = World::Counted;
  const auto wait = application::retry_wait(model_.retry, world_.retries() + 1);
  if (wait && *wait) advance(now_ + base::Duration(**wait));
  world_.retry(model_.retry.limit < 0 ? Counted::No : Counted::Yes);
}

void Run::play_attempt() {
  while (true) {
    const bool is_new = player_.pass(world_, *this);
    advance(now_);
    if (world_.phase() != sync::OperationPhase::Running) return;
    if (is_new) continue;
    if (!wait_for_change()) return;
  }
}

}  // namespace wavetank::explore
