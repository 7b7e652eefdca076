#include "yaml/acceptance.h"

#include <cmath>
#include <cstdint>

#include "yaml/scalar.h"

namespace wavetank::yaml {

namespace {

ParseError refuse(const Node& node, std::string message, ErrorKind kind = ErrorKind::Syntax) {
  return {.kind = kind, .message = std::move(message), .span = node.span};
}

std::optional<ParseError> check_merge(const Tree& tree, NodeId value) {
  const auto is_map = [&](NodeId id) { return tree.is_mapping(tree.resolve(id)); };
  bool fits = is_map(value);
  const Node& node = tree.node(value);
  if (!fits && node.kind == NodeKind::Sequence) {
    fits = true;
    for (NodeId item = node.first_child; item.valid(); item = tree.node(item).next) {
      fits = fits && is_map(item);
    }
  }
  if (fits) return std::nullopt;
  return refuse(node, "a merge key needs a mapping or a list of mappings");
}

std::optional<ParseError> check_key(const Tree& tree, NodeId key) {
  const Node& node = tree.node(tree.resolve(key));
  if (node.kind != NodeKind::Scalar) {
    return refuse(tree.node(key), "a mapping or a list cannot be a key");
  }
  if (!key_text(node)) return refuse(tree.node(key), "this key cannot be written in JSON");
  return std::nullopt;
}

bool is_key(const Tree& tree, NodeId id) {
  const NodeId parent = tree.node(id).parent;
  if (!tree.is_mapping(parent)) return false;
  NodeId key = tree.node(parent).first_child;
  while (key.valid() && key != id) key = tree.node(tree.node(key).next).next;
  return key == id;
}

std::optional<ParseError> check_scalar(const Tree& tree, NodeId id) {
  const Node& node = tree.node(id);
  if (node.type != ScalarType::Float) return std::nullopt;
  const auto value = number_value(node.text);
  const double* number = value ? std::get_if<double>(&*value) : nullptr;
  if (number != nullptr && !std::isfinite(*number) && !is_key(tree, id)) {
    return refuse(node, "JSON has no infinite numbers and no NaN");
  }
  return std::nullopt;
}

// Counts decoding steps as Argo CD's reader does, aliases expanded, until they are done or too many
// of them come from aliases. The limit on their share bounds the walk itself.
class AliasBudget {
 public:
  explicit AliasBudget(const Tree& tree) : tree_(tree) {}

  std::optional<ParseError> check() {
    if (tree_.root().valid()) visit(tree_.root());
    return std::move(error_);
  }

 private:
  struct Frame {
    NodeId next;  // child to visit next
    bool from_alias = false;
  };

  void visit(NodeId root) {
    std::vector<Frame> stack{{.next = root}};
    std::size_t depth = 0;
    while (!stack.empty() && !error_) {
      Frame& frame = stack.back();
      if (!frame.next.valid()) {
        if (frame.from_alias) --depth;
        stack.pop_back();
        continue;
      }
      const NodeId id = frame.next;
      const Node& node = tree_.node(id);
      frame.next = stack.size() == 1 ? NodeId{} : node.next;
      if (depth == 0) place_ = &node;
      count(depth > 0);
      if (node.kind == NodeKind::Alias) {
        ++depth;
        count(true);
        stack.push_back({.next = tree_.node(node.target).first_child, .from_alias = true});
      } else if (node.first_child.valid()) {
        stack.push_back({.next = node.first_child});
      }
    }
  }

  void count(bool in_alias) {
    ++steps_;
    if (in_alias) ++alias_steps_;
    if (alias_steps_ <= 100 || steps_ <= 1000) return;
    // alias_steps / steps > allowed share: 99 % up to 400,000 steps, falling to 10 % at 4,000,000.
    constexpr std::uint64_t kLow = 400'000;
    constexpr std::uint64_t kHigh = 4'000'000;
    std::uint64_t allowed_percent_of_range = 99 * (kHigh - kLow);
    if (steps_ >= kHigh) {
      allowed_percent_of_range = 10 * (kHigh - kLow);
    } else if (steps_ > kLow) {
      allowed_percent_of_range -= 89 * (steps_ - kLow);
    }
    if (alias_steps_ * 100 * (kHigh - kLow) > allowed_percent_of_range * steps_) {
      error_ = refuse(*place_, "the document expands too many aliases", ErrorKind::OverLimit);
    }
  }

  const Tree& tree_;
  std::uint64_t steps_ = 1;  // the document itself
  std::uint64_t alias_steps_ = 0;
  const Node* place_ = nullptr;  // the outermost node under way: the alias that the user wrote
  std::optional<ParseError> error_;
};

}  // namespace

std::optional<ParseError> check_acceptance(const Tree& tree) {
  if (tree.is_json()) return std::nullopt;
  bool has_alias = false;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const Node& node = tree.node(NodeId::from(i));
    std::optional<ParseError> error;
    if (node.kind == NodeKind::Alias) has_alias = true;
    if (node.kind == NodeKind::Scalar) error = check_scalar(tree, NodeId::from(i));
    if (node.kind == NodeKind::Mapping) {
      for (NodeId key = node.first_child; key.valid() && !error;) {
        const NodeId value = tree.node(key).next;
        error = is_merge_key(tree.node(key)) ? check_merge(tree, value) : check_key(tree, key);
        key = tree.node(value).next;
      }
    }
    if (error) return error;
  }
  return has_alias ? AliasBudget(tree).check() : std::nullopt;
}

}  // namespace wavetank::yaml
