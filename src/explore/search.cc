#include "explore/search.h"

#include <algorithm>
#include <optional>

#include "explore/frontier.h"
#include "explore/visited.h"

namespace wavetank::explore {

namespace {

class Search {
 public:
  Search(Model& model, const SearchOptions& options)
      : model_(model),
        options_(options),
        moves_(model, options.orders, options.kinds),
        frontier_(options.faults_max + 1U) {}

  Exploration run() {
    World world(model_);
    frontier_.push(0, world, {});
    frontier_.run(
        world, visited_,
        [&](const World& at, NodeId node, const Waiting& waiting, std::size_t layer) {
          visit(at, node, waiting, layer);
          return !stopped_;
        },
        [&](NodeId node, const Waiting& waiting) {
          if (!loop_ && waiting.parent.valid()) check_loop(node, waiting.parent);
        });
    return finish();
  }

 private:
  void visit(const World& world, NodeId node, const Waiting& waiting, std::size_t layer);
  void end(const World& world, NodeId node, std::uint32_t depth);
  void check_loop(NodeId seen, NodeId parent);
  [[nodiscard]] std::vector<Strike> strikes_to(NodeId node) const;
  Exploration finish();

  Model& model_;
  const SearchOptions& options_;
  Moves moves_;
  Visited visited_;
  Frontier<World> frontier_;
  std::vector<std::vector<Strike>> edges_;
  std::map<Ending, FoundEnding> endings_;
  std::uint64_t move_count_ = 0;
  bool could_strike_more_ = false;
  std::optional<Coverage> stopped_;
  std::optional<NodeId> loop_;
};

void Search::visit(const World& world, NodeId node, const Waiting& waiting, std::size_t layer) {
  if (visited_.size() > options_.limits.states_max) stopped_ = Coverage::States;
  if (visited_.bytes() > options_.limits.memory_max) stopped_ = Coverage::Memory;
  if (waiting.depth > options_.limits.depth_max) stopped_ = Coverage::Depth;
  if (stopped_) return;
  const std::size_t budget = options_.faults_max - layer;
  const auto moves = moves_.from(world, budget);
  could_strike_more_ = could_strike_more_ || moves_.could_strike();
  if (moves.empty()) {
    end(world, node, waiting.depth);
    return;
  }
  // The last one is visited first; let it be the one that comes first.
  for (auto move = moves.rbegin(); move != moves.rend(); ++move) {
    ++move_count_;
    Waiting next{.parent = node, .depth = waiting.depth + 1};
    if (!move->strikes.empty()) {
      next.edge = static_cast<std::uint32_t>(edges_.size());
      edges_.push_back(move->strikes);
    }
    frontier_.push(layer + move->strikes.size(), move->world, next);
  }
}

void Search::end(const World& world, NodeId node, std::uint32_t depth) {
  World rest = world;
  settle(model_, rest);
  Ending ending = ending_of(model_, rest);
  if (endings_.contains(ending)) return;
  FoundEnding found{.ending = ending, .strikes = strikes_to(node), .depth = depth};
  endings_.emplace(std::move(ending), std::move(found));
}

// A state that was seen on the way to itself is part of a loop. Every loop has such a state, since
// states are left only after all that follows from them.
void Search::check_loop(NodeId seen, NodeId parent) {
  for (NodeId node = parent; node.valid(); node = visited_.node(node).parent) {
    if (node == seen) loop_ = seen;
  }
}

std::vector<Strike> Search::strikes_to(NodeId node) const {
  std::vector<Strike> strikes;
  for (; node.valid(); node = visited_.node(node).parent) {
    const std::uint32_t edge = visited_.node(node).edge;
    if (edge == UINT32_MAX) continue;
    strikes.insert(strikes.begin(), edges_[edge].begin(), edges_[edge].end());
  }
  return strikes;
}

Exploration Search::finish() {
  Exploration result{.states = visited_.size(),
                     .moves = move_count_,
                     .passes = moves_.passes(),
                     .table_bytes = visited_.bytes(),
                     .has_loop = loop_.has_value()};
  result.coverage =
      stopped_.value_or(could_strike_more_ ? Coverage::CompleteUpToBudget : Coverage::Complete);
  if (loop_) result.loop_strikes = strikes_to(*loop_);
  for (auto& [ending, found] : endings_) result.endings.push_back(std::move(found));
  return result;
}

}  // namespace

Exploration explore(Model& model, const SearchOptions& options) {
  return Search(model, options).run();
}

}  // namespace wavetank::explore
