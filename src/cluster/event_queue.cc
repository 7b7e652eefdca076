#include "cluster/event_queue.h"

#include <tuple>

namespace wavetank::cluster {

bool EventQueue::Later::operator()(const Event& a, const Event& b) const {
  return std::tie(a.at, a.object, a.number) > std::tie(b.at, b.object, b.number);
}

Event EventQueue::pop() {
  Event event = heap_.top();
  heap_.pop();
  return event;
}

}  // namespace wavetank::cluster
