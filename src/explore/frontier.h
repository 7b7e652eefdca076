// The heart of an exploration, whatever the worlds are: depth first, those with fewer faults on the
// way to them first, and no state twice.
//
// The model of a sync is one (search.cc); bench/two_phase_commit_bench.cc has another, to compare
// with other checkers.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/stack.h"
#include "explore/visited.h"

namespace wavetank::explore {

// A state that waits, and the way to it.
struct Waiting {
  NodeId parent;
  std::uint32_t edge = UINT32_MAX;
  std::uint32_t depth = 0;
};

// `State`: has bytes(), and assign() takes them back.
template <class State>
class Frontier {
 public:
  explicit Frontier(std::size_t layers) : layers_(layers) {}

  // `layer`: the number of faults on the way.
  void push(std::size_t layer, const State& state, const Waiting& waiting) {
    layers_[layer].push(state, waiting);
  }

  // Takes what waits until nothing does. `visit(state, node, waiting, layer)` sees each state once,
  // pushes what follows, and returns false to stop; `again(node, waiting)` is told of a state that
  // was seen before. `state` is any state of the model; it is overwritten.
  template <class Visit, class Again>
  void run(State& state, Visited& visited, const Visit& visit, const Again& again) {
    for (std::size_t layer = 0; layer < layers_.size(); ++layer) {
      while (!layers_[layer].empty()) {
        const Waiting waiting = layers_[layer].pop(state);
        const auto [node, is_new] =
            visited.insert(fingerprint(state.bytes()), waiting.parent, waiting.edge);
        if (!is_new) {
          again(node, waiting);
        } else if (!visit(state, node, waiting, layer)) {
          return;
        }
      }
    }
  }

 private:
  std::vector<Stack<Waiting, State>> layers_;
};

}  // namespace wavetank::explore
