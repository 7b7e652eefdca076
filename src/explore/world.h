// The compact world: everything about one sync that can change, in a few bytes an object.
//
// A World is a value: comparable, hashable, copied by copying its bytes. What the bytes mean stands
// in a Model. It holds what the engine sees and remembers, and what the objects will do, but no
// clock: how long things take belongs to whoever plays it (run.h), and an exploration has no time.
// Texts are left out; they decide nothing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "base/check.h"
#include "explore/model.h"
#include "sync/operation.h"

namespace wavetank::explore {

// One object. `stage` counts from 1 in its life; 0: there is no such object.
struct Object {
  std::uint8_t stage = 0;
  Fate fate = Fate::Succeed;
  bool blocked = false;         // leads the life of one that lacks something
  bool deleting = false;        // deletion was asked for, or it has gone as far as a finalizer lets
  bool hook_finalizer = false;  // Argo CD's finalizer
  bool held = false;            // a foreign finalizer keeps it for ever
  bool old = false;             // has the content of the old revision
  bool upgraded = false;        // had it before

  [[nodiscard]] bool present() const { return stage != 0; }
  friend bool operator==(const Object&, const Object&) = default;
};

// What the engine remembers of a task; nothing before it did something with it.
struct TaskMemory {
  bool known = false;
  sync::ResultStatus status = sync::ResultStatus::Empty;
  sync::TaskState state = sync::TaskState::Pending;
};

class World {
 public:
  // The cluster before the sync.
  explicit World(const Model& model);

  [[nodiscard]] Object object(SlotId slot) const {
    const std::uint8_t flags = bytes_[kHeader + 2 * slot.index() + 1];
    return {.stage = bytes_[kHeader + 2 * slot.index()],
            .fate = static_cast<Fate>(flags & 3U),
            .blocked = (flags & 4U) != 0,
            .deleting = (flags & 8U) != 0,
            .hook_finalizer = (flags & 16U) != 0,
            .held = (flags & 32U) != 0,
            .old = (flags & 64U) != 0,
            .upgraded = (flags & 128U) != 0};
  }
  void set(SlotId slot, Object object) {
    bytes_[kHeader + 2 * slot.index()] = object.stage;
    bytes_[kHeader + 2 * slot.index() + 1] = static_cast<std::uint8_t>(
        static_cast<unsigned>(object.fate) | (object.blocked ? 4U : 0U) |
        (object.deleting ? 8U : 0U) | (object.hook_finalizer ? 16U : 0U) |
        (object.held ? 32U : 0U) | (object.old ? 64U : 0U) | (object.upgraded ? 128U : 0U));
  }
  [[nodiscard]] bool is_present(SlotId slot) const {
    return bytes_[kHeader + 2 * slot.index()] != 0;
  }

  [[nodiscard]] TaskMemory memory(TaskId task) const {
    const std::uint8_t byte = bytes_[tasks_at() + task.index()];
    if (byte == 0) return {};
    return {.known = true,
            .status = static_cast<sync::ResultStatus>((byte - 1U) & 7U),
            .state = static_cast<sync::TaskState>((byte - 1U) >> 3U)};
  }
  void remember(TaskId task, sync::ResultStatus status, sync::TaskState state) {
    bytes_[tasks_at() + task.index()] = static_cast<std::uint8_t>(
        1U + (static_cast<unsigned>(status) | static_cast<unsigned>(state) << 3U));
  }
  [[nodiscard]] sync::OperationPhase phase() const {
    return static_cast<sync::OperationPhase>(bytes_[0]);
  }
  void set_phase(sync::OperationPhase phase) { bytes_[0] = static_cast<std::uint8_t>(phase); }
  // Attempts of the operation before this one.
  [[nodiscard]] std::uint8_t retries() const { return bytes_[2]; }
  // The operation was terminated; no attempt follows.
  [[nodiscard]] bool is_terminated() const { return bytes_[1] != 0; }
  void set_terminated() { bytes_[1] = 1; }
  // Whether the operation has come to an end that no further attempt follows.
  [[nodiscard]] bool has_ended(const Model& model) const {
    switch (phase()) {
      case sync::OperationPhase::Running: return false;
      case sync::OperationPhase::Succeeded: return true;
      case sync::OperationPhase::Failed:
      case sync::OperationPhase::Error: return is_terminated() || !model.may_retry(retries());
    }
    WAVETANK_CHECK(false);
  }
  // The operation starts its next attempt; what it knew of the last one is gone.
  enum class Counted : std::uint8_t { No, Yes };
  void retry(Counted counted) {
    if (counted == Counted::Yes) ++bytes_[2];
    set_phase(sync::OperationPhase::Running);
    std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(tasks_at()), bytes_.end(), 0);
  }

  [[nodiscard]] std::span<const std::uint8_t> bytes() const { return bytes_; }
  // REQUIRES: of the same model.
  void assign(std::span<const std::uint8_t> bytes) { bytes_.assign(bytes.begin(), bytes.end()); }

  friend bool operator==(const World&, const World&) = default;

 private:
  static constexpr std::size_t kHeader = 4;
  [[nodiscard]] std::size_t tasks_at() const { return kHeader + 2 * slots_; }

  std::size_t slots_ = 0;
  std::vector<std::uint8_t> bytes_;
};

// 128 bits of a world: two that differ have the same fingerprint with a probability of 2^-128.
struct Fingerprint {
  std::uint64_t high = 0;
  std::uint64_t low = 0;
  friend bool operator==(const Fingerprint&, const Fingerprint&) = default;
};
[[nodiscard]] Fingerprint fingerprint(std::span<const std::uint8_t> bytes);

// What the engine sees of the object; `present` is false when it sees nothing.
[[nodiscard]] Look look(const Model& model, const World& world, SlotId slot);
// The life that the object leads. REQUIRES: it is present.
[[nodiscard]] const Life& life_of(const Model& model, const Object& object, SlotId slot);
// Whether nothing keeps the object once its deletion was asked for.
[[nodiscard]] bool may_go(const Model& model, const World& world, SlotId slot);
// Whether the object has all it needs of this kind.
[[nodiscard]] bool has_needs(const Model& model, const World& world, SlotId slot, Need::Of of);

}  // namespace wavetank::explore
