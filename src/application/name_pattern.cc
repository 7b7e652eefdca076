#include "application/name_pattern.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace wavetank::application {

namespace {

// UTF-8 to code points; a byte that does not fit stands for itself.
std::u32string code_points(std::string_view text) {
  std::u32string result;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t length = 1;
    if (lead >= 0xF0) {
      length = 4;
    } else if (lead >= 0xE0) {
      length = 3;
    } else if (lead >= 0xC0) {
      length = 2;
    }
    char32_t value = lead;
    if (length > 1 && i + length <= text.size()) {
      value = lead & (0xFFU >> (length + 1));
      for (std::size_t k = 1; k < length; ++k) {
        value = (value << 6U) | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
      }
    } else {
      length = 1;
    }
    result += value;
    i += length;
  }
  return result;
}

struct Node;
using Sequence = std::vector<Node>;

struct Node {
  enum class Kind { Text, Any, Single, Set, Range, Choice } kind = Kind::Text;
  std::u32string text;  // Text, Set: the characters; Range: its two ends
  bool negated = false;
  std::vector<Sequence> choices;
};

class Parser {
 public:
  explicit Parser(std::u32string pattern) : pattern_(std::move(pattern)) {}

  // Nothing for a malformed pattern. A brace that is never closed ends with the pattern.
  std::optional<Sequence> parse() {
    Sequence sequence = parse_sequence(false);
    if (failed_) return std::nullopt;
    return sequence;
  }

 private:
  [[nodiscard]] bool at_end() const { return at_ >= pattern_.size(); }

  Sequence parse_sequence(bool in_choice) {
    Sequence sequence;
    while (!at_end() && !failed_) {
      const char32_t c = pattern_[at_];
      if (in_choice && (c == U',' || c == U'}')) return sequence;
      if (c == U'{') {
        ++at_;
        sequence.push_back(parse_choice());
      } else if (c == U'[') {
        ++at_;
        sequence.push_back(parse_class());
      } else if (c == U'?') {
        ++at_;
        sequence.push_back({.kind = Node::Kind::Single, .text = {}, .choices = {}});
      } else if (c == U'*') {
        while (!at_end() && pattern_[at_] == U'*') ++at_;
        sequence.push_back({.kind = Node::Kind::Any, .text = {}, .choices = {}});
      } else {
        const std::u32string stops = in_choice ? U"?*[{},": U"?*[{";
        sequence.push_back({.text = parse_text(stops), .choices = {}});
      }
    }
    return sequence;
  }

  Node parse_choice() {
    Node node{.kind = Node::Kind::Choice, .text = {}, .choices = {}};
    while (true) {
      node.choices.push_back(parse_sequence(true));
      if (failed_ || at_end()) return node;
      if (pattern_[at_++] == U'}') return node;
    }
  }

  // Behind the opening bracket: one range, or characters; nothing can follow either.
  Node parse_class() {
    Node node{.kind = Node::Kind::Set, .text = {}, .choices = {}};
    if (!at_end() && pattern_[at_] == U'!') {
      node.negated = true;
      ++at_;
    }
    if (at_ + 2 < pattern_.size() && pattern_[at_ + 1] == U'-') {
      node.kind = Node::Kind::Range;
      node.text = {pattern_[at_], pattern_[at_ + 2]};
      at_ += 3;
      if (node.text[1] < node.text[0]) failed_ = true;
    } else {
      node.text = parse_text(U"]");
      if (node.text.empty()) failed_ = true;
    }
    if (at_end() || pattern_[at_] != U']') failed_ = true;
    ++at_;
    return node;
  }

  std::u32string parse_text(const std::u32string& stops) {
    std::u32string text;
    bool escaped = false;
    for (; !at_end(); ++at_) {
      const char32_t c = pattern_[at_];
      if (!escaped && c == U'\\') {
        escaped = true;
        continue;
      }
      if (!escaped && stops.find(c) != std::u32string::npos) break;
      escaped = false;
      text += c;
    }
    return text;
  }

  std::u32string pattern_;
  std::size_t at_ = 0;
  bool failed_ = false;
};

bool fits(const Node& node, char32_t c) {
  switch (node.kind) {
    case Node::Kind::Single: return true;
    case Node::Kind::Set: return (node.text.find(c) != std::u32string::npos) != node.negated;
    case Node::Kind::Range: return (c >= node.text[0] && c <= node.text[1]) != node.negated;
    case Node::Kind::Text:
    case Node::Kind::Any:
    case Node::Kind::Choice: return false;
  }
  return false;
}

using Positions = std::vector<std::size_t>;  // sorted, unique

void keep_unique(Positions& positions) {
  std::sort(positions.begin(), positions.end());
  positions.erase(std::unique(positions.begin(), positions.end()), positions.end());
}

// Where matching `sequence` from each of `starts` can end.
Positions ends(const Sequence& sequence, Positions starts, const std::u32string& name) {
  for (const Node& node : sequence) {
    Positions next;
    if (node.kind == Node::Kind::Any) {
      if (!starts.empty()) {
        for (std::size_t at = starts.front(); at <= name.size(); ++at) next.push_back(at);
      }
    } else if (node.kind == Node::Kind::Choice) {
      for (const Sequence& choice : node.choices) {
        const Positions some = ends(choice, starts, name);
        next.insert(next.end(), some.begin(), some.end());
      }
      keep_unique(next);
    } else if (node.kind == Node::Kind::Text) {
      for (const std::size_t at : starts) {
        if (name.compare(at, node.text.size(), node.text) == 0) next.push_back(at + node.text.size());
      }
    } else {
      for (const std::size_t at : starts) {
        if (at < name.size() && fits(node, name[at])) next.push_back(at + 1);
      }
    }
    starts = std::move(next);
  }
  return starts;
}

}  // namespace

bool matches_name(std::string_view pattern, std::string_view name) {
  const auto sequence = Parser(code_points(pattern)).parse();
  if (!sequence) return false;
  const std::u32string text = code_points(name);
  const Positions found = ends(*sequence, {0}, text);
  return !found.empty() && found.back() == text.size();
}

}  // namespace wavetank::application
