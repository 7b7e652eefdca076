// What becomes of one object after it was written, as the sync engine would see it.
//
// Lives are not invented here: the recorder lets the full cluster play each object and writes down
// what it saw, so the compact world moves as the full one does. A life is a path. Where it can go
// differently (the object fails, hangs, or lacks something that it needs) there are several.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "base/interner.h"
#include "base/strong_id.h"
#include "base/time.h"
#include "health/health.h"

namespace wavetank::explore {

// How an object fares once it runs; which of its lives it leads.
enum class Fate : std::uint8_t { Succeed, Fail, Hang };
inline constexpr std::array kFates{Fate::Succeed, Fate::Fail, Fate::Hang};

// What the engine would see of the object.
struct Look {
  bool present = true;
  bool deleting = false;
  bool health_failed = false;            // the check itself failed
  std::optional<health::Status> health;  // nothing: the kind has no health
  base::Symbol message = base::kEmptySymbol;

  // Whether the engine would act alike: messages do not count.
  [[nodiscard]] bool acts_like(const Look& other) const {
    return present == other.present && deleting == other.deleting && health == other.health &&
           health_failed == other.health_failed;
  }
  // Whether what needs this object has it: healthy, where its kind has a health.
  [[nodiscard]] bool is_well() const {
    return present && !deleting && !health_failed &&
           (!health || *health == health::Status::Healthy);
  }
  // Whether the engine still waits for a task with this look.
  [[nodiscard]] bool is_under_way() const {
    if (!present || health_failed || !health) return false;
    return *health == health::Status::Progressing || *health == health::Status::Suspended;
  }
};

// A look that stays for a while. The first one is there as soon as the object is written.
struct Stage {
  base::Duration since_write = base::Duration::zero();
  Look look;
};

struct Life {
  std::vector<Stage> stages;              // no two neighbours act alike; at least one
  std::vector<base::Duration> touches;    // when anything about the object changed, stages included
  std::optional<base::Duration> removal;  // from deletion until it is gone; nothing: never
  bool is_restless = false;               // it had not come to rest when the recording ended
};

struct LifeTag;
using LifeId = base::StrongId<LifeTag>;

// What a write of the object comes to.
struct WriteAnswer {
  bool is_refused = false;
  bool dry_run_refused = false;
  bool restarts = false;  // the object is made anew, or begins another life
  base::Symbol message = base::kEmptySymbol;

  friend bool operator==(const WriteAnswer&, const WriteAnswer&) = default;
};

// What follows from writing an object: the answer, and its life by fate.
struct Course {
  WriteAnswer answer;
  std::array<LifeId, kFates.size()> lives;  // equal ids: the fate makes no difference
  LifeId blocked;                           // while something that it needs is missing
};

}  // namespace wavetank::explore
