// States of an exploration that wait to be looked at: last in, first out, in flat memory.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "explore/world.h"

namespace wavetank::explore {

// `Note`: what is to be known of a state beside the world itself.
template <class Note>
class Stack {
 public:
  void push(const World& world, const Note& note) {
    const auto bytes = world.bytes();
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    notes_.push_back(note);
  }
  [[nodiscard]] bool empty() const { return notes_.empty(); }
  // Fills `world` with the state. REQUIRES: not empty; `world` is of the same model.
  Note pop(World& world) {
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
