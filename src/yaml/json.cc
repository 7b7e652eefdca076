#include "yaml/json.h"

#include <fmt/format.h>

#include <array>
#include <map>

#include "yaml/scalar.h"

namespace wavetank::yaml {

using nlohmann::json;

namespace {

// The content of a `!!binary` scalar; the text itself when it is no base64.
std::string decode_base64(std::string_view text) {
  std::string result;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a' + 26);
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0' + 52);
    } else if (c == '+') {
      value = 62;
    } else if (c == '/') {
      value = 63;
    } else {
      continue;  // padding and line breaks
    }
    bits = (bits << 6U) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      result.push_back(static_cast<char>((bits >> static_cast<unsigned>(count)) & 0xFFU));
    }
  }
  return result;
}

std::string string_value(const Node& node) {
  return node.tag == "tag:yaml.org,2002:binary" ? decode_base64(node.text) : std::string(node.text);
}

// Keys of different types may become one text. Which value survives is left to chance in Argo CD;
// here numbers give way to strings and strings to booleans.
int key_rank(ScalarType type) {
  switch (type) {
    case ScalarType::Int:
    case ScalarType::Float:
    case ScalarType::Null: return 0;
    case ScalarType::String: return 1;
    case ScalarType::Bool: return 2;
  }
  WAVETANK_CHECK(false);
}

// The effective entries by key text.
std::map<std::string, NodeId> sorted_entries(const Tree& tree, NodeId map) {
  std::map<std::string, NodeId> result;
  std::map<std::string, int> ranks;
  for (const Entry& entry : tree.written_entries(map)) {
    const Node& key = tree.node(tree.resolve(entry.key));
    const std::string text = key_text(key).value_or("");
    const int rank = key_rank(key.type);
    const auto [at, is_new] = ranks.try_emplace(text, rank);
    if (!is_new && rank < at->second) continue;
    at->second = rank;
    result[text] = tree.resolve(entry.value);
  }
  return result;
}

void append_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    switch (c) {
      case '"': out += "\\\""; break;
      case '\\': out += "\\\\"; break;
      case '\n': out += "\\n"; break;
      case '\t': out += "\\t"; break;
      case '\r': out += "\\r"; break;
      case '\b': out += "\\b"; break;
      case '\f': out += "\\f"; break;
      default:
        if (static_cast<unsigned char>(c) < 0x20) {
          out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
        } else {
          out += c;
        }
    }
  }
  out += '"';
}

// JSON of its own keeps numbers as written; nlohmann's value would lose that.
void append_scalar(std::string& out, const Tree& tree, const Node& node) {
  switch (node.type) {
    case ScalarType::Null: out += "null"; return;
    case ScalarType::Bool: out += bool_value(node.text) ? "true" : "false"; return;
    case ScalarType::String: append_string(out, string_value(node)); return;
    case ScalarType::Int:
    case ScalarType::Float: break;
  }
  if (tree.is_json()) {
    out += node.text;
    return;
  }
  const auto value = number_value(node.text);
  WAVETANK_CHECK(value.has_value());
  if (const auto* integer = std::get_if<std::int64_t>(&*value)) {
    out += std::to_string(*integer);
  } else if (const auto* natural = std::get_if<std::uint64_t>(&*value)) {
    out += std::to_string(*natural);
  } else {
    out += format_number(std::get<double>(*value));
  }
}

json scalar_json(const Node& node) {
  switch (node.type) {
    case ScalarType::Null: return nullptr;
    case ScalarType::Bool: return bool_value(node.text);
    case ScalarType::String: return string_value(node);
    case ScalarType::Int:
    case ScalarType::Float: break;
  }
  const auto value = number_value(node.text);
  WAVETANK_CHECK(value.has_value());
  if (const auto* integer = std::get_if<std::int64_t>(&*value)) return *integer;
  if (const auto* natural = std::get_if<std::uint64_t>(&*value)) return *natural;
  // A whole number becomes an integer, as everywhere in Kubernetes' machinery.
  const double number = std::get<double>(*value);
  constexpr double kExact = 9007199254740992.0;  // 2^53
  if (number >= -kExact && number <= kExact &&
      number == static_cast<double>(static_cast<std::int64_t>(number))) {
    return static_cast<std::int64_t>(number);
  }
  return number;
}

}  // namespace

namespace {

// What stands below a collection: items without a key, or effective entries sorted by key.
struct Child {
  std::string key;
  NodeId value;
};

std::vector<Child> children_of(const Tree& tree, NodeId collection) {
  std::vector<Child> children;
  if (tree.is_sequence(collection)) {
    for (const NodeId item : tree.items(collection)) children.push_back({.key = {}, .value = item});
  } else {
    for (const auto& [key, value] : sorted_entries(tree, collection)) {
      children.push_back({.key = key, .value = value});
    }
  }
  return children;
}

}  // namespace

// Both walks keep their own stack: documents may be nested 10,000 levels deep.
json to_json(const Tree& tree, NodeId root) {
  struct Frame {
    json* target;
    std::vector<Child> children;
    std::size_t next = 0;
  };
  json result;
  std::vector<Frame> stack;
  const auto put = [&](json& target, NodeId id) {
    id = tree.resolve(id);
    if (!id.valid()) return;
    if (tree.is_scalar(id)) {
      target = scalar_json(tree.node(id));
      return;
    }
    target = tree.is_sequence(id) ? json::array() : json::object();
    stack.push_back({.target = &target, .children = children_of(tree, id)});
  };
  put(result, root);
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.children.size()) {
      stack.pop_back();
      continue;
    }
    const Child child = frame.children[frame.next++];
    json& target = *frame.target;
    if (target.is_array()) {
      put(target.emplace_back(), child.value);
    } else {
      put(target[child.key], child.value);
    }
  }
  return result;
}

std::string canonical_json(const Tree& tree, NodeId root) {
  struct Frame {
    bool is_sequence;
    std::vector<Child> children;
    std::size_t next = 0;
  };
  std::string out;
  std::vector<Frame> stack;
  const auto put = [&](NodeId id) {
    id = tree.resolve(id);
    if (!id.valid()) {
      out += "null";
    } else if (tree.is_scalar(id)) {
      append_scalar(out, tree, tree.node(id));
    } else {
      out += tree.is_sequence(id) ? '[' : '{';
      stack.push_back({.is_sequence = tree.is_sequence(id), .children = children_of(tree, id)});
    }
  };
  put(root);
  while (!stack.empty()) {
    Frame& frame = stack.back();
    if (frame.next == frame.children.size()) {
      out += frame.is_sequence ? ']' : '}';
      stack.pop_back();
      continue;
    }
    if (frame.next > 0) out += ',';
    const Child child = frame.children[frame.next++];
    if (!frame.is_sequence) {
      append_string(out, child.key);
      out += ':';
    }
    put(child.value);
  }
  return out;
}

}  // namespace wavetank::yaml
