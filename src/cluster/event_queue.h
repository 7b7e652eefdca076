// What will happen in the cluster and when, in one reproducible order.
//
// Events are ordered by time, then by the key of their object, then by their number for that
// object: never by the order in which unrelated objects were created. An event is void when its
// object has gone or was replaced since, which its owner checks by the incarnation.
#pragma once

#include <cstdint>
#include <optional>
#include <queue>
#include <vector>

#include "base/time.h"
#include "model/key.h"

namespace wavetank::cluster {

// What a controller meant to do at that moment; each controller knows its own steps.
enum class Step : std::uint8_t {
  Observe,    // the controller takes notice of the object
  Start,      // a pod's containers start
  Finish,     // the outcome: ready, completed, failed, bound
  Retry,      // a Job makes its next pod
  Deadline,   // activeDeadlineSeconds, progressDeadlineSeconds
  Expire,     // ttlSecondsAfterFinished
  Terminate,  // a marked object is ready to go
};

struct Event {
  base::Instant at;
  model::ObjectKey object;
  std::uint32_t number = 0;  // per object, from 0
  std::uint32_t incarnation = 1;
  std::int64_t generation = 0;  // of the spec it was planned for
  Step step = Step::Observe;
};

class EventQueue {
 public:
  void push(Event event) { heap_.push(std::move(event)); }
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  // REQUIRES: not empty.
  [[nodiscard]] const Event& top() const { return heap_.top(); }
  Event pop();

 private:
  struct Later {
    bool operator()(const Event& a, const Event& b) const;
  };
  std::priority_queue<Event, std::vector<Event>, Later> heap_;
};

}  // namespace wavetank::cluster
