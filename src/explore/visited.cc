#include "explore/visited.h"

namespace wavetank::explore {

static_assert(sizeof(Node) == 24, "with its share of the table a state takes 32 bytes");

Visited::Place Visited::insert(const Fingerprint& fingerprint, NodeId parent, std::uint32_t edge) {
  if (2 * (nodes_.size() + 1) > table_.size()) grow();
  const std::size_t mask = table_.size() - 1;
  std::size_t slot = fingerprint.low & mask;
  for (; table_[slot] != 0; slot = (slot + 1) & mask) {
    const std::uint32_t index = table_[slot] - 1;
    if (nodes_[index].fingerprint == fingerprint) return {.node = NodeId{index}};
  }
  nodes_.push_back({.fingerprint = fingerprint, .parent = parent, .edge = edge});
  table_[slot] = static_cast<std::uint32_t>(nodes_.size());
  return {.node = NodeId::from(nodes_.size() - 1), .is_new = true};
}

void Visited::grow() {
  constexpr std::size_t kSmallest = 1024;
  table_.assign(table_.empty() ? kSmallest : 2 * table_.size(), 0);
  const std::size_t mask = table_.size() - 1;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    std::size_t slot = nodes_[i].fingerprint.low & mask;
    while (table_[slot] != 0) slot = (slot + 1) & mask;
    table_[slot] = static_cast<std::uint32_t>(i + 1);
  }
}

void Visited::clear() {
  nodes_.clear();
  std::fill(table_.begin(), table_.end(), 0);
}

int omission_exponent(std::uint64_t states) {
  // log10(2^129) is 38.8; each factor of ten of the states takes two from it.
  int digits = 1;
  for (std::uint64_t rest = states; rest >= 10; rest /= 10) ++digits;
  return 2 * digits - 38;
}

}  // namespace wavetank::explore
