// Puts a Tree together, node by node, in the order of the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "yaml/tree.h"

namespace wavetank::yaml {

class TreeBuilder {
 public:
  TreeBuilder(source::FileId file, bool is_json);

  // Adds a node below the innermost open collection.
  NodeId add(Node node);
  // Adds a collection and opens it.
  NodeId open(Node node);
  // Closes the innermost open collection, which ends at `end`.
  void close(std::uint32_t end);

  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  // REQUIRES: depth() > 0.
  [[nodiscard]] NodeId innermost() const { return open_.back(); }
  [[nodiscard]] Node& node(NodeId id) { return tree_.nodes_[id.index()]; }
  // Keeps a text that does not stand in the source as it is.
  [[nodiscard]] std::string_view keep(std::string text);
  [[nodiscard]] const Tree& tree() const { return tree_; }
  [[nodiscard]] Tree take() { return std::move(tree_); }

 private:
  Tree tree_;
  std::vector<NodeId> open_;
  std::vector<NodeId> last_child_;  // of each open collection
};

}  // namespace wavetank::yaml
