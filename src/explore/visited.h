// The states that an exploration has seen: 24 bytes each and a share of the index, whatever their
// size.
//
// Only fingerprints are kept. Two states with one fingerprint would be taken for one, and what
// follows from the second would be left out; `omission` says how likely that was.
#pragma once

#include <cstdint>
#include <vector>

#include "explore/world.h"

namespace wavetank::explore {

struct NodeTag;
using NodeId = base::StrongId<NodeTag>;

struct Node {
  Fingerprint fingerprint;
  NodeId parent;                    // none: the beginning
  std::uint32_t edge = UINT32_MAX;  // the faults on the way from there; none of them
};

class Visited {
 public:
  // The node of this fingerprint, and whether it is new.
  struct Place {
    NodeId node;
    bool is_new = false;
  };
  Place insert(const Fingerprint& fingerprint, NodeId parent, std::uint32_t edge);

  [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id.index()]; }
  [[nodiscard]] std::size_t size() const { return nodes_.size(); }
  [[nodiscard]] std::size_t bytes() const {
    return nodes_.capacity() * sizeof(Node) + table_.size() * sizeof(std::uint32_t);
  }
  void clear();

 private:
  void grow();

  std::vector<Node> nodes_;
  std::vector<std::uint32_t> table_;  // index + 1; 0: free. At most half full
};

// The probability that any two of `states` share a fingerprint of 128 bits, as a power of ten that
// it does not exceed: n * n / 2^129.
[[nodiscard]] int omission_exponent(std::uint64_t states);

}  // namespace wavetank::explore
