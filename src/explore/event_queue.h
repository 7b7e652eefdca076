// What happens when: a queue of events by time, equal times in the order of their numbers.
//
// A 4-ary heap in one vector: half as deep as a binary one, and the four children of a node lie in
// one cache line.
#pragma once

#include <algorithm>
#include <compare>
#include <cstdint>
#include <vector>

#include "base/time.h"

namespace wavetank::explore {

struct Due {
  base::Instant at;
  std::uint32_t number = 0;   // decides among equal times
  std::uint32_t version = 0;  // of what was planned: an event with an old one is void

  [[nodiscard]] bool before(const Due& other) const {
    return at != other.at ? at < other.at : number < other.number;
  }
};

class EventQueue {
 public:
  [[nodiscard]] bool empty() const { return heap_.empty(); }
  [[nodiscard]] std::size_t size() const { return heap_.size(); }
  // REQUIRES: not empty.
  [[nodiscard]] const Due& top() const { return heap_.front(); }
  void clear() { heap_.clear(); }

  void push(const Due& due) {
    std::size_t hole = heap_.size();
    heap_.push_back(due);
    while (hole > 0) {
      const std::size_t parent = (hole - 1) / kChildren;
      if (!due.before(heap_[parent])) break;
      heap_[hole] = heap_[parent];
      hole = parent;
    }
    heap_[hole] = due;
  }

  // REQUIRES: not empty.
  void pop() {
    const Due last = heap_.back();
    heap_.pop_back();
    if (!heap_.empty()) sift_down(last);
  }

  // Pops, then pushes, in one go. REQUIRES: not empty.
  void replace_top(const Due& due) { sift_down(due); }

 private:
  static constexpr std::size_t kChildren = 4;

  void sift_down(const Due& due) {
    std::size_t hole = 0;
    const std::size_t size = heap_.size();
    while (true) {
      const std::size_t first = hole * kChildren + 1;
      if (first >= size) break;
      std::size_t best = first;
      const std::size_t last = std::min(first + kChildren, size);
      for (std::size_t child = first + 1; child < last; ++child) {
        if (heap_[child].before(heap_[best])) best = child;
      }
      if (!heap_[best].before(due)) break;
      heap_[hole] = heap_[best];
      hole = best;
    }
    heap_[hole] = due;
  }

  std::vector<Due> heap_;
};

}  // namespace wavetank::explore
