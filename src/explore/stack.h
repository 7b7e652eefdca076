// States of an exploration that wait to be looked at: last in, first out, in flat memory.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

#include "explore/world.h"

namespace wavetank::explore {

// `Note`: what is to be known of a state beside the world itself. `State`: has bytes(), and
// assign() takes them back.
template <class Note, class State = World>
class Stack {
 public:
  void push(const State& world, const Note& note) {
    const auto bytes = world.bytes();
    const std::size_t at = bytes_.size();
    bytes_.resize(at + bytes.size());
    std::copy(bytes.begin(), bytes.end(), bytes_.begin() + static_cast<std::ptrdiff_t>(at));
    notes_.push_back(note);
  }
  [[nodiscard]] bool empty() const { return notes_.empty(); }
  // Fills `world` with the state. REQUIRES: not empty; `world` is of the same model.
  Note pop(State& world) {
    const std::size_t size = world.bytes().size();
    world.assign(std::span(bytes_).last(size));
    bytes_.resize(bytes_.size() - size);
    const Note top = notes_.back();
    notes_.pop_back();
    return top;
  }

 private:
  std::vector<std::uint8_t> bytes_;
  std::vector<Note> notes_;
};

}  // namespace wavetank::explore
